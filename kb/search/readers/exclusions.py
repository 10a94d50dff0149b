"""Reading what is to be left out: a word in every spelling, a place, a year, a person.

What is left out goes by words and by what is filed, never by synonyms: who types -町長 may well
want the 首長. The chip says what was left out.
"""

import re
from dataclasses import dataclass
from datetime import date

from kb.japanese.readings import to_hiragana
from kb.search.query import Variant
from kb.search.readers.places import PlaceReader
from kb.search.readers.probing import Prober
from kb.search.readers.vocabulary import Vocabulary
from kb.search.readers.years import excluded_years

LONGEST_NAME = 60
"""Characters of what may be the name of a place, a year or a person."""

_HIRAGANA = re.compile(r"[ぁ-ゖ]")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What one word leaves out, and what its chip says."""

    variants: tuple[Variant, ...]
    label: str = "を含むものを除く"
    searched: tuple[str, ...] = ()
    """What else it goes by; none of it is left in."""


class ExclusionReader:
    """Reads exclusions against one vocabulary."""

    def __init__(self, vocabulary: Vocabulary, prober: Prober, places: PlaceReader) -> None:
        self._vocabulary = vocabulary
        self._prober = prober
        self._places = places

    def read(self, text: str, today: date) -> LeftOut:
        """What leaving out `text` leaves out; 昨年度 counts from the day `today`."""
        words = self._words(text)
        if len(text) > LONGEST_NAME:
            return LeftOut(words)
        for also in (self._year(text, today), self._place(text), self._person(text)):
            if also is not None:
                variants = dict.fromkeys((*words, *also.variants))
                return LeftOut(tuple(variants), also.label, also.searched)
        return LeftOut(words)

    def _words(self, text: str) -> tuple[Variant, ...]:
        """The words in any spelling; with hiragana also the characters, since the analyser cuts
        and inflects those by what stands around them (多く is 多い, or a noun).
        """
        own = self._prober.literal(text)
        terms = own.probes[0].tokens if own.probes else ()
        # The analyser's spelling as well: 取組み leaves out what 取り組み does.
        letters = dict.fromkeys((text, *(terms if len(terms) == 1 else ())))
        inflected = [word for word in letters if _HIRAGANA.search(word)]
        return (own, *map(self._prober.exact, inflected if _HIRAGANA.search(text) else ()))

    def _year(self, text: str, today: date) -> LeftOut | None:
        reading = excluded_years(text, self._vocabulary, self._prober, today)
        if reading is None:
            return None
        names = tuple(name for name in reading.named if name != text)
        return LeftOut(reading.variants, reading.label, names)

    def _place(self, text: str) -> LeftOut | None:
        place = self._places.left_out(text)
        if place is None:
            return None
        names = tuple(name for name in place.searched if name != text)
        return LeftOut(place.variants, "の事例と、その名を含むものを除く", names)

    def _person(self, text: str) -> LeftOut | None:
        key = self._vocabulary.key(text)
        for person in self._vocabulary.things.people:
            read = person.kana_key and to_hiragana(key) == person.kana_key
            if key in person.keys or read:
                spellings = dict.fromkeys((person.name, *person.keys))
                variants = tuple(self._prober.literal(spelling) for spelling in spellings)
                return LeftOut(variants, searched=() if text == person.name else (person.name,))
        return None
