"""Which day it is where rights are given and run out: in Japan, whatever the server's zone."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone

JAPAN = timezone(timedelta(hours=9), "JST")
"""Without summer time since 1951, so no table of time zones is needed."""

Clock = Callable[[], date]
"""Tells the day; tests hand in one of their own."""


def today() -> date:
    """The day in Japan."""
    return datetime.now(JAPAN).date()


def day_of(moment: datetime) -> date:
    """The day in Japan of a moment; one without a zone is UTC, as SQLite gives it back."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(JAPAN).date()


def in_words(day: date) -> str:
    """2022年9月3日."""
    return f"{day.year}年{day.month}月{day.day}日"
