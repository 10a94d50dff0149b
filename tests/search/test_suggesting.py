"""Suggestions while typing, over the sample corpus, over a made catalogue and over made names."""

import time
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from indexer.installation import Installation
from kb.catalogue.entries import Authorship, CaseEntry, DocumentEntry, PersonEntry, RoleEntry
from kb.catalogue.names import NameReader
from kb.catalogue.offerable import OfferableReader
from kb.catalogue.writing import writing
from kb.domain.classification import DocumentKind, Theme
from kb.domain.offerable import Offerable, OfferKind
from kb.domain.rights import Audience, Rights, Terms, allowed
from kb.search.query import Asked
from kb.search.service import SearchService
from kb.search.suggesting import LONGEST_TYPED, Suggester
from kb.search.suggestions.distance import distances, tolerance
from kb.search.suggestions.keys import offer_key
from kb.search.suggestions.phrases import recurring
from kb.search.suggestions.spoken import reading_of
from kb.search.suggestions.table import MOST, SuggestionTable

CURATORS = frozenset({Audience.CURATOR})


def labels(service: SearchService, typed: str) -> list[str]:
    return [offer.label for offer in service.suggest(typed, Audience.ANONYMOUS)]


def meant(service: SearchService, typed: str) -> list[str]:
    page = service.search(Asked(typed))
    return [s.text for s in page.suggestions if s.kind == "did_you_mean"]


# --- over the sample corpus -------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    ["福津", "ふくつ", "フクツ", "ﾌｸﾂ", "ふくつ市", "fukutsu", "Ｆｕｋｕｔｓｕ", "fukuts", "hukutu",
     "福岡県福津", "福間町", "福律市"],
)  # fmt: skip
def test_a_town_is_offered_by_every_way_of_typing_it(service: SearchService, typed: str) -> None:
    first = service.suggest(typed, Audience.ANONYMOUS)[0]
    assert (first.kind, first.id, first.label) == (OfferKind.MUNICIPALITY, "402249", "福津市")


def test_a_former_name_says_why(service: SearchService) -> None:
    [offer] = service.suggest("福間町", Audience.ANONYMOUS)
    assert offer.why == "旧町名 福間町 (2005-01-24 合併)"
    assert offer.text == "福間町"


def test_of_namesakes_the_one_with_cases_comes_first(service: SearchService) -> None:
    assert labels(service, "中野")[:2] == ["中野区", "中野市"]


@pytest.mark.parametrize("typed", ["きかくか", "kikakuka", "企画課"])
def test_departments_are_met_by_readings_that_are_known(service: SearchService, typed: str) -> None:
    assert "企画課" in labels(service, typed)


def test_old_kanji_and_a_wrong_character_meet_a_person(service: SearchService) -> None:
    for typed in ("原崎", "原﨑智", "原崎智人"):
        kinds = [offer.kind for offer in service.suggest(typed, Audience.ANONYMOUS)]
        assert kinds == [OfferKind.PERSON], typed


def test_several_kinds_are_offered_side_by_side(service: SearchService) -> None:
    kinds = [offer.kind for offer in service.suggest("改善", Audience.ANONYMOUS)]
    assert len(kinds) == MOST
    assert {OfferKind.WORD, OfferKind.THEME, OfferKind.CASE} <= set(kinds)


def test_the_last_word_is_completed(service: SearchService) -> None:
    offers = service.suggest("福津市 もく", Audience.ANONYMOUS)
    assert "福津市 目標管理" in [offer.text for offer in offers]
    assert all(offer.id == "" and offer.text.startswith("福津市 ") for offer in offers)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("福律市", "福津市"),
        ("総務過", "総務課"),
        ("原崎智人", "原﨑智仁"),
        ("酒井直仁 対話", "酒井直人 対話"),
        ("まちづくり推進過", "まちづくり推進課"),
    ],
)
def test_a_word_that_stands_nowhere_may_have_meant_a_name(
    service: SearchService, typed: str, name: str
) -> None:
    assert meant(service, typed)[0] == name


@pytest.mark.parametrize(
    "typed",
    ["福津市", "総務課", "原﨑智仁", "対話", "打破", "改善 窓口", "カイゼン", "No10", "2099"],
)
def test_a_word_that_is_held_or_like_none_is_not_corrected(
    service: SearchService, typed: str
) -> None:
    assert meant(service, typed) == []


TYPED = st.one_of(
    st.text(max_size=12),
    st.text(alphabet='福津市ふくつフクツﾌﾞfukutsu改善 　のー-・"()%_*\n\x00\ud800１2', max_size=30),
    st.text(min_size=LONGEST_TYPED - 2, max_size=LONGEST_TYPED + 2),
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=TYPED, audience=st.sampled_from(Audience))
@example(typed="\ud800", audience=Audience.ANONYMOUS)
@example(typed="の" * LONGEST_TYPED, audience=Audience.CURATOR)
def test_whatever_is_typed_is_answered(
    service: SearchService, typed: str, audience: Audience
) -> None:
    offers = service.suggest(typed, audience)
    assert len(offers) <= MOST
    assert all(offer.label and offer.text for offer in offers)


# --- who may know what ------------------------------------------------------------------------


SECRET = "ヌヴカキクケコ"


def _record_one_of_each(installation: Installation) -> dict[str, Terms]:
    """A document of each terms, and with each of its own words a person, keyword and series."""
    made = {f"{SECRET}{number}{SECRET[number]}": terms for number, terms in enumerate(Terms)}
    with writing(installation.database, Authorship("test")) as writer:
        for word, terms in made.items():
            id_ = f"doc-{terms}"
            writer.record_document(
                DocumentEntry(
                    id_, f"{word}題", DocumentKind.REPORT, Rights(terms), series=f"{word}列",
                    series_number="1", keywords=(f"{word}語",), departments=(f"{word}課",),
                )
            )  # fmt: skip
            writer.record_person(PersonEntry(f"person-{terms}", f"{word}人"))
            writer.record_role(RoleEntry(f"person-{terms}", "課長", "発表", document_id=id_))
    return made


def suggester_of(installation: Installation) -> Suggester:
    """With its first table made: on a busy machine an answer does not wait long enough for it."""
    database = installation.database
    suggester = Suggester(OfferableReader(database), NameReader(database), installation.catalogue)
    ready = time.monotonic() + 60
    while not told(suggester, Audience.ANONYMOUS, "北海道") and time.monotonic() < ready:
        time.sleep(0.1)
    return suggester


def told(suggester: Suggester, audience: Audience, typed: str) -> set[str]:
    return {offer.label for offer in suggester.offers(typed, audience)}


def test_nobody_is_offered_what_he_may_not_know(installation: Installation) -> None:
    made = _record_one_of_each(installation)
    suggester = suggester_of(installation)
    for audience in Audience:
        for word, terms in made.items():
            whole = {f"{word}{end}" for end in "題列語課人"}
            known = allowed(Rights(terms), audience).metadata and terms is not Terms.WITHDRAWN
            assert told(suggester, audience, word) & whole == (whole if known else set())
            near = set(suggester.meant(f"{word}誤人", audience))
            assert bool(near & whole) == known


def test_what_is_taken_down_is_offered_no_more_at_once(installation: Installation) -> None:
    """The table is still the old one: a new one is due only when its share of time is over."""
    made = _record_one_of_each(installation)
    suggester = suggester_of(installation)
    word = next(word for word, terms in made.items() if terms is Terms.OPEN)
    whole = {f"{word}{end}" for end in "題列語課人"}
    assert told(suggester, Audience.ANONYMOUS, word) == whole
    with writing(installation.database, Authorship("test", "申し出")) as writer:
        writer.rights.withdraw(f"doc-{Terms.OPEN}")
    assert told(suggester, Audience.ANONYMOUS, word) & whole == set()


def test_the_table_follows_the_catalogue(installation: Installation) -> None:
    suggester = suggester_of(installation)
    assert told(suggester, Audience.ANONYMOUS, "灯台の窓口") == set()
    with writing(installation.database, Authorship("test")) as writer:
        case = CaseEntry("case-1", "灯台の窓口を改める", ("402249",), implemented_in=2021)
        writer.record_case(replace(case, departments=("灯台課",), themes=(Theme.COUNTER,)))
    ready = time.monotonic() + 60
    while not told(suggester, Audience.ANONYMOUS, "灯台の窓口") and time.monotonic() < ready:
        time.sleep(0.1)
    offers = suggester.offers("灯台", Audience.ANONYMOUS)
    assert [(o.kind, o.label, o.why) for o in offers] == [
        (OfferKind.DEPARTMENT, "灯台課", "福津市"),
        (OfferKind.CASE, "灯台の窓口を改める", "福津市 2021年度"),
    ]


# --- over made names --------------------------------------------------------------------------


def made_table(*things: Offerable) -> SuggestionTable:
    return SuggestionTable(things)


def thing(label: str, kind: OfferKind = OfferKind.WORD, **more: object) -> Offerable:
    return replace(Offerable(kind, "", label, (label,), cases=1), **more)  # type: ignore[arg-type] # fields of it


def offered(table: SuggestionTable, typed: str) -> list[str]:
    return [each.label for each in table.offered(typed, Audience.ANONYMOUS)]


def test_whole_then_beginning_then_inside_and_near_ones_only_without_a_beginning() -> None:
    table = made_table(*map(thing, ["大窓口", "窓口改革", "窓口", "窓日"]))
    assert offered(table, "窓口") == ["窓口", "窓口改革", "大窓口"]
    assert offered(table, "窓口改草") == ["窓口改革"]
    assert offered(table, "窓口改") == ["窓口改革"]


def test_what_has_cases_comes_first_and_specimens_last() -> None:
    table = made_table(
        thing("窓口一", specimen=True), thing("窓口二", cases=0), thing("窓口三", cases=1),
        thing("窓口四", cases=5),
    )  # fmt: skip
    assert offered(table, "窓口") == ["窓口四", "窓口三", "窓口二", "窓口一"]


def test_one_kind_does_not_crowd_out_the_others() -> None:
    words = [thing(f"窓口{each}") for each in "一二三四五六七八九"]
    table = made_table(*words, thing("次の窓口", OfferKind.CASE, id="c"))
    found = offered(table, "窓口")
    assert len(found) == MOST
    assert found[-1] == "次の窓口"


def test_another_number_is_no_mistake() -> None:
    table = made_table(thing("通信 No10"), thing("通信の書き方"))
    assert offered(table, "通信No11") == []
    assert offered(table, "通心No10") == ["通信 No10"]


@given(
    one=st.text("あいう", max_size=9), other=st.text("あいう", max_size=9), most=st.integers(0, 3)
)
def test_distances_are_levenshteins(one: str, other: str, most: int) -> None:
    whole, beginning = distances(one, other, most)
    assert whole == min(_levenshtein(one, other), most + 1)
    nearest = min(_levenshtein(one, other[:end]) for end in range(len(other) + 1))
    assert beginning == min(nearest, most + 1)


def _levenshtein(one: str, other: str) -> int:
    if not one or not other:
        return len(one) + len(other)
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        corner, row[0] = row[0], i
        for j, b in enumerate(other, start=1):
            corner, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, corner + (a != b))
    return row[-1]


@given(name=st.text("福津市町山川田中", min_size=3, max_size=20), wrong=st.data())
def test_every_name_within_the_tolerance_is_near(name: str, wrong: st.DataObject) -> None:
    """The pairs of characters lose no name that the distance would take."""
    typed = name
    for _ in range(tolerance(len(name))):
        at = wrong.draw(st.integers(0, len(typed) - 1))
        typed = typed[:at] + wrong.draw(st.sampled_from(["", "誤", "誤字"])) + typed[at + 1 :]
    table = made_table(thing(name), thing("別の名前"))
    if distances(offer_key(typed), name, tolerance(len(typed)))[0] <= tolerance(len(typed)):
        found = [each.label for each in table.meant(typed, Audience.ANONYMOUS)]
        assert found == ([] if typed == name else [name])


def test_a_word_recurs_only_for_those_who_know_two_titles_of_it() -> None:
    titles = [
        thing("窓口の改革", OfferKind.CASE, id="1"),
        thing("窓口と育成", OfferKind.CASE, id="2"),
        thing("育成の窓口", OfferKind.CASE, id="3", audiences=CURATORS),
        thing("ＤＸとRPA", OfferKind.DOCUMENT, id="4"),
    ]
    found = {each.label: each for each in recurring(titles)}
    assert set(found) == {"窓口", "育成"}
    assert found["窓口"].audiences == frozenset(Audience)
    assert found["窓口"].cases == 2
    assert found["育成"].audiences == CURATORS


@pytest.mark.parametrize(
    ("name", "reading"),
    [
        ("企画課", "きかくか"),
        ("行革・行政経営", "ぎょうかくぎょうせいけいえい"),
        ("三方よし課", None),
    ],
)
def test_a_reading_is_known_or_it_is_none(name: str, reading: str | None) -> None:
    assert reading_of(name) == reading
