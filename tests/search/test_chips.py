"""What was understood can be taken back, whatever was typed."""

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.search.engine import BadQuery
from kb.search.query import Asked, Understood
from kb.search.readers.typed import LONGEST_QUERY
from kb.search.service import SearchService

PARTS = (
    "改善", "カイゼン", "かいぜ", "福津市", "福間町", "ふくつし", "府中市", "自治体:府中市",
    "中野", "2021年度", "R3", "令和2年度以外の", "福津市と中野区以外の", "年度:2021",
    "部署:人事課", "テーマ:働き方", "種類:チラシ", "首長", "人事課", "通信No10", "通信10号",
    "打破", "カイゼ*", "RP*", "k?n", "多く", "を除く", "以外", "職員が話し合う場をつくりたい",
    "-", "NOT", "OR", "または", "AND", "かつ", "除く", "|", "(", ")", "「", "」", '"', "の", "*",
    "?", "　", ":", "－", "\u200f", "\ud800",
)  # fmt: skip
TYPED = st.one_of(
    st.lists(st.sampled_from(PARTS), max_size=9).map(" ".join),
    st.lists(st.sampled_from(PARTS), max_size=9).map("".join),
    st.text(max_size=30),
)


def chips(service: SearchService, typed: str) -> tuple[Understood, ...] | None:
    """The chips of an answer; None where the question is refused."""
    if len(typed) > LONGEST_QUERY:
        return None
    try:
        return service.search(Asked(typed, page_size=1)).understood
    except BadQuery:
        return None


def same(chip: Understood) -> tuple[str, str]:
    return (chip.typed, chip.kind)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=TYPED)
def test_each_chip_leads_to_a_question_without_it(service: SearchService, typed: str) -> None:
    found = chips(service, typed) or ()
    before = Counter(map(same, found))
    for chip in found[:3]:
        after = chips(service, chip.without)
        if after is None:  # What is left may be refused for itself: 「0*」 of 「×E0*」 is too wide.
            assert "*" in chip.without, (typed, chip)
            continue
        assert Counter(map(same, after))[same(chip)] < before[same(chip)], (typed, chip)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=TYPED)
def test_taking_all_chips_back_ends(service: SearchService, typed: str) -> None:
    for _ in range(60):
        found = chips(service, typed)
        if not found:
            break
        typed = found[0].without
    assert not found
    assert found is None or chips(service, typed) == ()


def test_a_question_of_nothing_but_operators_ends_empty(service: SearchService) -> None:
    typed = "自治体:福津市 -DX カイゼ* 年度:2021 打破 (改善を除く) -2021年度 OR 福津市以外"
    kinds = set()
    while found := chips(service, typed):
        kinds.add(found[0].kind)
        typed = found[0].without
    assert typed == ""
    assert {"operator", "excluded", "prefix", "place", "year"} <= kinds
