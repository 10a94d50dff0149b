"""A search engine in plain Python: slow, forgetful and obviously right.

It says what an engine must answer, and it serves tests (``memory:``). Every question walks
over all records; nothing is kept on disk.
"""

import operator
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from kb.domain.rights import Audience
from kb.search.condition import Logic, relaxed
from kb.search.engine import (
    BEST_PAGE_WEIGHT,
    MOST_RAISED,
    EngineAnswer,
    EngineState,
    IndexRecord,
    PageHit,
    RecordKind,
    SubjectHit,
    answerable,
)
from kb.search.explaining import nothing_of, record_parts
from kb.search.explanation import Explanation, RecordParts
from kb.search.memory_order import count, keyed, passes, sort_key
from kb.search.memory_statistics import Seen, Statistics
from kb.search.query import Clause, EngineQuery, Facet, Match, Scope, Sort, Variant
from kb.search.scoring import coverage, idf, settled, standing_weight
from kb.search.term_patterns import TermPattern, TermsFound, most_frequent

_LOGIC: Logic[bool] = Logic(operator.and_, operator.or_, operator.not_)

Records = tuple[IndexRecord, ...]


class _Held:
    """One state of the index."""

    def __init__(self, records: Mapping[str, IndexRecord], sequence: int, change: int) -> None:
        self.records, self.sequence, self.change = records, sequence, change
        self.cases = tuple(r for r in records.values() if r.kind is RecordKind.CASE)
        self.pages = tuple(r for r in records.values() if r.kind is RecordKind.PAGE)
        self.case_statistics = Statistics(self.cases)
        self.page_statistics = Statistics(self.pages)


class _Question:
    """One query put to one state of the index."""

    def __init__(self, held: _Held, query: EngineQuery) -> None:
        self.query = query
        self.wanted = [c for c in query.clauses if not c.excluded]
        self.excluded = [c for c in query.clauses if c.excluded]
        self.raised: frozenset[str] | None = None
        """The subjects that hints raise; None for all."""
        self.case_statistics = held.case_statistics
        self.page_statistics = held.page_statistics
        self.cases = [r for r in held.cases if query.audience in r.audiences]
        self.pages = [r for r in held.pages if query.audience in r.audiences]
        self.case_rarity = self._rarity(self.case_statistics, self.cases)
        self.page_rarity = self._rarity(self.page_statistics, self.pages)

    def clause_counts(self) -> tuple[int, ...]:
        """For each clause alone, how many subjects answer it."""
        return tuple(
            sum(self.case_statistics.clause(clause, case) is not None for case in self.cases)
            for clause in self.query.clauses
        )

    def page_scores(self) -> dict[str, list[PageHit]]:
        """Subject -> its pages that answer, in no order."""
        found = defaultdict(list)
        for page in self.pages:
            scores = [self.page_statistics.clause(clause, page) for clause in self.wanted]
            if self._page_answers(page, scores):
                score = settled(self._total(page, scores))
                held = tuple(each is not None for each in scores)
                found[page.subject].append(PageHit(page.document, page.page, score, held))
        return found

    def _fulfilled(self, answered: Sequence[bool]) -> bool | None:
        """Whether the condition is fulfilled, by whether each clause is; None without one."""
        condition = self.query.condition
        if condition is None:
            return None
        loose = self.query.match is Match.ANY
        return _LOGIC.fulfilled(relaxed(condition) if loose else condition, answered)

    def _holds(self, clause: Clause, case: IndexRecord) -> bool:
        return self.case_statistics.clause(clause, case) is not None

    def _page_fulfils(self, page: IndexRecord, scores: Sequence[float | None]) -> bool | None:
        """As :meth:`_fulfilled`; what is excluded counts for the page's whole case."""
        whole = [case for case in self.cases if case.subject == page.subject]
        found = iter(scores)
        return self._fulfilled(
            [
                any(self._holds(clause, case) for case in whole)
                if clause.excluded
                else next(found) is not None
                for clause in self.query.clauses
            ]
        )

    def _page_answers(self, page: IndexRecord, scores: Sequence[float | None]) -> bool:
        if self.query.scope is Scope.PAGE and scores:
            fulfilled = self._page_fulfils(page, scores)
            if fulfilled is not None:
                return fulfilled
        if self.query.scope is Scope.PAGE and self.query.match is Match.ALL:
            return bool(scores) and all(s is not None for s in scores)
        return any(s is not None for s in scores)

    def matches(self) -> dict[str, tuple[IndexRecord, float]]:
        """Subject -> its record and score, before filters; hints raise the best alone."""
        if not (self.wanted and self.query.hints):
            return self._matches()
        self.raised = frozenset()
        plain = self._matches().values()
        passing = [found for found in plain if passes(found[0], self.query.filters)]
        passing.sort(key=lambda found: sort_key(found[0], found[1], Sort.RELEVANCE))
        self.raised = frozenset(case.subject for case, _ in passing[:MOST_RAISED])
        return self._matches()

    def _matches(self) -> dict[str, tuple[IndexRecord, float]]:
        pages = self.page_scores()
        found = {}
        for case in self.cases:
            fulfilled = self._fulfilled([self._holds(c, case) for c in self.query.clauses])
            if fulfilled is None and any(self._holds(c, case) for c in self.excluded):
                continue
            score = self._case_score(case, fulfilled)
            best = max((page.score for page in pages.get(case.subject, ())), default=None)
            if self.query.scope is Scope.PAGE and self.wanted:
                answers = best is not None
            else:
                answers = score is not None
            if answers:
                total = (score or 0.0) + BEST_PAGE_WEIGHT * (best or 0.0)
                standing = standing_weight(case.facets.get(Facet.STANDING, ()))
                found[case.subject] = (case, settled(total * standing))
        return found

    def _case_score(self, case: IndexRecord, fulfilled: bool | None) -> float | None:
        scores = [self.case_statistics.clause(clause, case) for clause in self.wanted]
        together = any if self.query.match is Match.ANY and self.wanted else all
        answers = together(s is not None for s in scores)
        if not (answers if fulfilled is None else fulfilled):
            return None
        return self._total(case, scores)

    def _total(self, record: IndexRecord, scores: Sequence[float | None]) -> float:
        """What a record that answers scores: clauses and hints, by how much it covers."""
        cases = record.kind is RecordKind.CASE
        statistics = self.case_statistics if cases else self.page_statistics
        rarity = self.case_rarity if cases else self.page_rarity
        hints = [statistics.variant(hint, record) or 0.0 for hint in self._hints(record)]
        found = sum(score for score in scores if score is not None) + sum(hints)
        return found * _covered(rarity, scores)

    def _hints(self, record: IndexRecord) -> Sequence[Variant]:
        """The hints that raise a record."""
        raised = self.raised is None or record.subject in self.raised
        return self.query.hints if self.wanted and raised else ()

    def explanation(
        self, case: IndexRecord, score: float, pages: Iterable[PageHit], equals: int
    ) -> Explanation:
        """Why a case that answers scores as it does; `pages`: those of its that answer."""
        fulfilled = self._fulfilled([self._holds(c, case) for c in self.query.clauses])
        alone = bool(self.wanted) and self._case_score(case, fulfilled) is not None
        best = min(pages, key=_best_first, default=None)
        mine = [page for page in self.pages if page.subject == case.subject]
        named = {(page.document, page.page): page for page in mine}
        return Explanation(
            subject=case.subject,
            case=self._parts(case) if alone else nothing_of(),
            best_page=self._parts(named[best.document, best.page]) if best else None,
            page_weight=BEST_PAGE_WEIGHT,
            standing=standing_weight(case.facets.get(Facet.STANDING, ())),
            score=score,
            year=max(case.facets.get(Facet.IMPLEMENTED_IN, ()), default=None),
            equals=equals,
        )

    def _parts(self, record: IndexRecord) -> RecordParts:
        cases = record.kind is RecordKind.CASE
        statistics = self.case_statistics if cases else self.page_statistics
        rarity = self.case_rarity if cases else self.page_rarity
        scores = [statistics.clause(clause, record) for clause in self.wanted]
        return record_parts(
            Seen(statistics, record),
            self.wanted,
            self._hints(record),
            _covered(rarity, scores),
            (record.document, record.page),
        )

    def _rarity(self, statistics: Statistics, records: Sequence[IndexRecord]) -> list[float]:
        """How rare each wanted clause is among `records`."""
        return [
            idf(len(records), sum(statistics.clause(clause, r) is not None for r in records))
            for clause in self.wanted
        ]


def _covered(rarity: Sequence[float], scores: Sequence[float | None]) -> float:
    """What a record's score is multiplied by for how much of what was asked for it holds."""
    held = sum(rare for rare, score in zip(rarity, scores, strict=True) if score is not None)
    return coverage(held, sum(rarity))


def _best_first(page: PageHit) -> tuple[float, str, int]:
    return (-page.score, page.document, page.page)


class MemoryEngine:
    """The :class:`~kb.search.engine.SearchEngine` of tests."""

    def __init__(self, fingerprint: str) -> None:
        self._fingerprint = fingerprint
        self._held = _Held({}, sequence=0, change=0)
        self._writing = threading.Lock()

    def search(self, query: EngineQuery) -> EngineAnswer:
        """Subjects that answer `query`; see the protocol."""
        question = _Question(self._held, query)
        counts = question.clause_counts()
        if not answerable(query, counts):
            return EngineAnswer(total=0, hits=(), clause_counts=counts)
        matches = question.matches()
        hits = sorted(
            ((r, score) for r, score in matches.values() if passes(r, query.filters)),
            key=lambda hit: sort_key(hit[0], hit[1], query.sort),
        )
        shown = hits[query.offset : query.offset + query.limit]
        return EngineAnswer(
            total=len(hits),
            hits=tuple(SubjectHit(record.subject, score) for record, score in shown),
            facets={facet: count(matches, query.filters, facet) for facet in query.facets},
            clause_counts=counts,
        )

    def pages(
        self, query: EngineQuery, subjects: Sequence[str], per_subject: int
    ) -> Mapping[str, tuple[int, tuple[PageHit, ...]]]:
        """The pages of `subjects` that answer; see the protocol."""
        found = _Question(self._held, query).page_scores()
        answer = {}
        for subject in subjects:
            hits = sorted(found.get(subject, ()), key=_best_first)
            answer[subject] = (len(hits), tuple(hits[: per_subject or None]))
        return answer

    def explain(self, query: EngineQuery, subjects: Sequence[str]) -> tuple[Explanation, ...]:
        """Why `subjects` have their scores; see the protocol."""
        question = _Question(self._held, query)
        matches = {
            subject: match
            for subject, match in question.matches().items()
            if passes(match[0], query.filters)
        }
        pages = question.page_scores()
        alike = Counter(score for _, score in matches.values())
        return tuple(
            question.explanation(*matches[s], pages.get(s, ()), alike[matches[s][1]] - 1)
            for s in subjects
            if s in matches
        )

    def terms(self, pattern: TermPattern, audience: Audience) -> TermsFound:
        """The terms that fit; see the protocol."""
        held: Counter[str] = Counter()
        for case in self._held.cases:
            if audience in case.audiences:
                streams = (case.streams.get(stream, ()) for stream in pattern.streams)
                held.update({term for terms in streams for term in terms if pattern.fits(term)})
        return most_frequent(held)

    def holdings(self) -> Mapping[str, str]:
        """Key -> version of every record."""
        return {key: record.version for key, record in self._held.records.items()}

    def apply(self, put: Iterable[IndexRecord], remove: Iterable[str], sequence: int) -> None:
        """Put and remove records in one step; see the protocol."""
        with self._writing:
            changed = {**self._held.records}
            for key in remove:
                changed.pop(key, None)
            self._replace({**changed, **keyed(put)}, sequence)

    def rebuild(self, records: Iterable[IndexRecord], sequence: int) -> None:
        """Replace everything in one step."""
        with self._writing:
            self._replace(keyed(records), sequence)

    def _replace(self, records: Mapping[str, IndexRecord], sequence: int) -> None:
        self._held = _Held(records, sequence, self._held.change + 1)

    def state(self) -> EngineState:
        """What is held."""
        held = self._held
        return EngineState(
            fingerprint=self._fingerprint,
            records=len(held.records),
            generation=f"memory-{held.change}",
            sequence=held.sequence,
        )

    def verify(self) -> Sequence[str]:
        """Nothing is stored, so nothing can be wrong."""
        return ()

    def close(self) -> None:
        """Nothing is held open."""
