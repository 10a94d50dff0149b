"""The small markup the sample texts are written in, and its blocks.

A text begins with ``key: value`` lines up to a blank line. Then follow ``#``/``##``
headings (``#+`` begins a page in a report), ``- `` lists, ``|`` tables, ``chart:`` lines (a
title, then ``label value`` pairs between bars), ``case: 列名`` lines that stand for a field of a
case, and paragraphs.
Inside a paragraph ``^[note]`` is a footnote and ``{漢字|かんじ}`` is ruby.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

INLINE = re.compile(r"\^\[(?P<note>[^\]]+)\]|\{(?P<base>[^|}]+)\|(?P<ruby>[^}]+)\}")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 or 2."""

    level: int
    text: str
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text, with inline marks."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list without numbers."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of equal length; the first is the header."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars: a title and (label, value) pairs."""

    title: str
    bars: tuple[tuple[str, float], ...]


Block = Heading | Paragraph | Bullets | Table | Chart
CaseField = Callable[[str], str]
"""What follows ``case:`` -> the text of that field."""


@dataclass(frozen=True, slots=True)
class Text:
    """A parsed text: its settings and its blocks."""

    settings: dict[str, str]
    blocks: tuple[Block, ...]

    def sections(self) -> Iterator[tuple[Heading | None, tuple[Block, ...]]]:
        """Each heading with the blocks under it; None for what stands before the first."""
        heading: Heading | None = None
        under: list[Block] = []
        for block in self.blocks:
            if isinstance(block, Heading):
                if heading is not None or under:
                    yield heading, tuple(under)
                heading, under = block, []
            else:
                under.append(block)
        yield heading, tuple(under)


def parse(source: str, case_field: CaseField) -> Text:
    """Read a text.

    Raises:
        ValueError: a settings line has no colon, or a chart's value is no number.
    """
    head, _, body = source.partition("\n\n")
    settings = {}
    for line in head.splitlines():
        key, colon, value = line.partition(":")
        if not colon:
            raise ValueError(f"not a setting: {line!r}")
        settings[key.strip()] = value.strip()
    lines = [line.rstrip() for line in body.splitlines() if line.strip()]
    return Text(settings, tuple(_blocks(lines, case_field)))


def _blocks(lines: list[str], case_field: CaseField) -> Iterator[Block]:
    for kind, group in groupby(lines, key=_kind):
        if kind == "list":
            yield Bullets(tuple(line[2:] for line in group))
        elif kind == "table":
            yield Table(tuple(_cells(line) for line in group))
        else:
            for line in group:
                yield _single(kind, line, case_field)


def _kind(line: str) -> str:
    for start, kind in (("#", "heading"), ("- ", "list"), ("|", "table"), ("chart:", "chart")):
        if line.startswith(start):
            return kind
    return "case" if line.startswith("case:") else "paragraph"


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip("|").split("|"))


def _single(kind: str, line: str, case_field: CaseField) -> Block:
    if kind == "heading":
        marks, _, words = line.partition(" ")
        return Heading(marks.count("#"), words, marks.endswith("+"))
    if kind == "chart":
        title, *bars = _cells(line.removeprefix("chart:").strip())
        pairs = (bar.rsplit(" ", 1) for bar in bars)
        return Chart(title, tuple((label, float(value)) for label, value in pairs))
    if kind == "case":
        return Paragraph(case_field(line.removeprefix("case:").strip()))
    return Paragraph(line)


def plain(text: str) -> str:
    """`text` with ruby reduced to its base and footnotes put in brackets."""
    return INLINE.sub(lambda m: m["base"] or f"(注: {m['note']})", text)


def width(text: str) -> float:
    """How many full-width characters `text` takes, half-width ones counted as a half."""
    return sum(0.55 if ord(c) < 0x2000 else 1.0 for c in text)


def column_widths(rows: tuple[tuple[str, ...], ...], span: float) -> list[float]:
    """Shares of `span` for the columns of a table, by a damped length of their longest cell.

    The exponent keeps a column of short labels from being starved by one of sentences.
    """
    longest = [max(width(row[c]) for row in rows) + 2 for c in range(len(rows[0]))]
    damped = [length**0.62 for length in longest]
    return [span * share / sum(damped) for share in damped]
