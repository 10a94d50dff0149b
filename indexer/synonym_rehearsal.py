"""What other synonyms would change: which cases a list of questions would gain or lose."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from indexer.installation import Installation
from kb.domain.rights import Audience
from kb.domain.synonyms import SynonymEntry
from kb.search.engine import BadQuery
from kb.search.query import Asked
from kb.search.service import MOST_RESULTS, SearchService, open_service

MOST_PAGES = 5
"""Pages of results of one question that are compared."""


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What becomes of one question."""

    question: str
    gained: tuple[str, ...] = ()
    """Titles of cases, and of documents without a case, that it would find as well."""
    lost: tuple[str, ...] = ()
    refused: str | None = None
    """Why it cannot be asked."""


@dataclass(frozen=True, slots=True)
class _Proposed:
    """Stands in for the groups that the catalogue keeps."""

    proposed: tuple[SynonymEntry, ...]

    def entries(self) -> tuple[SynonymEntry, ...]:
        """The proposed ones."""
        return self.proposed

    def change(self) -> int:
        """They never change."""
        return 0


def rehearsed(
    installation: Installation,
    proposed: Sequence[SynonymEntry],
    questions: Iterable[str],
    audience: Audience,
) -> tuple[Rehearsed, ...]:
    """Each question asked as it is now and with `proposed` in place of the groups kept.

    Raises:
        SearchUnavailable: the index or the catalogue cannot be read.
    """
    chosen = installation.database, installation.search_url
    now = open_service(*chosen, data_dir=installation.data_dir)
    then = open_service(
        *chosen, data_dir=installation.data_dir, synonyms=_Proposed(tuple(proposed))
    )
    asked = dict.fromkeys(question.strip() for question in questions)
    return tuple(_rehearsed(question, now, then, audience) for question in asked if question)


def _rehearsed(
    question: str, now: SearchService, then: SearchService, audience: Audience
) -> Rehearsed:
    try:
        before, later = (_answers(service, question, audience) for service in (now, then))
    except BadQuery as reason:
        return Rehearsed(question, refused=str(reason))
    gained = tuple(title for key, title in later.items() if key not in before)
    lost = tuple(title for key, title in before.items() if key not in later)
    return Rehearsed(question, gained, lost)


def _answers(service: SearchService, question: str, audience: Audience) -> dict[str, str]:
    """Identifier -> title of what a question finds, best first."""
    found: dict[str, str] = {}
    for number in range(1, MOST_PAGES + 1):
        asked = Asked(question, page=number, page_size=MOST_RESULTS, audience=audience)
        page = service.search(asked)
        for hit in page.results:
            if hit.case:
                found[hit.case.id] = hit.case.title
            else:
                found |= {document.id: document.title for document in hit.documents}
        if number * MOST_RESULTS >= page.total:
            break
    return found
