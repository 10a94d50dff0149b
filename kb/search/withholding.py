"""An engine that finds nothing of what the catalogue has closed since the index was made.

The index follows the catalogue with every sync. Between a takedown, or the midnight on which
a permission runs out, and that sync it would still count the old text: that it answers at all
would tell that a word stands in there. For those moments the affected subjects are left out of
hits, totals and counts, and no facets are counted.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from kb.domain.rights import Audience
from kb.search.engine import EngineAnswer, EngineState, IndexRecord, PageHit, SearchEngine
from kb.search.explanation import Explanation
from kb.search.query import Clause, EngineQuery, Probe, Variant
from kb.search.term_patterns import TermPattern, TermsFound

Withheld = Callable[[int, Audience], frozenset[str]]
"""From an index's sequence and an audience to the subjects it may search no more."""

_ALL = 1_000_000


class WithholdingEngine:
    """A :class:`~kb.search.engine.SearchEngine` before another one."""

    def __init__(self, engine: SearchEngine, withheld: Withheld) -> None:
        self._engine = engine
        self._withheld = withheld

    def search(self, query: EngineQuery) -> EngineAnswer:
        """Subjects that answer `query` and may be found now; see the protocol."""
        # Asked before the search: an index that is synced meanwhile only holds less.
        withheld = self._withheld(self._engine.state().sequence, query.audience)
        if not withheld:
            return self._engine.search(query)
        found = self._engine.search(replace(query, offset=0, limit=_ALL, facets=()))
        hits = tuple(hit for hit in found.hits if hit.subject not in withheld)
        return EngineAnswer(
            total=len(hits),
            hits=hits[query.offset : query.offset + query.limit],
            clause_counts=tuple(
                self._count(clause, query.audience, withheld) for clause in query.clauses
            ),
        )

    def _count(self, clause: Clause, audience: Audience, withheld: frozenset[str]) -> int:
        """How many subjects hold a clause, of those that may be found."""
        alone = replace(clause, excluded=False)
        found = self._engine.search(EngineQuery((alone,), audience=audience, limit=_ALL))
        return sum(hit.subject not in withheld for hit in found.hits)

    def pages(
        self, query: EngineQuery, subjects: Sequence[str], per_subject: int
    ) -> Mapping[str, tuple[int, tuple[PageHit, ...]]]:
        """The pages of `subjects` that answer; see the protocol."""
        return self._engine.pages(query, subjects, per_subject)

    def explain(self, query: EngineQuery, subjects: Sequence[str]) -> tuple[Explanation, ...]:
        """Why `subjects` have their scores; see the protocol."""
        return self._engine.explain(query, subjects)

    def terms(self, pattern: TermPattern, audience: Audience) -> TermsFound:
        """The terms that fit and stand in what may be found now; see the protocol."""
        found = self._engine.terms(pattern, audience)
        withheld = self._withheld(self._engine.state().sequence, audience)
        if not withheld:
            return found
        told = (t for t in found.terms if self._count(_holding(pattern, t), audience, withheld))
        return TermsFound(tuple(told), found.cut)

    def holdings(self) -> Mapping[str, str]:
        """Key -> version of every record."""
        return self._engine.holdings()

    def apply(self, put: Iterable[IndexRecord], remove: Iterable[str], sequence: int) -> None:
        """Put and remove records; see the protocol."""
        self._engine.apply(put, remove, sequence)

    def rebuild(self, records: Iterable[IndexRecord], sequence: int) -> None:
        """Make a new index; see the protocol."""
        self._engine.rebuild(records, sequence)

    def state(self) -> EngineState:
        """What is held."""
        return self._engine.state()

    def verify(self) -> Sequence[str]:
        """What is wrong with the stored index."""
        return self._engine.verify()

    def close(self) -> None:
        """Let go of files and locks."""
        self._engine.close()


def _holding(pattern: TermPattern, term: str) -> Clause:
    probes = tuple(Probe(stream, (term,)) for stream in pattern.streams)
    return Clause(term, (Variant(term, probes),))
