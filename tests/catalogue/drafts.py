"""Drafts for the tests of review: made documents with proposals, and a page to rest them on."""

from typing import Any

from indexer.installation import Installation
from kb.catalogue.entries import (
    Authorship,
    CaseEntry,
    DocumentEntry,
    EventEntry,
    HeldFile,
    PageEntry,
)
from kb.catalogue.jobs.views import JobEnd, JobEntry, UploadEntry
from kb.catalogue.views import TokenSpans
from kb.catalogue.writing import writing
from kb.domain.classification import DocumentKind, EventState
from kb.domain.jobs import JobKind, JobState
from kb.domain.rights import Rights
from kb.domain.settled import Field

TEXT = "福津市の改善\n令和3年度 総務課\n複写はご遠慮ください"
FILLED = (Field.TITLE.value, Field.KIND.value)
AUTHOR = Authorship("test")


def proposal(
    value: object, confidence: float = 0.97, words: str = "福津市", rule: str = "rule"
) -> dict[str, Any]:
    start = TEXT.find(words)
    evidence = {
        "page": 1, "source": "page", "text": words, "start": start, "end": start + len(words),
        "words": words,
    }  # fmt: skip
    return {"value": value, "confidence": confidence, "rule": rule, "evidence": [evidence]}


SURE: dict[str, Any] = {
    "title": proposal("福津市の改善", 0.95, "福津市の改善"),
    "municipality": proposal("402249"),
    "implemented_in": proposal(2021, 0.97, "令和3年度"),
    "departments": [proposal("総務課", 0.93, "総務課")],
}
"""Every field is sure."""

UNSURE = {**SURE, "title": proposal("福津市の改善", 0.7, "福津市の改善"),
          "themes": [proposal("finance", 0.65)]}  # fmt: skip


def draft(
    installation: Installation,
    name: str,
    proposed: dict[str, Any] | None = None,
    *,
    pages: int = 1,
    **fields: Any,
) -> None:
    """A draft that nobody has described; every page of it says the same."""
    rights, outcome = fields.pop("rights", Rights()), fields.pop("outcome", "indexed")
    entry = DocumentEntry(
        name, f"file {name}", DocumentKind.OTHER, rights,
        **{"published": False, "draft": True, "filled": FILLED, **fields},
    )  # fmt: skip
    analysed = installation.analyser.analyse(TEXT)
    spans = [TokenSpans(s.terms, s.starts, s.ends) for s in (analysed.word_spans,
                                                             analysed.short_spans)]  # fmt: skip
    leaves = tuple(
        PageEntry(number, TEXT, "福津市の改善", 200, 100, False, None, *spans)
        for number in range(1, pages + 1)
    )
    held = HeldFile(
        name.encode().hex().ljust(64, "0")[:64], 10, "application/pdf", f"{name}.pdf", outcome,
        None, "pdf 1", pages, None, leaves, installation.analyser.fingerprint,
        recognised=SURE if proposed is None else proposed,
    )  # fmt: skip
    with writing(installation.database, AUTHOR) as writer:
        writer.record_document(entry)
        writer.attach_file(name, held)


def case(installation: Installation, name: str, title: str, **fields: Any) -> None:
    """A case of 福津市."""
    with writing(installation.database, AUTHOR) as writer:
        writer.record_case(CaseEntry(name, title, ("402249",), **fields))


def event(installation: Installation, name: str = "ev-1") -> None:
    """An event."""
    with writing(installation.database, AUTHOR) as writer:
        writer.record_event(EventEntry(name, "改善発表会", EventState.REPORTED))


def batch(installation: Installation, name: str, *documents: str) -> None:
    """A batch of files that became these documents."""
    queue = installation.jobs
    queue.begin(UploadEntry(name, AUTHOR.actor))
    for document in documents:
        entry = JobEntry(f"{name}-{document}", JobKind.INGEST, f"{document}.pdf", "", 1, None,
                         {"file": "x"})  # fmt: skip
        end = JobEnd(JobState.WAITING, "indexed", "読めた", document_id=document)
        queue.put(name, (entry, end))
