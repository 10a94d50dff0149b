"""Places: whatever a municipality is or was called leads to it, and the answer says why."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.catalogue.tables import load_former_names, load_municipalities
from kb.domain.gazetteer import Gazetteer, MatchReason, PlaceMatch
from kb.domain.municipality import MunicipalityCode, MunicipalityKind
from kb.japanese.fold import fold_text
from kb.japanese.readings import romaji_key, to_hiragana

MUNICIPALITIES = load_municipalities()
FORMER = load_former_names()


def gazetteer(**how: object) -> Gazetteer:
    words = {"romaji_key": romaji_key, "to_hiragana": to_hiragana, "fold": fold_text}
    return Gazetteer(MUNICIPALITIES, FORMER, **words, **how)  # type: ignore[arg-type]


PLACES = gazetteer()


def names(matches: tuple[PlaceMatch, ...]) -> list[str]:
    return [match.municipality.name for match in matches]


def codes(text: str, *, loose: bool = False) -> list[str]:
    return [match.municipality.code for match in PLACES.resolve(text, loose=loose)]


@pytest.mark.parametrize(
    ("text", "why", "matched", "label", "exact"),
    [
        ("福津市", "name", "福津市", "自治体名", True),
        ("福岡県福津市", "name", "福津市", "自治体名", True),
        ("福岡県 福津市", "name", "福津市", "自治体名", True),
        ("福津", "short_name", "福津", "略称", False),
        ("福間町", "former_name", "福間町", "旧町名 2005-01-24 合併", True),
        ("宗像郡津屋崎町", "former_name", "津屋崎町", "旧町名 2005-01-24 合併", True),
        ("福間", "former_name", "福間町", "旧町名 2005-01-24 合併", False),
        ("ふくままち", "former_name", "福間町", "旧町名 2005-01-24 合併", True),
        ("tsuyazaki", "former_name", "津屋崎町", "旧町名 2005-01-24 合併", False),
        ("ふくつし", "kana", "ふくつし", "読み", True),
        ("ふくつ", "kana", "ふくつ", "読み", False),
        ("フクツ", "kana", "ふくつ", "読み", False),
        ("ﾌｸﾂ", "kana", "ふくつ", "読み", False),
        ("fukutsu", "romaji", "Fukutsu", "ローマ字", False),
        ("Ｆｕｋｕｔｓｕ", "romaji", "Fukutsu", "ローマ字", False),
        ("Fukutsu-shi", "romaji", "Fukutsu-shi", "ローマ字", True),
        ("FUKUTSU CITY", "romaji", "Fukutsu-shi", "ローマ字", True),
        ("hukutusi", "romaji", "Fukutsu-shi", "ローマ字", True),
        ("402249", "code", "402249", "団体コード", True),
        ("40224", "code", "402249", "団体コード", True),
        ("４０２２４", "code", "402249", "団体コード", True),
        ("40362", "code", "403628", "旧団体コード 2005-01-24 合併", True),
    ],
)
def test_all_roads_to_fukutsu(text: str, why: str, matched: str, label: str, exact: bool) -> None:
    (match,) = PLACES.resolve(text)
    assert match.municipality.code == "402249"
    found = (match.why, match.matched, match.label, match.exact)
    assert found == (MatchReason(why), matched, label, exact)


@pytest.mark.parametrize(
    "text", ["南勢町", "南島町", "三重県南伊勢町", "minami-ise", "なんせいちょう"]
)
def test_all_roads_to_minamiise(text: str) -> None:
    assert codes(text) == ["244724"]


def test_a_short_name_shared_gives_all() -> None:
    assert names(PLACES.resolve("中野")) == ["中野区", "中野市"]
    assert names(PLACES.resolve("nakano")) == ["中野区", "中野市"]
    assert codes("府中市") == ["132063", "342084"]
    assert codes("広島県府中市") == ["342084"]
    assert names(PLACES.resolve("府中")) == ["府中市", "府中市", "府中町"]


def test_the_caller_may_prefer_those_with_cases() -> None:
    places = gazetteer(prefer=lambda body: 3 if body.code == "202118" else 0)
    assert names(places.resolve("中野")) == ["中野市", "中野区"]
    later = places.preferring(lambda body: 0)
    assert names(later.resolve("中野")) == ["中野区", "中野市"]
    assert names(places.resolve("中野")) == ["中野市", "中野区"]


def test_a_preference_does_not_put_a_short_name_before_a_whole_one() -> None:
    places = gazetteer(
        prefer=lambda body: 3 if body.kind is MunicipalityKind.DESIGNATED_WARD else 0
    )
    assert names(places.resolve("中央区"))[0] == "中央区"


def test_prefectures() -> None:
    assert names(PLACES.resolve("福岡県")) == ["福岡県"]
    assert names(PLACES.resolve("福岡")) == ["福岡市", "福岡県"]
    assert names(PLACES.resolve("fukuoka-ken")) == ["福岡県"]
    assert names(PLACES.resolve("Fukuoka Prefecture")) == ["福岡県"]
    assert names(PLACES.resolve("福島")) == ["福島市", "福島県", "福島町"]
    assert names(PLACES.resolve("北海道")) == ["北海道"]
    for spelling in ("Tokyo", "Toukyou", "Tōkyō", "とうきょう"):
        assert names(PLACES.resolve(spelling)) == ["東京都"]
    assert [m.why for m in PLACES.resolve("東京")] == [MatchReason.PREFECTURE]


@pytest.mark.parametrize(
    "text",
    ["津", "堺", "光", "むつ", "いせ", "ota", "tsu", "中央", "ちゅうおう", "昭和", "市場", "date"],
)
def test_words_of_their_own_are_places_only_when_asked(text: str) -> None:
    assert codes(text) == []
    assert codes(text, loose=True)


def test_with_their_suffix_they_are_places() -> None:
    assert [codes(text) for text in ("津市", "つし", "tsu-shi", "むつ市", "中央市", "市場町")] == [
        ["242012"], ["242012"], ["242012"], ["022080"], ["192147"], ["362069"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", ["", " ", "改善", "組織目標", "郡", "福津市役所", "福岡県中野区", "市", "0"]
)
def test_what_is_no_place(text: str) -> None:
    assert PLACES.resolve(text, loose=True) == ()


def test_a_present_name_comes_before_a_former_one() -> None:
    matches = PLACES.resolve("大和町")
    assert (matches[0].municipality.code, matches[0].why) == ("044211", MatchReason.NAME)
    assert {match.why for match in matches[1:]} == {MatchReason.FORMER_NAME}
    assert MatchReason.FORMER_NAME not in {m.why for m in PLACES.resolve("福岡")}


def test_a_former_name_is_found_under_the_prefecture_it_lay_in() -> None:
    assert names(PLACES.resolve("長野県山口村")) == ["中津川市"]
    assert PLACES.resolve("岐阜県山口村") == ()


def test_variant_characters() -> None:
    for usual, other in (("茅ヶ崎市", "茅ケ崎市"), ("塩竈市", "塩釜市"), ("檮原町", "梼原町"),
                         ("須惠町", "須恵町"), ("龍ケ崎市", "竜ヶ崎市")):  # fmt: skip
        assert codes(usual) == codes(other) != []


def test_wards() -> None:
    assert names(PLACES.resolve("小倉北区")) == ["北九州市小倉北区"]
    assert names(PLACES.resolve("札幌市 北区")) == ["札幌市北区"]
    assert PLACES.resolve("Kita-ku")[0].municipality.name == "北区"
    assert names(PLACES.resolve("北九州市小倉区")) == ["北九州市小倉北区", "北九州市小倉南区"]
    assert names(PLACES.resolve("浜松市西区")) == ["浜松市中央区"]


def test_successors_and_predecessors() -> None:
    assert [former.name for former in PLACES.predecessors("402249")] == ["福間町", "津屋崎町"]
    assert [body.code for body in PLACES.successors("403628")] == ["402249"]
    assert [body.name for body in PLACES.successors("193411")] == ["甲府市", "富士河口湖町"]
    assert PLACES.successors("402249") == ()
    assert PLACES.predecessors("401005") == ()
    body = PLACES.get("402249")
    assert body is not None
    assert body.name == "福津市"
    assert PLACES.get("403628") is None


def test_a_specimen_is_found_like_any_other() -> None:
    body = replace(
        MUNICIPALITIES[100], code=MunicipalityCode.from_text("98201"), name="みほん野市",
        kana="みほんのし", romaji="Mihonno-shi", prefecture="見本県", kind=MunicipalityKind.CITY,
    )  # fmt: skip
    places = Gazetteer([body], romaji_key=romaji_key, to_hiragana=to_hiragana, fold=fold_text)
    for text in ("みほん野", "ミホンノ", "mihonno", "982016"):
        assert [match.municipality for match in places.resolve(text)] == [body]


def test_everything_in_the_tables_leads_home() -> None:
    for body in MUNICIPALITIES:
        for text in (body.name, body.kana, body.romaji, body.romaji.upper(), body.code.code5):
            assert body.code in codes(text), text
        assert codes(body.code) == [body.code]
        if body.kind is not MunicipalityKind.PREFECTURE:
            matches = PLACES.resolve(body.prefecture + body.name)
            assert body in {match.municipality for match in matches if match.exact}
            assert {match.municipality.prefecture for match in matches[:1]} == {body.prefecture}
        if body.parent_code is None:
            stem = body.name if body.name == "北海道" else body.name[:-1]
            assert body.code in codes(stem, loose=True), stem
            assert body.code in codes(body.romaji.partition("-")[0], loose=True), body
    for former in FORMER:
        assert former.successor_code in codes(former.name), former
        assert former.successor_code in codes(former.code), former
        if former.name != former.successor_name:
            assert former.successor_code in codes(former.kana), former


# --- running text --------------------------------------------------------------------------


def found(text: str) -> list[tuple[str, list[str]]]:
    return [
        (span.text, [m.municipality.code for m in span.matches]) for span in PLACES.find_in(text)
    ]


def test_names_in_a_query_without_blanks() -> None:
    (span,) = PLACES.find_in("福津市組織目標")
    assert (span.start, span.end, span.text) == (0, 3, "福津市")
    assert span.matches[0].why is MatchReason.NAME


def test_the_longest_name_wins() -> None:
    assert found("東大阪市と大阪市北区と大阪市") == [
        ("東大阪市", ["272272"]), ("大阪市北区", ["271276"]), ("大阪市", ["271004"]),
    ]  # fmt: skip


def test_a_prefecture_before_a_name_belongs_to_it() -> None:
    assert found("東京都府中市と広島県府中市") == [
        ("東京都府中市", ["132063"]), ("広島県府中市", ["342084"]),
    ]  # fmt: skip
    assert found("福岡県糟屋郡粕屋町") == [("福岡県糟屋郡粕屋町", ["403491"])]
    assert found("福岡県と中野区") == [("福岡県", ["400009"]), ("中野区", ["131148"])]


def test_former_names_in_text() -> None:
    ((text, where),) = found("旧福間町では")
    assert (text, where) == ("福間町", ["402249"])


def test_widths_and_variants_in_text_keep_their_offsets() -> None:
    text = "  ﾆｾｺ町、南ｱﾙﾌﾟｽ市、竜ヶ崎市"
    assert [span.text for span in PLACES.find_in(text)] == ["ﾆｾｺ町", "南ｱﾙﾌﾟｽ市", "竜ヶ崎市"]


@pytest.mark.parametrize(
    "text", ["会津市民", "大阪市場", "港区分", "東村邦浩", "市町村", "福津と中野", "三角の区画"]
)
def test_words_that_only_look_like_names(text: str) -> None:
    assert found(text) == []


def test_short_names_in_their_place() -> None:
    assert found("津市は、沖縄県国頭郡東村と三重県津市") == [
        ("津市", ["242012"]), ("沖縄県国頭郡東村", ["473031"]), ("三重県津市", ["242012"]),
    ]  # fmt: skip


@given(st.text() | st.text(alphabet="福津市間町中央区東京都県郡村ﾌｸﾂﾞふくしfuk-402249 　ヶ\u3099"))
def test_any_text_is_safe(text: str) -> None:
    for loose in (True, False):
        found_codes = codes(text, loose=loose)
        assert len(set(found_codes)) == len(found_codes)
    end_before = 0
    for span in PLACES.find_in(text):
        assert end_before <= span.start < span.end <= len(text)
        assert span.text == text[span.start : span.end]
        assert span.matches
        end_before = span.end
