"""A folder that brings its own records: cases.csv, events.csv and the files they name.

The order is that of the references: municipalities, programmes, events, cases, people,
documents with their originals, roles. Recording is repeatable: a row that was recorded before
is not recorded again over what people have changed since (:mod:`kb.catalogue.retelling`), and a
file that is held is not read again.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from indexer import csv_rows as rows
from indexer.csv_rows import BadRow
from indexer.extracted import Outcome
from indexer.ingest import Ingested, Ingester, Intake
from indexer.question_lists import read_questions
from kb.catalogue.changes import UnknownReference
from kb.catalogue.entries import Authorship, DocumentEntry
from kb.catalogue.originals import digest
from kb.catalogue.reading import CatalogueReader
from kb.catalogue.session import Database
from kb.catalogue.writing import CatalogueWriter, writing
from kb.domain.jobs import MARKERS
from kb.domain.known_question import BadQuestion, KnownQuestion


class BadCollection(ValueError):
    """A collection's CSV cannot be taken as it is; the message names file, line and column."""


@dataclass(frozen=True, slots=True)
class Described:
    """A document of a collection and the file it comes with, if any."""

    entry: DocumentEntry
    file: Path | None


def is_collection(folder: Path) -> bool:
    """Whether a folder brings its own records."""
    return folder.is_dir() and any((folder / name).is_file() for name in MARKERS)


class Collection:
    """One such folder, read and ready to be recorded."""

    def __init__(self, folder: Path) -> None:
        """Read every CSV of the folder.

        Raises:
            BadCollection: a row cannot be read.
        """
        self._folder = folder
        try:
            self._municipalities = rows.municipalities(folder / "municipalities.csv")
            self._programmes = rows.programmes(folder / "programmes.csv")
            self._events = rows.events(folder / "events.csv")
            self._cases = rows.cases(folder / "cases.csv")
            self._people = rows.people(folder / "people.csv")
            self._roles = rows.roles(folder / "roles.csv")
            self._questions = _questions(folder / "questions.csv")
            self.documents = tuple(
                Described(entry, folder / file if file else None)
                for entry, file in rows.documents(folder / "documents.csv")
            )
        except BadRow as error:
            raise BadCollection(str(error)) from error
        except BadQuestion as error:
            raise BadCollection(f"questions.csv: {error}") from error

    def record(self, database: Database, actor: str, *, draft: bool = False) -> int:
        """Record everything but the files, in one transaction; how many records changed.

        Of a `draft`, new documents wait for a curator, and with them the new cases they tell of.

        Raises:
            BadCollection: a record names something that is not there.
        """
        why = f"{self._folder.name} の記録"
        try:
            with writing(database, Authorship(actor, why)) as writer:
                return sum(self._recorded(writer, draft))
        except UnknownReference as error:
            raise BadCollection(str(error)) from error

    def _recorded(self, writer: CatalogueWriter, draft: bool) -> Iterator[bool]:
        news, documents = writer.tables.news, [described.entry for described in self.documents]
        waiting = {entry.case_id for entry in documents} if draft else set()
        yield from map(writer.record_municipality, news("municipality", self._municipalities))
        yield from map(writer.record_programme, news("programme", self._programmes))
        yield from map(writer.record_event, news("event", self._events))
        for case in news("case", self._cases):
            yield writer.record_case(case, draft=case.id in waiting)
        yield from map(writer.record_person, news("person", self._people))
        for document in news("document", documents):
            told = replace(document, draft=True, published=False) if draft else document
            yield writer.record_document(told)
        yield from map(writer.record_role, self._roles)
        yield from map(writer.questions.record, self._questions)

    def files(self) -> tuple[Described, ...]:
        """The documents that come with a file."""
        return tuple(described for described in self.documents if described.file)


def _questions(path: Path) -> tuple[KnownQuestion, ...]:
    return read_questions(path.read_bytes()) if path.is_file() else ()


def ingest_described(
    described: Described, ingester: Ingester, catalogue: CatalogueReader, intake: Intake
) -> Ingested:
    """Take in the file of one described document, once."""
    file = described.file
    if file is None or not file.is_file():
        return Ingested(
            str(file), None, described.entry.id, Outcome.DAMAGED, 0, 0.0,
            "documents.csv に書かれたファイルがありません。",
        )  # fmt: skip
    held = catalogue.held(digest(file))
    if held is not None and held.document_id != described.entry.id:
        detail = f"同じ内容のファイルを {held.document_id} として登録済みです。"
        return Ingested(str(file), None, described.entry.id, Outcome.DUPLICATE, 0, 0.0, detail)
    return ingester.ingest(file, intake, described.entry)
