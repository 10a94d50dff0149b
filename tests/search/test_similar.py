"""Similar cases: each with a reason that is true, none of the case's own lineage."""

import pytest

from indexer.installation import Installation
from kb.catalogue.views import CaseView
from kb.domain.rights import Audience
from kb.search.service import SearchService


def cases(sample: Installation) -> list[CaseView]:
    links = sample.catalogue.cases(Audience.ANONYMOUS)
    found = (sample.catalogue.case(link.id, Audience.ANONYMOUS) for link in links)
    return [case for case in found if case is not None]


def test_most_cases_have_similar_ones_and_every_reason_is_true(
    sample: Installation, service: SearchService
) -> None:
    with_some = 0
    for case in cases(sample):
        links = service.similar(case, Audience.ANONYMOUS)
        assert len(links) <= 4
        assert len({link.id for link in links}) == len(links)
        for link in links:
            assert link.why
            shared = [theme.label for theme in case.themes if theme in link.themes]
            assert all(label in link.why for label in shared)
            assert shared or "共通のことば" in link.why
        with_some += bool(links)
    assert with_some >= 25


def test_a_case_is_not_like_itself_nor_like_its_own_lineage(
    sample: Installation, service: SearchService
) -> None:
    for case in cases(sample):
        lineage = {case.id, *(link.id for link in (*case.earlier, *case.later))}
        shown = {link.id for link in service.similar(case, Audience.ANONYMOUS)}
        assert not shown & lineage


@pytest.mark.parametrize("case_id", ["case-fukutsu-2021"])
def test_real_cases_come_before_specimens(
    sample: Installation, service: SearchService, case_id: str
) -> None:
    case = sample.catalogue.case(case_id, Audience.ANONYMOUS)
    assert case is not None
    links = service.similar(case, Audience.ANONYMOUS)
    assert links[0].id == "case-nakano-2021"
    assert "同じテーマ「組織目標・目標管理」" in (links[0].why or "")
