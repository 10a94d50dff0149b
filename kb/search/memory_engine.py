"""A search engine in plain Python: slow, forgetful and obviously right.

It says what an engine must answer, and it serves tests (``memory:``). Every question walks
over all records; nothing is kept on disk.
"""

import operator
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from kb.search.condition import Logic, relaxed
from kb.search.engine import (
    BEST_PAGE_WEIGHT,
    STREAM_WEIGHTS,
    EngineAnswer,
    EngineState,
    IndexRecord,
    PageHit,
    RecordKind,
    SubjectHit,
)
from kb.search.query import (
    Clause,
    EngineQuery,
    Facet,
    Filters,
    Match,
    Probe,
    Scope,
    Sort,
    Stream,
    Variant,
)
from kb.search.scoring import (
    FACET_SCORE,
    coverage,
    idf,
    quantised_length,
    saturation,
    settled,
    standing_weight,
)

_LOGIC: Logic[bool] = Logic(operator.and_, operator.or_, operator.not_)

Records = tuple[IndexRecord, ...]


def occurrences(tokens: Sequence[str], phrase: Sequence[str]) -> int:
    """How often `phrase` stands in `tokens`, its tokens next to each other in order."""
    width = len(phrase)
    return sum(
        tuple(tokens[at : at + width]) == tuple(phrase) for at in range(len(tokens) - width + 1)
    )


class _Statistics:
    """Counts over all records of one kind, as BM25 needs them; made once per change."""

    def __init__(self, records: Records) -> None:
        self.documents: Counter[Stream] = Counter()
        self.tokens: Counter[Stream] = Counter()
        self.holding: Counter[tuple[Stream, str]] = Counter()
        for record in records:
            for stream, tokens in record.streams.items():
                self.documents[stream] += bool(tokens)
                self.tokens[stream] += len(tokens)
                self.holding.update((stream, token) for token in set(tokens))

    def bm25(self, probe: Probe, record: IndexRecord) -> float | None:
        """The probe's score on `record`, or None when it does not match."""
        tokens = record.streams.get(probe.stream, ())
        if not probe.tokens or not set(probe.tokens) <= set(tokens):
            return None
        rarity = [self._idf(probe.stream, token) for token in probe.tokens]
        if not probe.phrase:
            counts = [tokens.count(token) for token in probe.tokens]
            return sum(
                rare * self._saturation(probe.stream, count, len(tokens))
                for rare, count in zip(rarity, counts, strict=True)
            )
        together = occurrences(tokens, probe.tokens)
        if not together:
            return None
        return sum(rarity) * self._saturation(probe.stream, together, len(tokens))

    def _idf(self, stream: Stream, token: str) -> float:
        return idf(self.documents[stream], self.holding[stream, token])

    def _saturation(self, stream: Stream, count: int, length: int) -> float:
        average = self.tokens[stream] / self.documents[stream]
        return saturation(count, quantised_length(length), average)

    def variant(self, variant: Variant, record: IndexRecord) -> float | None:
        """The variant's score on `record`, or None when the record does not hold it."""
        found = [
            STREAM_WEIGHTS[probe.stream] * score
            for probe in variant.probes
            if (score := self.bm25(probe, record)) is not None
        ]
        facet = variant.facet
        carried = facet is not None and facet[1] in record.facets.get(facet[0], ())
        if not found and not carried:
            return None
        return variant.weight * max(sum(found), FACET_SCORE if carried else 0.0)

    def clause(self, clause: Clause, record: IndexRecord) -> float | None:
        """The clause's score on `record`, or None when the record does not answer it."""
        scores = [s for v in clause.variants if (s := self.variant(v, record)) is not None]
        return max(scores) if scores else None


class _Held:
    """One state of the index."""

    def __init__(self, records: Mapping[str, IndexRecord], sequence: int, change: int) -> None:
        self.records, self.sequence, self.change = records, sequence, change
        self.cases = tuple(r for r in records.values() if r.kind is RecordKind.CASE)
        self.pages = tuple(r for r in records.values() if r.kind is RecordKind.PAGE)
        self.case_statistics = _Statistics(self.cases)
        self.page_statistics = _Statistics(self.pages)


class _Question:
    """One query put to one state of the index."""

    def __init__(self, held: _Held, query: EngineQuery) -> None:
        self.query = query
        self.wanted = [c for c in query.clauses if not c.excluded]
        self.excluded = [c for c in query.clauses if c.excluded]
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
                found[page.subject].append(PageHit(page.document, page.page, score))
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
        """Subject -> its record and score, before filters."""
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
        hinted = self.query.hints if self.wanted else ()
        hints = [statistics.variant(hint, record) or 0.0 for hint in hinted]
        held = sum(rare for rare, score in zip(rarity, scores, strict=True) if score is not None)
        found = sum(score for score in scores if score is not None) + sum(hints)
        return found * coverage(held, sum(rarity))

    def _rarity(self, statistics: _Statistics, records: Sequence[IndexRecord]) -> list[float]:
        """How rare each wanted clause is among `records`."""
        return [
            idf(len(records), sum(statistics.clause(clause, r) is not None for r in records))
            for clause in self.wanted
        ]


def _passes(record: IndexRecord, filters: Filters, ignoring: Facet | None = None) -> bool:
    return all(
        facet is ignoring or set(values) & set(record.facets.get(facet, ()))
        for facet, values in filters.items()
    )


def _newest(record: IndexRecord, facet: Facet) -> tuple[bool, tuple[int, ...]]:
    """A sort key: greatest value first, records without a value last."""
    values = record.facets.get(facet, ())
    if not values:
        return (True, ())
    after_any_letter = 1
    return (False, (*(-ord(letter) for letter in max(values)), after_any_letter))


def _sort_key(
    record: IndexRecord, score: float, sort: Sort
) -> tuple[bool | str | float | tuple[int, ...], ...]:
    implemented = _newest(record, Facet.IMPLEMENTED_IN)
    match sort:
        case Sort.RELEVANCE:
            return (-score, *implemented, record.subject)
        case Sort.IMPLEMENTED_IN:
            return (*implemented, -score, record.subject)
        case Sort.PRESENTED_IN:
            return (*_newest(record, Facet.PRESENTED_IN), -score, record.subject)
        case Sort.MUNICIPALITY:
            codes = record.facets.get(Facet.MUNICIPALITY, ())
            first = codes[0] if codes else ""
            return (not codes, first, *implemented, -score, record.subject)


def keyed(records: Iterable[IndexRecord]) -> dict[str, IndexRecord]:
    """Records by key.

    Raises:
        ValueError: two of them have the same key.
    """
    found: dict[str, IndexRecord] = {}
    for record in records:
        if record.key in found:
            raise ValueError(f"two records with the key {record.key!r}")
        found[record.key] = record
    return found


class MemoryEngine:
    """The :class:`~kb.search.engine.SearchEngine` of tests."""

    def __init__(self, fingerprint: str) -> None:
        self._fingerprint = fingerprint
        self._held = _Held({}, sequence=0, change=0)
        self._writing = threading.Lock()

    def search(self, query: EngineQuery) -> EngineAnswer:
        """Subjects that answer `query`; see the protocol."""
        question = _Question(self._held, query)
        matches = question.matches()
        hits = sorted(
            ((r, score) for r, score in matches.values() if _passes(r, query.filters)),
            key=lambda hit: _sort_key(hit[0], hit[1], query.sort),
        )
        shown = hits[query.offset : query.offset + query.limit]
        return EngineAnswer(
            total=len(hits),
            hits=tuple(SubjectHit(record.subject, score) for record, score in shown),
            facets={facet: _count(matches, query.filters, facet) for facet in query.facets},
            clause_counts=question.clause_counts(),
        )

    def pages(
        self, query: EngineQuery, subjects: Sequence[str], per_subject: int
    ) -> Mapping[str, tuple[int, tuple[PageHit, ...]]]:
        """The pages of `subjects` that answer; see the protocol."""
        found = _Question(self._held, query).page_scores()
        answer = {}
        for subject in subjects:
            hits = sorted(found.get(subject, ()), key=lambda p: (-p.score, p.document, p.page))
            answer[subject] = (len(hits), tuple(hits[: per_subject or None]))
        return answer

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


def _count(
    matches: Mapping[str, tuple[IndexRecord, float]], filters: Filters, facet: Facet
) -> Mapping[str, int]:
    counted: Counter[str] = Counter()
    for record, _ in matches.values():
        if _passes(record, filters, ignoring=facet):
            counted.update(set(record.facets.get(facet, ())))
    return dict(counted)
