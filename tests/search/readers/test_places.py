"""Places in a question: by which name one was met is said, and namesakes are asked about."""

import pytest

from kb.catalogue.tables import load_former_names, load_municipalities
from kb.domain.gazetteer import Gazetteer
from kb.domain.municipality import MunicipalityCode
from kb.domain.place_names import LocalName
from kb.japanese.fold import fold_text
from kb.japanese.readings import romaji_key, to_hiragana
from kb.japanese.tokenise import Analyser
from kb.search.query import Facet
from kb.search.readers.places import MOST_OFFERED, PlaceReader, PlaceReading
from kb.search.readers.probing import Prober
from kb.search.readers.segments import Segment, SegmentKind
from kb.search.readers.vocabulary import Vocabulary

BODIES = load_municipalities()
FORMER = load_former_names()
PROBER = Prober(Analyser())
FUCHU_TOKYO, FUCHU_HIROSHIMA = "132063", "342084"
LOCAL = tuple(
    LocalName(MunicipalityCode(code), name, kana)
    for code, name, kana in (
        ("402249", "神興村", "じんごうむら"), ("402249", "ゆめの町", None),
        ("202118", "ゆめの町", None),
    )
)  # fmt: skip


def reader(*active: str) -> PlaceReader:
    """A reader for a catalogue in which the bodies of `active` have cases."""
    places = Gazetteer(
        BODIES, FORMER, LOCAL, romaji_key=romaji_key, to_hiragana=to_hiragana, fold=fold_text,
        prefer=lambda body: int(str(body.code) in active),
    )  # fmt: skip
    names = tuple(body.name for body in BODIES)
    vocabulary = Vocabulary(
        places, {}, str.casefold, place_names=names, active_codes=frozenset(active)
    )
    return PlaceReader(vocabulary, PROBER)


NOBODY = reader()


def read(text: str, places: PlaceReader = NOBODY) -> PlaceReading:
    return places.read(Segment(text, 0, len(text), SegmentKind.PLACE), f"{text} 窓口")


def asked(found: PlaceReading) -> list[tuple[str, str]]:
    assert {suggestion.kind for suggestion in found.suggestions} <= {"choose_place"}
    return [(suggestion.label, suggestion.text) for suggestion in found.suggestions]


def codes(found: PlaceReading) -> list[str]:
    return [entity.id for entity in found.entities]


@pytest.mark.parametrize(
    ("text", "label", "why"),
    [
        ("福津市", "", "福岡県 ふくつし"),
        ("福津", "略称", "福岡県 ふくつし"),
        ("福間町", "旧町名 2005-01-24 合併", "旧町名 福間町 (2005-01-24 合併)"),
        ("fukuma-machi", "旧町名 2005-01-24 合併", "旧町名 福間町 (2005-01-24 合併)"),
        ("ﾌｸﾂ", "読み", "読み 福岡県 ふくつし"),
        ("ふくつ市", "読み", "読み 福岡県 ふくつし"),
        ("fukutsu", "ローマ字", "ローマ字 Fukutsu-shi (福岡県 ふくつし)"),
        ("402249", "団体コード", "団体コード 402249 (福岡県 ふくつし)"),
        ("４０２２４", "団体コード", "団体コード 402249、検査数字を補いました (福岡県 ふくつし)"),
        ("40362", "旧団体コード 2005-01-24 合併", "旧団体コード 403628 福間町 (2005-01-24 合併)"),
        ("神興村", "地元での呼び名", "地元での呼び名 神興村 (福岡県 ふくつし)"),
        ("ｼﾞﾝｺﾞｳﾑﾗ", "地元での呼び名", "地元での呼び名 神興村 (福岡県 ふくつし)"),
    ],
)
def test_the_reason_is_said(text: str, label: str, why: str) -> None:
    found = read(text)
    assert codes(found) == ["402249"]
    assert (found.label, found.entities[0].why) == (label, why)
    assert found.searched == ("福津市",)
    assert found.suggestions == ()


def test_a_prefecture_is_told_by_its_reading() -> None:
    found = read("福岡県")
    assert [(e.id, e.why) for e in found.entities] == [("400009", "ふくおかけん")]
    assert [v.facet for v in found.variants if v.facet] == [(Facet.PREFECTURE, "40")]


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("府中市", ["府中市(東京都)", "府中市(広島県)"]),
        ("伊達市", ["伊達市(北海道)", "伊達市(福島県)"]),
        ("中野", ["中野区(東京都)", "中野市(長野県)"]),
        ("nakano", ["中野区(東京都)", "中野市(長野県)"]),
        ("川崎", ["川崎市(神奈川県)", "川崎町(宮城県)", "川崎町(福岡県)"]),
        ("福岡", ["福岡市(福岡県)", "福岡県"]),
        (
            "ゆめの町",
            ["中野市(長野県、地元での呼び名 ゆめの町)", "福津市(福岡県、地元での呼び名 ゆめの町)"],
        ),
    ],
)
def test_a_name_that_several_bear_is_searched_for_all_and_asked(
    text: str, choices: list[str]
) -> None:
    found = read(text)
    assert len(found.entities) == len(choices)
    assert [label for label, _ in asked(found)] == choices
    assert found.label == "同じ名の自治体"


def test_what_is_offered_leads_to_one_place_alone() -> None:
    """Every choice of every name that several bear."""
    names = {body.name for body in BODIES} | {former.name for former in FORMER}
    shared = 0
    for name in sorted(names):
        for label, text in asked(read(name)):
            chosen = text.removesuffix(" 窓口")
            assert text == f"{chosen} 窓口"
            assert len(read(chosen).entities) == 1, (name, label)
            shared += 1
    assert shared > 500


def test_no_namesake_is_left_out() -> None:
    """Whatever one types of 南区, each of the twelve is searched or offered."""
    places = Gazetteer(
        BODIES, FORMER, romaji_key=romaji_key, to_hiragana=to_hiragana, fold=fold_text
    )
    most = 0
    for name in {body.name[-2:] for body in BODIES} | {body.kana for body in BODIES}:
        matches = places.resolve(name)
        if len(matches) < 2:
            continue
        found = read(name)
        assert len(found.suggestions) == len(matches)
        assert set(codes(found)) <= {match.municipality.code for match in matches}
        most = max(most, len(matches))
    assert most == MOST_OFFERED


def test_those_with_cases_are_searched_and_the_others_offered() -> None:
    found = read("府中市", reader(FUCHU_HIROSHIMA))
    assert codes(found) == [FUCHU_HIROSHIMA]
    assert asked(found) == [("府中市(東京都)", "東京都府中市 窓口")]
    both = read("府中市", reader(FUCHU_TOKYO, FUCHU_HIROSHIMA))
    assert codes(both) == [FUCHU_TOKYO, FUCHU_HIROSHIMA]
    assert asked(both) == [
        ("府中市(東京都)", "東京都府中市 窓口"), ("府中市(広島県)", "広島県府中市 窓口"),
    ]  # fmt: skip
    assert both.searched == ("東京都府中市", "広島県府中市")
    assert tuple(entity.label for entity in both.entities) == both.searched


@pytest.mark.parametrize("text", ["上九一色村", "19341"])
def test_a_body_that_was_split_leads_to_both_and_says_so(text: str) -> None:
    found = read(text)
    assert found.searched == ("甲府市", "富士河口湖町")
    assert found.label.endswith("2006-03-01 合併")
    assert [label for label, _ in asked(found)]


def test_a_body_of_once_is_offered_with_its_name() -> None:
    offered = asked(read("大和町"))
    assert offered[0][0] == "大和町(宮城県)"
    assert ("東大和市(東京都、旧大和町)", "東京都東大和市 窓口") in offered


def test_what_is_filed_under_a_forerunner_is_found_too() -> None:
    filed = {variant.facet for variant in read("福津市").variants if variant.facet}
    assert filed == {(Facet.MUNICIPALITY, "402249")}
    assert {variant.facet for variant in read("福間町").variants if variant.facet} == filed


def test_a_name_mistyped_by_one_character_is_offered() -> None:
    places = reader("402249")
    offered = [s.text for s in places.near(Segment("福律市", 0, 3), "福律市 窓口")]
    assert offered == ["福津市 窓口", "福井市 窓口", "福山市 窓口"]
    assert NOBODY.near(Segment("改善", 0, 2), "改善") == ()
