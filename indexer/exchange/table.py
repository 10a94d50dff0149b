"""A CSV file as a table: its encoding, its heading, its rows. Nothing in it is lost unsaid."""

import csv
import io
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType

from kb.catalogue.exchange.cells import Row, stripped, unguarded
from kb.catalogue.exchange.encodings import BadTable, decode

HEADING_WITHIN = 30
"""Rows in which the heading is looked for; titles and notes may stand above it."""
_FEWEST_KNOWN = 2
"""Columns that a row must name to be taken for a heading with something missing."""

Columns = tuple[tuple[str, ...], ...]
"""Columns a table must have; of each inner tuple one is enough."""

NO_OTHERS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds."""

    encoding: str
    """See :class:`~kb.catalogue.exchange.encodings.Decoded`."""
    heading_line: int
    columns: tuple[str, ...]
    """Those that are read, in the order of the file."""
    unknown: tuple[str, ...]
    """Those that are not, by name; a nameless one that is not empty by its place."""
    rows: tuple[Row, ...]
    """Rows that are blank throughout are left out."""


def records(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV text with their numbers from 1.

    Raises:
        BadTable: quotation marks do not pair, or a cell has more than 131,072 characters.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            yield number, cells
    except csv.Error as error:
        raise BadTable(
            f'{number + 1}行目から先をCSVとして読めません。引用符(")の対応を確かめてください'
            f"(1つのセルは{csv.field_size_limit():,}文字までです)。"
        ) from error


def read_table(
    content: bytes,
    known: Collection[str],
    required: Columns,
    most_rows: int | None = None,
    also: Mapping[str, str] = NO_OTHERS,
) -> Table:
    """Read a file whose heading may stand below a title, with its columns in any order.

    Args:
        content: the whole file.
        known: the names of the columns that are read.
        required: those that must be there.
        most_rows: of more, blank ones too, nothing is read.
        also: other names of columns, each with the one it is known by.

    Raises:
        BadTable: too many rows, no text, no CSV, no heading, a column missing or twice there.
    """
    decoded = decode(content)
    numbered = _not_too_many(records(decoded.text), most_rows)
    at = _heading(numbered, known, required)
    line, found = numbered[at][0], [column_name(cell) for cell in numbered[at][1]]
    names = [also.get(name, name) for name in found]
    _refuse_twice(names, known)
    body = numbered[at + 1 :]
    return Table(
        encoding=decoded.encoding,
        heading_line=line,
        columns=tuple(name for name in names if name in known),
        unknown=tuple(_unknown(names, body, known)),
        rows=tuple(row_of(number, names, cells) for number, cells in body if any_text(cells)),
    )


def _not_too_many(
    found: Iterator[tuple[int, list[str]]], most: int | None
) -> list[tuple[int, list[str]]]:
    if most is None:
        return list(found)
    numbered = list(islice(found, most + HEADING_WITHIN + 1))
    if len(numbered) > most + HEADING_WITHIN:
        raise BadTable(f"{most:,}行を超えています。自治体や年度で分けたファイルにしてください。")
    return numbered


def row_of(number: int, names: Sequence[str], cells: Sequence[str]) -> Row:
    """A row under its heading."""
    plain = [unguarded(stripped(cell)) for cell in cells]
    beyond = tuple(cell for cell in plain[len(names) :] if cell)
    return Row(number, dict(zip(names, plain, strict=False)), beyond)


def any_text(cells: Sequence[str]) -> bool:
    """Whether a row holds anything."""
    return any(cell.strip() for cell in cells)


def column_name(cell: str) -> str:
    """A heading as it is compared: without blanks, half-width."""
    return "".join(unicodedata.normalize("NFKC", cell).replace("\ufeff", "").split())


def _heading(
    numbered: Sequence[tuple[int, list[str]]], known: Collection[str], required: Columns
) -> int:
    """Which of the first rows is the heading: the first that names all that is required."""
    best, most = None, _FEWEST_KNOWN - 1
    for at, (_, cells) in enumerate(numbered[:HEADING_WITHIN]):
        names = {column_name(cell) for cell in cells}
        if all(names.intersection(choice) for choice in required):
            return at
        if len(names.intersection(known)) > most:
            best, most = names, len(names.intersection(known))
    if best is None:
        raise BadTable(
            f"見出しの行が見つかりません(先頭の{HEADING_WITHIN}行を見ました)。"
            f"「{'」「'.join(choice[0] for choice in required)}」のある見出しを書いてください。"
        )
    lacking = ["または".join(f"「{name}」" for name in c) for c in required if not best & set(c)]
    raise BadTable(f"必須の列がありません: {'、'.join(lacking)}。見出しに加えてください。")


def _refuse_twice(names: Sequence[str], known: Collection[str]) -> None:
    twice = [name for name, count in Counter(names).items() if count > 1 and name in known]
    if twice:
        raise BadTable(f"同じ見出しの列が2つ以上あります: {'、'.join(twice)}。1つにしてください。")


def _unknown(
    names: Sequence[str], body: Sequence[tuple[int, list[str]]], known: Collection[str]
) -> Iterator[str]:
    for at, name in enumerate(names):
        if name and name not in known:
            yield name
        elif not name and any(len(cells) > at and cells[at].strip() for _, cells in body):
            yield f"(見出しのない{at + 1}列目)"
