"""Asking the known questions, and keeping the score; tidying the log of what was asked."""

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from indexer.installation import Installation
from kb.catalogue.entries import Authorship
from kb.catalogue.questions.known import FailedQuestion, QuestionReader, QuestionScore
from kb.catalogue.writing import writing
from kb.domain.known_question import KnownQuestion
from kb.domain.rights import Audience
from kb.search.asking import filters_of
from kb.search.engine import BadQuery
from kb.search.known_questions import Shortfall, given, shortfalls
from kb.search.query import Asked
from kb.search.service import SearchService, open_service

QUIET_SECONDS = 600.0
"""How long the worker waits until it asks again because the index has merely been added to."""
ALWAYS_KNOWN = "北海道"
"""A name that every catalogue knows: the municipalities are part of it from the start."""
LONGEST_WAIT_SECONDS = 60.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Judged:
    """One known question and what its answer lacked; nothing when it passed."""

    question: KnownQuestion
    shortfalls: tuple[Shortfall, ...]


def ready_service(installation: Installation) -> SearchService:
    """The search service, with its suggestions: a reader is not kept waiting for them, and what
    is asked here would be judged without.
    """
    service = open_service(
        installation.database, installation.search_url, data_dir=installation.data_dir
    )
    until = time.monotonic() + LONGEST_WAIT_SECONDS
    while not service.suggest(ALWAYS_KNOWN, Audience.CURATOR) and time.monotonic() < until:
        pass  # each call waits a while by itself
    return service


def judged(
    service: SearchService, questions: Iterable[KnownQuestion], audience: Audience
) -> tuple[Judged, ...]:
    """Questions put to the service, as `audience`.

    Raises:
        SearchUnavailable: the index or the catalogue cannot be read.
    """
    return tuple(Judged(each, _asked(service, each, audience)) for each in questions)


def _asked(
    service: SearchService, question: KnownQuestion, audience: Audience
) -> tuple[Shortfall, ...]:
    filters, scope = filters_of(question.filters)
    within = question.expected.within
    asked = Asked(question.question, filters, scope, page_size=within, audience=audience)
    try:
        page = service.search(asked)
    except BadQuery as reason:
        return (Shortfall("refused", "", str(reason)),)
    return shortfalls(question.expected, given(page, within))


def scored(
    installation: Installation, audience: Audience
) -> tuple[QuestionScore, tuple[Judged, ...]]:
    """Ask every active known question and keep the score.

    Raises:
        SearchUnavailable: the index or the catalogue cannot be read.
    """
    reader = QuestionReader(installation.database)
    change, state = reader.change(), installation.engine.state()
    active = [question for question in reader.known() if question.active]
    found = judged(ready_service(installation), active, audience) if active else ()
    failed = tuple(
        FailedQuestion(
            one.question.id,
            one.question.question,
            tuple(shortfall.sentence for shortfall in one.shortfalls),
        )
        for one in found
        if one.shortfalls
    )
    score = QuestionScore(
        passed=len(found) - len(failed),
        total=len(found),
        failed=failed,
        fingerprint=state.fingerprint,
        generation=state.generation,
        change=change,
    )
    with writing(installation.database, Authorship("kb check --questions")) as writer:
        writer.questions.record_score(score)
    return score, found


class QuestionDuty:
    """What the worker does about questions, each time it looks."""

    def __init__(self, installation: Installation, audience: Audience, log_days: int) -> None:
        """Ask as `audience`; keep the log of what was asked for `log_days` days."""
        self._installation = installation
        self._reader = QuestionReader(installation.database)
        self._audience = audience
        self._log_days = log_days
        self._tidied: date | None = None
        self._asked_at = -QUIET_SECONDS

    def __call__(self) -> None:
        """Ask the known questions when the index is another, and tidy the log once a day.

        Raises:
            CatalogueUnavailable: the catalogue cannot be read.
            SearchUnavailable: the index cannot be read.
        """
        today = self._installation.today()
        if self._tidied != today:
            self._tidied = today
            with writing(self._installation.database, Authorship("kb serve")) as writer:
                writer.asked.tidy(today, self._log_days)
        if self._is_due():
            self._asked_at = time.monotonic()
            score, _ = scored(self._installation, self._audience)
            logger.info("確認の質問: %d件のうち%d件が合格", score.total, score.passed)

    def _is_due(self) -> bool:
        if self._installation.reindexer.behind():
            return False
        change, score = self._reader.change(), self._reader.score()
        if score is None or score.change != change:
            return change > 0
        state = self._installation.engine.state()
        if (score.fingerprint, score.generation) == (state.fingerprint, state.generation):
            return False
        rested = time.monotonic() - self._asked_at >= QUIET_SECONDS
        return score.total > 0 and (score.fingerprint != state.fingerprint or rested)
