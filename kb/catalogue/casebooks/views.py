"""What the page of a casebook's cases shows and hands in: frozen, no database behind them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kb.catalogue.entries import ExcerptEntry
from kb.catalogue.views import DocumentView


@dataclass(frozen=True, slots=True)
class BookCase:
    """A case in a casebook."""

    id: str
    title: str
    first: int
    last: int
    """Inclusive."""
    published: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """Pages that follow each other and tell of the same cases."""

    first: int
    last: int
    cases: tuple[BookCase, ...]
    """None: they are the document's own."""


@dataclass(frozen=True, slots=True)
class CasebookForm:
    """A document with the cases its pages tell of."""

    document: DocumentView
    version: str
    cases: tuple[BookCase, ...]
    """In the order of their pages."""
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class WishedRange:
    """A range as it was typed."""

    field: str
    """What its errors are told under."""
    case: str
    """An identifier, the address of a case or a title."""
    first: str
    last: str


class BadRanges(ValueError):
    """Ranges that cannot be taken; nothing has been written."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        """`errors`: field of a :class:`WishedRange` -> what is wrong with it."""
        super().__init__("、".join(errors.values()))
        self.errors = errors


def stretches(pages: int, cases: Iterable[BookCase]) -> tuple[Stretch, ...]:
    """All pages of a document, cut where the cases change."""
    held = tuple(cases)
    edges = {1, *(case.first for case in held), *(case.last + 1 for case in held)}
    starts = sorted(edge for edge in edges if edge <= pages)
    ends = [*(start - 1 for start in starts[1:]), pages]
    return tuple(
        Stretch(first, last, tuple(c for c in held if c.first <= first and last <= c.last))
        for first, last in zip(starts, ends, strict=True)
        if first <= last
    )


def moved(
    ranges: Iterable[ExcerptEntry], source: str, target: str, first: int, last: int
) -> tuple[ExcerptEntry, ...]:
    """The ranges, with some pages of one case given to another; a case left with none goes.

    Raises:
        BadRanges: the pages are not the first one's, or either case would have two ranges.
    """
    held = {each.case_id: each for each in ranges}
    giver, taker = held.get(source), held.get(target)
    if giver is None or source == target:
        raise BadRanges({"move": "移す元と移す先の事例を、別々に選んでください。"})
    if not giver.first_page <= first <= last <= giver.last_page:
        pages = f"{giver.first_page}-{giver.last_page}"
        raise BadRanges({"move": f"移せるのは、移す元の{pages}ページの中だけです。"})
    at_start, at_end = first == giver.first_page, last == giver.last_page
    if not (at_start or at_end):
        why = "移す元の範囲が2つに分かれます。範囲の初めか終わりのページを移してください。"
        raise BadRanges({"move": why})
    if taker and (first > taker.last_page + 1 or last < taker.first_page - 1):
        pages = f"{taker.first_page}-{taker.last_page}"
        why = f"移す先の{pages}ページと続いていません。続くページを選んでください。"
        raise BadRanges({"move": why})
    if at_start and at_end:
        del held[source]
    elif at_start:
        held[source] = ExcerptEntry(source, last + 1, giver.last_page)
    else:
        held[source] = ExcerptEntry(source, giver.first_page, first - 1)
    low, high = (taker.first_page, taker.last_page) if taker else (first, last)
    held[target] = ExcerptEntry(target, min(low, first), max(high, last))
    return tuple(held.values())
