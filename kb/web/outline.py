"""The bookmarks of a file as a list of lists."""

from collections.abc import Sequence
from dataclasses import dataclass

DEEPEST = 4
"""Bookmarks below this level stand beside their parents: deeper lists are not readable."""

MOST = 500
"""A file can have any number of bookmarks; no reader goes through more."""


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A bookmark and those below it."""

    title: str
    page: int | None
    """Where it leads, from 1, when that is a page there is."""
    below: tuple["Bookmark", ...] = ()


def tree(outline: Sequence[tuple[int, str, int | None]], pages: int) -> tuple[Bookmark, ...]:
    """Bookmarks (level from 1, title, page) as a tree; levels that leap are made to follow.

    Those without a title are left out.
    """
    entries = [entry for entry in outline if entry[1].strip()][:MOST]
    return _below(entries, 1, pages)


def _below(
    entries: Sequence[tuple[int, str, int | None]], depth: int, pages: int
) -> tuple[Bookmark, ...]:
    """The first entry and those of its level or above begin a bookmark; the others lie below."""
    if not entries:
        return ()
    level = entries[0][0]
    starts = [n for n, entry in enumerate(entries) if entry[0] <= level or depth == DEEPEST]
    return tuple(
        Bookmark(
            entries[start][1].strip(),
            page if (page := entries[start][2]) and 1 <= page <= pages else None,
            _below(entries[start + 1 : stop], depth + 1, pages),
        )
        for start, stop in zip(starts, [*starts[1:], len(entries)], strict=True)
    )
