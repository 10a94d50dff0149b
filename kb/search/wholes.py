"""What a question asks as a whole, once each of its words is read.

It may be a sentence, of which not every word is searched for; some words need not be held; of towns
that are listed one is enough.
"""

from dataclasses import replace

from kb.domain.gazetteer import Gazetteer
from kb.search.condition import Condition
from kb.search.query import Understood
from kb.search.readers import towns
from kb.search.readers.general import Stands, general_words, needed, not_narrowing
from kb.search.readers.probing import Prober
from kb.search.readers.sentences import Sentence, Word, as_sentence
from kb.search.understanding import Gathered, Reading

YEAR_WORDS_WEIGHT = 0.7
"""What the words of a year count in a sentence, beside what is filed under it: with 0, MRR@10 on
JaQuAD is .005 lower, with 1 it is level."""


def sentence_of(gathered: Gathered) -> Sentence | None:
    """What the words read make as a sentence, or None where they make none."""
    return as_sentence(
        gathered.typed,
        [
            Word(r.start, r.end, filed=r.chip is not None and r.chip.kind != "spelling")
            for r in gathered.readings
        ],
    )


def what_is_needed(
    sentence: Sentence | None, into: Gathered, gazetteer: Gazetteer
) -> Condition | None:
    """What must hold of a question without alternatives of its own; None where all of its
    words must, or any of them is enough.
    """
    if sentence is not None and sentence.any_is_enough:
        return None
    words = [Stands(r.start, r.end, r.clause.excluded) for r in into.readings]
    general = general_words(into.typed, words, in_sentence=sentence is not None)
    for at in general:
        reading = into.readings[at]
        clause, chip = not_narrowing(reading.clause, into.typed, words[at])
        own = (reading.chip,) if reading.chip else ()
        more = (*own, *reading.more)
        into.readings[at] = replace(reading, clause=clause, chip=chip, more=more)
    return needed(words, general, _either(into, gazetteer))


def _either(into: Gathered, gazetteer: Gazetteer) -> list[tuple[int, ...]]:
    """The positions of towns that are listed, and a chip for each list."""
    placed = enumerate(into.readings)
    found = (towns.town(r.clause, at, r.start, r.end, gazetteer) for at, r in placed)
    runs = list(towns.listed(into.typed, [town for town in found if town]))
    into.operators += [(run[0].start, towns.chip(into.typed, run)) for run in runs]
    return [tuple(town.at for town in run) for run in runs]


def keep(sentence: Sentence, into: Gathered, prober: Prober) -> None:
    """Leave aside what a sentence does not search for, and say that it is one."""
    readings = [into.readings[at] for at in sentence.kept]
    into.readings = readings
    if sentence.any_is_enough:
        into.readings = [_with_words_of_year(reading, prober) for reading in readings]
        label = "文として、どれかを含む"
        chip = Understood(into.typed, "operator", (), label, sentence.all_of)
        into.operators.append((0, chip))


def _with_words_of_year(reading: Reading, prober: Prober) -> Reading:
    """A year in a sentence may be one of the past, which only texts tell of (1939年)."""
    if reading.chip is None or reading.chip.kind != "year":
        return reading
    words = prober.scattered(reading.clause.typed, YEAR_WORDS_WEIGHT)
    clause = reading.clause
    return replace(reading, clause=replace(clause, variants=(*clause.variants, words)))
