"""The database: migrated, in WAL, and told when it does not fit."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from indexer.installation import Installation
from kb.catalogue.models import Base
from kb.catalogue.reading import CatalogueReader
from kb.catalogue.session import Database, _alembic
from kb.domain.rights import Audience


def test_the_migrations_make_what_the_models_say(installation: Installation) -> None:
    with installation.database._writing.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_again_is_safe(installation: Installation) -> None:
    installation.database.migrate()
    assert installation.database.outdated() is None


def test_a_catalogue_of_the_first_version_keeps_its_documents(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'old.sqlite'}")
    with database._writing.begin() as connection:
        configuration = _alembic(database.url)
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, "0001")
        connection.execute(
            text(
                "insert into document (id, title, kind, holding, rights_terms, keywords,"
                " departments, specimen, published, added_at)"
                " values ('doc-1', '記録', 'report', 'located', 'open', '[]', '[]', 0, 1, :now)"
            ),
            {"now": "2026-01-01 00:00:00"},
        )
    assert "kb init" in str(database.outdated())
    database.migrate()
    assert database.outdated() is None
    document = CatalogueReader(database).document("doc-1", Audience.ANONYMOUS)
    assert document is not None
    assert (document.title, document.outline, document.attachments) == ("記録", (), ())
    database.close()


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
