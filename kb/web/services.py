"""What the web asks of the rest of the house, and where it finds it."""

from dataclasses import dataclass
from typing import BinaryIO, Protocol

from flask import abort, current_app

from kb.catalogue.people_views import PersonPage, ProgrammePage, SeriesPage, SeriesView
from kb.catalogue.place_views import MunicipalityPage
from kb.catalogue.questions.asked import AskedReport
from kb.catalogue.questions.known import QuestionScore
from kb.catalogue.views import (
    CaseLink,
    CaseView,
    Count,
    DocumentView,
    EventPage,
    EventView,
    HomeView,
    PageView,
)
from kb.domain.asked_question import AskedQuestion
from kb.domain.classification import DepartmentFunction, Theme
from kb.domain.known_question import KnownQuestion
from kb.domain.rights import Audience
from kb.domain.synonyms import SynonymEntry
from kb.search.query import Asked, DocumentReading, ResultPage
from kb.search.suggesting import Offer
from kb.web import access
from kb.web.accounts.protocol import Accounts
from kb.web.curation.bulk_protocol import BulkDesk
from kb.web.curation.editing_protocol import Editing
from kb.web.curation.edition_protocol import Editions
from kb.web.curation.history_protocol import History
from kb.web.curation.intake_desk import SeminarDesk
from kb.web.curation.lists_protocol import Lists
from kb.web.curation.local_names_protocol import LocalNames
from kb.web.curation.merging_protocol import Casebooks, Merging
from kb.web.curation.review_protocol import Curation
from kb.web.curation.synonym_service import Synonyms
from kb.web.curation.together_protocol import Together
from kb.web.curation.upload_desk import UploadDesk
from kb.web.curation.worklist_protocol import Worklist


class Search(Protocol):
    """Answers questions."""

    def search(self, asked: Asked) -> ResultPage:
        """The page of answers to `asked`.

        Raises:
            SearchUnavailable: the index cannot be read.
            BadQuery: the question or a filter cannot be understood; the message is for readers.
        """
        ...

    def similar(self, case: CaseView, audience: Audience) -> tuple[CaseLink, ...]:
        """Cases like `case`, each with the reason, best first.

        Raises:
            SearchUnavailable: the index cannot be read.
        """
        ...

    def read(
        self, document_id: str, page: int, typed: str, audience: Audience
    ) -> DocumentReading | None:
        """One page with what was asked for marked; None when there is no such page.

        Raises:
            SearchUnavailable: the index cannot be read.
        """
        ...

    def suggest(self, typed: str, audience: Audience) -> tuple[Offer, ...]:
        """What may be meant by what is typed so far, as far as the audience may know of it.

        Raises:
            SearchUnavailable: the catalogue cannot be read.
        """
        ...

    def ready(self) -> str | None:
        """Why questions cannot be answered now, in Japanese; None when they can."""
        ...


class Catalogue(Protocol):
    """Gives what the catalogue holds, as far as an audience may know of it."""

    def home(self, audience: Audience) -> HomeView: ...  # noqa: D102 - the type says it
    def case(self, case_id: str, audience: Audience) -> CaseView | None: ...  # noqa: D102
    def document(self, document_id: str, audience: Audience) -> DocumentView | None: ...  # noqa: D102
    def document_page(self, document_id: str, number: int) -> PageView | None:
        """The page's text, whoever asks: the caller asks the rights first."""
        ...

    def event(self, event_id: str, audience: Audience) -> EventPage | None: ...  # noqa: D102
    def events(self, audience: Audience) -> tuple[EventView, ...]:
        """Newest first."""
        ...

    def municipality(self, code: str, audience: Audience) -> MunicipalityPage | None: ...  # noqa: D102
    def municipalities(self, audience: Audience) -> tuple[Count, ...]:
        """Those with cases, in code order; specimens have codes 98xxxx and 99xxxx."""
        ...

    def years(self, audience: Audience) -> tuple[Count, ...]: ...  # noqa: D102
    def themes(self, audience: Audience) -> tuple[Count, ...]: ...  # noqa: D102
    def departments(self, audience: Audience) -> tuple[Count, ...]: ...  # noqa: D102
    def cases(
        self,
        audience: Audience,
        *,
        theme: Theme | None = None,
        department: DepartmentFunction | None = None,
        implemented_in: int | None = None,
        prefecture: str | None = None,
    ) -> tuple[CaseLink, ...]:
        """Cases that meet every condition given, newest practice year first."""
        ...

    def person(self, person_id: str, audience: Audience) -> PersonPage | None: ...  # noqa: D102
    def programme(self, programme_id: str, audience: Audience) -> ProgrammePage | None: ...  # noqa: D102
    def series(self, name: str, audience: Audience) -> SeriesPage | None: ...  # noqa: D102
    def series_list(self, audience: Audience) -> tuple[SeriesView, ...]:
        """Those with the most events first, invented ones last."""
        ...


class Originals(Protocol):
    """Keeps the files as they came."""

    def open(self, sha256: str) -> BinaryIO:
        """The file's bytes, seekable.

        Raises:
            FileNotFoundError: it is not kept here.
        """
        ...


class PageImages(Protocol):
    """Draws the pages of PDF originals."""

    def image(self, sha256: str, page: int, width: int) -> bytes:
        """Page `page` (from 1) as WebP, `width` pixels wide.

        Raises:
            kb.pdfium.page_images.PageImageUnavailable: it cannot be drawn, or not now; the
                message is for readers.
        """
        ...


class Questions(Protocol):
    """What readers asked, and the questions whose answers are known."""

    def report(self, days: int) -> AskedReport: ...  # noqa: D102 - the type says it
    def known(self) -> tuple[KnownQuestion, ...]: ...  # noqa: D102
    def score(self) -> QuestionScore | None:
        """How the known questions fared when they were last asked."""
        ...

    def synonyms(self) -> tuple[SynonymEntry, ...]:
        """A town's own synonyms, beside the shipped ones."""
        ...


class Asking(Protocol):
    """Counts what is asked."""

    def note(self, question: AskedQuestion) -> None:
        """Count a question; never waits and never fails."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """Everything a route may ask."""

    search: Search
    catalogue: Catalogue
    originals: Originals
    page_images: PageImages | None = None
    """None where pages are not drawn: they are shown as text alone."""
    questions: Questions | None = None
    """None where they are not kept."""
    asking: Asking | None = None
    """None where what is asked is not counted (KB_QUERY_LOG=off)."""
    accounts: Accounts | None = None
    """None where nobody can sign in."""
    curation: Curation | None = None
    """None where nothing is curated."""
    uploads: UploadDesk | None = None
    """None where no files are taken in."""
    editing: Editing | None = None
    """None where nothing is changed."""
    bulk: BulkDesk | None = None
    """None where cases are not changed by files."""
    intakes: SeminarDesk | None = None
    """None where no seminar pages are taken in."""
    history: History | None = None
    """None where nothing tells what was done."""
    merging: Merging | None = None
    """None where no case can have been merged."""
    casebooks: Casebooks | None = None
    """None where nobody says which pages tell of which case."""
    editions: Editions | None = None
    """None where documents have one original for good."""
    synonyms: Synonyms | None = None
    """None where synonyms are not changed."""
    lists: Lists | None = None
    """None where nobody reads the lists that cases are filed under."""
    local_names: LocalNames | None = None
    """None where nobody records what municipalities are called."""
    worklist: Worklist | None = None
    """None where nothing waits for curators."""
    together: Together | None = None
    """None where documents are settled one by one."""


def services() -> Services:
    """The services of the application that answers this request."""
    found = current_app.extensions["kb"]
    if not isinstance(found, Services):
        raise TypeError("app.extensions['kb'] holds no Services; was create_app used?")
    return found


def accounts() -> Accounts:
    """The accounts of this application; 404 where it has none."""
    return services().accounts or abort(404)


def curation() -> Curation:
    """What curators of this application work with; 404 where nothing is curated here."""
    return services().curation or abort(404)


def editing() -> Editing:
    """What curators of this application change records with; 404 where nothing is changed here."""
    return services().editing or abort(404)


audience = access.audience
"""Who is looking at this request's answer."""
