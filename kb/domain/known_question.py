"""Questions whose answers are known (確認の質問): what must be found, and how that is written."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST_QUESTION = 200
"""Characters."""
WITHIN = 10
"""Results among which an answer must be, unless a question says otherwise."""
MOST_WITHIN = 100

NOTHING = "none"
_DID_YOU_MEAN = "did_you_mean:"
_SEPARATOR = re.compile(r"[;；]")
_PAGE = re.compile(r"(?P<id>[^#]+)#(?P<page>\d{1,5})")


class BadQuestion(ValueError):
    """A known question cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What must come of a question."""

    first: tuple[str, ...] = ()
    """The first result is one of these: a case, or a document without a case."""
    found: tuple[tuple[str, ...], ...] = ()
    """Of each: one of these among the first results, their documents or the cards above them.
    ``doc-a#5`` is page 5 of a document, quoted."""
    within: int = WITHIN
    suggested: tuple[str, ...] = ()
    """Offered as what may have been meant."""
    nothing: bool = False
    """There are no results."""
    missing: tuple[str, ...] = ()
    """Said to stand nowhere."""
    understood: tuple[str, ...] = ()
    """Kinds of understanding: place, synonym, year ..."""

    @property
    def notation(self) -> str:
        """`found`, `suggested` and `nothing` as one cell: ``case-a|case-b;doc-c#5``."""
        parts = [NOTHING] * self.nothing
        parts += ["|".join(choice) for choice in self.found]
        parts += [_DID_YOU_MEAN + text for text in self.suggested]
        return ";".join(parts)


@dataclass(frozen=True, slots=True)
class KnownQuestion:
    """A question with its answer.

    Raises:
        BadQuestion: it has no name or words, or expects nothing or too much.
    """

    id: str
    question: str
    expected: Expected
    filters: str = ""
    """``municipality=中野区&theme=DX``, as in an address."""
    note: str = ""
    active: bool = True

    def __post_init__(self) -> None:
        if not self.id or len(self.id) > 80 or re.search(r"\s", self.id):
            raise BadQuestion("ID は、空白のない80文字までの名前にしてください。")
        if not self.question or len(self.question) > LONGEST_QUESTION:
            raise BadQuestion(f"質問は1文字から{LONGEST_QUESTION}文字までにしてください。")
        if not 1 <= self.expected.within <= MOST_WITHIN:
            raise BadQuestion(f"何件目までかは、1から{MOST_WITHIN}までにしてください。")
        if self.expected == Expected(within=self.expected.within):
            raise BadQuestion("何が見つかるべきか(first、any、missing など)を書いてください。")
        if self.expected.nothing and (self.expected.first or self.expected.found):
            raise BadQuestion("「見つからない」(none)と、見つかるべきものは、一緒に書けません。")


def expected_of(
    first: str, answers: str, *, missing: str = "", understood: str = "", within: int = WITHIN
) -> Expected:
    """What the cells of a list say; each is blank or divided by semicolons, `first` by bars."""
    parts = _parts(answers)
    meant = tuple(part for part in parts if part.startswith(_DID_YOU_MEAN))
    ids = (part for part in parts if part != NOTHING and part not in meant)
    return Expected(
        first=_choices(first),
        found=tuple(choices for part in ids if (choices := _choices(part))),
        within=within,
        suggested=tuple(part.removeprefix(_DID_YOU_MEAN).strip() for part in meant),
        nothing=NOTHING in parts,
        missing=_parts(missing),
        understood=_parts(understood),
    )


def page_of(answer: str) -> tuple[str, int] | None:
    """Document and page of ``doc-a#5``; None for the name of a case, document or card."""
    match = _PAGE.fullmatch(answer)
    return (match["id"], int(match["page"])) if match else None


def _parts(cell: str) -> tuple[str, ...]:
    return _words(_SEPARATOR.split(cell))


def _choices(cell: str) -> tuple[str, ...]:
    return _words(cell.split("|"))


def _words(parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(word for part in parts if (word := part.strip()))
