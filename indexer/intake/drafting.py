"""From the lines of a page to the draft of everything it tells."""

from collections.abc import Iterator, Sequence
from datetime import date

from indexer.intake.blocks import blocks_of
from indexer.intake.case_lines import Case, case_line, cases_of
from indexer.intake.contradictions import Findings, contradictions_in
from indexer.intake.document_lines import document_line, library_of
from indexer.intake.draft import Draft, LineKind, PageLine
from indexer.intake.events import Event, event_line, events_of
from indexer.intake.making import Making
from indexer.intake.people import mentions_in
from indexer.intake.people_lines import people_lines, role_lines
from indexer.intake.programmes import Programme, programmes_in
from indexer.intake.wording import lines_of_page
from kb.domain.gazetteer import Gazetteer

MOST_LINES = 12_000
"""Of a page; one of a seminar has 200. Further ones are kept and told, but not read."""


def draft_page(
    lines: Sequence[PageLine], source: str, gazetteer: Gazetteer, *, seen_on: date
) -> Draft:
    """Everything a page proposes, in the order in which it is recorded.

    Args:
        lines: of the page, from :func:`indexer.intake.page.read_page`.
        source: the page's address, or the file's name.
        gazetteer: finds municipalities.
        seen_on: the day the page was read: an announced event before it is 終了.
    """
    page = lines_of_page(lines[:MOST_LINES], gazetteer)
    blocks = blocks_of(page)
    events = events_of(blocks)
    event_of = {block: event for event in events for block in event.blocks}
    programmes = programmes_in(blocks)
    cases = cases_of(events, programmes, gazetteer)
    library = library_of(blocks, event_of, cases, gazetteer)
    mentions = mentions_in(blocks, gazetteer)
    event_lines = {event.key: event_line(event, seen_on) for event in events}
    by_event: dict[Event, list[Case]] = {event: [] for event in events}
    for case in cases:
        by_event[case.event].append(case)
    for event, own in by_event.items():
        _put_programme(event_lines[event.key], event, programmes, own)
    made = [
        *(programme_line(programme) for programme in programmes),
        *event_lines.values(),
        *(case_line(case) for case in cases),
        *people_lines(mentions),
        *(document_line(one) for one in library.documents),
        *role_lines(mentions, event_of, library.documents, cases),
    ]
    found = Findings(page, events, event_lines, cases, library, mentions)
    return Draft(
        source=source,
        lines=tuple(one.line() for one in _once(made)),
        contradictions=contradictions_in(found),
        page=tuple(lines),
        unread=max(0, len(lines) - MOST_LINES),
        statements=tuple(one.line.evidence() for one in library.statements if one.of_page),
    )


def programme_line(programme: Programme) -> Making:
    """The draft line of a programme; its summary stays empty, since the page's words are not
    ours to keep."""
    made = Making(LineKind.PROGRAMME, f"programme:{programme.key}")
    made.put("title", programme.title, *(line.evidence() for line in programme.lines))
    why = [said.line.evidence(said.start) for said in programme.years]
    made.put("cohorts", list(programme.cohorts), *why)
    return made


def _put_programme(
    made: Making, event: Event, programmes: Sequence[Programme], cases: Sequence[Case]
) -> None:
    """The programme that an event's cases took part in, or that its blocks name."""
    for case in cases:
        if case.programme is not None:
            why = [said.line.evidence(said.start) for said in case.grounds]
            made.put("programme_id", f"programme:{case.programme.key}", *why)
            return
    numbers = {line.number for block in event.blocks for line in block.lines}
    for programme in programmes:
        naming = [line for line in programme.lines if line.number in numbers]
        if naming:
            key = f"programme:{programme.key}"
            made.put("programme_id", key, *(line.evidence() for line in naming))


def _once(made: Sequence[Making]) -> Iterator[Making]:
    """Lines of distinct keys: what would come twice comes first."""
    seen: set[str] = set()
    for one in made:
        if one.key not in seen:
            seen.add(one.key)
            yield one
