"""What municipalities are called besides: what may be recorded, what is told, what follows."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.gazetteer import gazetteer_as_typed, gazetteer_of
from indexer.installation import Installation
from kb.catalogue import models as m
from kb.catalogue.editing.views import BadEdit
from kb.catalogue.entries import Authorship
from kb.catalogue.history.service import History
from kb.catalogue.history.views import CannotUndo
from kb.catalogue.local_names.records import KIND
from kb.catalogue.local_names.rules import require_usable
from kb.catalogue.local_names.service import LocalNames
from kb.catalogue.local_names.views import LocalNameFields, UnknownLocalName
from kb.catalogue.names import NameReader
from kb.catalogue.review.settling import read_values
from kb.catalogue.review.views import ChangedMeanwhile
from kb.catalogue.session import Database
from kb.catalogue.tables import load_former_names, load_municipalities
from kb.catalogue.writing import writing
from kb.domain.gazetteer import Gazetteer
from kb.domain.rights import Audience
from kb.domain.settled import Field
from kb.search.gazetteers import KeptGazetteer, gazetteer_over
from kb.search.place_words import PlaceWords
from kb.web.curation import change_words
from tests.catalogue.drafts import AUTHOR

FUKUTSU, FUKUMA, NAKANO, FUKUOKA = "402249", "403628", "131148", "400009"
WORDS = PlaceWords()
PLACES = gazetteer_over(load_municipalities(), load_former_names())
NAME = LocalNameFields("福津市", "神興村", "じんごうむら", "1954年まであった村")


@pytest.fixture
def names(installation: Installation) -> LocalNames:
    return desk(installation.database)


def desk(database: Database) -> LocalNames:
    return LocalNames(database, KeptGazetteer(NameReader(database).places), WORDS)


def refused(name: str, kana: str = "", note: str = "", code: str = FUKUTSU) -> dict[str, str]:
    """What is told of a name; nothing where it can be used."""
    body = PLACES.get(code)
    assert body is not None
    fields = LocalNameFields("", name, kana, note)
    try:
        require_usable(fields, body, PLACES, WORDS, lambda each: each == "ほっと係")
    except BadEdit as error:
        return dict(error.errors)
    return {}


# --- rules ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("", "名前を入れてください"),
        ("津", "短すぎます"),
        ("ふく", "短すぎます"),
        ("FK", "3文字から"),
        ("あ" * 41, "40文字まで"),
        ("福都(仮)", "記号を消して"),
        ("ふくつ タウン", "空白"),
        ("2005", "数字だけ"),
        ("中野区", "東京都中野区の名前です"),
        ("なかのく", "東京都中野区の名前です"),
        ("nakano-ku", "東京都中野区の名前です"),
        ("中央区", "の名前です"),
        ("東京", "東京都の名前です"),
        ("福津", "すでに福岡県福津市が見つかります(略称)"),
        ("福間町", "すでに福岡県福津市が見つかります(旧町名 2005-01-24 合併)"),
        ("フクツ", "すでに福岡県福津市が見つかります(読み)"),
        ("改善", "同義語のことば"),
        ("効率化", "テーマのことば"),
        ("窓口", "テーマのことば"),
        ("総務課", "部署のことば"),
        ("係長", "のことばなので"),
        ("首長", "のことばなので"),
        ("令和元年", "年度や日付なので"),
        ("中央", "ふつうのことばなので"),
        ("みらい", "ふつうのことばなので"),
        ("古都", "ふつうのことばなので"),
        ("ほっと係", "登録された部署の名前なので"),
    ],
)
def test_a_name_that_means_something_else_is_refused(name: str, told: str) -> None:
    assert told in refused(name)["name"]


@pytest.mark.parametrize(
    "name",
    [
        "神興村",
        "ふくふく",
        "FukuFuku",
        "ふくつ丸",
        "北摂",
        "ゆめの町",
        "福都21",
        "池田",
        "みよし町",
    ],
)
def test_names_of_ones_own_and_namesakes_are_taken(name: str) -> None:
    assert refused(name) == {}


def test_readings_and_notes_are_judged_beside_the_name() -> None:
    assert set(refused("津", "Fukuto", "長" * 201)) == {"name", "kana", "note"}
    assert "ひらがなかカタカナ" in refused("福都", "ふく と")["kana"]
    assert "と同じです" in refused("飼全", "かいぜん")["kana"]
    assert refused("福都", "ふくと", "愛称") == {}


FULL_WIDTH = str.maketrans({chr(point): chr(point + 0xFEE0) for point in range(0x21, 0x7F)})


@given(st.text(alphabet="ふくつぱがアーン神興福都崎辺abcXYZ・", min_size=1, max_size=8), st.data())
def test_a_name_is_the_same_in_every_width_kana_and_variant(text: str, data: st.DataObject) -> None:
    other = "".join(
        data.draw(st.sampled_from((
            each, each.translate(FULL_WIDTH), each.swapcase(), unicodedata.normalize("NFD", each),
            {"崎": "﨑", "辺": "邊", "ふ": "フ", "ア": "ｱ", "ン": "ﾝ"}.get(each, each),
        )))
        for each in text
    )  # fmt: skip
    assert WORDS.key(other) == WORDS.key(text)


# --- recording ------------------------------------------------------------------------------


def told(installation: Installation) -> list[tuple[str, str]]:
    with installation.database.reading() as session:
        rows = session.query(m.SourceEventRow).filter_by(subject_kind=KIND)
        names = {("municipality", FUKUTSU): "福岡県福津市"}
        return [(row.action, change_words.plain(row.change, names)) for row in rows]


def test_what_is_recorded_changed_and_removed_is_told(
    installation: Installation, names: LocalNames
) -> None:
    assert names.add(NAME, Authorship("編集担当 花子", "市史による")).changed
    assert not names.add(LocalNameFields("40224", " 神興村 "), AUTHOR).changed
    (held,) = names.listed("神興")
    assert (held.place, held.name, held.kana) == ("福岡県福津市", "神興村", "じんごうむら")
    form = names.form(held.key)
    assert form is not None
    changed = LocalNameFields("", "神興村", "じんごうそん", "1954年まであった村")
    assert names.change(held.key, changed, form.version, AUTHOR).changed
    with pytest.raises(ChangedMeanwhile):
        names.remove(held.key, form.version, AUTHOR)
    now = names.form(held.key)
    assert now is not None
    assert names.remove(held.key, now.version, Authorship("test", "誤り")).name == "神興村"
    assert names.listed() == ()
    was = {"自治体": "福岡県福津市", "名前": "神興村", "かな": "じんごうそん", "備考": NAME.note}
    gone = "、".join(f"{field}「{value}」→「なし」" for field, value in was.items())
    assert told(installation) == [
        (
            "recorded",
            "自治体「福岡県福津市」、名前「神興村」、かな「じんごうむら」、備考「1954年まであった村」",
        ),
        ("changed", "かな「じんごうむら」→「じんごうそん」"),
        (
            "removed",
            gone,
        ),
    ]
    with pytest.raises(UnknownLocalName):
        names.change(held.key, NAME, now.version, AUTHOR)


@pytest.mark.parametrize("typed", ["", "見知らぬ市", "府中市", "福津市、中野区", "403628"])
def test_a_name_belongs_to_one_municipality_of_today(names: LocalNames, typed: str) -> None:
    with pytest.raises(BadEdit) as caught:
        names.add(LocalNameFields(typed, "ふくふく"), AUTHOR)
    assert set(caught.value.errors) == {"municipality"}


def test_a_change_is_put_back_unless_the_name_is_taken(
    installation: Installation, names: LocalNames
) -> None:
    names.add(LocalNameFields("福津市", "ふくふく"), AUTHOR)
    (held,) = names.listed()
    form = names.form(held.key)
    assert form is not None
    names.change(held.key, LocalNameFields("", "ふくまる"), form.version, AUTHOR)
    names.add(LocalNameFields("福津市", "フクフク"), AUTHOR)
    history = History(installation.database, lambda _: None)
    page = history.page(KIND, held.key)
    assert page is not None
    number = page.rows[0].event.number
    with pytest.raises(CannotUndo, match="登録し直されています"):
        history.undo(KIND, held.key, number, "test")
    other = next(each for each in names.listed() if each.key != held.key)
    removed = names.form(other.key)
    assert removed is not None
    names.remove(other.key, removed.version, AUTHOR)
    history.undo(KIND, held.key, number, "test")
    assert [each.name for each in names.listed()] == ["ふくふく"]


# --- what follows ---------------------------------------------------------------------------


def test_another_process_sees_it_and_only_what_people_type_is_read_with_it(
    installation: Installation, names: LocalNames
) -> None:
    other = Database(installation.database.url)
    kept = KeptGazetteer(NameReader(other).places)
    before = kept()
    assert before.resolve("神興村") == ()
    assert kept() is before
    names.add(NAME, AUTHOR)
    (match,) = kept().resolve("神興村")
    assert (match.municipality.code, match.label) == (FUKUTSU, "地元での呼び名")
    assert read_values(Field.MUNICIPALITY, "じんごうむら", kept) == (FUKUTSU,)
    assert gazetteer_as_typed(other).resolve("jingou-mura")
    # A text that names it is no evidence of whose it is.
    assert gazetteer_of(other).find_in("神興村の歩み") == ()
    page = installation.catalogue.municipality(FUKUTSU, Audience.ANONYMOUS)
    assert page is not None
    assert [each.note for each in page.local_names] == ["1954年まであった村"]
    other.close()


def test_the_name_of_a_body_that_has_gone_up_in_another_leads_there(
    installation: Installation,
) -> None:
    """As a name will that is recorded today, when its town is merged one day."""
    with writing(installation.database, AUTHOR) as writer:
        writer.changes.require_codes([FUKUMA])
        values = {"name": "ふくまる", "folded": "ふくまる", "kana": None, "note": None}
        assert writer.local_names.record(FUKUMA, values)
    (match,) = gazetteer_as_typed(installation.database).resolve("ふくまる")
    assert match.municipality.code == FUKUTSU
    page = installation.catalogue.municipality(FUKUTSU, Audience.ANONYMOUS)
    assert page is not None
    assert [each.name for each in page.local_names] == ["ふくまる"]


def test_namesakes_are_told_and_officials_stand_before_them(
    installation: Installation, names: LocalNames
) -> None:
    saved = names.add(LocalNameFields("福津市", "池田"), AUTHOR)
    assert "大阪府池田市" in saved.namesakes
    names.add(LocalNameFields("福津市", "ゆめの町"), AUTHOR)
    assert names.add(LocalNameFields("中野区", "ゆめの町"), AUTHOR).namesakes == ("福岡県福津市",)
    places: Gazetteer = gazetteer_as_typed(installation.database)
    found = [match.municipality.code for match in places.resolve("池田")]
    assert (found[0], found[-1]) == ("272043", FUKUTSU)
    # Filing is not asking: 池田 means those whose name it is, and no nickname.
    with pytest.raises(ValueError, match="大阪府池田市") as several:
        read_values(Field.MUNICIPALITY, "池田", lambda: places)
    assert "福津市" not in str(several.value)
