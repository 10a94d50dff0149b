"""A casebook of seven pages with two cases that share a page, for tests of several rooms."""

from dataclasses import replace

from indexer.installation import Installation
from kb.catalogue.entries import (
    Authorship,
    CaseEntry,
    DocumentEntry,
    EventEntry,
    ExcerptEntry,
    HeldFile,
    PageEntry,
)
from kb.catalogue.views import TokenSpans
from kb.catalogue.writing import writing
from kb.domain.classification import DocumentKind, EventState
from kb.domain.rights import Rights, Terms

TEXTS = (
    "はじめに。灯籠の数え方について。",
    "福津市の取組。風車の点検を朝に移した。",
    "福津市の取組の続き。潮位の表を作り直した。",
    "福津市の成果と、中野区の取組。羅針盤を共に使う。",
    "中野区の取組の続き。風車の点検は月に一度とした。",
    "おわりに。提灯の片付けについて。",
    "奥付。",
)
BOOK = DocumentEntry(
    "doc-book", "海辺の事例集", DocumentKind.CASEBOOK, Rights(Terms.OPEN), event_id="ev-1",
    excerpts=(ExcerptEntry("case-a", 2, 4), ExcerptEntry("case-b", 4, 5)),
)  # fmt: skip
CASES = (
    CaseEntry("case-a", "朝の点検", ("402249",), implemented_in=2021),
    CaseEntry("case-b", "月に一度の点検", ("131148",), implemented_in=2021),
)
EVENT = EventEntry("ev-1", "海辺の発表会", EventState.REPORTED)
AUTHOR = Authorship("編集担当", "試験")


def held_file(installation: Installation, texts: tuple[str, ...] = TEXTS) -> HeldFile:
    """A file of these pages, read by the installation's analyser."""
    return HeldFile(
        sha256="5" * 64, size=1, media_type="application/pdf", file_name="a.pdf",
        outcome="indexed", outcome_detail=None, extractor="test", declared_pages=len(texts),
        file_title=None, fingerprint=installation.analyser.fingerprint,
        pages=tuple(_page(installation, number, text) for number, text in enumerate(texts, 1)),
    )  # fmt: skip


def _page(installation: Installation, number: int, text: str) -> PageEntry:
    words = installation.analyser.analyse(text).word_spans
    short = installation.analyser.analyse(text).short_spans
    return PageEntry(
        number=number, text=text, title=None, width=0, height=0, needs_ocr=False, fault=None,
        words=TokenSpans(words.terms, words.starts, words.ends),
        short=TokenSpans(short.terms, short.starts, short.ends),
    )  # fmt: skip


def record_book(installation: Installation, entry: DocumentEntry = BOOK) -> None:
    """The cases, their event, and the casebook with its file."""
    with writing(installation.database, AUTHOR) as writer:
        writer.record_event(EVENT)
        for case in CASES:
            writer.record_case(case)
        writer.record_document(entry)
        writer.attach_file(entry.id, held_file(installation))


def change_book(installation: Installation, **changes: object) -> bool:
    """Record the casebook again with something else; whether that was a change."""
    with writing(installation.database, AUTHOR) as writer:
        return writer.record_document(replace(BOOK, **changes))  # type: ignore[arg-type] # by name
