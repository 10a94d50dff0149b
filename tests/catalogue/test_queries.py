"""How many questions a list of results puts to the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from indexer.installation import Installation
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
    # A few more for what none of the dozen has: a casebook, a place of its own.
    assert len(many) <= min(len(few) + 4, 20)
