"""Doing one job, whatever kind it is; always ends with the job ended or somebody else's."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from indexer import job_ends as ends
from indexer.collection import BadCollection, Collection, is_collection
from indexer.exchange.bulk_jobs import BulkWork
from indexer.exchange.importing import CaseImport, CatalogueMoved, ImportOptions, places_of
from indexer.extracted import Outcome
from indexer.ingest import Ingester
from indexer.ingested import Ingested, Intake
from indexer.installation import Installation
from indexer.intake_jobs import IntakeWork
from indexer.rehearsal_jobs import rehearse
from indexer.zipped import REFUSALS, Entry, NotAZip, Refused, Unpacker
from kb.catalogue.entries import DocumentEntry
from kb.catalogue.exchange.encodings import BadTable
from kb.catalogue.jobs.views import Incoming, JobEnd, JobEntry, TakenJob
from kb.catalogue.review.second_person import NeedsSecondPerson
from kb.catalogue.writing import CatalogueWriter
from kb.domain.jobs import JobKind, kind_of
from kb.domain.rights import Audience, Rights

LOOSE = "loose"
"""The folder of incoming files that belong to no batch."""

_MOST_MOVES = 5
"""How often a table of cases is tried while other writers get in between."""


@dataclass
class _Follower:
    """Ends the job in the transaction that records its document."""

    work: "JobWork"
    job: TakenJob
    draft: bool
    kept: bool = False

    def end(self, ended: Ingested) -> JobEnd:
        """What the job came to."""
        holder = None
        if ended.outcome is Outcome.DUPLICATE and ended.document is not None:
            catalogue = self.work.installation.catalogue
            holder = catalogue.document(ended.document, Audience.CURATOR)
        return ends.of_file(ended, draft=self.draft, password=self.job.password, holder=holder)

    def judging(self) -> None:
        """The file is read."""
        self.work.installation.jobs.judging(self.job)

    def recorded(self, writer: CatalogueWriter, ended: Ingested) -> None:
        """The document is recorded, and with it what the job came to."""
        writer.jobs.end(self.job.id, self.job.owner, self.end(ended))
        self.kept = True


class JobWork:
    """Does jobs with one set of child processes; safe to use from several threads."""

    def __init__(self, installation: Installation, ingester: Ingester, unpacker: Unpacker) -> None:
        self.installation = installation
        self._ingester = ingester
        self._unpacker = unpacker
        self._intakes = IntakeWork(installation)

    def do(self, job: TakenJob) -> None:
        """Do a job that has been taken.

        Raises:
            LeaseLost: it was somebody else's when it was to be recorded; nothing has been.
            CatalogueUnavailable: the catalogue does not answer.
        """
        try:
            self._do(job)
        except NeedsSecondPerson:
            self.installation.jobs.end(job, ends.NEEDS_OTHER)

    def _do(self, job: TakenJob) -> None:
        if job.kind is JobKind.BULK:
            BulkWork(self.installation.database).do(job)
            return
        if job.kind is JobKind.INTAKE:
            self._intakes.do(job)
            return
        if job.kind is JobKind.REHEARSAL:
            rehearse(self.installation, job)
            return
        path = self._incoming(job)
        if path is None:
            self._from_original(job)
            return
        match job.kind:
            case JobKind.UNPACK:
                self._unpack(job, path)
            case JobKind.RECORDS:
                self._record(job, path)
            case JobKind.CASES:
                self._import(job, path)
            case JobKind.INGEST:
                self._ingest(job, path)

    def _incoming(self, job: TakenJob) -> Path | None:
        path = self.installation.incoming.path(str(job.work["file"]))
        return path if path.is_file() else None

    # -- documents -----------------------------------------------------------------------

    def _ingest(self, job: TakenJob, path: Path) -> None:
        entry = None
        for collection, folder in self._collections(job):
            if collection is None:
                self.installation.jobs.end(job, ends.RECORDS_REFUSED)
                return
            entry = entry or _described(collection, job, folder)
        intake = self._intake(job)
        follower = _Follower(self, job, intake.draft)
        ended = self._ingester.ingest(path, intake, entry, name=job.name, follower=follower)
        if not follower.kept:
            self.installation.jobs.end(job, follower.end(ended))
        if ended.sha256 is not None or ended.outcome is Outcome.TOO_LARGE:
            # It is kept as an original by now, or is not to be kept.
            self.installation.incoming.remove(str(job.work["file"]))

    def _from_original(self, job: TakenJob) -> None:
        """Read once more what an earlier try has kept as an original."""
        held = self.installation.catalogue.held(job.sha256) if job.sha256 else None
        if held is None or job.sha256 is None:
            self.installation.jobs.end(job, ends.MISSING)
            return
        intake = self._intake(job)
        follower = _Follower(self, job, intake.draft)
        original = self.installation.originals.path(job.sha256)
        ended = self._ingester.read_again(original, held.document_id, job.name, intake, follower)
        if not follower.kept:
            self.installation.jobs.end(job, follower.end(ended))

    def _intake(self, job: TakenJob) -> Intake:
        intake = Intake(
            most_bytes=self.installation.most_bytes,
            passwords=(job.password,) if job.password else (),
        )
        if job.upload is None:
            return intake
        return replace(
            intake,
            rights=Rights(job.upload.terms),
            draft=job.upload.draft,
            actor=job.upload.actor,
            event_id=job.upload.event_id,
        )

    # -- tables that came with them ------------------------------------------------------

    def _collections(self, job: TakenJob) -> Iterator[tuple[Collection | None, str]]:
        """The collections whose folder a file lies in, each with that folder; None for one
        whose tables were refused."""
        if job.upload is None:
            return
        tables = self.installation.jobs.tables_of(job.upload.id)
        for folder in dict.fromkeys(view.folder for view, _ in tables):
            if not f"{job.folder}/".startswith(f"{folder}/" if folder else ""):
                continue
            with self._laid_out(job, folder) as laid:
                try:
                    yield (Collection(laid) if is_collection(laid) else None), folder
                except BadCollection:
                    yield None, folder

    def _laid_out(self, job: TakenJob, folder: str) -> "_LaidOut":
        tables = self.installation.jobs.tables_of(job.upload.id) if job.upload else ()
        return _LaidOut(
            {
                view.name: self.installation.incoming.path(str(work["file"]))
                for view, work in tables
                if view.folder == folder
            }
        )

    def _record(self, job: TakenJob, path: Path) -> None:
        """Record a collection by its tables; each of them does so, the first with effect."""
        intake, database = self._intake(job), self.installation.database
        with self._laid_out(job, job.folder) as laid:
            if not is_collection(laid):
                self._import(job, path)
                return
            try:
                changed = Collection(laid).record(database, intake.actor, draft=intake.draft)
            except BadCollection as error:
                end = ends.bad_records(str(error))
            else:
                end = ends.of_records(changed)
        self.installation.jobs.end(job, end)

    def _import(self, job: TakenJob, path: Path) -> None:
        """Take a table of cases in; what is none is read as a document."""
        if job.size > self.installation.most_bytes:
            self._ingest(job, path)
            return
        database = self.installation.database
        take = CaseImport(database, places_of(database), self._intake(job).actor).take
        for turn in range(_MOST_MOVES):
            try:
                report = take(job.name, path.read_bytes(), ImportOptions())
            except BadTable:
                self._ingest(job, path)
                return
            except CatalogueMoved:
                if turn == _MOST_MOVES - 1:
                    raise
            else:
                self.installation.jobs.end(job, ends.of_cases(report))
                return

    # -- archives ------------------------------------------------------------------------

    def _unpack(self, job: TakenJob, path: Path) -> None:
        """Make each file of a ZIP a job; nothing is put before all of it is unpacked."""
        kept: list[_Kept] = []
        try:
            for number, entry in enumerate(self._unpacker.entries(path, job.password), 1):
                kept.append(self._keep(job, number, entry))
        except NotAZip:
            self._ingest(job, path)
            return
        except Refused as refused:
            outcome, detail = REFUSALS[refused.why]
            for each in kept:
                self.installation.incoming.remove(each.file)
            self.installation.jobs.end(job, ends.not_unpacked(outcome, detail, job.password))
            return
        if self.installation.jobs.end(job, ends.unpacked(len(kept)), _jobs(job, kept)):
            self.installation.incoming.remove(str(job.work["file"]))

    def _keep(self, job: TakenJob, number: int, entry: Entry) -> "_Kept":
        file = f"{job.upload.id if job.upload else LOOSE}/z{job.id}-{number}"
        folder = "/".join(filter(None, (job.folder, job.name, entry.folder)))
        end: JobEnd | None = None
        incoming = self.installation.incoming
        held = incoming.keep(file, entry.stream, self.installation.most_bytes)
        if held is None:
            end = ends.too_large(self.installation.most_bytes)
        elif not entry.whole:
            end = ends.UNREADABLE_ENTRY
        elif entry.name.lower().endswith(".zip"):
            end = ends.NESTED
        if end is not None:
            incoming.remove(file)
        size, sha256 = held or (0, None)
        return _Kept(file, folder, entry.name, size, sha256, end)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A file that was taken out of an archive."""

    file: str
    folder: str
    name: str
    size: int
    sha256: str | None
    end: JobEnd | None
    """How it ended, if there is nothing to be done with it."""


class _LaidOut(tempfile.TemporaryDirectory[str]):
    """A folder in which files stand under the names they were sent with."""

    def __init__(self, files: dict[str, Path]) -> None:
        super().__init__(prefix="kb-tables-")
        for name, path in files.items():
            Path(self.name, name.lower()).symlink_to(path)

    def __enter__(self) -> Path:  # type: ignore[override] # a path is what is wanted
        return Path(self.name)


def _jobs(job: TakenJob, kept: list[_Kept]) -> Iterator[Incoming]:
    beside: dict[str, set[str]] = {}
    for each in kept:
        beside.setdefault(each.folder, set()).add(each.name.lower())
    for each in kept:
        entry = JobEntry(
            key=each.file.partition("/")[2],
            kind=kind_of(each.name, frozenset(beside[each.folder])),
            name=each.name,
            folder=each.folder,
            size=each.size,
            sha256=each.sha256,
            work={"file": each.file},
            password=job.password,
        )
        yield entry, each.end


def _described(collection: Collection, job: TakenJob, folder: str) -> DocumentEntry | None:
    """What a collection says of a file: by its path, or by a name that it gives but once."""
    path = f"{job.folder}/{job.name}" if job.folder else job.name
    within = path.removeprefix(f"{folder}/") if folder else path
    by_path = [d for d in collection.files() if d.file and d.file.as_posix().endswith(f"/{within}")]
    by_name = [d for d in collection.files() if d.file and d.file.name == job.name]
    found = by_path if len(by_path) == 1 else by_name
    return found[0].entry if len(found) == 1 else None
