"""The database: migrated, in WAL, and told when it does not fit."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from indexer.installation import Installation
from kb.catalogue.models import Base
from kb.catalogue.session import Database


def test_the_migrations_make_what_the_models_say(installation: Installation) -> None:
    with installation.database._writing.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_again_is_safe(installation: Installation) -> None:
    installation.database.migrate()
    assert installation.database.outdated() is None


def test_preparing_again_changes_nothing(installation: Installation) -> None:
    assert installation.prepare() is False


def test_an_empty_database_says_what_to_do(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    assert "kb init" in str(database.outdated())
    database.close()


def test_sqlite_is_durable(installation: Installation) -> None:
    with installation.database.writing() as session:
        connection = session.connection()
        settings = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert settings == ["wal", 2, 1]
