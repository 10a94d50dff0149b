"""The life of one file, from top to bottom, with every bad end named.

hash -> known already? -> keep the original -> read it (:mod:`indexer.reading`) -> record,
and tell what it is like. The index follows in :mod:`indexer.reindex`.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from indexer.extracted import ExtractedDocument, Fault, Outcome
from indexer.held_file import held_file, with_words
from indexer.ingested import NOBODY, Follower
from indexer.ingested import Ingested as Ingested
from indexer.ingested import Intake as Intake
from indexer.known_texts import KnownTexts, signed
from indexer.proposals import Proposals, Proposer
from indexer.reading.reader import DocumentReader, ReadDocument
from kb.catalogue.entries import Authorship, DocumentEntry
from kb.catalogue.originals import Originals, digest
from kb.catalogue.reading import CatalogueReader
from kb.catalogue.session import Database
from kb.catalogue.writing import writing
from kb.domain.classification import DocumentKind
from kb.domain.rights import Rights, Terms
from kb.domain.settled import Field

WORTH_RETRYING = frozenset({Outcome.NEEDS_PASSWORD, Outcome.TIMED_OUT, Outcome.OUT_OF_MEMORY})
"""Outcomes that another try, with a password or wider limits, may better."""

_READABLE = frozenset({Outcome.INDEXED, Outcome.INDEXED_PARTLY, Outcome.NEEDS_OCR})
"""Outcomes after which a document is worth showing: found by its text, or by its title."""

_TORN = frozenset({Outcome.INDEXED_PARTLY, Outcome.DAMAGED})
"""Faults of a whole file that tell of losses."""

UNREAD = "文字が画像か、読めない書体です。文字認識が必要です。"
UNSURE = (
    "文字認識をしましたが、確かに読めたページがありません。鮮明な写しがあれば差し替えてください。"
)
NO_ORIGINAL = "原本が見つかりません。kb check で確かめてください。"
_KEPT_DETAILS = 5


@dataclass(frozen=True, slots=True)
class _File:
    """One file on its way in."""

    given: str
    """As it was named to us."""
    name: str
    """Without folders."""
    sha256: str
    size: int
    """Bytes."""


class Ingester:
    """Takes files in; safe to use from several threads."""

    def __init__(
        self,
        database: Database,
        originals: Originals,
        reader: DocumentReader,
        known: KnownTexts,
        proposer: Proposer,
    ) -> None:
        self._database = database
        self._catalogue = CatalogueReader(database)
        self._originals = originals
        self._reader = reader
        self._known = known
        self._proposer = proposer

    def ingest(
        self,
        path: Path,
        intake: Intake,
        entry: DocumentEntry | None = None,
        *,
        again: bool = False,
        name: str | None = None,
        follower: Follower = NOBODY,
    ) -> Ingested:
        """Take one file in; `entry` describes it where a curator already has.

        `name` is what the file is called where its path does not tell. A file that is held is
        not read a second time, unless `again` asks for it, another try may do better, or a former
        version read it. Always returns an outcome, which is durable in the catalogue by then.
        """
        started = time.perf_counter()
        given, name = name or str(path), name or path.name
        try:
            size = path.stat().st_size
            if size > intake.most_bytes:
                detail = (
                    f"{size / 1048576:.0f}MBあります。上限は{intake.most_bytes // 1048576}MBです。"
                )
                return _ended(given, None, None, Outcome.TOO_LARGE, 0, started, detail)
            sha256 = digest(path)
            held = self._catalogue.held(sha256)
            if held is not None and not (again or held.outcome in WORTH_RETRYING):
                return _duplicate(given, sha256, held.document_id, started)
            self._originals.store(path)
        except OSError as error:
            detail = f"ファイルを開けません({error.strerror})。"
            return _ended(given, None, None, Outcome.DAMAGED, 0, started, detail)
        read = self._reader.read(path, intake.passwords)
        follower.judging()
        document_id = entry.id if entry else (held.document_id if held else f"doc-{sha256[:16]}")
        file = _File(given, name, sha256, size)
        proposals = self._proposer.propose(name, read.extracted)
        if entry is None and held is None:
            entry = _new_entry(document_id, proposals["title"], intake)
        return self._record(file, document_id, read, proposals, intake, entry, started, follower)

    def read_again(
        self,
        original: Path,
        document_id: str,
        file_name: str,
        intake: Intake,
        follower: Follower = NOBODY,
    ) -> Ingested:
        """Read an original that is held once more, in place of what was read before."""
        started = time.perf_counter()
        file = _File(file_name, file_name, original.name, 0)
        if not original.is_file():
            return _ended(
                file_name, file.sha256, document_id, Outcome.DAMAGED, 0, started, NO_ORIGINAL
            )
        file = replace(file, size=original.stat().st_size)
        read = self._reader.read(original, intake.passwords)
        follower.judging()
        proposals = self._proposer.propose(file_name, read.extracted)
        return self._record(file, document_id, read, proposals, intake, None, started, follower)

    def _record(
        self,
        file: "_File",
        document_id: str,
        read: ReadDocument,
        proposals: Proposals,
        intake: Intake,
        entry: DocumentEntry | None,
        started: float,
        follower: Follower,
    ) -> Ingested:
        outcome, detail = _judge(read.extracted)
        proposals = with_words(proposals, read)
        signature = signed(read.extracted)
        held = held_file(file.name, file.sha256, file.size, read, outcome, detail, signature)
        held = replace(held, recognised=proposals)
        with writing(self._database, Authorship(intake.actor, f"ファイル {file.name}")) as writer:
            holder = writer.holder(file.sha256)
            if holder not in (None, document_id):  # taken in meanwhile, under another name
                return _duplicate(file.given, file.sha256, str(holder), started)
            if entry is not None:
                writer.record_document(entry)
            writer.attach_file(document_id, held)
            if outcome in _READABLE and not intake.draft:
                writer.publish(document_id)
            alike = self._known.compare(document_id, signature)
            for other in alike:
                writer.record_likeness(
                    document_id, other.document_id, other.likeness.value, other.similarity
                )
            pages = len(read.pages)
            ended = _ended(file.given, file.sha256, document_id, outcome, pages, started, detail)
            ended = replace(ended, alike=alike, recognised=proposals)
            follower.recorded(writer, ended)
        return ended


def files_under(paths: list[Path]) -> Iterator[Path]:
    """Every file of the given files and folders, in a fixed order; hidden ones left out."""
    for path in paths:
        if path.is_dir():
            for file in sorted(path.rglob("*")):
                hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
                if file.is_file() and not hidden:
                    yield file
        else:
            yield path


def _judge(extracted: ExtractedDocument) -> tuple[Outcome, str | None]:
    """The outcome of a whole file from what was read and what went wrong."""
    whole = [fault for fault in extracted.faults if fault.page is None]
    readable = any(page.text.strip() for page in extracted.pages)
    if not readable:
        torn = [fault for fault in whole if fault.outcome in _TORN]
        if torn:  # what was saved of a torn file says nothing: that it is torn does
            return Outcome.DAMAGED, torn[0].detail
        fault = _worst(whole) or _worst(extracted.faults)
        if fault is not None:
            return fault.outcome, fault.detail
        return Outcome.EMPTY, "文字のあるページがありません。"
    if all(page.needs_ocr for page in extracted.pages if page.text.strip()):
        return Outcome.NEEDS_OCR, UNSURE if _recognised(extracted) else UNREAD
    if extracted.faults:
        details = [_told(fault) for fault in extracted.faults]
        more = f" ほか{len(details) - _KEPT_DETAILS}件" if len(details) > _KEPT_DETAILS else ""
        return Outcome.INDEXED_PARTLY, " / ".join(details[:_KEPT_DETAILS]) + more
    return Outcome.INDEXED, None


def _told(fault: Fault) -> str:
    """The detail of a fault, with its page where it does not name it itself."""
    named = fault.page is None or fault.detail.startswith(str(fault.page))
    return fault.detail if named else f"{fault.page}ページ目: {fault.detail}"


def _recognised(extracted: ExtractedDocument) -> bool:
    return any(page.confidence is not None for page in extracted.pages)


def _worst(faults: list[Fault] | tuple[Fault, ...]) -> Fault | None:
    return faults[0] if faults else None


def _new_entry(document_id: str, title: dict[str, Any], intake: Intake) -> DocumentEntry:
    """A document nobody has described; published when it turns out to be readable."""
    return DocumentEntry(
        id=document_id,
        title=str(title["value"]),
        kind=DocumentKind.OTHER,
        rights=intake.rights,
        published=False,
        draft=intake.draft,
        event_id=intake.event_id,
        filled=(Field.TITLE.value, Field.KIND.value),
    )


def _duplicate(file: str, sha256: str, holder: str, started: float) -> Ingested:
    detail = f"同じ内容のファイルを {holder} として登録済みです。"
    return _ended(file, sha256, holder, Outcome.DUPLICATE, 0, started, detail)


def _ended(
    file: str,
    sha256: str | None,
    document: str | None,
    outcome: Outcome,
    pages: int,
    started: float,
    detail: str | None,
    recognised: dict[str, Any] | None = None,
) -> Ingested:
    seconds = time.perf_counter() - started
    return Ingested(file, sha256, document, outcome, pages, seconds, detail, recognised or {})


def rights_from_option(text: str | None) -> Rights:
    """Rights from ``--rights``; unknown, and so conservative, when it is not given."""
    return Rights(Terms(text)) if text else Rights()
