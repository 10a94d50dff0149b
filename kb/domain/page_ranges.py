"""Pages of a document that belong together, and how people write them: 5-8, 12.

Whoever types a list may use full-width digits, any dash or wave, 、 or commas, and write ページ
after the numbers.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Span = tuple[int, int]
"""First and last page, inclusive."""

_MOST_DIGITS = 5
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−ー─ｰ〜∼〰~"), "-")
_LEFT_OUT = re.compile(r"pp?\.?(?=\s*\d)|(?:ページ|頁)目?|まで", re.IGNORECASE)
_TO = re.compile(r"(?<!\s)\s*(?:-|から)\s*")
"""Not from the middle of blanks, or each of many would be tried with all that follow."""
_BETWEEN = re.compile(r"[\s,、，・;]+")
_SPAN = re.compile(r"(\d+)(?:-(\d+))?", re.ASCII)


class BadPages(ValueError):
    """What was typed is no list of pages; the message says what to do."""


@dataclass(frozen=True, slots=True)
class PageRanges:
    """Some pages of a document; made by :meth:`of`, :meth:`read` or from other ones."""

    spans: tuple[Span, ...] = ()
    """In order, each apart from the next by a page at least."""

    @classmethod
    def of(cls, spans: Iterable[Span]) -> "PageRanges":
        """These spans, in order; those that touch or overlap become one.

        Raises:
            BadPages: one of them begins before page 1 or ends before it begins.
        """
        found: list[Span] = []
        for first, last in sorted(spans):
            if not 1 <= first <= last:
                raise BadPages(f"{first}-{last}ページは範囲になりません。{_ORDER}")
            if found and first <= found[-1][1] + 1:
                found[-1] = found[-1][0], max(last, found[-1][1])
            else:
                found.append((first, last))
        return cls(tuple(found))

    @classmethod
    def read(cls, typed: str) -> "PageRanges":
        """The pages of a list as it was typed; none for an empty one.

        Raises:
            BadPages: it is no list of pages.
        """
        # ページ has a long mark in it, which is a dash elsewhere.
        plain = _LEFT_OUT.sub(" ", unicodedata.normalize("NFKC", typed)).translate(_DASHES)
        plain = _TO.sub("-", plain.strip())
        return cls.of(_span(part) for part in _BETWEEN.split(plain) if part)

    @property
    def first(self) -> int:
        """The first page; an IndexError where there is none."""
        return self.spans[0][0]

    @property
    def last(self) -> int:
        """The last page; an IndexError where there is none."""
        return self.spans[-1][1]

    def __bool__(self) -> bool:
        return bool(self.spans)

    def __contains__(self, page: int) -> bool:
        return any(first <= page <= last for first, last in self.spans)

    def __str__(self) -> str:
        """As people write it and :meth:`read` reads it: 5-8, 12."""
        return ", ".join(f"{a}-{b}" if a != b else str(a) for a, b in self.spans)

    def __or__(self, other: "PageRanges") -> "PageRanges":
        """The pages of either."""
        return PageRanges.of((*self.spans, *other.spans))

    def __sub__(self, other: "PageRanges") -> "PageRanges":
        """The pages that are not the other's."""
        left: Sequence[Span] = self.spans
        for first, last in other.spans:
            left = [piece for span in left for piece in _without(span, first, last)]
        return PageRanges(tuple(left))


_ORDER = "小さい番号を先に、1以上で書いてください。"
_EXAMPLE = "5-8, 12 のように、1からの数字で書いてください。"


def _span(part: str) -> Span:
    found = _SPAN.fullmatch(part)
    if found is None or any(len(number or "") > _MOST_DIGITS for number in found.groups()):
        raise BadPages(f"「{part}」はページの番号ではありません。{_EXAMPLE}")
    return int(found[1]), int(found[2] or found[1])


def _without(span: Span, first: int, last: int) -> list[Span]:
    """What is left of a span without the pages from `first` to `last`."""
    pieces = (span[0], min(span[1], first - 1)), (max(span[0], last + 1), span[1])
    return [(a, b) for a, b in pieces if a <= b]
