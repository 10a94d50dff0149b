"""One query put to one snapshot: who answers, in which order, counted by what."""

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce

import numpy as np

from kb.search.condition import Logic, relaxed
from kb.search.engine import BEST_PAGE_WEIGHT, EngineAnswer, PageHit, SubjectHit
from kb.search.query import Clause, EngineQuery, Facet, Match, Scope, Sort
from kb.search.scoring import SCORE_STEP, idf
from kb.search.whoosh_engine.columns import Floats, Ints, Mask
from kb.search.whoosh_engine.scorer import Answers, Scorer
from kb.search.whoosh_engine.snapshot import Snapshot
from kb.search.whoosh_engine.tables import Table

_LOGIC: Logic[Mask] = Logic(np.logical_and, np.logical_or, np.logical_not)


class Question:
    """One query put to one snapshot."""

    def __init__(self, snapshot: Snapshot, query: EngineQuery) -> None:
        self._snapshot = snapshot
        self._query = query
        self._wanted = [clause for clause in query.clauses if not clause.excluded]

    def answer(self) -> EngineAnswer:
        """What :meth:`kb.search.engine.SearchEngine.search` returns."""
        cases = self._snapshot.cases
        clauses = [self._snapshot.case_scorer.clause(clause) for clause in self._query.clauses]
        visible = cases.visible(self._query.audience)
        found = self._found(clauses, visible)
        passing = {
            facet: cases.carrying(facet, values) for facet, values in self._query.filters.items()
        }
        rows = _rows(reduce(np.logical_and, passing.values(), found.mask))
        return EngineAnswer(
            total=len(rows),
            hits=self._hits(rows, found.scores),
            facets={f: self._counted(f, found.mask, passing) for f in self._query.facets},
            clause_counts=tuple(int(np.count_nonzero(c.mask & visible)) for c in clauses),
        )

    def _found(self, clauses: Sequence[Answers], visible: Mask) -> Answers:
        """The subjects that answer, before filters."""
        pairs = list(zip(self._query.clauses, clauses, strict=True))
        wanted = [answers for clause, answers in pairs if not clause.excluded]
        unwanted = [answers.mask for clause, answers in pairs if clause.excluded]
        fulfilled = self._fulfilled([answers.mask for answers in clauses])
        allowed = visible & ~_any(unwanted, len(visible)) if fulfilled is None else visible
        if not wanted:
            matched = allowed if fulfilled is None else allowed & fulfilled
            return Answers(matched, np.zeros(len(visible)))
        together = self._together([answers.mask for answers in wanted])
        matched = together if fulfilled is None else fulfilled
        raised = _total([answers.scores for answers in wanted]) + self._raised(
            self._snapshot.case_scorer, matched
        )
        scores = np.where(matched, raised * _coverage(wanted, visible), 0.0)
        has_page, best = self._best_pages()
        if self._query.scope is Scope.PAGE:
            matched = has_page
        total = (scores + BEST_PAGE_WEIGHT * best) * self._snapshot.standing
        scores = _settled(total)
        return Answers(allowed & matched, scores)

    def _raised(self, scorer: Scorer, matched: Mask) -> Floats:
        """What the query's hints add to the rows that answer."""
        found = [scorer.variant(hint).scores for hint in self._query.hints]
        return np.where(matched, reduce(np.add, found, np.zeros(len(matched))), 0.0)

    def _together(self, masks: Sequence[Mask]) -> Mask:
        join = np.logical_or if self._query.match is Match.ANY else np.logical_and
        return reduce(join, masks)

    def _fulfilled(self, masks: Sequence[Mask]) -> Mask | None:
        """The rows that fulfil the query's condition, by a mask for each clause; None without."""
        condition = self._query.condition
        if condition is None:
            return None
        loose = self._query.match is Match.ANY
        return _LOGIC.fulfilled(relaxed(condition) if loose else condition, masks)

    def _best_pages(self) -> tuple[Mask, Floats]:
        """For each case: whether a page of it answers, and the best such page's score."""
        size = len(self._snapshot.cases)
        if not len(self._snapshot.pages):
            return np.zeros(size, dtype=np.bool_), np.zeros(size)
        pages = self._page_answers()
        rows = _rows(pages.mask)
        subjects = self._snapshot.pages.subjects[rows]
        size = len(self._snapshot.pages.words.subjects)
        best, held = np.zeros(size), np.zeros(size, dtype=np.bool_)
        np.maximum.at(best, subjects, pages.scores[rows])
        held[subjects] = True
        of_case = self._snapshot.cases.subjects
        return held[of_case], best[of_case]

    def _page_answers(self) -> Answers:
        pages, scorer = self._snapshot.pages, self._snapshot.page_scorer
        if not self._wanted:
            return scorer.nothing()
        clauses = [scorer.clause(clause) for clause in self._wanted]
        masks = [answers.mask for answers in clauses]
        whole = self._query.scope is Scope.PAGE
        mask = self._together(masks) if whole else _any(masks, len(pages))
        if whole and self._query.condition is not None:
            mask = self._fulfilling_pages(iter(masks))
        visible = pages.visible(self._query.audience)
        raised = _total([answers.scores for answers in clauses]) + self._raised(scorer, mask)
        scores = _settled(raised * _coverage(clauses, visible))
        return Answers(mask & visible, scores)

    def _fulfilling_pages(self, wanted: Iterator[Mask]) -> Mask:
        """The pages that fulfil the condition, where what is excluded counts for whole cases."""
        masks = [
            self._of_cases_holding(clause) if clause.excluded else next(wanted)
            for clause in self._query.clauses
        ]
        fulfilled = self._fulfilled(masks)
        return masks[0] if fulfilled is None else fulfilled

    def _of_cases_holding(self, clause: Clause) -> Mask:
        cases, pages = self._snapshot.cases, self._snapshot.pages
        holding = self._snapshot.case_scorer.clause(clause).mask
        rows = _rows(holding & cases.visible(self._query.audience))
        held = np.zeros(len(pages.words.subjects), dtype=np.bool_)
        held[cases.subjects[rows]] = True
        return held[pages.subjects]

    def _counted(
        self, facet: Facet, found: Mask, passing: Mapping[Facet, Mask]
    ) -> Mapping[str, int]:
        others = (mask for other, mask in passing.items() if other is not facet)
        return self._snapshot.cases.counted(facet, reduce(np.logical_and, others, found))

    def _hits(self, rows: Ints, scores: Floats) -> tuple[SubjectHit, ...]:
        end = self._query.offset + self._query.limit
        ordered = self._ordered(rows, scores[rows], end)[self._query.offset : end]
        cases = self._snapshot.cases
        return tuple(
            SubjectHit(cases.words.subjects.word(int(cases.subjects[row])), float(scores[row]))
            for row in ordered
        )

    def _ordered(self, rows: Ints, scores: Floats, end: int) -> Ints:
        """`rows` sorted; only the first `end` need be there."""
        orders = self._snapshot.orders
        if self._query.sort is Sort.RELEVANCE:
            if 0 < end < len(rows):
                least = np.partition(scores, len(rows) - end)[len(rows) - end]
                rows, scores = rows[scores >= least], scores[scores >= least]
            return rows[np.lexsort((orders.newest_first[rows], -scores))]
        first: Sequence[Ints] = {
            Sort.IMPLEMENTED_IN: (orders.implemented_in,),
            Sort.PRESENTED_IN: (orders.presented_in,),
            Sort.MUNICIPALITY: (orders.implemented_in, orders.municipality),
        }[self._query.sort]
        keys: list[Ints | Floats] = [orders.subject[rows], -scores, *(key[rows] for key in first)]
        return rows[np.lexsort(keys)]

    def pages(
        self, subjects: Sequence[str], per_subject: int
    ) -> Mapping[str, tuple[int, tuple[PageHit, ...]]]:
        """What :meth:`kb.search.engine.SearchEngine.pages` returns."""
        table, answers = self._snapshot.pages, self._page_answers()
        codes = {s: table.words.subjects.code(s) for s in subjects}
        known = [code for code in codes.values() if code is not None]
        rows = _rows(answers.mask & np.isin(table.subjects, known))
        of = table.subjects[rows]
        return {
            subject: _best(table, rows[of == (-1 if code is None else code)], answers, per_subject)
            for subject, code in codes.items()
        }


def _best(
    table: Table, rows: Ints, answers: Answers, per_subject: int
) -> tuple[int, tuple[PageHit, ...]]:
    hits = [
        PageHit(
            document=table.words.documents.word(int(table.documents[row])),
            page=int(table.pages[row]),
            score=float(answers.scores[row]),
        )
        for row in rows
    ]
    hits.sort(key=lambda hit: (-hit.score, hit.document, hit.page))
    return len(hits), tuple(hits[: per_subject or None])


def _coverage(wanted: Sequence[Answers], visible: Mask) -> Floats:
    """:func:`kb.search.scoring.coverage` for every row, by how rare each clause is there."""
    total = int(np.count_nonzero(visible))
    rarity = [idf(total, int(np.count_nonzero(each.mask & visible))) for each in wanted]
    held = reduce(np.add, [rare * each.mask for rare, each in zip(rarity, wanted, strict=True)])
    asked = sum(rarity)
    return np.sqrt(held / asked) if asked else np.ones(len(visible))


def _rows(mask: Mask) -> Ints:
    return np.flatnonzero(mask).astype(np.int32)


def _any(masks: Sequence[Mask], size: int) -> Mask:
    return reduce(np.logical_or, masks, np.zeros(size, dtype=np.bool_))


def _total(scores: Sequence[Floats]) -> Floats:
    return reduce(np.add, scores)


def _settled(scores: Floats) -> Floats:
    """:func:`kb.search.scoring.settled` for a whole array."""
    return np.floor(scores * SCORE_STEP + 0.5) / SCORE_STEP
