"""Opening the catalogue: two engines on one database, one that reads and one that writes.

SQLite: WAL, synchronous=FULL, a busy time-out, and BEGIN IMMEDIATE for writers, so that a
writer waits at the start of its transaction and never in the middle of one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from kb.domain.clock import Clock, today

BUSY_SECONDS = 10
"""How long a connection waits for another writer."""

DAY = "day"
"""Where a session keeps the one day on which all it reads is asked for its rights."""

TWO_PERSON = "two_person"
"""Where a session keeps whether nobody publishes alone."""


class CatalogueUnavailable(Exception):
    """The catalogue cannot be opened; the message says why and what to do."""


class Database:
    """One catalogue. Make it after forking; close it when done."""

    def __init__(self, url: str, today: Clock = today, *, two_person: bool = False) -> None:
        """Stand on these.

        Args:
            url: the catalogue's address.
            today: tells the day on which rights are asked.
            two_person: nobody publishes alone (:mod:`kb.catalogue.review.second_person`).
        """
        self.url = url
        self.today = today
        self.two_person = two_person
        self._reading = _engine(url, writing=False)
        self._writing = _engine(url, writing=True)
        self._read_session = sessionmaker(self._reading, expire_on_commit=False)
        self._write_session = sessionmaker(self._writing, expire_on_commit=False)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one moment of the catalogue and cannot change it.

        Raises:
            CatalogueUnavailable: there is no catalogue, or it does not answer.
        """
        with self._read_session(info=self._info()) as session:
            try:
                yield session
            except SQLAlchemyError as error:
                raise CatalogueUnavailable(_explain(error)) from error

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session whose changes are committed on a clean exit and rolled back otherwise."""
        with self._write_session(info=self._info()) as session, session.begin():
            yield session

    def _info(self) -> dict[str, Any]:
        return {DAY: self.today(), TWO_PERSON: self.two_person}

    def migrate(self) -> None:
        """Bring the tables up to date; safe to repeat."""
        configuration = _alembic(self.url)
        with self._writing.begin() as connection:
            configuration.attributes["connection"] = connection
            command.upgrade(configuration, "head")

    def outdated(self) -> str | None:
        """Why the tables do not fit this version, or None when they do."""
        head = ScriptDirectory.from_config(_alembic(self.url)).get_current_head()
        try:
            with self._reading.connect() as connection:
                current = MigrationContext.configure(connection).get_current_revision()
        except SQLAlchemyError as error:
            return _explain(error)
        if current == head:
            return None
        versions = f"目録 {current or 'なし'}、プログラム {head}"
        return f"目録の版が合いません({versions})。kb init を実行してください。"

    def close(self) -> None:
        """Let go of every connection."""
        self._reading.dispose()
        self._writing.dispose()


def _engine(url: str, *, writing: bool) -> Engine:
    engine = create_engine(url)
    if make_url(url).get_backend_name() == "sqlite":
        event.listen(engine, "connect", _on_sqlite_writer if writing else _on_sqlite_reader)
        event.listen(engine, "begin", _begin_immediate if writing else _begin)
    return engine


def _on_sqlite_writer(connection: Any, _record: Any) -> None:
    # pysqlite begins transactions late and on its own; ours begin where we say.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={BUSY_SECONDS * 1000}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _on_sqlite_reader(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in (f"busy_timeout={BUSY_SECONDS * 1000}", "query_only=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")


def _alembic(url: str) -> Config:
    configuration = Config()
    location = resources.files("kb.catalogue") / "migrations"
    configuration.set_main_option("script_location", str(location).replace("%", "%%"))
    configuration.attributes["url"] = url
    return configuration


def _explain(error: Exception) -> str:
    kind = error.__class__.__name__
    return (
        f"目録を読めません。kb init を実行したか、KB_DATA_DIR が正しいか確かめてください({kind})。"
    )
