"""One installation, opened: everything a command needs, made from the settings once."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from indexer.extracted import Limits
from indexer.gazetteer import gazetteer_of
from indexer.ingest import Ingester
from indexer.known_texts import KnownTexts
from indexer.proposals import Proposer
from indexer.reading.reader import DocumentReader
from indexer.reading.recognition import ConfinedRunner, PageRecogniser, installed_tesseract
from indexer.reading.second_opinion import PdfiumReader
from indexer.recognise.recognise import Recognisers
from indexer.reindex import Progress, Reindexer, SyncReport
from indexer.sandbox import Sandbox, Watch
from kb.catalogue.entries import Authorship
from kb.catalogue.jobs.incoming import FOLDER, Incoming
from kb.catalogue.jobs.queue import JobQueue
from kb.catalogue.likeness import LikenessReader
from kb.catalogue.originals import Originals
from kb.catalogue.reading import CatalogueReader
from kb.catalogue.reference import fill_reference_tables
from kb.catalogue.rights.reading import RightsReader
from kb.catalogue.session import CatalogueUnavailable, Database
from kb.catalogue.writing import writing
from kb.confined import Limits as ConfinedLimits
from kb.domain.clock import Clock, today
from kb.japanese.tokenise import Analyser
from kb.pdfium import Pdfium
from kb.search.connect import LOCK_SECONDS, connect
from kb.search.engine import SearchEngine, index_fingerprint


@dataclass(frozen=True)
class Installation:
    """What is where; parts are opened when they are first asked for."""

    data_dir: Path
    database_url: str
    search_url: str
    originals_dir: Path
    limits: Limits
    most_bytes: int
    """Larger files are refused."""
    ocr: bool = True
    """Whether to read pictures of text, where the program for it is installed."""
    lock_seconds: float = LOCK_SECONDS
    """How long to wait for another process that writes the index."""
    today: Clock = today
    """Tells the day on which rights are asked."""
    two_person: bool = False
    """Nobody publishes alone: of the worker, which does what curators ask; commands are the
    administrator's."""

    @cached_property
    def database(self) -> Database:
        """The catalogue's database."""
        return Database(self.database_url, self.today, two_person=self.two_person)

    @cached_property
    def catalogue(self) -> CatalogueReader:
        """The catalogue, to read."""
        return CatalogueReader(self.database)

    @cached_property
    def originals(self) -> Originals:
        """Where originals are kept."""
        return Originals(self.originals_dir)

    @cached_property
    def incoming(self) -> Incoming:
        """Where files are kept until they are taken in."""
        return Incoming(self.data_dir / FOLDER)

    @cached_property
    def jobs(self) -> JobQueue:
        """The work that waits."""
        return JobQueue(self.database)

    @cached_property
    def analyser(self) -> Analyser:
        """The one analyser."""
        return Analyser()

    @cached_property
    def fingerprint(self) -> str:
        """What the index must have been made with."""
        return index_fingerprint(self.analyser.fingerprint)

    @cached_property
    def engine(self) -> SearchEngine:
        """The index; a missing one is told by its first use."""
        return connect(
            self.search_url,
            self.fingerprint,
            data_dir=self.data_dir,
            lock_seconds=self.lock_seconds,
        )

    @cached_property
    def reindexer(self) -> Reindexer:
        """What makes the index follow the catalogue."""
        return Reindexer(self.database, self.engine, self.analyser)

    def prepare(self) -> bool:
        """Data folder, catalogue and empty index, as `kb init` makes them; safe to repeat.

        Returns whether the reference tables changed.
        """
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self.originals_dir.mkdir(parents=True, exist_ok=True)
        self.database.migrate()
        changed = fill_reference_tables(self.database)
        connect(self.search_url, self.fingerprint, data_dir=self.data_dir, create=True).close()
        return changed

    def require(self) -> None:
        """Be sure that the catalogue fits this version.

        Raises:
            CatalogueUnavailable: it does not, or there is none.
        """
        if not self.data_dir.is_dir():
            raise CatalogueUnavailable(
                f"データフォルダー {self.data_dir} がありません。kb init を実行してください。"
            )
        if reason := self.database.outdated():
            raise CatalogueUnavailable(reason)

    def up_to_date(self, progress: Progress = lambda _: None) -> SyncReport:
        """Make the index follow: by difference, or anew where another version made it."""
        self.note_permissions()
        if self.engine.state().fingerprint != self.fingerprint:
            return self.reindexer.rebuild(progress)
        return self.reindexer.sync(progress)

    def note_permissions(self) -> int:
        """Record that permissions have begun or run out, so that the index follows; how many."""
        if not RightsReader(self.database).permissions_due():
            return 0
        with writing(self.database, Authorship("kb sync", "許諾の期限")) as writer:
            return writer.rights.note_due()

    def can_recognise(self) -> bool:
        """Whether pictures of text can be read here."""
        with closing(ConfinedRunner(self.limits)) as programs:
            return self.ocr and installed_tesseract(programs) is not None

    @contextmanager
    def ingester(self, workers: int, watch: Watch | None = None) -> Iterator[Ingester]:
        """What takes files in, with every child process it needs until the end of a batch.

        `watch` is told how far the reading of each file is.
        """
        with ExitStack() as stack:
            sandbox = stack.enter_context(Sandbox(self.limits, workers=workers, watch=watch))
            pdfium = stack.enter_context(
                Pdfium(ConfinedLimits(self.limits.seconds, self.limits.memory_mb))
            )
            recogniser = self._recogniser(stack, pdfium, workers) if self.ocr else None
            second = PdfiumReader(pdfium, self.limits)
            reader = DocumentReader(sandbox, self.analyser, second, recogniser)
            known = KnownTexts(LikenessReader(self.database))
            proposer = Proposer(Recognisers(gazetteer_of(self.database)))
            yield Ingester(self.database, self.originals, reader, known, proposer)

    def _recogniser(self, stack: ExitStack, pdfium: Pdfium, workers: int) -> PageRecogniser | None:
        programs = stack.enter_context(closing(ConfinedRunner(self.limits)))
        tesseract = installed_tesseract(programs)
        if tesseract is None:
            return None
        recogniser = PageRecogniser(tesseract, pdfium, self.limits, workers)
        return stack.enter_context(closing(recogniser))

    def close(self) -> None:
        """Let go of everything that was opened."""
        closers: dict[str, Callable[[], None]] = {
            "engine": lambda: self.engine.close(),
            "database": lambda: self.database.close(),
        }
        for name, close in closers.items():
            if name in self.__dict__:
                close()
