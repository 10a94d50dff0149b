"""How many questions a list of results puts to the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from indexer.installation import Installation
from kb.catalogue.entries import Authorship, CaseEntry
from kb.catalogue.writing import writing
from kb.domain.classification import Theme
from kb.domain.rights import Audience


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
