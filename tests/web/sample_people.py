"""People, programmes and series of the invented holding."""

from dataclasses import replace
from datetime import date

from kb.catalogue.people_views import (
    CareerStep,
    CohortView,
    EditionView,
    PersonPage,
    ProgrammePage,
    SeriesPage,
    SeriesView,
)
from kb.catalogue.views import PersonView, ProgrammeView
from kb.domain.classification import EventPart
from tests.web import sample

CHAIN = (replace(sample.LATER_LINK, id="case-nakano", implemented_in=2020), sample.FUKUTSU_LINK)
EARLY_ROLE = replace(
    sample.ROLE, title="福津市 総務課 係長", part="発表", on=None, document_id=None,
    document_title=None, case_id=None, case_title=None,
)  # fmt: skip
PERSON = PersonPage(
    person=PersonView(
        "p-1", "原﨑智仁", ("原崎智仁",), "はらさきともひと", (sample.ROLE, EARLY_ROLE)
    ),
    career=(
        CareerStep(EARLY_ROLE.title, None, None, (EARLY_ROLE,)),
        CareerStep(
            sample.ROLE.title,
            date(2021, 8, 7),
            date(2022, 9, 3),
            (replace(sample.ROLE, on=date(2021, 8, 7), part="応援メッセージ"), sample.ROLE),
        ),
    ),
    documents=(sample.LONE, sample.INTERNAL),
    cases=(sample.FUKUTSU_LINK,),
    events=sample.EVENTS,
    lineages=(CHAIN,),
)
PROGRAMME = ProgrammePage(
    programme=ProgrammeView("prog", "見本の研究会", "部門を越えた話し合いの場。", (2020, 2021)),
    cohorts=(
        CohortView(2021, (sample.FUKUTSU_LINK, sample.LATER_LINK)),
        CohortView(2020, ()),
        CohortView(None, (sample.UMINARI_LINK,)),
    ),
    events=sample.EVENTS,
    lineages=(CHAIN,),
)
EVENT_SERIES = SeriesPage(
    series=SeriesView("改善発表会", 2, 0, specimen=False),
    editions=(
        EditionView(sample.EVENT, (sample.FUKUTSU_LINK, sample.UMINARI_LINK)),
        EditionView(sample.EARLIER_EVENT, ()),
    ),
    documents=(),
)
PAPERS = SeriesPage(
    series=SeriesView("改善発表会 事例集", 0, 2, specimen=True),
    editions=(),
    documents=(sample.CASEBOOK, sample.INTERNAL),
)
SERIES = {page.series.name: page for page in (EVENT_SERIES, PAPERS)}
PARTS = (
    (EventPart.ANNOUNCES, (sample.INTERNAL,)),
    (EventPart.REPORTS, (sample.CASEBOOK,)),
    (EventPart.USED, (sample.LOCATED,)),
)
"""One of them is for the office alone, so its heading must not be drawn."""
