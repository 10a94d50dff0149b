"""What is made of a question: each word as it was read, and the whole of it."""

from dataclasses import dataclass, field

from kb.search.condition import Condition
from kb.search.query import Clause, Entity, Match, Suggestion, Understood, Variant
from kb.search.readers.exclusions import LeftOut
from kb.search.readers.sentences import Sentence
from kb.search.readers.typed import without


@dataclass(frozen=True, slots=True)
class Reading:
    """How one word of the question was read."""

    clause: Clause
    start: int
    end: int
    """Where the word stands in what was typed."""
    chip: Understood | None = None
    more: tuple[Understood, ...] = ()
    """Its other chips: one for each of several towns of one name."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """A whole question, read."""

    typed: str
    """Halves of characters replaced; as long as it was."""
    readings: tuple[Reading, ...] = ()
    entities: tuple[Entity, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    dropped: tuple[Understood, ...] = ()
    """Words that carry nothing to search for."""
    condition: Condition | None = None
    """How the readings stand to one another; None where all must hold and no exclusion may."""
    operators: tuple[tuple[int, Understood], ...] = ()
    """A chip for every または and every exclusion, and where what it is about begins."""
    hints: tuple[Variant, ...] = ()
    """What raises an answer and finds none."""
    sentence: Sentence | None = None
    """What was made of it as a sentence; None where it is none."""

    @property
    def begins_words(self) -> bool:
        """Whether the beginning of a word stands for any that the index knows."""
        chips = (reading.chip for reading in self.readings)
        return any(chip.kind == "prefix" and chip.searched for chip in chips if chip)

    @property
    def match(self) -> Match:
        """Whether all of it must hold: any of the words of a sentence is enough."""
        return Match.ANY if self.sentence and self.sentence.any_is_enough else Match.ALL


@dataclass(slots=True)
class Gathered:
    """What is found while a question is read."""

    typed: str
    pieces: int = 0
    readings: list[Reading] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)
    suggestions: list[Suggestion] = field(default_factory=list)
    dropped: list[Understood] = field(default_factory=list)
    operators: list[tuple[int, Understood]] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    patterns: int = 0

    def drop(self, start: int, end: int, why: str = "検索に使いません") -> None:
        """Note what is left aside."""
        rest = without(self.typed, start, end)
        self.dropped.append(Understood(self.typed[start:end], "dropped", (), why, rest))
