"""Which case a row means: by where it is filed, then by what its municipality is today."""

import pytest

from indexer.exchange.identity import KnownCases
from kb.catalogue.entries import CaseEntry
from kb.catalogue.exchange.cells import BadCell

FUKUTSU, FUKUMA, TSUYAZAKI = "402249", "403628", "403636"


def case(id_: str, code: str) -> CaseEntry:
    return CaseEntry(id_, "窓口の改善", (code,), implemented_in=2003)


@pytest.mark.parametrize(("held", "row"), [(FUKUTSU, FUKUMA), (FUKUMA, FUKUTSU)])
def test_a_case_held_under_today_or_then_is_the_same_one(held: str, row: str) -> None:
    known = KnownCases([case("a", held)])
    found = known.meant(None, [row], 2003, ["窓口の改善"])
    assert found is not None
    assert found.id == "a"


def test_where_it_is_filed_comes_first() -> None:
    known = KnownCases([case("a", FUKUMA), case("b", TSUYAZAKI)])
    found = known.meant(None, [TSUYAZAKI], 2003, ["窓口の改善"])
    assert found is not None
    assert found.id == "b"
    with pytest.raises(BadCell, match="2件"):
        known.meant(None, [FUKUTSU], 2003, ["窓口の改善"])


def test_another_town_is_another_case() -> None:
    known = KnownCases([case("a", FUKUMA)])
    assert known.meant(None, ["131148"], 2003, ["窓口の改善"]) is None
