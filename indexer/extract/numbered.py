"""Reading the parts of a file that are pages by themselves: slides, sheets."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from indexer.extract.office.ooxml import CannotRead
from indexer.extract.page_text import Tally, is_wanted
from indexer.extract.parts import Part
from indexer.extracted import ExtractedPage, Fault, Limits, Outcome, PageRange

NO_MEMORY = "メモリーが足りず、読めませんでした。ファイルを分けてください。"
TOO_MANY_PAGES = "{unit}が多すぎるため、先頭の{most}{unit}だけを読みました。"

T = TypeVar("T")

PageParts = tuple[ExtractedPage, list[Fault]]
"""A page and what was lost of it."""


def read_numbered(
    sources: Sequence[T],
    read_one: Callable[[int, T], PageParts],
    limits: Limits,
    pages: PageRange,
    unit: str,
) -> Iterator[Part]:
    """Yield the page of each source, numbered from 1, with its faults and those of the whole.

    `read_one` may raise CannotRead; it goes on to the caller when the file is refused.
    """
    tally = Tally()
    for number, source in enumerate(sources[: limits.pages], start=1):
        if not is_wanted(number, pages):
            continue
        try:
            page, faults = read_one(number, source)
        except CannotRead as error:
            tally.failed += 1
            yield error.on_page(number)
            continue
        except MemoryError:
            tally.failed += 1
            yield Fault(Outcome.OUT_OF_MEMORY, NO_MEMORY, number)
            continue
        tally.count(page)
        yield page
        yield from faults
    if len(sources) > limits.pages:
        yield Fault(Outcome.TOO_LARGE, TOO_MANY_PAGES.format(most=limits.pages, unit=unit))
    yield from tally.verdict()
