"""What a list of results asks of the database, and how many questions that takes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import event

from indexer.installation import Installation
from kb.catalogue.entries import Authorship, CaseEntry, EventEntry, SourceEntry
from kb.catalogue.writing import writing
from kb.domain.classification import EventState, Theme
from kb.domain.rights import Audience, Rights, Terms
from kb.domain.settled import Field
from tests.catalogue.drafts import draft


@contextmanager
def counted(installation: Installation) -> Iterator[list[str]]:
    """The statements that are executed."""
    engine, executed = installation.database._reading, list[str]()

    def note(*given: object) -> None:
        executed.append(str(given[2]))

    event.listen(engine, "before_cursor_execute", note)
    yield executed
    event.remove(engine, "before_cursor_execute", note)


def test_every_case_costs_as_many_queries_as_a_dozen(sample: Installation) -> None:
    ids = [case.id for case in sample.catalogue.cases(Audience.ANONYMOUS)]
    with counted(sample) as few:
        dozen = sample.catalogue.cases_in_brief(ids[:12], Audience.ANONYMOUS)
    with counted(sample) as many:
        every = sample.catalogue.cases_in_brief(ids, Audience.ANONYMOUS)
    assert len(dozen) == 12 < len(every) - 12
    # A few more for what none of the dozen has: a casebook and what stands around it, a place.
    assert len(many) <= min(len(few) + 6, 20)


def test_a_list_tells_of_a_case_what_its_own_page_does(installation: Installation) -> None:
    """Two roads to the same rows: all at once by statements of our own, and one by one."""
    pages = tuple(SourceEntry(f"https://example.jp/{n}", f"出典{n}") for n in (2, 1))
    with writing(installation.database, Authorship("試験")) as writer:
        writer.record_event(EventEntry("ev-1", "発表会", EventState.REPORTED, sources=pages))
        writer.record_case(
            CaseEntry(
                "case-1", "事例", ("402249", "131148"), departments=("総務課", "企画課"),
                themes=tuple(Theme), event_id="ev-1",
            )
        )  # fmt: skip
    for name in ("doc-2", "doc-1"):
        draft(
            installation, name, rights=Rights(Terms.OPEN), case_id="case-1", event_id="ev-1",
            municipality_codes=("402249", "131148"), sources=pages, published=True, draft=False,
        )  # fmt: skip
    with writing(installation.database, Authorship("試験")) as writer:
        writer.decisions.decide("doc-1", Field.SERIES, ("通信",))
    case = installation.catalogue.case("case-1", Audience.ANONYMOUS)
    assert case is not None
    listed = installation.catalogue.cases_in_brief(["case-1"], Audience.ANONYMOUS)["case-1"]
    assert listed == replace(case, roles=(), earlier=(), later=(), history=())
    assert [place.code for place in listed.municipalities] == ["402249", "131148"]
    assert listed.documents[0].series == "通信"


def test_themes_are_counted_anew_only_when_something_was_recorded(
    installation: Installation,
) -> None:
    def cases(audience: Audience) -> tuple[int, int]:
        """Of the theme, and the statements it took to know."""
        with counted(installation) as asked:
            themes = installation.catalogue.themes(audience)
        statements = [statement for statement in asked if statement.startswith("SELECT")]
        (found,) = (each.count for each in themes if each.value == Theme.CULTURE.value)
        return found, len(statements)

    def record(case_id: str) -> None:
        entry = CaseEntry(case_id, "事例", ("402249",), themes=(Theme.CULTURE,))
        with writing(installation.database, Authorship("試験")) as writer:
            writer.record_case(entry)

    record("a")
    assert [cases(Audience.ANONYMOUS), cases(Audience.ANONYMOUS)] == [(1, 2), (1, 1)]
    assert [cases(Audience.CURATOR), cases(Audience.CURATOR)] == [(1, 2), (1, 1)]
    record("b")
    assert [cases(Audience.ANONYMOUS), cases(Audience.CURATOR)] == [(2, 2), (2, 2)]
