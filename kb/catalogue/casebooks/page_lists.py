"""Which pages tell of which case, from rows and entries of one range each, and as changes tell it.

A SourceEvent says it once for each case: ``case-1:3-5,9-9``.
"""

from collections.abc import Iterable, Mapping

from kb.catalogue import models as m
from kb.catalogue.entries import ExcerptEntry
from kb.domain.page_ranges import PageRanges

CasePages = Mapping[str, PageRanges]
"""Case -> its pages of one document."""


def pages_of_cases(ranges: Iterable[ExcerptEntry | m.CaseExcerptRow]) -> dict[str, PageRanges]:
    """The pages of each case; ranges of one case that touch or overlap become one.

    Raises:
        BadPages: a range is none.
    """
    found: dict[str, list[tuple[int, int]]] = {}
    for each in ranges:
        found.setdefault(each.case_id, []).append((each.first_page, each.last_page))
    return {case_id: PageRanges.of(spans) for case_id, spans in found.items()}


def entries_of(pages: CasePages) -> tuple[ExcerptEntry, ...]:
    """A range each, in the order of the pages."""
    found = (ExcerptEntry(case_id, *span) for case_id, each in pages.items() for span in each.spans)
    return tuple(sorted(found, key=lambda e: (e.first_page, e.last_page, e.case_id)))


def told_of(pages: CasePages) -> list[str]:
    """As SourceEvents tell of it; those of before there were several ranges do likewise."""
    return sorted(
        f"{case_id}:{','.join(f'{first}-{last}' for first, last in each.spans)}"
        for case_id, each in pages.items()
    )


def read_told(text: str) -> tuple[ExcerptEntry, ...]:
    """The ranges of one case, as :func:`told_of` writes them or as people do: case-1:3-5,9.

    Raises:
        BadPages: what follows the case is no list of pages.
    """
    case_id, _, pages = text.rpartition(":")
    return entries_of({case_id: PageRanges.read(pages)})
