"""Why a result stands where it does: the parts its score is added up from, as its engine had them.

Nothing here knows how scores are made: an engine fills it in from its own numbers
(:mod:`kb.search.explaining`). What is added up gives the score; factors below 1 take away.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that was met in a record, and what it adds there."""

    typed: str
    """What was asked for; empty for a hint."""
    surface: str
    """The way of saying it that counted most: 改善 for カイゼン."""
    stream: str | None
    """The :class:`~kb.search.query.Stream` it was met in; None for a value the record is filed
    under."""
    tokens: tuple[str, ...]
    """What was looked up; of a facet the one value."""
    phrase: bool
    """The tokens had to stand next to each other."""
    times: tuple[int, ...]
    """How often each token was met; of a phrase how often all of it; empty for a facet."""
    weight: float
    """Of the stream and of the way of saying it together."""
    rarity: float
    """The sum of the tokens' :func:`~kb.search.scoring.idf`; 0 for a facet."""
    amount: float
    """What it adds to the record, before coverage."""


@dataclass(frozen=True, slots=True)
class RecordParts:
    """What one record scores: the case itself, or one of its pages."""

    document: str
    """Of a page; empty for the case."""
    page: int
    """From 1; 0 for the case."""
    clauses: tuple[Part, ...]
    hints: tuple[Part, ...]
    """What raises it beyond holding the words: that they stand together as typed."""
    coverage: float
    """What all of it is multiplied by: 1 where it holds everything asked for."""

    @property
    def found(self) -> float:
        """What was met, added up."""
        return sum(part.amount for part in (*self.clauses, *self.hints))

    @property
    def score(self) -> float:
        """The same, by how much of what was asked for the record covers."""
        return self.found * self.coverage


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why one subject has its score."""

    subject: str
    case: RecordParts
    best_page: RecordParts | None
    page_weight: float
    """How much of its best page's score a case gains."""
    standing: float
    """What everything is multiplied by for what the subject is: a case, a paper, a specimen."""
    score: float
    """As the engine ranked it; the parts add up to it, but for rounding (1e-6)."""
    year: str | None
    """The year of implementation, by which equal scores are ordered, newest first."""
    equals: int
    """How many other subjects that answer have the same score."""

    @property
    def lift(self) -> float:
        """What the best page adds."""
        return self.page_weight * self.best_page.score if self.best_page else 0.0

    @property
    def total(self) -> float:
        """The parts added up."""
        return (self.case.score + self.lift) * self.standing
