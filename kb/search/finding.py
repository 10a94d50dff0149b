"""Putting a question to an engine, and changing it where nothing answers.

A word that stands nowhere is looked for inside others, then left out, and that is remembered;
where nothing holds all the words, any of them is enough. What was changed is said by the service.
"""

from dataclasses import dataclass, replace

from kb.japanese.tokenise import Analyser
from kb.search.condition import pruned, unanswered
from kb.search.engine import EngineAnswer, SearchEngine
from kb.search.query import EngineQuery, Facet, Match
from kb.search.readers.probing import Prober
from kb.search.understanding import Reading, Understanding

_PLACES = (Facet.MUNICIPALITY, Facet.PREFECTURE)


@dataclass(frozen=True, slots=True)
class Found:
    """What the engine found, and how the question had to be changed for it."""

    query: EngineQuery
    answer: EngineAnswer
    readings: tuple[Reading, ...]
    missing: tuple[Reading, ...] = ()
    notices: tuple[str, ...] = ()
    stepped_down: bool = False
    """Whether any of the words had to do where all were asked for."""


class Finder:
    """Puts questions to one engine."""

    def __init__(self, engine: SearchEngine, analyser: Analyser) -> None:
        self._engine = engine
        self._prober = Prober(analyser)

    def find(self, query: EngineQuery, understanding: Understanding) -> Found:
        """What answers a question, and what had to be changed for it.

        Raises:
            SearchUnavailable: the index cannot be read.
        """
        found = Found(query, self._asked_if_held(query), understanding.readings)
        if _nowhere(found):
            found = self._without_missing(self._loosened(found))
        if found.answer.total or not any(not c.excluded for c in found.query.clauses):
            return found
        return self._stepped_down(found)

    def _asked_if_held(self, query: EngineQuery) -> EngineAnswer:
        """The answer, or only which words stand nowhere: the question is changed for those."""
        return self._engine.search(replace(query, only_if_held=True))

    def _loosened(self, found: Found) -> Found:
        """Look inside other words for those that nothing holds as words."""
        nowhere = _nowhere(found)
        readings = tuple(
            self._loose(reading) if reading in nowhere else reading for reading in found.readings
        )
        query = replace(found.query, clauses=tuple(reading.clause for reading in readings))
        return replace(found, query=query, answer=self._asked_if_held(query), readings=readings)

    def _loose(self, reading: Reading) -> Reading:
        """What a reading finds inside other words; a place inside another's name is not meant."""
        if any(
            variant.facet and variant.facet[0] in _PLACES for variant in reading.clause.variants
        ):
            return reading
        variants = tuple(self._prober.loose(variant) for variant in reading.clause.variants)
        return replace(reading, clause=replace(reading.clause, variants=variants))

    def _without_missing(self, found: Found) -> Found:
        """Answer with the rest when a word stands nowhere, and remember to say so."""
        missing = _nowhere(found)
        if not missing:
            return found
        # Words that need not be held (事例) answer nothing where all that must be held is missing.
        kept = [at for at, reading in enumerate(found.readings) if reading not in missing]
        rest = tuple(found.readings[at] for at in kept)
        clauses = tuple(reading.clause for reading in rest)
        found = replace(found, readings=rest, missing=missing)
        condition = found.query.condition
        if not any(not clause.excluded for clause in clauses):
            # Only exclusions are left: they answer by themselves where they are an alternative.
            gone = [at for at in range(len(found.query.clauses)) if at not in kept]
            condition = unanswered(condition, gone) if condition else None
            if condition is None:
                return found
        if condition is not None and (condition := pruned(condition, kept)) is None:
            return found
        query = replace(found.query, clauses=clauses, condition=condition)
        return replace(found, query=query, answer=self._engine.search(query))

    def _stepped_down(self, found: Found) -> Found:
        """Nothing holds all the words: drop the filters to see, or take any of the words."""
        if found.missing and not found.readings:
            return found
        if found.query.filters:
            free = self._engine.search(replace(found.query, filters={}, limit=1, facets=()))
            if free.total:
                notice = f"選んだ条件では見つかりません。条件を外すと{free.total}件あります。"
                return replace(found, notices=(notice,))
        wanted = sum(not reading.clause.excluded for reading in found.readings)
        if wanted < 2 or found.query.match is Match.ANY:
            return found
        query = replace(found.query, match=Match.ANY)
        answer = self._engine.search(query)
        notice = "すべてのことばを含む事例がないため、一部のことばを含むものを表示しています。"
        notices = (notice,) if answer.total else ()
        return replace(found, query=query, answer=answer, notices=notices, stepped_down=True)


def _nowhere(found: Found) -> tuple[Reading, ...]:
    """The readings that no record of the whole index holds."""
    counts = zip(found.readings, found.answer.clause_counts, strict=True)
    return tuple(r for r, count in counts if not count and not r.clause.excluded)
