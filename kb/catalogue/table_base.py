"""What all tables share: the base class, how constraints are named, the width of keys."""

from datetime import UTC, date, datetime

from sqlalchemy import Date, DateTime, MetaData, String
from sqlalchemy.orm import DeclarativeBase

CODE = String(6)
ID = String(80)


def now() -> datetime:
    """The present moment in UTC, without microseconds."""
    return datetime.now(UTC).replace(microsecond=0)


class Base(DeclarativeBase):
    """The common base; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: DateTime(timezone=True), date: Date}  # noqa: RUF012
