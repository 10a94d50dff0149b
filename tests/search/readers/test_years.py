"""Years in a question: which axis is taken, and which is offered."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.domain.fiscal_year import parse_fiscal_years
from kb.japanese.tokenise import Analyser
from kb.search.query import Asked, Facet, ResultPage, Suggestion
from kb.search.readers.probing import Prober
from kb.search.readers.segments import Segment, SegmentKind
from kb.search.readers.vocabulary import KnownEvent, Vocabulary
from kb.search.readers.years import YearReading, read_year, with_years
from kb.search.service import SearchService
from kb.search.understand import Understander

TODAY = date(2022, 9, 3)


@pytest.fixture(scope="module")
def prober() -> Prober:
    return Prober(Analyser())


class _Events:
    """A vocabulary that knows one event."""

    def events_on(self, day: date) -> tuple[KnownEvent, ...]:
        return (KnownEvent("ev", "セミナー", TODAY, 2022),) if day == TODAY else ()


def reading(text: str, prober: Prober) -> YearReading:
    vocabulary: Vocabulary = _Events()  # type: ignore[assignment]
    return read_year(text, vocabulary, prober, TODAY)


def facets(found: YearReading) -> list[tuple[Facet, str]]:
    return [variant.facet for variant in found.variants if variant.facet]


@pytest.mark.parametrize(
    "text", ["令和3年度", "R3", "r3", "2021年度", "2021", "昨年度", "FY21", "令和三年度", "Ｒ３"]
)
def test_a_year_is_both_axes_practice_first(text: str, prober: Prober) -> None:
    found = reading(text, prober)
    assert facets(found) == [(Facet.IMPLEMENTED_IN, "2021"), (Facet.PRESENTED_IN, "2021")]
    assert found.variants[0].weight > found.variants[1].weight
    assert found.label == "2021年度(令和3年度) 実践年度を先に、発表年度も"


def test_each_axis_alone_is_offered(prober: Prober) -> None:
    typed = "福津市 R3 対話"
    assert reading("R3", prober).suggestions(typed, 4, 6) == (
        Suggestion("choose_year", "福津市 実践年度:2021 対話", "実践年度だけ"),
        Suggestion("choose_year", "福津市 発表年度:2021 対話", "発表年度だけ"),
    )


@pytest.mark.parametrize(
    "text", ["平成30年度〜令和2年度", "2018-2020", "H30~R2", "平成30年度から令和2年度まで"]
)
def test_a_range_is_of_practice_years(text: str, prober: Prober) -> None:
    found = reading(text, prober)
    assert facets(found) == [(Facet.IMPLEMENTED_IN, str(year)) for year in (2018, 2019, 2020)]
    assert found.label == "2018-2020年度 実践年度でさがします"
    assert found.others == (("発表年度:2018-2020", "発表年度でさがす"),)
    words = found.others[0][0].partition(":")[2]
    assert [year.year for year in parse_fiscal_years(words)] == [2018, 2019, 2020]


def test_a_list_is_each_of_its_years(prober: Prober) -> None:
    found = reading("令和3・4年度", prober)
    assert facets(found) == [(Facet.IMPLEMENTED_IN, "2021"), (Facet.IMPLEMENTED_IN, "2022")]
    words = found.others[0][0].partition(":")[2]
    assert [year.year for year in parse_fiscal_years(words)] == [2021, 2022]


def test_a_day_is_its_event(prober: Prober) -> None:
    found = reading("R4.9.3", prober)
    assert facets(found) == [(Facet.EVENT, "ev")]
    assert found.entities[0].id == "ev"


def test_what_is_no_year_is_refused(prober: Prober) -> None:
    with pytest.raises(ValueError, match="福津市"):
        reading("福津市", prober)


def cut(typed: str, *found: Segment) -> list[tuple[str, SegmentKind]]:
    whole = found or (Segment(typed, 0, len(typed)),)
    made = list(with_years(whole, typed, TODAY))
    assert all(typed[one.start : one.end] == one.text for one in made)
    return [(one.text, one.kind) for one in made]


def test_ranges_and_relative_years_are_cut_out() -> None:
    words, year = SegmentKind.WORDS, SegmentKind.YEAR
    assert cut("昨年度の取組") == [("昨年度", year), ("取組", words)]
    assert cut("対話は平成30~令和2年度に") == [
        ("対話", words),
        ("平成30~令和2年度", year),
    ]
    assert cut("令和3・4年度") == [("令和3・4年度", year)]
    assert cut("対話の会") == [("対話の会", words)]
    assert cut("令和3年度以降の取組") == [("令和3年度以降", year), ("取組", words)]


def test_years_already_cut_are_joined() -> None:
    typed = "令和2年度〜令和4年度"
    parts = [(0, 5, SegmentKind.YEAR), (5, 6, SegmentKind.WORDS), (6, 11, SegmentKind.YEAR)]
    found = [Segment(typed[a:b], a, b, kind) for a, b, kind in parts]
    assert cut(typed, *found) == [(typed, SegmentKind.YEAR)]
    one = Segment("2021", 0, 4, SegmentKind.YEAR)
    assert cut("2021", one) == [("2021", SegmentKind.YEAR)]


@given(st.text(alphabet="令和平成昨年度翌0123456789〜・の、 取組R", max_size=20))
def test_any_piece_is_cut_within_itself(typed: str) -> None:
    made = list(with_years([Segment(typed, 0, len(typed))] if typed else [], typed, TODAY))
    ends = [0, *(segment.end for segment in made)]
    for segment, before in zip(made, ends, strict=False):
        assert before <= segment.start < segment.end <= len(typed)
        assert segment.text == typed[segment.start : segment.end]


# --- over the sample -----------------------------------------------------------------------


def ask(service: SearchService, text: str, **filters: str) -> ResultPage:
    return service.search(Asked(text, {Facet(name): (value,) for name, value in filters.items()}))


def practised(page: ResultPage) -> set[int | None]:
    return {hit.case.implemented_in for hit in page.results if hit.case}


@pytest.mark.parametrize("typed", ["2018-2020", "平成30年度〜令和2年度", "H30~R2"])
def test_a_range_finds_the_cases_of_its_years(service: SearchService, typed: str) -> None:
    page = ask(service, typed)
    assert practised(page) == {2018, 2019, 2020}
    [chip] = [one for one in page.understood if one.kind == "year"]
    assert (chip.typed, chip.label) == (typed, "2018-2020年度 実践年度でさがします")


@pytest.mark.parametrize("typed", ["2023年度以降", "令和5年度以後", "年度:2023以降"])
def test_years_from_one_on_reach_to_this_one(service: SearchService, typed: str) -> None:
    found = practised(ask(service, typed))
    assert found
    assert {year for year in found if year} == found
    assert min(year for year in found if year) >= 2023


@pytest.mark.parametrize("typed", ["2015年度以前", "平成27年度まで", "2015年まで"])
def test_years_up_to_one_are_of_the_past(service: SearchService, typed: str) -> None:
    page = ask(service, typed)
    assert practised(page) == {2014, 2015}
    [chip] = page.understood
    assert (chip.typed, chip.searched) == (typed, ("1986-2015年度",))


def test_last_year_counts_from_the_day_it_is_asked(service: SearchService) -> None:
    understander = Understander(service._vocabulary(), Analyser(), lambda: TODAY)
    readings = understander.understand("昨年度の改善").readings
    chips = [reading.chip for reading in readings if reading.chip]
    assert [(chip.typed, chip.label) for chip in chips if chip.kind == "year"] == [
        ("昨年度", "2021年度(令和3年度) 実践年度を先に、発表年度も")
    ]


@pytest.mark.parametrize("field", ["year", "年度", "実践年度"])
@pytest.mark.parametrize("value", ["R3", "令和三年度", "2021", "FY21", "２０２１年度"])
def test_fields_take_every_notation(service: SearchService, field: str, value: str) -> None:
    assert practised(ask(service, f"{field}:{value}")) == {2021}


@pytest.mark.parametrize("value", ["R3", "令和三年度", "2021", "FY21", "２０２１年度", "r3"])
def test_both_facets_take_every_notation(service: SearchService, value: str) -> None:
    assert practised(ask(service, "", implemented_in=value)) == {2021}
    presented = ask(service, "", presented_in=value)
    assert {h.case.presented_in for h in presented.results if h.case} == {2021}


def test_a_facet_takes_a_range(service: SearchService) -> None:
    assert practised(ask(service, "", implemented_in="平成30~令和2年度")) == {2018, 2019, 2020}
