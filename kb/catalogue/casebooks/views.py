"""What the page of a casebook's cases shows and hands in: frozen, no database behind them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kb.catalogue.casebooks.page_lists import CasePages
from kb.catalogue.views import DocumentView
from kb.domain.page_ranges import PageRanges, Span


@dataclass(frozen=True, slots=True)
class BookCase:
    """A case in a casebook."""

    id: str
    title: str
    pages: PageRanges
    published: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """Pages that follow each other and tell of the same cases."""

    pages: Span
    cases: tuple[BookCase, ...]
    """None: they are the document's own."""


@dataclass(frozen=True, slots=True)
class CasebookForm:
    """A document with the cases its pages tell of."""

    document: DocumentView
    version: str
    cases: tuple[BookCase, ...]
    """In the order of their first pages."""
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class WishedPages:
    """The pages of a case as they were typed."""

    field: str
    """What its errors are told under."""
    case: str
    """An identifier, the address of a case or a title."""
    pages: str
    """A list as people write it: 5-8, 12."""


class BadRanges(ValueError):
    """Pages that cannot be taken; nothing has been written."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        """`errors`: field of a :class:`WishedPages` -> what is wrong with it."""
        super().__init__("、".join(errors.values()))
        self.errors = errors


def stretches(pages: int, cases: Iterable[BookCase]) -> tuple[Stretch, ...]:
    """All pages of a document, cut where the cases change."""
    held = tuple(cases)
    spans = [span for case in held for span in case.pages.spans]
    edges = {1, *(first for first, _ in spans), *(last + 1 for _, last in spans)}
    starts = sorted(edge for edge in edges if edge <= pages)
    ends = [*(start - 1 for start in starts[1:]), pages]
    return tuple(
        Stretch((first, last), tuple(case for case in held if first in case.pages))
        for first, last in zip(starts, ends, strict=True)
        if first <= last
    )


def moved(held: CasePages, source: str, target: str, pages: PageRanges) -> CasePages:
    """The pages of cases, with some of one case given to another; a case left with none goes.

    Raises:
        BadRanges: there are no pages to move, or they are not the first one's.
    """
    if source not in held or source == target:
        raise BadRanges({"move": "移す元と移す先の事例を、別々に選んでください。"})
    if not pages:
        raise BadRanges({"move": "移すページを 5-8, 12 のように書いてください。"})
    others = pages - held[source]
    if others:
        why = f"移せるのは、移す元の{held[source]}ページの中だけです({others}ページは違います)。"
        raise BadRanges({"move": why})
    left = {**held, source: held[source] - pages}
    left[target] = held.get(target, PageRanges()) | pages
    return {case_id: each for case_id, each in left.items() if each}
