"""What is said of a question beside its answer: chips, notices, counts of cards, suggestions."""

from collections.abc import Iterable
from dataclasses import replace

from kb.search.finding import Found
from kb.search.query import Entity, Match, Suggestion, Understood
from kb.search.readers.typed import without
from kb.search.readers.vocabulary import Vocabulary
from kb.search.understanding import Understanding

CHOICES = ("choose_place", "choose_year")
"""Suggestions that are made whatever was found: the question may have meant the other one."""


def notices_of_sentence(understanding: Understanding, found: Found) -> tuple[str, ...]:
    """What is said of a question that was read as a sentence and found something."""
    if understanding.sentence is None or not found.answer.total:
        return ()
    loose = found.query.match is Match.ANY and not found.stepped_down
    return understanding.sentence.notices(any_was_enough=loose)


def chips(understanding: Understanding, found: Found) -> tuple[Understood, ...]:
    """How each word was read, and which stand nowhere, in the order they were typed."""
    gone = {(reading.start, reading.end) for reading in found.missing}
    told = list(understanding.operators)
    told += [(start, _nowhere(understanding.typed, start, end)) for start, end in _joined(gone)]
    for reading in understanding.readings:
        if reading.chip is not None and (reading.start, reading.end) not in gone:
            told += [(reading.start, chip) for chip in (reading.chip, *reading.more)]
    ordered = sorted(told, key=lambda placed: placed[0])
    return (*(chip for _, chip in ordered), *understanding.dropped)


def _nowhere(typed: str, start: int, end: int) -> Understood:
    rest = without(typed, start, end)
    return Understood(typed[start:end], "missing", (), "どの資料にもありません", rest)


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order; those without a gap between them as one: who typed them meant one word."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def with_counts(cards: tuple[Entity, ...], vocabulary: Vocabulary) -> tuple[Entity, ...]:
    """The cards, those that cases are counted for with how many there are."""
    counted = {card[0] for card in vocabulary.case_counts}
    return tuple(
        replace(card, count=vocabulary.case_counts.get((card.kind, card.id), 0))
        if card.kind in counted
        else card
        for card in cards
    )


def suggestions(
    understanding: Understanding, found: Found, mistyped: tuple[Suggestion, ...]
) -> tuple[Suggestion, ...]:
    """Other questions that may have been meant, or may find something; `mistyped` come first."""
    nowhere = {reading.chip.kind for reading in found.missing if reading.chip}
    wanted = [
        s
        for s in understanding.suggestions
        if s.kind in CHOICES and not (s.kind == "choose_year" and "year" in nowhere)
    ]
    wanted += mistyped
    if not mistyped and (found.missing or not found.answer.total):
        wanted += [s for s in understanding.suggestions if s.kind == "did_you_mean"]
    if found.stepped_down or not found.answer.total:
        wanted += _droppable(understanding, found)
    return tuple(dict.fromkeys(wanted))


def _droppable(understanding: Understanding, found: Found) -> list[Suggestion]:
    """A link for each word that could be left out."""
    readings = [reading for reading in found.readings if not reading.clause.excluded]
    if len(readings) < 2:
        return []
    typed = understanding.typed
    return [
        Suggestion("drop_word", without(typed, r.start, r.end), typed[r.start : r.end])
        for r in readings
    ]
