"""Why subjects have the scores they have: the arrays a question was answered from, row by row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from kb.search.engine import BEST_PAGE_WEIGHT
from kb.search.explaining import Met, nothing_of, record_parts
from kb.search.explanation import Explanation, RecordParts
from kb.search.query import EngineQuery, Facet, Probe, Variant
from kb.search.whoosh_engine.answering import Answering
from kb.search.whoosh_engine.budget import Budget
from kb.search.whoosh_engine.formulas import settled
from kb.search.whoosh_engine.found import Scored
from kb.search.whoosh_engine.scorer import Answers, Scorer
from kb.search.whoosh_engine.snapshot import Snapshot
from kb.search.whoosh_engine.tables import Table

Page = tuple[str, int]
"""A document and a page number."""


def explained(
    snapshot: Snapshot, query: EngineQuery, subjects: Sequence[str]
) -> tuple[Explanation, ...]:
    """What :meth:`kb.search.engine.SearchEngine.explain` returns."""
    return tuple(_Explainer(snapshot, query).each(subjects))


class _Explainer:
    """One question, answered once more with its parts kept."""

    def __init__(self, snapshot: Snapshot, query: EngineQuery) -> None:
        self._snapshot, self._query = snapshot, query
        self._traced = Answering(snapshot, query, Budget()).traced()
        self._raised = frozenset(self._traced.raised.tolist())
        self._cases = _Variants(snapshot.case_scorer)
        self._pages = _Variants(snapshot.page_scorer)

    def each(self, subjects: Sequence[str]) -> Iterator[Explanation]:
        """The explanations of those that answer, in the order given."""
        words, cases = self._snapshot.cases.words.subjects, self._snapshot.cases.subjects
        rows, scores = self._traced.rows, self._traced.scores
        for subject in subjects:
            code = words.code(subject)
            for at in np.flatnonzero(cases[rows] == (-1 if code is None else code)).tolist():
                equals = int(np.count_nonzero(scores == scores[at])) - 1
                yield self._explanation(subject, int(rows[at]), float(scores[at]), equals)

    def _explanation(self, subject: str, row: int, score: float, equals: int) -> Explanation:
        hints = self._query.hints if row in self._raised else ()
        return Explanation(
            subject=subject,
            case=self._record(self._traced.own, self._cases, hints, row),
            best_page=self._best_page(row, hints),
            page_weight=BEST_PAGE_WEIGHT,
            standing=float(self._snapshot.standing[row]),
            score=score,
            year=_newest(self._snapshot.cases, row),
            equals=equals,
        )

    def _best_page(self, case: int, hints: Sequence[Variant]) -> RecordParts | None:
        """Of a case's pages that answer, the one that lifts it; of equals the first."""
        scored, table = self._traced.pages, self._snapshot.pages
        if scored is None:
            return None
        _, rows = self._snapshot.groups.pages_of(np.array([case]))
        rows = rows[scored.matched[rows]]
        scores = settled(scored.scores(rows, scored.found.hinted(hints, rows))).tolist()
        pages = zip(scores, rows.tolist(), strict=True)
        best = min(((-score, *_name(table, row), row) for score, row in pages), default=None)
        if best is None:
            return None
        *_, row = best
        return self._record(scored, self._pages, hints, row, _name(table, row))

    def _record(
        self,
        scored: Scored,
        variants: "_Variants",
        hints: Sequence[Variant],
        row: int,
        page: Page = ("", 0),
    ) -> RecordParts:
        if not scored.matched[row]:
            return nothing_of(page)
        coverage = float(scored.coverage(np.array([row]))[0])
        return record_parts(_Row(variants, row), self._traced.wanted, hints, coverage, page)


class _Variants:
    """The answers to variants, each worked out once for all rows of a table."""

    def __init__(self, scorer: Scorer) -> None:
        self.scorer = scorer
        self._answers: dict[Variant, Answers] = {}

    def answers(self, variant: Variant) -> Answers:
        if variant not in self._answers:
            self._answers[variant] = self.scorer.variant(variant)
        return self._answers[variant]


@dataclass(frozen=True, slots=True)
class _Row:
    """A :class:`~kb.search.explaining.Scored` record."""

    variants: _Variants
    row: int

    def variant(self, variant: Variant) -> float | None:
        answers = self.variants.answers(variant)
        return float(answers.scores[self.row]) if answers.mask[self.row] else None

    def met(self, probe: Probe) -> Met | None:
        return self.variants.scorer.met(probe, self.row)


def _name(pages: Table, row: int) -> Page:
    return pages.words.documents.word(int(pages.documents[row])), int(pages.pages[row])


def _newest(cases: Table, row: int) -> str | None:
    years = cases.facets[Facet.IMPLEMENTED_IN]
    carried = years.codes[years.rows == row].tolist()
    words = cases.words.values[Facet.IMPLEMENTED_IN]
    return max((words.word(code) for code in carried), default=None)
