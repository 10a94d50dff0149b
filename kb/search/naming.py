"""The vocabulary questions are read against, kept in step with the catalogue."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from kb.catalogue.names import KnownNames, NameReader, PersonName
from kb.domain.municipality import MunicipalityKind
from kb.domain.synonyms import SynonymEntry, effective
from kb.japanese.fold import fold_text
from kb.japanese.readings import romaji_key, to_hiragana
from kb.search.gazetteers import KeptGazetteer
from kb.search.readers.synonyms import Synonyms, expansions, shipped_groups
from kb.search.readers.things import (
    KnownEdition,
    KnownIssue,
    KnownPerson,
    KnownSeries,
    Post,
    Things,
    Titled,
    family_kana,
    forms,
    romaji_names,
)
from kb.search.readers.vocabulary import KnownEvent, Vocabulary
from kb.search.suggesting import SHARE_OF_TIME

LARGE = 5_000
"""Changes recorded in a catalogue from which on nobody waits for a new vocabulary: reading the
names of 100,000 cases takes a second."""


def name_key(text: str) -> str:
    """The folding under which names are filed and looked up."""
    return "".join(fold_text(text).casefold().split())


class SynonymSource(Protocol):
    """Where the groups beside the shipped ones come from."""

    def entries(self) -> tuple[SynonymEntry, ...]:
        """All of them."""
        ...

    def change(self) -> int:
        """A number that is another one after every change."""
        ...


@dataclass(frozen=True, slots=True)
class _Made:
    """A vocabulary, and which state of the catalogue it was made from."""

    sequence: int
    day: date
    vocabulary: Vocabulary
    seconds: float
    """What making it took."""
    ended: float
    """When it was ready, by the monotonic clock."""


class VocabularySource:
    """Gives the vocabulary for the catalogue's present sequence number.

    Of a large catalogue it takes seconds to make, and an intake changes the catalogue every
    moment: the old one answers until a new one has been made beside the requests.
    """

    def __init__(self, names: NameReader, synonyms: SynonymSource) -> None:
        self._names = names
        self._groups = synonyms
        self._synonyms: tuple[int, Synonyms] | None = None
        self._lock = threading.Lock()
        self._making = threading.Lock()
        self._maker = ThreadPoolExecutor(1, thread_name_prefix="vocabulary")
        self._kept: _Made | None = None
        self._coming: Future[_Made] | None = None
        self._active: frozenset[str] = frozenset()
        self._gazetteer = KeptGazetteer(
            names.places, lambda body: int(str(body.code) in self._active)
        )

    def at(self, sequence: int, closed_since: Callable[[int], bool]) -> Vocabulary:
        """The vocabulary of the catalogue at `sequence`, or of a large one not long before.

        It is made anew only when that moves, and at midnight, when permissions run out.
        `closed_since` tells whether anything has been closed to somebody since an earlier state:
        then nobody is given names of that state any more.
        """
        with self._lock:
            kept = self._newest()
            if kept is not None and kept.day == self._names.day():
                if kept.sequence == sequence:
                    return kept.vocabulary
                if sequence >= LARGE and not closed_since(kept.sequence):
                    self._make_aside(kept, sequence)
                    return kept.vocabulary
            self._kept = self._make(sequence)
            return self._kept.vocabulary

    def _newest(self) -> _Made | None:
        """The last that was made, here or beside."""
        if self._coming is not None and self._coming.done():
            ended, self._coming = self._coming, None
            made = ended.result()
            if self._kept is None or made.sequence > self._kept.sequence:
                self._kept = made
        return self._kept

    def _make_aside(self, kept: _Made, sequence: int) -> None:
        rested = time.monotonic() - kept.ended
        if self._coming is None and rested >= kept.seconds * (1 / SHARE_OF_TIME - 1):
            self._coming = self._maker.submit(self._make, sequence)

    def _make(self, sequence: int) -> _Made:
        with self._making:
            started, day = time.monotonic(), self._names.day()
            vocabulary = self._made()
            ended = time.monotonic()
            return _Made(sequence, day, vocabulary, ended - started, ended)

    def _made(self) -> Vocabulary:
        known = self._names.known()
        self._active = known.active_codes
        bodies, gazetteer = self._gazetteer.with_bodies()
        return Vocabulary(
            gazetteer=gazetteer,
            synonyms=self._expansions(),
            key=name_key,
            things=_things(known),
            events=tuple(KnownEvent(e.id, e.title, e.held_on, e.fiscal_year) for e in known.events),
            departments=frozenset(name_key(name) for name in known.departments),
            place_names=tuple(body.name for body in bodies),
            prefectures=frozenset(
                str(b.code)[:2] for b in bodies if b.kind is MunicipalityKind.PREFECTURE
            ),
            active_codes=known.active_codes,
            case_counts=known.case_counts,
        )

    def _expansions(self) -> Synonyms:
        """The synonyms, made anew only when they have changed (1 s for 20,000 groups)."""
        change = self._groups.change()
        if self._synonyms is None or self._synonyms[0] != change:
            entries = effective(shipped_groups(), self._groups.entries())
            self._synonyms = change, expansions(entries, name_key)
        return self._synonyms[1]


def _things(known: KnownNames) -> Things:
    return Things(
        people=tuple(_person(person) for person in known.people),
        titled=(
            *(
                Titled("programme", "事業", id_, title, forms(title, name_key))
                for id_, title in known.programmes
            ),
            *(
                Titled("event", "催し", event.id, event.title, (name_key(event.title),))
                for event in known.events
            ),
        ),
        series=_series(known),
    )


def _person(person: PersonName) -> KnownPerson:
    return KnownPerson(
        id=person.id,
        name=person.name,
        keys=tuple(dict.fromkeys(name_key(spelling) for spelling in person.spellings)),
        kana=person.kana,
        kana_key=to_hiragana(name_key(person.kana or "")),
        family_kana_key=to_hiragana(name_key(family_kana(person.kana))),
        posts=tuple(Post(title, name_key(title), on) for title, on in person.posts),
        romaji_keys=romaji_names(person.kana, romaji_key),
    )


def _series(known: KnownNames) -> tuple[KnownSeries, ...]:
    events = [event for event in known.events if event.series]
    names = dict.fromkeys((*(e.series or "" for e in events), *(i.series for i in known.issues)))
    return tuple(
        KnownSeries(
            name=name,
            keys=forms(name, name_key),
            editions=tuple(
                KnownEdition(e.id, e.title, e.edition, e.held_on, e.fiscal_year)
                for e in events
                if e.series == name
            ),
            issues=tuple(
                KnownIssue(i.id, i.title, i.number) for i in known.issues if i.series == name
            ),
        )
        for name in names
    )
