"""How the clauses of a question stand to one another, where that is not simply "all of them".

A condition is a small tree over the positions of the clauses. Scores, counts and marks go by
clause as ever; the condition says only which records answer. Its depth and size are bounded by
the reader of questions (:mod:`kb.search.readers.typed`).
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Generic, TypeVar

Truth = TypeVar("Truth")
"""One truth, or an array of one for every row of a table."""


@dataclass(frozen=True, slots=True)
class Holds:
    """The clause at a position is answered."""

    clause: int


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds; there is at least one."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of the parts holds; there is at least one."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Lacks:
    """The part does not hold."""

    part: "Condition"


Condition = Holds | AllOf | AnyOf | Lacks


@dataclass(frozen=True, slots=True)
class Logic(Generic[Truth]):
    """And, or and not for one sort of truth."""

    both: Callable[[Truth, Truth], Truth]
    either: Callable[[Truth, Truth], Truth]
    negated: Callable[[Truth], Truth]

    def fulfilled(self, condition: Condition, answered: Sequence[Truth]) -> Truth:
        """Whether `condition` holds, given for each clause whether it is answered."""
        match condition:
            case Holds(clause):
                return answered[clause]
            case Lacks(part):
                return self.negated(self.fulfilled(part, answered))
            case AllOf(parts):
                return reduce(self.both, [self.fulfilled(part, answered) for part in parts])
            case AnyOf(parts):
                return reduce(self.either, [self.fulfilled(part, answered) for part in parts])


def relaxed(condition: Condition) -> Condition:
    """The same, where any of the things asked for together is enough; exclusions stay."""
    match condition:
        case AllOf(parts):
            kept = tuple(part for part in parts if isinstance(part, Lacks))
            wanted = tuple(relaxed(part) for part in parts if not isinstance(part, Lacks))
            either = (AnyOf(wanted),) if wanted else ()
            return AllOf((*either, *kept))
        case AnyOf(parts):
            return AnyOf(tuple(relaxed(part) for part in parts))
        case _:
            return condition


def pruned(condition: Condition, kept: Collection[int]) -> Condition | None:
    """What is left when only the clauses at `kept` (in order) are; they are numbered anew."""
    numbers = {clause: at for at, clause in enumerate(sorted(kept))}
    return _pruned(condition, numbers)


def _pruned(condition: Condition, numbers: dict[int, int]) -> Condition | None:
    match condition:
        case Holds(clause):
            return Holds(numbers[clause]) if clause in numbers else None
        case Lacks(part):
            left = _pruned(part, numbers)
            return Lacks(left) if left else None
        case AllOf(parts) | AnyOf(parts):
            rest = tuple(left for part in parts if (left := _pruned(part, numbers)))
            return type(condition)(rest) if rest else None


def unanswered(condition: Condition, missing: Collection[int]) -> Condition | None:
    """What remains to be fulfilled when nothing answers the clauses at `missing`.

    None where nothing can fulfil it. Clauses keep their numbers: 「打破 OR -福津市」 is 「-福津市」
    where 打破 stands nowhere, and 「打破 -福津市」 is impossible.

    Args:
        condition: what is asked.
        missing: clauses that are asked for, none that is left out.
    """
    match condition:
        case Holds(clause):
            return None if clause in missing else condition
        case Lacks():
            return condition
        case AllOf(parts):
            rest = tuple(left for part in parts if (left := unanswered(part, missing)))
            return AllOf(rest) if len(rest) == len(parts) else None
        case AnyOf(parts):
            rest = tuple(left for part in parts if (left := unanswered(part, missing)))
            return AnyOf(rest) if rest else None
