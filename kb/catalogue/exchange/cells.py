"""One row of a CSV file, cell by cell: what a cell holds, or why it cannot be read."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from kb.domain.case_study import KEYWORD_SEPARATOR
from kb.domain.classification import Classified
from kb.domain.fiscal_year import parse_date, parse_fiscal_year

C = TypeVar("C", bound=Classified)

_FORMULA = re.compile(r"'*[=+\-@＝＋－＠]")
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_LISTED = re.compile(
    rf'\s*"(?P<quoted>(?:[^"]|"")*)"\s*(?:{KEYWORD_SEPARATOR}|\Z)'
    rf"|(?P<plain>[^{KEYWORD_SEPARATOR}]*)(?:{KEYWORD_SEPARATOR}|\Z)"
)
_MOST_DIGITS = 9
"""A number of more digits is a slip, and too large for a database's integer."""


class BadCell(ValueError):
    """A cell cannot be read: which, what stands there, why not, and what to do."""

    def __init__(self, column: str, value: str, why: str, remedy: str = "") -> None:
        super().__init__(why)
        self.column = column
        self.value = value
        self.why = why
        self.remedy = remedy


def stripped(text: str) -> str:
    """`text` as a cell holds it: no blanks around it, lines ended by a newline alone."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe before =, + and the like.

    A text that looks guarded already gets one more, so that :func:`unguarded` is its inverse.
    Full-width signs count: Japanese Excel reads them as the half-width ones.
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """The text that :func:`guarded` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def join_list(words: Iterable[str]) -> str:
    """The cell of a list: 窓口;対話. A word in which there is a semicolon stands in quotes.

    A quote in such a word stands twice, as in a CSV file itself.
    """
    return KEYWORD_SEPARATOR.join(_listed(word) for each in words if (word := stripped(each)))


def split_list(cell: str) -> tuple[str, ...]:
    """The words that :func:`join_list` was given; a quote that nothing closes is one of a word."""
    found = (
        match["plain"] if match["quoted"] is None else match["quoted"].replace('""', '"')
        for match in _LISTED.finditer(cell)
    )
    return tuple(word for each in found if (word := each.strip()))


def _listed(word: str) -> str:
    if KEYWORD_SEPARATOR not in word and not word.startswith('"'):
        return word
    return '"' + word.replace('"', '""') + '"'


@dataclass(frozen=True, slots=True)
class Row:
    """One row; its cells are stripped and unguarded."""

    line: int
    """As a spreadsheet numbers it, from 1: a cell with line breaks is still one row."""
    cells: Mapping[str, str]
    """Of the columns the row reaches; a short row lacks the last ones."""
    surplus: tuple[str, ...] = ()
    """What stands to the right of the last heading."""

    def text(self, column: str) -> str | None:
        """What the cell holds; None when it is blank or not there."""
        return self.cells.get(column) or None

    def required(self, column: str) -> str:
        """What the cell holds.

        Raises:
            BadCell: it is blank.
        """
        value = self.text(column)
        if value is None:
            raise BadCell(column, "", "空です", "値を書いてください。")
        return value

    def words(self, column: str) -> tuple[str, ...]:
        """A list, divided by half-width semicolons."""
        return split_list(self.text(column) or "")

    def number(self, column: str) -> int | None:
        """A whole number.

        Raises:
            BadCell: it is none.
        """
        value = self.text(column)
        if value is None:
            return None
        if not value.isdecimal() or len(value) > _MOST_DIGITS:
            raise BadCell(column, value, "数字ではありません", "数字だけを書いてください。")
        return int(value)

    def year(self, column: str) -> int | None:
        """The Gregorian year in which a fiscal year begins, in any spelling of it.

        Raises:
            BadCell: it names no fiscal year.
        """
        value = self.text(column)
        if value is None:
            return None
        year = parse_fiscal_year(value)
        if year is None:
            remedy = "2021、令和3年度、R3 のように書いてください。"
            raise BadCell(column, value, "年度として読めません", remedy)
        return year.year

    def day(self, column: str) -> date | None:
        """A date, in any spelling of it.

        Raises:
            BadCell: it is none.
        """
        value = self.text(column)
        if value is None:
            return None
        day = _iso_date(value) or parse_date(value)
        if day is None:
            remedy = "2022-09-03 のように書いてください。"
            raise BadCell(column, value, "日付(年-月-日)ではありません", remedy)
        return day

    def flag(self, column: str) -> bool:
        """1 for yes, 0 or blank for no.

        Raises:
            BadCell: it is something else.
        """
        value = unicodedata.normalize("NFKC", self.text(column) or "0")
        if value not in ("0", "1"):
            raise BadCell(column, value, "1でも0でもありません", "1 か 0 を書いてください。")
        return value == "1"

    def member(self, column: str, members: type[C]) -> C:
        """A member of a closed list, by label or slug.

        Raises:
            BadCell: the list has no such word, or the cell is blank.
        """
        return _member(column, self.required(column), members)

    def members(self, column: str, members: type[C]) -> tuple[C, ...]:
        """Several members of a closed list.

        Raises:
            BadCell: the list has no such word.
        """
        return tuple(_member(column, word, members) for word in self.words(column))


def _member(column: str, text: str, members: type[C]) -> C:
    found = members.from_text(text)
    if found is None:
        labels = "、".join(member.label for member in members)
        remedy = f"次のどれかを書いてください: {labels}"
        raise BadCell(column, text, "一覧にありません", remedy)
    return found


def _iso_date(text: str) -> date | None:
    if not _ISO_DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None  # no such day: the caller says so
