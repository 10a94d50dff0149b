"""The shipped tables hold what they should; the script that compiles them does as it says."""

import csv
import json
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from kb.catalogue import tables
from kb.catalogue.tables import load_former_names, load_municipalities
from kb.catalogue.tables.compile import Body, designated_cities, main, without_district
from kb.catalogue.tables.mergers import (
    Change,
    TablesDisagree,
    compile_former_names,
    endings,
    heirs,
    read_changes,
)
from kb.domain.municipality import CityStatus, Municipality, MunicipalityKind
from kb.japanese.readings import romaji_key

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "municipalities"
needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="no test material beside the checkout"
)

BODIES = load_municipalities()
FORMER = load_former_names()
BY_NAME = {body.name: body for body in BODIES}


def test_all_bodies_of_today_are_there() -> None:
    kinds = Counter(body.kind for body in BODIES)
    assert kinds == {
        MunicipalityKind.PREFECTURE: 47,
        MunicipalityKind.CITY: 792,
        MunicipalityKind.SPECIAL_WARD: 23,
        MunicipalityKind.TOWN: 743,
        MunicipalityKind.VILLAGE: 183,
        MunicipalityKind.DESIGNATED_WARD: 171,
    }
    assert [body.code for body in BODIES] == sorted({body.code for body in BODIES})


def test_some_we_know_well() -> None:
    fukutsu = BY_NAME["福津市"]
    assert (fukutsu.code, fukutsu.kana, fukutsu.romaji) == ("402249", "ふくつし", "Fukutsu-shi")
    assert (fukutsu.prefecture, fukutsu.valid_from) == ("福岡県", date(2005, 1, 24))
    assert [(BY_NAME[name].romaji, BY_NAME[name].kana) for name in (
        "中野区", "南伊勢町", "粕屋町", "北海道", "東京都", "広島市", "札幌市中央区", "広尾町",
        "椎葉村", "渡名喜村", "上郡町", "吉岡町", "三宅村",
    )] == [
        ("Nakano-ku", "なかのく"), ("Minamiise-cho", "みなみいせちょう"),
        ("Kasuya-machi", "かすやまち"), ("Hokkaido", "ほっかいどう"),
        ("Tokyo-to", "とうきょうと"), ("Hiroshima-shi", "ひろしまし"),
        ("Sapporo-shi Chuo-ku", "さっぽろしちゅうおうく"), ("Hiroo-cho", "ひろおちょう"),
        ("Shiiba-son", "しいばそん"), ("Tonaki-son", "となきそん"),
        ("Kamigori-cho", "かみごおりちょう"),
        ("Yoshioka-machi", "よしおかまち"), ("Miyake-mura", "みやけむら"),
    ]  # fmt: skip


def test_every_ward_has_its_city() -> None:
    codes = {body.code: body for body in BODIES}
    wards = [body for body in BODIES if body.kind is MunicipalityKind.DESIGNATED_WARD]
    cities = {codes[ward.parent_code] for ward in wards if ward.parent_code}
    assert len(cities) == 20
    for ward in wards:
        assert ward.parent_code is not None
        city = codes[ward.parent_code]
        assert ward.name.startswith(city.name)
        assert ward.kana.startswith(city.kana)
        assert city.kind is MunicipalityKind.CITY


def test_romaji_and_kana_agree() -> None:
    for body in BODIES:
        assert romaji_key(body.romaji) == romaji_key(body.kana)


def test_names_carry_no_district() -> None:
    towns = [b for b in BODIES if b.kind in (MunicipalityKind.TOWN, MunicipalityKind.VILLAGE)]
    assert {town.name for town in towns if "郡" in town.name} == {"上郡町"}
    assert all(town.name[-1] in "町村" for town in towns)


def test_former_names_end_in_bodies_of_today() -> None:
    today = {body.code: body.name for body in BODIES}
    for former in FORMER:
        assert today[former.successor_code] == former.successor_name
        assert date(1970, 1, 1) <= former.changed_on
        assert (former.code, former.name) != (former.successor_code, former.successor_name)


def test_former_names_we_know_well() -> None:
    trails = {
        (former.name, former.changed_on.isoformat(), former.change, former.successor_name)
        for former in FORMER
    }
    assert trails >= {
        ("福間町", "2005-01-24", "新設合併", "福津市"),
        ("津屋崎町", "2005-01-24", "新設合併", "福津市"),
        ("南勢町", "2005-10-01", "新設合併", "南伊勢町"),
        ("我孫子町", "1970-07-01", "市制施行", "我孫子市"),
        ("大和町", "1970-10-01", "名称変更", "東大和市"),
        ("奥明方村", "1970-04-20", "名称変更", "郡上市"),
        ("明方村", "1992-04-01", "名称変更", "郡上市"),
        ("清水市", "2003-04-01", "新設合併", "静岡市"),
        ("上九一色村", "2006-03-01", "編入合併", "甲府市"),
        ("上九一色村", "2006-03-01", "編入合併", "富士河口湖町"),
    }


def test_what_a_body_became_is_a_body_of_today_or_another_that_went() -> None:
    today = {(body.code, body.name) for body in BODIES}
    gone = {(former.code, former.name): former for former in FORMER}
    for former in FORMER:
        became = (former.became_code, former.became_name)
        if became in today:
            assert became == (former.successor_code, former.successor_name)
        else:
            assert gone[became].changed_on >= former.changed_on  # type: ignore[index]
    assert ("明方村", "明宝村") in {(f.name, f.became_name) for f in FORMER}


def test_large_cities_are_those_of_the_law() -> None:
    statuses = Counter(body.status for body in BODIES if body.status)
    assert statuses == {
        CityStatus.DESIGNATED: 20, CityStatus.CORE: 62, CityStatus.FORMER_SPECIAL: 23,
    }  # fmt: skip
    text = (Path(tables.__file__).parent / tables.LARGE_CITIES).read_text(encoding="utf-8")
    written = [(row["code"], row["name"]) for row in csv.DictReader(text.splitlines())]
    assert written == sorted(written)
    assert set(written) == {(b.code, b.name) for b in BODIES if b.status}
    assert {b.kind for b in BODIES if b.status} == {MunicipalityKind.CITY}


def test_designated_cities_are_the_parents_of_wards() -> None:
    designated = {b.code for b in BODIES if b.status is CityStatus.DESIGNATED}
    assert designated == {b.parent_code for b in BODIES if b.parent_code}


def test_some_statuses_we_know_well() -> None:
    expected = {
        "横浜市": CityStatus.DESIGNATED, "那覇市": CityStatus.CORE, "八王子市": CityStatus.CORE,
        "佐賀市": CityStatus.FORMER_SPECIAL, "つくば市": CityStatus.FORMER_SPECIAL,
        "四日市市": CityStatus.FORMER_SPECIAL, "津市": None, "山口市": None, "福津市": None,
    }  # fmt: skip
    assert {name: BY_NAME[name].status for name in expected} == expected


# --- against the public lists ----------------------------------------------------------------


@pytest.mark.shared
@needs_shared
def test_the_table_agrees_with_another_list() -> None:
    with (SHARED / "municipalities.csv").open(encoding="utf-8", newline="") as stream:
        theirs = {row["code6"]: row for row in csv.DictReader(stream)}
    ours = {b.code: b for b in BODIES if b.kind is not MunicipalityKind.PREFECTURE}
    # Six villages of the northern territories have a code and no office.
    assert set(theirs) - set(ours) == {
        "016951", "016969", "016977", "016985", "016993", "017001",
    }  # fmt: skip
    assert set(ours) <= set(theirs)
    different = {
        (b.name, theirs[c]["name"]) for c, b in ours.items() if b.name != theirs[c]["name"]
    }
    # Japan Post writes both as the towns do; the gazetteer takes either form.
    assert different == {("檮原町", "梼原町"), ("須惠町", "須恵町")}
    enlarged = str.maketrans("ゃゅょ", "やゆよ")
    for code, body in ours.items():
        # Fourteen of theirs have a small kana written large (しようないまち).
        assert body.kana.translate(enlarged) == theirs[code]["kana"].translate(enlarged)
        assert body.prefecture == theirs[code]["prefecture"]


@pytest.mark.shared
@needs_shared
def test_the_former_names_follow_from_the_merger_facts() -> None:
    changes = read_changes(SHARED / "mergers_1970_2024.csv")
    assert tuple(compile_former_names(BODIES, changes)) == FORMER


# --- the script ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (("糟屋郡粕屋町", "かすやぐんかすやまち"), ("粕屋町", "かすやまち")),
        (("北群馬郡吉岡町", "きたぐんまぐんよしおかまち"), ("吉岡町", "よしおかまち")),
        (("赤穂郡上郡町", "あこうぐんかみごおりちょう"), ("上郡町", "かみごおりちょう")),
        (("郡山市", "こおりやまし"), ("郡山市", "こおりやまし")),
        (("大和郡山市", "やまとこおりやまし"), ("大和郡山市", "やまとこおりやまし")),
        (("八丈島八丈町", "はちじょうじまはちじょうまち"), ("八丈町", "はちじょうまち")),
        (("大島町", "おおしままち"), ("大島町", "おおしままち")),
    ],
)
def test_districts_are_taken_off(given: tuple[str, str], wanted: tuple[str, str]) -> None:
    assert without_district(*given) == wanted


def test_parents_follow_from_their_wards() -> None:
    wards = [
        Body("34101", "広島県", "ひろしまけん", "広島市中区", "ひろしましなかく"),
        Body("34102", "広島県", "ひろしまけん", "広島市東区", "ひろしましひがしく"),
    ]
    assert designated_cities(wards) == {
        "広島市": Body("34100", "広島県", "ひろしまけん", "広島市", "ひろしまし")
    }


def change(year: int, kind: str, before: tuple[str, str], after: tuple[str, str]) -> Change:
    return Change(date(year, 4, 1), kind, "福岡県", before, "", after)


def test_trails_are_followed_to_today() -> None:
    village, town, city = ("40301", "甲村"), ("40301", "甲町"), ("40299", "乙市")
    ended = endings([
        change(1980, "町制施行", village, town),
        change(2005, "新設合併", town, city),
        change(2005, "新設合併", city, city),
    ])  # fmt: skip
    assert list(heirs(village, date(1980, 1, 1), frozenset({city}), ended)) == [city]
    with pytest.raises(TablesDisagree, match="乙市"):
        list(heirs(village, date(1980, 1, 1), frozenset(), ended))


def test_towns_that_changed_district_together_are_not_mixed_up() -> None:
    before, after = [("40301", "甲町"), ("40302", "乙町")], [("40401", "甲町"), ("40402", "乙町")]
    ended = endings(change(2005, "郡の区域変更", b, a) for b in before for a in after)
    for one, other in zip(before, after, strict=True):
        assert list(heirs(one, date(2000, 1, 1), frozenset(after), ended)) == [other]


def test_a_code_given_again_is_not_followed_backwards() -> None:
    old, new = ("40301", "甲町"), ("40299", "乙市")
    ended = endings([change(1980, "編入合併", old, new)])
    assert list(heirs(old, date(1990, 1, 1), frozenset({old, new}), ended)) == [old]


def postal(path: Path, rows: list[tuple[str, str, str]]) -> Path:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE postal_data (data TEXT)")
        for code5, city, city_kana in rows:
            line = {"jisx0402": code5, "prefecture": "福岡県", "prefecture_kana": "フクオカケン",
                    "city": city, "city_kana": city_kana}  # fmt: skip
            connection.execute("INSERT INTO postal_data VALUES (?)", [json.dumps(line)])
    return path


def mergers(path: Path) -> Path:
    path.write_text(
        "date,type,prefecture,from_code5,from_name,from_kana,to_code5,to_name,to_kana,event\n"
        "2005-01-24,新設合併,福岡県,40362,福間町,ふくままち,40224,福津市,ふくつし,\n",
        encoding="utf-8",
    )
    return path


def test_the_script_writes_both_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [("40224", "福津市", "フクツシ"), ("40349", "糟屋郡粕屋町", "カスヤグンカスヤマチ")]
    database = postal(tmp_path / "postal.db", rows)
    facts = mergers(tmp_path / "mergers.csv")
    arguments = ["--romaji", "kb.japanese.readings:romaji", "--into", str(tmp_path)]
    main([*arguments, str(database), str(facts)])
    assert (tmp_path / "municipalities.csv").read_text(encoding="utf-8").splitlines() == [
        "code,name,kana,romaji,kind,prefecture,parent_code,valid_from",
        "400009,福岡県,ふくおかけん,Fukuoka-ken,prefecture,福岡県,,",
        "402249,福津市,ふくつし,Fukutsu-shi,city,福岡県,,2005-01-24",
        "403491,粕屋町,かすやまち,Kasuya-machi,town,福岡県,,",
    ]
    assert (tmp_path / "former_municipalities.csv").read_text(encoding="utf-8").splitlines() == [
        ",".join(tables.FORMER_COLUMNS),
        "403628,福間町,ふくままち,福岡県,2005-01-24,新設合併,402249,福津市,402249,福津市",
    ]
    assert capsys.readouterr().out == "3 municipalities, 1 former names\n"


def test_two_names_for_one_code_stop_the_script(tmp_path: Path) -> None:
    rows = [("40224", "福津市", "フクツシ"), ("40224", "福間市", "フクマシ")]
    database = postal(tmp_path / "postal.db", rows)
    facts = mergers(tmp_path / "mergers.csv")
    into = tmp_path / "into"
    into.mkdir()
    arguments = ["--romaji", "kb.japanese.readings:romaji", "--into", str(into)]
    with pytest.raises(TablesDisagree, match="40224"):
        main([*arguments, str(database), str(facts)])
    assert list(into.iterdir()) == []


def test_loading_gives_frozen_bodies() -> None:
    body: Municipality = BODIES[0]
    with pytest.raises(AttributeError):
        body.name = "別の名"  # type: ignore[misc]
