"""The installation that the environment describes, opened for one command.

Known troubles end in a sentence for the operator and an exit code: 2 wrong use of the
command, 3 not ready (the sentence says what to do), 4 another process is writing the index.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import click

from indexer.collection import BadCollection
from indexer.extracted import Limits
from indexer.installation import Installation
from kb import settings as kb_settings
from kb.catalogue.changes import UnknownReference
from kb.catalogue.session import CatalogueUnavailable
from kb.search.engine import BadQuery, IndexLocked, SearchUnavailable
from kb.settings import BadSetting, Settings

WRONG_USE = 2
NOT_READY = 3
LOCKED = 4


class Ended(click.ClickException):
    """A command's end with a sentence and an exit code."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code

    @property
    def exit_code(self) -> int:  # type: ignore[override] # click reads it, and never sets it
        """The code the process ends with."""
        return self.code

    def show(self, file: IO[Any] | None = None) -> None:
        """Say it as it is, without click's English word before it."""
        click.echo(self.message, file=file, err=file is None)


@contextmanager
def opened() -> Iterator[tuple[Settings, Installation]]:
    """The settings and the installation; closed at the end.

    Raises:
        Ended: a setting is wrong, the catalogue or the index is not ready or being written.
    """
    installation = None
    try:
        chosen = kb_settings.from_environment()
        installation = _installation(chosen)
        yield chosen, installation
    except (BadSetting, BadCollection, BadQuery, UnknownReference) as error:
        raise Ended(str(error), WRONG_USE) from error
    except IndexLocked as error:
        raise Ended(str(error), LOCKED) from error
    except (CatalogueUnavailable, SearchUnavailable) as error:
        raise Ended(str(error), NOT_READY) from error
    finally:
        if installation is not None:
            installation.close()


def _installation(chosen: Settings) -> Installation:
    return Installation(
        data_dir=chosen.data_dir,
        database_url=chosen.database_url,
        search_url=chosen.search_url,
        originals_dir=chosen.originals_dir,
        limits=Limits(seconds=chosen.extract_seconds, memory_mb=chosen.extract_memory_mb),
        most_bytes=chosen.max_upload_mb * 1024 * 1024,
        ocr=chosen.ocr == "auto",
    )
