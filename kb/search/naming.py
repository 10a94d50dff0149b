"""The vocabulary questions are read against, kept in step with the catalogue."""

import threading

from kb.catalogue.names import KnownNames, NameReader
from kb.domain.gazetteer import Gazetteer
from kb.domain.municipality import Municipality, MunicipalityKind
from kb.japanese.fold import fold_text
from kb.japanese.readings import romaji_key, to_hiragana
from kb.search.readers.synonyms import shipped
from kb.search.readers.vocabulary import KnownEvent, KnownName, Vocabulary, filed


def name_key(text: str) -> str:
    """The folding under which names are filed and looked up."""
    return "".join(fold_text(text).casefold().split())


class VocabularySource:
    """Gives the vocabulary for the catalogue's present sequence number."""

    def __init__(self, names: NameReader) -> None:
        self._names = names
        self._lock = threading.Lock()
        self._kept: tuple[int, Vocabulary] | None = None
        self._gazetteer: tuple[tuple[Municipality, ...], Gazetteer] | None = None
        self._active: frozenset[str] = frozenset()

    def at(self, sequence: int) -> Vocabulary:
        """The vocabulary of the catalogue at `sequence`; made anew only when that moves."""
        with self._lock:
            if self._kept is None or self._kept[0] != sequence:
                self._kept = sequence, self._made()
            return self._kept[1]

    def _made(self) -> Vocabulary:
        known = self._names.known()
        self._active = known.active_codes
        bodies, gazetteer = self._places()
        return Vocabulary(
            gazetteer=gazetteer,
            synonyms=shipped(name_key),
            key=name_key,
            names=filed(_spellings(known), name_key),
            events=tuple(KnownEvent(e.id, e.title, e.held_on, e.fiscal_year) for e in known.events),
            departments=frozenset(name_key(name) for name in known.departments),
            place_names=tuple(body.name for body in bodies),
            prefectures=frozenset(
                str(b.code)[:2] for b in bodies if b.kind is MunicipalityKind.PREFECTURE
            ),
            active_codes=known.active_codes,
        )

    def _places(self) -> tuple[tuple[Municipality, ...], Gazetteer]:
        """The gazetteer, made anew only when the places have changed (0.1 s)."""
        bodies, former = self._names.places()
        if self._gazetteer is None or self._gazetteer[0] != bodies:
            gazetteer = Gazetteer(
                bodies,
                former,
                romaji_key=romaji_key,
                to_hiragana=to_hiragana,
                fold=fold_text,
                prefer=lambda body: int(str(body.code) in self._active),
            )
            self._gazetteer = bodies, gazetteer
        return self._gazetteer


def _spellings(known: KnownNames) -> list[tuple[str, KnownName]]:
    people = [
        (spelling, KnownName("person", person.id, person.name))
        for person in known.people
        for spelling in person.spellings
    ]
    programmes = [(title, KnownName("programme", id_, title)) for id_, title in known.programmes]
    events = [(event.title, KnownName("event", event.id, event.title)) for event in known.events]
    return [*people, *programmes, *events]
