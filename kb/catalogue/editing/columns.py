"""The boxes of a form, each with how its value is read from what is typed and shown again."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.editing.views import BadEdit, Box, Choice, Sort
from kb.catalogue.exchange.cells import BadCell, Row
from kb.domain.classification import Classified
from kb.domain.fiscal_year import FiscalYear
from kb.domain.word_lists import join_words, split_words

_CLOCK = re.compile(r"(\d{1,2})[:時](?:(\d{1,2})分?)?")
DAY_HINT = "2022-09-03、R4.9.3 のどれでも。"
WORDS_HINT = "いくつかあるときは「、」で区切ります。"
QUOTES_HINT = '「、」を含むことばは、"企画、財政課" のように囲みます。'


@dataclass(frozen=True, slots=True)
class Column:
    """A box and the value behind it."""

    box: Box
    read: Callable[[str], Any]
    """From what is typed, without blanks around it; raises ValueError with what to do."""
    show: Callable[[Any], str]


Columns = tuple[tuple[str, tuple[Column, ...]], ...]
"""Heading -> what stands under it."""


def read_all(columns: Columns, typed: Mapping[str, str]) -> dict[str, Any]:
    """The values of what is typed; boxes that nobody has touched are left out.

    Raises:
        BadEdit: some cannot be understood; each has its reason.
    """
    values, errors = {}, {}
    for column in (column for _, under in columns for column in under):
        name = column.box.name
        if name not in typed:
            continue
        try:
            values[name] = column.read(typed[name])
        except ValueError as error:
            errors[name] = str(error)
    if errors:
        raise BadEdit(errors)
    return values


# --- sorts of values ------------------------------------------------------------------------


def text(name: str, label: str, hint: str = "", *, most: int = 0, needed: bool = False) -> Column:
    """A line of text, of at most `most` characters where the catalogue holds no more."""
    sort = Column(Box(name, label, Sort.LINE, hint), lambda typed: typed or None, _plain)
    return _checked(sort, most=most, needed=needed)


def long_text(name: str, label: str, hint: str = "") -> Column:
    """Text of several lines."""
    return Column(Box(name, label, Sort.LONG, hint), lambda typed: typed or None, _plain)


def words(name: str, label: str, hint: str = "", *, most: int = 0) -> Column:
    """Several words, each once and of at most `most` characters where that is not 0."""

    def read(typed: str) -> tuple[str, ...]:
        found = split_words(typed)
        for word in found:
            _refuse_long(word, most)
        return found

    box = Box(name, label, Sort.LINE, f"{hint}{WORDS_HINT}{QUOTES_HINT}")
    return Column(box, read, lambda held: join_words(held or ()))


def day(name: str, label: str, hint: str = DAY_HINT) -> Column:
    """A date, in any spelling of it."""
    return Column(Box(name, label, Sort.LINE, hint), read_day, _iso)


def year(name: str, label: str, hint: str = "") -> Column:
    """A fiscal year, in any spelling of it."""
    return Column(Box(name, label, Sort.LINE, hint), read_year, show_year)


def number(name: str, label: str, hint: str = "") -> Column:
    """A whole number."""
    return Column(Box(name, label, Sort.LINE, hint), lambda typed: _cell(Row.number, typed), _plain)


def clock(name: str, label: str) -> Column:
    """A time of day."""
    return Column(Box(name, label, Sort.LINE, "13:30 のように。"), _read_clock, _plain)


def member(name: str, label: str, listed: type[Classified]) -> Column:
    """One of a closed list, which is always chosen."""
    return chosen(name, label, _members(listed), needed=True)


def members(name: str, label: str, listed: type[Classified]) -> Column:
    """Any of a closed list, by their slugs."""
    choices = _members(listed)
    box = Box(name, label, Sort.TICKS, "", choices)

    def read(typed: str) -> tuple[str, ...]:
        return tuple(known(choices, value) for value in typed.splitlines())

    return Column(box, read, lambda held: "\n".join(c.value for c in choices if c.value in held))


def chosen(
    name: str, label: str, choices: Iterable[Choice], hint: str = "", *, needed: bool = False
) -> Column:
    """One of a list, or none."""
    listed = tuple(choices)
    offered = listed if needed else (Choice("", "なし"), *listed)
    box = Box(name, label, Sort.CHOICE, hint, offered)

    def read(typed: str) -> str | None:
        return known(offered, typed) or None

    return Column(box, read, _plain)


def _checked(column: Column, *, most: int, needed: bool) -> Column:
    def read(typed: str) -> Any:
        if needed and not typed:
            raise ValueError(f"{column.box.label}を書いてください。")
        _refuse_long(typed, most)
        return column.read(typed)

    return replace(column, read=read)


def _refuse_long(typed: str, most: int) -> None:
    if most and len(typed) > most:
        raise ValueError(
            f"「{typed[:10]}…」は{most}文字までです(いまは{len(typed)}文字)。短くしてください。"
        )


# --- what is typed --------------------------------------------------------------------------


def known(choices: Iterable[Choice], value: str) -> str:
    """The value, if it can be chosen.

    Raises:
        ValueError: it cannot.
    """
    if value not in {choice.value for choice in choices}:
        raise ValueError(f"「{value}」は一覧にありません。一覧から選び直してください。")
    return value


def read_day(typed: str) -> date | None:
    """A date, or None for nothing.

    Raises:
        ValueError: it is no date.
    """
    found: date | None = _cell(Row.day, typed)
    return found


def read_year(typed: str) -> int | None:
    """A fiscal year by the year it begins in, or None for nothing.

    Raises:
        ValueError: it is no fiscal year.
    """
    found: int | None = _cell(Row.year, typed)
    return found


def show_year(held: int | None) -> str:
    """A fiscal year in both calendars."""
    return "" if held is None else str(FiscalYear(held).both)


def _cell(read: Callable[[Row, str], Any], typed: str) -> Any:
    """As a cell of a table is read, with what to do."""
    try:
        return read(Row(1, {"": typed}), "")
    except BadCell as error:
        raise ValueError(f"「{typed}」は{error.why}。{error.remedy}") from error


def _read_clock(typed: str) -> str | None:
    if not typed:
        return None
    found = _CLOCK.fullmatch(unicodedata.normalize("NFKC", typed))
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (24, 0)
    if hour > 23 or minute > 59:
        raise ValueError(f"「{typed}」は時刻ではありません。13:30 のように書いてください。")
    return f"{hour:02}:{minute:02}"


def _plain(held: Any) -> str:
    return "" if held is None else str(held)


def _iso(held: date | None) -> str:
    return held.isoformat() if held else ""


def _members(listed: type[Classified]) -> tuple[Choice, ...]:
    return tuple(Choice(each.value, each.label) for each in listed)


# --- what is chosen from the catalogue ------------------------------------------------------


def events(session: Session) -> tuple[Choice, ...]:
    """Every event, newest first."""
    row = m.EventRow
    found = session.execute(
        select(row.id, row.title, row.held_on).order_by(row.held_on.desc(), row.id)
    )
    return tuple(
        Choice(id_, f"{title}({held_on})" if held_on else title) for id_, title, held_on in found
    )


def programmes(session: Session) -> tuple[Choice, ...]:
    """Every programme, by its title."""
    row = m.ProgrammeRow
    found = session.execute(select(row.id, row.title).order_by(row.title, row.id))
    return tuple(Choice(id_, title) for id_, title in found)
