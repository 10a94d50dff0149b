"""Asking questions twice, as they are answered now and as a draft of synonyms would answer them.

Nothing is published for it: the second service reads its questions with the drafted groups.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from kb.domain.known_question import KnownQuestion
from kb.domain.rights import Audience
from kb.domain.synonym_rehearsal import Effect, Rehearsal
from kb.domain.synonyms import SynonymEntry
from kb.search.asking import filters_of, filters_text
from kb.search.engine import BadQuery
from kb.search.known_questions import given, shortfalls
from kb.search.naming import SynonymSource
from kb.search.query import Asked, ResultPage
from kb.search.service import MOST_RESULTS

MOST_PAGES = 5
"""Pages of :data:`kb.search.service.MOST_RESULTS` answers of one question that are compared."""


class Answers(Protocol):
    """The search service: answers as subjects alone, or as a page."""

    def ranked(self, asked: Asked) -> tuple[str, ...]: ...  # noqa: D102 - as the service
    def search(self, asked: Asked) -> ResultPage: ...  # noqa: D102


Opens = Callable[[SynonymSource | None], Answers]
"""Gives the service that reads questions with these groups; None: with those published."""


@dataclass(frozen=True, slots=True)
class ToAsk:
    """A question of the rehearsal."""

    question: str
    filters: str = ""
    known: KnownQuestion | None = None
    times: int = 0


class Draft(Protocol):
    """What is rehearsed and where the outcome is kept; see kb.catalogue.synonyms.desk."""

    def proposed(self) -> tuple[str, tuple[SynonymEntry, ...]]:
        """The draft's version, and the groups beside the shipped ones as they would be."""
        ...

    def known_questions(self) -> tuple[KnownQuestion, ...]:
        """The active ones."""
        ...

    def logged_questions(self) -> tuple[tuple[str, str, int], ...]:
        """(question, filters, times asked)."""
        ...

    def keep_rehearsal(self, version: str, result: dict[str, Any]) -> None:
        """Keep what the draft of that version would change."""
        ...


@dataclass(frozen=True, slots=True)
class Proposed:
    """Stands in for the groups that the catalogue keeps."""

    proposed: tuple[SynonymEntry, ...]

    def entries(self) -> tuple[SynonymEntry, ...]:
        """The proposed ones."""
        return self.proposed

    def change(self) -> int:
        """They never change."""
        return 0


def rehearse_draft(
    draft: Draft, opens: Opens, audience: Audience, *, seconds: float | None = None
) -> bool:
    """Rehearse a draft and keep the outcome; False when that takes longer than `seconds`.

    Raises:
        SearchUnavailable: the index or the catalogue cannot be read.
    """
    version, entries = draft.proposed()
    until = time.monotonic() + seconds if seconds is not None else None
    questions = to_ask(draft.known_questions(), draft.logged_questions())
    now, then = opens(None), opens(Proposed(entries))
    effects = []
    for question in questions:
        effects.append(effect_of(question, now, then, audience))
        if until is not None and time.monotonic() > until:
            return False
    changed = tuple(effect for effect in effects if effect.changes)
    draft.keep_rehearsal(version, Rehearsal(len(questions), changed).plain())
    return True


def to_ask(
    known: Iterable[KnownQuestion], logged: Iterable[tuple[str, str, int]]
) -> tuple[ToAsk, ...]:
    """Each question under its filters once, those with a known answer first."""
    found: dict[tuple[str, str], ToAsk] = {}
    for question in known:
        key = question.question, _in_order(question.filters)
        found.setdefault(key, ToAsk(question.question, question.filters, question))
    for text, filters, times in logged:
        found.setdefault((text, filters), ToAsk(text, filters, times=times))
    return tuple(found.values())


def _in_order(filters: str) -> str:
    """Filters as the log writes them; as they are where they name none that exists."""
    try:
        return filters_text(*filters_of(filters))
    except ValueError:
        return filters


def effect_of(question: ToAsk, now: Answers, then: Answers, audience: Audience) -> Effect:
    """What becomes of one question when `then` answers it, not `now`.

    Raises:
        SearchUnavailable: the index or the catalogue cannot be read.
    """
    told = (question.question, question.filters, question.known is not None, question.times)
    try:
        filters, scope = filters_of(question.filters)
        asked = Asked(question.question, filters, scope, audience=audience)
        before, after = (tuple(_subjects(service, asked)) for service in (now, then))
        if before == after:
            return Effect(*told)
        failing, mended = _judged(question.known, asked, now, then)
    except (BadQuery, ValueError) as reason:
        return Effect(*told, refused=str(reason))
    return Effect(*told, _without(after, before), _without(before, after), failing, mended)


def _without(subjects: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    return tuple(subject for subject in subjects if subject not in set(others))


def _subjects(service: Answers, asked: Asked) -> Iterator[str]:
    for number in range(1, MOST_PAGES + 1):
        page = Asked(
            asked.text, asked.filters, asked.scope,
            page=number, page_size=MOST_RESULTS, audience=asked.audience,
        )  # fmt: skip
        found = service.ranked(page)
        yield from found
        if len(found) < MOST_RESULTS:
            return


def _judged(
    known: KnownQuestion | None, asked: Asked, now: Answers, then: Answers
) -> tuple[tuple[str, ...], int]:
    """What a known question would no longer fulfil, and how much more it would."""
    if known is None:
        return (), 0
    within = known.expected.within
    page = Asked(asked.text, asked.filters, asked.scope, page_size=within, audience=asked.audience)
    lacks, would_lack = (
        tuple(
            short.sentence
            for short in shortfalls(known.expected, given(each.search(page), within))
            # Synonyms suggest nothing, and a service just opened does not suggest yet.
            if short.kind != "suggested"
        )
        for each in (now, then)
    )
    return _without(would_lack, lacks), len(_without(lacks, would_lack))
