"""What is put into the queue of jobs, and what comes out of it: frozen, and without passwords
but for whoever does the work."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kb.domain.jobs import JobKind, JobState
from kb.domain.rights import Terms

UNPACKED, RECORDED = "unpacked", "recorded"
"""Outcomes of what becomes no document: a ZIP, whose files are files of their own, and a table."""


@dataclass(frozen=True, slots=True)
class UploadEntry:
    """A batch about to be begun."""

    id: str
    actor: str
    """An account's name as SourceEvents carry it, or the watched folder's."""
    terms: Terms = Terms.UNKNOWN
    """The terms that hold for every file of it that brings none of its own."""
    draft: bool = True
    event_id: str | None = None
    note: str | None = None
    origin: str = "web"
    closed: bool = False


@dataclass(frozen=True, slots=True)
class JobEntry:
    """One file that has come in whole."""

    key: str
    """At most 64 characters; the same for the same file sent again into the same batch."""
    kind: JobKind
    name: str
    folder: str
    size: int
    """Bytes."""
    sha256: str | None
    work: Mapping[str, Any]
    password: str | None = None


@dataclass(frozen=True, slots=True)
class JobEnd:
    """How a job ended."""

    state: JobState
    outcome: str
    """A slug: an outcome of reading, or one of :mod:`indexer.job_ends`."""
    label: str
    """Its name for curators."""
    detail: str | None = None
    """What happened."""
    advice: str | None = None
    """What to do next."""
    document_id: str | None = None
    pages: int = 0

    def result(self) -> dict[str, str | None]:
        """The sentences, as they are kept."""
        return {"label": self.label, "detail": self.detail, "advice": self.advice}


Incoming = tuple[JobEntry, JobEnd | None]
"""A file that has come in, and how it ended if there is nothing to be done with it."""


@dataclass(frozen=True, slots=True)
class UploadView:
    """A batch, and how many of its files stand where."""

    id: str
    actor: str
    made_at: datetime
    origin: str
    terms: Terms
    draft: bool
    event_id: str | None
    event_title: str | None
    note: str | None
    closed: bool
    states: Mapping[JobState, int] = field(default_factory=dict)
    """How many jobs are in which state; those that are in none are left out."""
    aside: int = 0
    """ZIPs and tables; their state is that of what is published, though no document is."""

    @property
    def files(self) -> int:
        """How many files it has so far."""
        return sum(self.states.values())

    @property
    def open(self) -> int:
        """How many of them are not done."""
        return sum(count for state, count in self.states.items() if not state.ended)

    @property
    def ends(self) -> Mapping[JobState, int]:
        """How many files have come to which end; ZIPs and tables are none of them."""
        ended = {state: count for state, count in self.states.items() if state.ended}
        if JobState.PUBLISHED in ended:
            ended[JobState.PUBLISHED] -= self.aside
        return {state: count for state, count in ended.items() if count}


@dataclass(frozen=True, slots=True)
class JobView:
    """One job, as a curator sees it."""

    id: int
    upload_id: str | None
    kind: JobKind
    name: str
    folder: str
    size: int
    """Bytes."""
    state: JobState
    """Of a document that a curator has published or taken back since, as that stands."""
    outcome: str | None
    label: str | None
    detail: str | None
    advice: str | None
    document_id: str | None
    pages_done: int
    pages: int
    """0 while nobody knows."""
    tries: int
    put_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    document_title: str | None = None
    """Of the document it became, or of the one that holds its bytes already."""

    @property
    def path(self) -> str:
        """Folder and name, as it was sent."""
        return f"{self.folder}/{self.name}" if self.folder else self.name


@dataclass(frozen=True, slots=True)
class TakenJob:
    """A job that a worker has taken: everything it needs to do it."""

    id: int
    owner: str
    """Who has taken it."""
    kind: JobKind
    name: str
    folder: str
    size: int
    sha256: str | None
    work: Mapping[str, Any]
    password: str | None
    tries: int
    """This one counted."""
    document_id: str | None
    """The document it became when it was tried before."""
    upload: UploadView | None
