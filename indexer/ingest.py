"""The life of one file, from top to bottom, with every bad end named.

hash -> known already? -> keep the original -> read it in a limited child process ->
analyse the Japanese -> record. The index follows in :mod:`indexer.reindex`.
"""

import re
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

from indexer.extracted import ExtractedDocument, ExtractedPage, Fault, Outcome
from kb.catalogue.entries import Authorship, DocumentEntry, HeldFile, PageEntry
from kb.catalogue.originals import Originals, digest
from kb.catalogue.reading import CatalogueReader
from kb.catalogue.session import Database
from kb.catalogue.views import TokenSpans
from kb.catalogue.writing import writing
from kb.domain.classification import DocumentKind
from kb.domain.rights import Rights, Terms
from kb.japanese.tokenise import Analyser

WORTH_RETRYING = frozenset({Outcome.NEEDS_PASSWORD, Outcome.TIMED_OUT, Outcome.OUT_OF_MEMORY})
"""Outcomes that another try, with a password or wider limits, may better."""

_READABLE = frozenset({Outcome.INDEXED, Outcome.INDEXED_PARTLY, Outcome.NEEDS_OCR})
"""Outcomes after which a document is worth showing: found by its text, or by its title."""

_TORN = frozenset({Outcome.INDEXED_PARTLY, Outcome.DAMAGED})
"""Faults of a whole file that tell of losses."""

_MB = 1024 * 1024
_KEPT_DETAILS = 5
_DULL_TITLE = re.compile(
    r"\s*(?:untitled|無題|名称未設定|presentation\d*|document\d*|スライド ?\d*"
    r"|(?:microsoft )?(?:powerpoint|word|excel)\b.*|powerpoint プレゼンテーション|.*\.\w{2,4})\s*",
    re.IGNORECASE,
)


class Extractor(Protocol):
    """Reads a file without ever raising for what the file does."""

    def extract(self, path: Path, *, password: str = "") -> ExtractedDocument:
        """What could be read, and why the rest could not."""
        ...


@dataclass(frozen=True, slots=True)
class Intake:
    """How a batch of files is to be taken in."""

    rights: Rights = field(default_factory=Rights)
    draft: bool = False
    actor: str = "kb ingest"
    most_bytes: int = 200 * 1024 * 1024
    """Larger files are refused."""
    password: str = ""


@dataclass(frozen=True, slots=True)
class Ingested:
    """How one file ended."""

    file: str
    sha256: str | None
    document: str | None
    outcome: Outcome
    pages: int
    seconds: float
    detail: str | None
    recognised: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The fields of ``kb ingest --json``."""
        return {**asdict(self), "outcome": self.outcome.value, "seconds": round(self.seconds, 3)}


class Ingester:
    """Takes files in; safe to use from several threads."""

    def __init__(
        self, database: Database, originals: Originals, extractor: Extractor, analyser: Analyser
    ) -> None:
        self._database = database
        self._catalogue = CatalogueReader(database)
        self._originals = originals
        self._extractor = extractor
        self._analyser = analyser

    def ingest(self, path: Path, intake: Intake, entry: DocumentEntry | None = None) -> Ingested:
        """Take one file in; `entry` describes it where a curator already has.

        Always returns an outcome. On return the outcome is durable in the catalogue.
        """
        started = time.perf_counter()
        name = str(path)
        try:
            size = path.stat().st_size
            if size > intake.most_bytes:
                detail = (
                    f"{size / 1048576:.0f}MBあります。上限は{intake.most_bytes // 1048576}MBです。"
                )
                return _ended(name, None, None, Outcome.TOO_LARGE, 0, started, detail)
            sha256 = digest(path)
            held = self._catalogue.held(sha256)
            if held is not None and held[1] not in WORTH_RETRYING:
                return _duplicate(name, sha256, held[0], started)
            self._originals.store(path)
        except OSError as error:
            detail = f"ファイルを開けません({error.strerror})。"
            return _ended(name, None, None, Outcome.DAMAGED, 0, started, detail)
        extracted = self._extractor.extract(path, password=intake.password)
        return self._record(path, sha256, size, extracted, intake, entry, started)

    def _record(
        self,
        path: Path,
        sha256: str,
        size: int,
        extracted: ExtractedDocument,
        intake: Intake,
        entry: DocumentEntry | None,
        started: float,
    ) -> Ingested:
        outcome, detail = _judge(extracted)
        title = _title(extracted, path)
        held = self._held_file(path, sha256, size, extracted, outcome, detail)
        known = self._catalogue.held(sha256)
        document_id = entry.id if entry else (known[0] if known else f"doc-{sha256[:16]}")
        with writing(self._database, Authorship(intake.actor, f"ファイル {path.name}")) as writer:
            holder = writer.holder(sha256)
            if holder not in (None, document_id):  # taken in meanwhile, under another name
                return _duplicate(str(path), sha256, str(holder), started)
            if entry is not None:
                writer.record_document(entry)
            elif known is None:
                writer.record_document(_new_entry(document_id, title, outcome, intake))
            writer.attach_file(document_id, held)
        recognised = {"title": title} if entry is None else {}
        pages = len(extracted.pages)
        return _ended(str(path), sha256, document_id, outcome, pages, started, detail, recognised)

    def _held_file(
        self,
        path: Path,
        sha256: str,
        size: int,
        extracted: ExtractedDocument,
        outcome: Outcome,
        detail: str | None,
    ) -> HeldFile:
        faults = {fault.page: fault.detail for fault in extracted.faults if fault.page}
        return HeldFile(
            sha256=sha256,
            size=size,
            media_type=extracted.media_type,
            file_name=path.name,
            outcome=outcome.value,
            outcome_detail=detail,
            extractor=extracted.extractor,
            declared_pages=extracted.declared_pages,
            file_title=extracted.title,
            pages=tuple(self._page(page, faults.get(page.number)) for page in extracted.pages),
            fingerprint=self._analyser.fingerprint,
        )

    def _page(self, page: ExtractedPage, fault: str | None) -> PageEntry:
        analysis = self._analyser.analyse(page.text)
        return PageEntry(
            number=page.number,
            text=page.text,
            title=page.title,
            width=page.width,
            height=page.height,
            needs_ocr=page.needs_ocr,
            fault=fault,
            words=TokenSpans(
                tuple(token.term for token in analysis.words),
                tuple(token.start for token in analysis.words),
                tuple(token.end for token in analysis.words),
            ),
            short=tuple(token.term for token in analysis.short),
        )


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
    if extracted.faults:
        details = [
            f"{fault.page}ページ目: {fault.detail}" if fault.page else fault.detail
            for fault in extracted.faults
        ]
        more = f" ほか{len(details) - _KEPT_DETAILS}件" if len(details) > _KEPT_DETAILS else ""
        return Outcome.INDEXED_PARTLY, " / ".join(details[:_KEPT_DETAILS]) + more
    if extracted.pages and all(page.needs_ocr for page in extracted.pages):
        return Outcome.NEEDS_OCR, "文字が画像か、読めない書体です。文字認識が必要です。"
    return Outcome.INDEXED, None


def _worst(faults: list[Fault] | tuple[Fault, ...]) -> Fault | None:
    return faults[0] if faults else None


def _title(extracted: ExtractedDocument, path: Path) -> dict[str, Any]:
    """What to call a document nobody has named: its first page's title, its own, its file's."""
    first = extracted.pages[0].title if extracted.pages else None
    if first:
        evidence = {"page": 1, "text": first}
        return {"value": " ".join(first.split()), "confidence": 0.7, "evidence": evidence}
    if extracted.title and not _DULL_TITLE.fullmatch(extracted.title):
        evidence = {"metadata": "Title", "text": extracted.title}
        return {"value": extracted.title.strip(), "confidence": 0.6, "evidence": evidence}
    stem = path.stem.replace("_", " ").strip() or path.name
    return {"value": stem, "confidence": 0.3, "evidence": {"file": path.name}}


def _new_entry(
    document_id: str, title: dict[str, Any], outcome: Outcome, intake: Intake
) -> DocumentEntry:
    return DocumentEntry(
        id=document_id,
        title=str(title["value"]),
        kind=DocumentKind.OTHER,
        rights=intake.rights,
        published=outcome in _READABLE and not intake.draft,
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
