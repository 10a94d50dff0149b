"""Rows as plain values that JSON keeps, and back: for what puts rows back as they were."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Column, Table, inspect

from kb.catalogue.table_base import Base


def plain_of(row: Base) -> dict[str, Any]:
    """Column -> value, of a whole row."""
    return {column.name: plain(getattr(row, column.name)) for column in table_of(type(row)).columns}


def plain(value: Any) -> Any:
    """A value as JSON keeps it; moments in UTC, bytes in hexadecimal."""
    if isinstance(value, datetime):
        # SQLite gives moments back without their zone: all of them are UTC.
        return (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if isinstance(value, date) else value


def values_read(kind: type[Base], told: Mapping[str, Any]) -> dict[str, Any]:
    """Plain values as the columns of a table keep them; columns that are no more are left out."""
    columns = table_of(kind).columns
    return {name: as_kept(columns[name], each) for name, each in told.items() if name in columns}


def as_kept(column: Column[Any], value: Any) -> Any:
    """A plain value as its column keeps it."""
    kind = column.type.python_type
    if value is None or kind not in (date, datetime, bytes):
        return value
    return bytes.fromhex(value) if kind is bytes else kind.fromisoformat(value)


def table_of(kind: type[Base]) -> Table:
    """The table that rows of a class are kept in."""
    found = inspect(kind).local_table
    if not isinstance(found, Table):
        raise TypeError(f"{kind.__name__} is kept in no table")
    return found
