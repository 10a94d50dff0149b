"""Seminar pages on their way in: what a curator sends and says becomes jobs for the worker.

Free of Flask. The web compares nothing itself: it shows what the worker has found.
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

from kb.catalogue.changes import UnknownReference
from kb.catalogue.intake.jobs import (
    IntakeJob,
    IntakeJobs,
    PageSent,
    Words,
    compare_entry,
    file_of,
    new_key,
    page_of,
    settle_entry,
    take_entry,
)
from kb.catalogue.intake.proposals import Proposal, Proposals, explicit
from kb.catalogue.intake.records import DECIDED, IntakeReader, IntakeView
from kb.catalogue.intake.sheets import KeptSheet, SheetStore
from kb.catalogue.jobs.incoming import Incoming
from kb.catalogue.jobs.queue import JobQueue
from kb.catalogue.reading import CatalogueReader
from kb.catalogue.session import Database

MOST_BYTES = 8 * 1024 * 1024
"""Of a page; those of seminars have a few hundred thousand."""


class PageTooLarge(ValueError):
    """A page is larger than this site takes; the message is for the curator."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An intake in the list."""

    intake: IntakeView
    decided: int
    """How many of its lines somebody has settled."""
    waits: bool = False
    """Lines of it wait for another person."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An intake as its page shows it."""

    intake: IntakeView
    kept: KeptSheet | None
    """None before the worker has compared it."""
    waiting: bool
    """The worker is still to do something about it."""
    behind: bool
    """The catalogue has changed since it was compared."""
    proposal: Proposal | None = None
    """Lines that wait for another person."""


class SeminarDesk:
    """Where seminar pages come in and are settled; safe to use from several threads."""

    def __init__(self, database: Database, incoming: Incoming) -> None:
        self.two_person = database.two_person
        self._proposals = Proposals(database)
        self._queue = JobQueue(database)
        self._jobs = IntakeJobs(database)
        self._intakes = IntakeReader(database)
        self._sheets = SheetStore(database)
        self._catalogue = CatalogueReader(database)
        self._incoming = incoming

    # -- what is asked of the worker -----------------------------------------------------

    def take(self, actor: str, page: PageSent, content: BinaryIO) -> str:
        """Have a page taken in; the key of the job. Durable on return.

        Raises:
            PageTooLarge: it is larger than :data:`MOST_BYTES`; nothing of it is kept.
        """
        key = new_key()
        kept = self._incoming.keep(file_of(key), content, MOST_BYTES)
        if kept is None:
            raise PageTooLarge(
                f"ページが{MOST_BYTES // 1048576}MBを超えています。必要な部分だけを送ってください。"
            )
        size, sha256 = kept
        self._queue.put(None, (take_entry(key, actor, page, size, sha256), None))
        return key

    def settle(self, actor: str, intake_id: str, words: Words) -> str:
        """Have lines settled; the key of the job, empty where they wait for another person.

        Durable on return.

        Raises:
            CannotPropose: others wait already.
        """
        kept = self._sheets.sheet(intake_id)
        if self.two_person and words.records and kept is not None:
            self._proposals.put(intake_id, actor, explicit(words, kept.sheet))
            return ""
        key = new_key()
        self._queue.put(None, (settle_entry(key, actor, intake_id, words), None))
        return key

    def release(self, actor: str, intake_id: str, proposal: str) -> str:
        """Have recorded what waits for another person; the key of the job.

        Raises:
            CannotPropose: it does not wait any more, or another person than `actor` has to ask.
        """
        return self._proposals.release(intake_id, proposal, actor)

    def needs_other(self, proposal: Proposal, actor: str) -> bool:
        """Whether what waits has to be looked at by another person than `actor`."""
        return self._proposals.needs_other(proposal.actor, actor)

    def decline(self, intake_id: str, proposal: str) -> None:
        """Let what waits for another person wait no more; nothing is recorded.

        Raises:
            CannotPropose: it does not wait any more.
        """
        self._proposals.decline(intake_id, proposal)

    def compare(self, intake_id: str) -> None:
        """Have an intake compared with the catalogue anew."""
        if not self._jobs.waiting(intake_id):
            self._queue.put(None, (compare_entry(intake_id), None))

    # -- what is shown -------------------------------------------------------------------

    def intakes(self) -> Iterable[Listed]:
        """Every intake, newest first."""
        waiting = self._proposals.waiting()
        for intake in self._intakes.intakes():
            decided = sum(line.state in DECIDED for line in intake.lines)
            yield Listed(intake, decided, intake.id in waiting)

    def opened(self, intake_id: str) -> Opened | None:
        """One intake; None where there is none such."""
        try:
            intake = self._intakes.intake(intake_id)
        except UnknownReference:
            return None
        waiting = self._jobs.waiting(intake_id)
        kept = self._sheets.sheet(intake_id)
        behind = kept is not None and kept.sequence != self._catalogue.sequence()
        return Opened(intake, kept, waiting, behind, self._proposals.of(intake_id))

    def job(self, key: str) -> IntakeJob | None:
        """What has become of a job; None where there is none such."""
        return self._jobs.job(key)

    def newest(self, source: str) -> str | None:
        """The last reading of a page."""
        return self._intakes.newest(source)

    def typed(self, job: IntakeJob) -> tuple[PageSent, str]:
        """What the form of a page held; its text as far as it was typed and is still there."""
        page, text = page_of(job.work), ""
        path = self._incoming.path(str(job.work["file"]))
        if page.pasted and path.is_file():
            text = path.read_text("utf-8")
        return page, text


def pasted(text: str) -> BinaryIO:
    """A text that was typed, as a file."""
    return io.BytesIO(text.encode("utf-8"))
