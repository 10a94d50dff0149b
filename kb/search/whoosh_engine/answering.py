"""One query answered from one snapshot: who, in which order, counted by what.

What every row of a table scores is added up at once (:mod:`.found`); hints, the rounding that
makes scores comparable, and the order are worked out only for the rows that may come out first
(:mod:`.ordering`). :mod:`.explaining` tells what each score is made from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from kb.search.condition import pruned
from kb.search.engine import (
    BEST_PAGE_WEIGHT,
    MOST_RAISED,
    BadQuery,
    EngineAnswer,
    PageHit,
    SubjectHit,
    answerable,
)
from kb.search.query import Clause, EngineQuery, Match, Scope, Sort
from kb.search.scoring import SCORE_STEP
from kb.search.whoosh_engine.budget import Budget
from kb.search.whoosh_engine.columns import Floats, Ints, Mask
from kb.search.whoosh_engine.formulas import fulfilled, settled
from kb.search.whoosh_engine.found import Found, Scored
from kb.search.whoosh_engine.ordering import best, likely
from kb.search.whoosh_engine.postings import Posting, Rows
from kb.search.whoosh_engine.snapshot import Snapshot
from kb.search.whoosh_engine.tables import Table
from kb.search.whoosh_engine.tally import Tally

_SLACK = 2 / SCORE_STEP
"""Two roundings, of the best page and of the whole, lie between a sum and the score shown."""

Postings = dict[int, Posting]


@dataclass(frozen=True, slots=True)
class _Ranked:
    """Which cases answer, and what they can score at most."""

    matched: Mask
    own: Scored
    pages: Scored | None = None
    """None where there are none to be asked."""
    best: Floats | None = None
    """The best page's score of each case."""


@dataclass(frozen=True, slots=True)
class Traced:
    """What the scores of an answer are made from."""

    wanted: Sequence[Clause]
    """The clauses that score."""
    own: Scored
    pages: Scored | None
    rows: Rows
    """The cases that answer and pass the filters, in order."""
    scores: Floats
    """Theirs, as they are compared and shown."""
    raised: Rows
    """The cases that hints raise, in no order."""


class Answering:
    """One query and one snapshot."""

    def __init__(self, snapshot: Snapshot, query: EngineQuery, budget: Budget) -> None:
        """Look the clauses up, those that leave records out first, as far as time allows.

        Raises:
            BadQuery: time did not even allow for those.
        """
        self._snapshot, self._query, self._budget = snapshot, query, budget
        cases, pages = _looked_up(snapshot, query, budget)
        self._known = sorted(cases)
        self._wanted = [at for at in self._known if not query.clauses[at].excluded]
        self._unwanted = [at for at in self._known if query.clauses[at].excluded]
        kept = self._known if query.condition else ()
        self._condition = pruned(query.condition, kept) if query.condition else None
        self._cases = Found(snapshot.cases, snapshot.case_scorer, query.audience, cases)
        self._pages = Found(snapshot.pages, snapshot.page_scorer, query.audience, pages)

    def answer(self) -> EngineAnswer:
        """What :meth:`kb.search.engine.SearchEngine.search` returns."""
        counts = self._clause_counts()
        if not answerable(self._query, counts):
            return EngineAnswer(total=0, hits=(), clause_counts=counts)
        ranked = self._ranked()
        tally = Tally(self._snapshot.cases, self._query.filters, ranked.matched)
        return EngineAnswer(
            total=tally.total,
            hits=self._hits(ranked, tally.passing),
            facets={facet: tally.counted(facet) for facet in self._query.facets},
            clause_counts=counts,
            complete=len(self._known) == len(self._query.clauses),
        )

    def _clause_counts(self) -> tuple[int, ...]:
        """Of a clause that time did not allow to look up, how many there may be at most."""
        counts = dict.fromkeys(range(len(self._query.clauses)), self._cases.seen)
        counts |= {at: self._cases.holders(at) for at in self._known}
        return tuple(counts.values())

    # -- what every row scores -----------------------------------------------------------

    def _ranked(self) -> _Ranked:
        own = self._scored_cases()
        if not self._wanted:
            return _Ranked(self._allowed(own.matched), own)
        pages = self._scored_pages()
        of_pages = self._query.scope is Scope.PAGE
        if pages is None:
            matched = np.zeros_like(own.matched) if of_pages else own.matched
            return _Ranked(self._allowed(matched), own)
        lifted, has_page = self._snapshot.groups.best(pages.matched, pages.every)
        matched = has_page if of_pages else own.matched
        return _Ranked(self._allowed(matched), own, pages, lifted)

    def _allowed(self, matched: Mask) -> Mask:
        """Those of some cases that may be seen and are not left out; the same, if they all are."""
        cases = self._cases
        if self._condition is None and self._unwanted:
            matched = matched & ~cases.any_of(self._unwanted).matched
        return matched if cases.seen == len(matched) else matched & cases.visible

    def _scored_cases(self) -> Scored:
        """The cases that answer by themselves."""
        if self._condition is not None:
            masks = {at: self._cases.mask(at) for at in self._known}
            matched = fulfilled(self._condition, self._query.match, list(masks.values()))
        elif self._wanted:
            return self._together(self._cases)
        else:
            matched = self._cases.visible
        if not self._wanted:
            return Scored(self._cases, matched, np.zeros(len(matched)), ())
        return self._cases.those(matched, self._wanted)

    def _together(self, found: Found) -> Scored:
        loose = self._query.match is Match.ANY
        return found.any_of(self._wanted) if loose else found.all_of(self._wanted)

    def _scored_pages(self) -> Scored | None:
        """The pages that answer and may be seen."""
        if not len(self._snapshot.pages):
            return None
        pages = self._pages
        if self._query.scope is Scope.CASE:
            found = pages.any_of(self._wanted)
        elif self._condition is None:
            found = self._together(pages)
        else:
            masks = {at: pages.mask(at) for at in self._wanted}
            masks |= {at: self._of_cases_holding(at) for at in self._unwanted}
            told = [masks[at] for at in self._known]
            matched = fulfilled(self._condition, self._query.match, told)
            found = pages.those(matched, self._wanted)
        return replace(found, matched=found.matched & pages.visible)

    def _of_cases_holding(self, clause: int) -> Mask:
        """The pages of the cases that hold a clause."""
        cases, pages = self._snapshot.cases, self._snapshot.pages
        holding = self._cases.mask(clause) & self._cases.visible
        held = np.zeros(len(pages.words.subjects), dtype=np.bool_)
        held[cases.subjects[holding]] = True
        return held[pages.subjects]

    # -- which come first ----------------------------------------------------------------

    def _hits(self, ranked: _Ranked, passing: Mask) -> tuple[SubjectHit, ...]:
        end = self._query.offset + self._query.limit
        if not self._query.limit:
            return ()
        cases = self._snapshot.cases
        rows, scores = self._first(ranked, passing, end)
        shown = slice(self._query.offset, end)
        return tuple(
            SubjectHit(cases.words.subjects.word(subject), score)
            for subject, score in zip(
                cases.subjects[rows[shown]].tolist(), scores[shown].tolist(), strict=True
            )
        )

    def _first(self, ranked: _Ranked, passing: Mask, end: int) -> tuple[Rows, Floats]:
        """The first `end` rows in order, and their scores."""
        newest = self._snapshot.orders.newest_first
        by_score = self._query.sort is Sort.RELEVANCE
        hinted = self._wanted and self._query.hints and not self._budget.spent
        count = max(end if by_score else 0, MOST_RAISED if hinted else 0)
        rows, scores = self._likely(ranked, passing, count)
        if hinted:
            top = best(rows, scores, newest, MOST_RAISED)
            scores[top] = self._raised(ranked, rows[top])
        if by_score:
            at = best(rows, scores, newest, end)
            return rows[at], scores[at]
        every = np.flatnonzero(passing)
        whole = self._exact(ranked, every)
        whole[np.searchsorted(every, rows)] = scores
        at = self._sorted(every, whole)[:end]
        return every[at], whole[at]

    def raised_cases(self) -> Rows:
        """The cases that the query's hints raise, in no order."""
        ranked = self._ranked()
        passing = Tally(self._snapshot.cases, self._query.filters, ranked.matched).passing
        rows, scores = self._likely(ranked, passing, MOST_RAISED)
        return rows[best(rows, scores, self._snapshot.orders.newest_first, MOST_RAISED)]

    def traced(self) -> Traced:
        """What the answer is made from, for :mod:`.explaining`."""
        ranked = self._ranked()
        passing = Tally(self._snapshot.cases, self._query.filters, ranked.matched).passing
        rows, scores = self._first(ranked, passing, int(np.count_nonzero(passing)))
        hinted = self._wanted and self._query.hints and not self._budget.spent
        raised = self.raised_cases() if hinted else np.empty(0, dtype=np.intp)
        wanted = [self._query.clauses[at] for at in self._wanted]
        return Traced(wanted, ranked.own, ranked.pages, rows, scores, raised)

    def _likely(self, ranked: _Ranked, passing: Mask, count: int) -> tuple[Rows, Floats]:
        """What may be among the best `count`, before hints."""
        most = self._most(ranked, passing)
        return likely(passing, most, partial(self._exact, ranked), count, _SLACK)

    def _most(self, ranked: _Ranked, passing: Mask) -> Floats:
        """What the passing cases can score at most; a standing never adds."""
        own = ranked.own.total
        most = own if ranked.best is None else own + BEST_PAGE_WEIGHT * ranked.best
        # Where nobody is left out, whoever does not pass scores nothing as it is.
        return most if passing is ranked.own.matched else np.where(passing, most, 0.0)

    def _exact(self, ranked: _Ranked, rows: Rows) -> Floats:
        """The scores of some cases as they are compared, before hints."""
        lifted = None if ranked.best is None else ranked.best[rows]
        return self._whole(ranked.own.scores(rows), lifted, rows)

    def _whole(self, own: Floats, lifted: Floats | None, rows: Rows) -> Floats:
        total = own if lifted is None else own + BEST_PAGE_WEIGHT * settled(lifted)
        return settled(total * self._snapshot.standing[rows])

    def _raised(self, ranked: _Ranked, rows: Rows) -> Floats:
        """The scores of some cases with what hints add to them and to their pages."""
        hints = self._query.hints
        own = ranked.own.scores(rows, self._cases.hinted(hints, rows))
        if ranked.pages is None:
            return self._whole(own, None, rows)
        of, pages = self._snapshot.groups.pages_of(rows)
        scores = ranked.pages.scores(pages, self._pages.hinted(hints, pages))
        lifted = np.zeros(len(rows))
        np.maximum.at(lifted, of, scores)
        return self._whole(own, lifted, rows)

    def _sorted(self, rows: Rows, scores: Floats) -> Rows:
        """Where in `rows` each is that comes next, for orders other than by score."""
        orders = self._snapshot.orders
        first: Sequence[Ints] = {
            Sort.IMPLEMENTED_IN: (orders.implemented_in,),
            Sort.PRESENTED_IN: (orders.presented_in,),
            Sort.MUNICIPALITY: (orders.implemented_in, orders.municipality),
        }[self._query.sort]
        keys: list[Ints | Floats] = [orders.subject[rows], -scores, *(key[rows] for key in first)]
        return np.lexsort(keys)

    # -- pages ---------------------------------------------------------------------------

    def pages(
        self, subjects: Sequence[str], per_subject: int
    ) -> Mapping[str, tuple[int, tuple[PageHit, ...]]]:
        """What :meth:`kb.search.engine.SearchEngine.pages` returns."""
        return {
            subject: (len(hits), hits[: per_subject or None])
            for subject, hits in self._page_hits(subjects).items()
        }

    def _page_hits(self, subjects: Sequence[str]) -> Mapping[str, tuple[PageHit, ...]]:
        hits: dict[str, list[PageHit]] = {subject: [] for subject in subjects}
        if not self._wanted:
            return dict.fromkeys(subjects, ())
        table = self._snapshot.pages
        rows = self._snapshot.groups.pages_of_subjects(subjects)
        rows = rows[self._pages.visible[rows]]
        some = self._pages.at(self._wanted, rows)
        matched = self._answering(some.held, rows)
        hints = () if self._budget.spent else self._query.hints
        total = some.total + self._pages.hinted(hints, rows)
        scores = settled(total * some.coverage)
        for at in np.flatnonzero(matched).tolist():
            hit = _page_hit(table, int(rows[at]), float(scores[at]), some.held[:, at])
            hits[table.words.subjects.word(int(table.subjects[rows[at]]))].append(hit)
        return {
            subject: tuple(sorted(each, key=lambda hit: (-hit.score, hit.document, hit.page)))
            for subject, each in hits.items()
        }

    def _answering(self, held: Mask, rows: Rows) -> Mask:
        """Which of some pages answer, by what they hold."""
        of_pages = self._query.scope is Scope.PAGE
        if of_pages and self._condition is not None:
            masks = dict(zip(self._wanted, held, strict=True))
            masks |= {at: self._of_cases_holding(at)[rows] for at in self._unwanted}
            told = [masks[at] for at in self._known]
            return fulfilled(self._condition, self._query.match, told)
        join = np.logical_and if of_pages and self._query.match is Match.ALL else np.logical_or
        answering: Mask = join.reduce(held, axis=0)
        return answering


def _looked_up(snapshot: Snapshot, query: EngineQuery, budget: Budget) -> tuple[Postings, Postings]:
    """The rows of cases and pages that hold each clause that time allowed to look up."""
    cases: Postings = {}
    pages: Postings = {}
    places = sorted(range(len(query.clauses)), key=lambda at: not query.clauses[at].excluded)
    for at in places:
        clause = query.clauses[at]
        if cases and budget.spent:
            if clause.excluded:
                raise BadQuery("時間内に調べきれませんでした。除くことばを減らしてください。")
            break  # What has been looked up is answered, and the answer says so.
        cases[at] = snapshot.case_scorer.found(clause)
        if not clause.excluded:
            pages[at] = snapshot.page_scorer.found(clause)
    return cases, pages


def _page_hit(table: Table, row: int, score: float, held: Mask) -> PageHit:
    return PageHit(
        document=table.words.documents.word(int(table.documents[row])),
        page=int(table.pages[row]),
        score=score,
        held=tuple(held.tolist()),
    )
