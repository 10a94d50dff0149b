"""The gazetteer over the names of places, with the Japanese it compares them by."""

from collections.abc import Callable
from functools import lru_cache

from kb.domain.gazetteer import Gazetteer
from kb.domain.municipality import FormerName, Municipality
from kb.domain.place_names import LocalName, Places
from kb.japanese.fold import fold_text
from kb.japanese.readings import romaji_key, romaji_key_long, to_hiragana

Bodies = tuple[Municipality, ...]
Prefer = Callable[[Municipality], int]


def _alike(_body: Municipality) -> int:
    return 0


def gazetteer_over(
    bodies: Bodies,
    former: tuple[FormerName, ...],
    local: tuple[LocalName, ...] = (),
    prefer: Prefer = _alike,
) -> Gazetteer:
    """Municipalities with their present, former and local names (0.4 s of CPU to make).

    The last two are kept, which is one with local names and one without: whoever asks next over
    the same names shares it.
    """
    return _over(bodies, former, local).preferring(prefer)


@lru_cache(maxsize=2)
def _over(
    bodies: Bodies, former: tuple[FormerName, ...], local: tuple[LocalName, ...]
) -> Gazetteer:
    return Gazetteer(
        bodies,
        former,
        local,
        romaji_key=romaji_key,
        other_romaji_key=romaji_key_long,
        to_hiragana=to_hiragana,
        fold=fold_text,
    )


class KeptGazetteer:
    """The gazetteer of a catalogue, made anew only when its places have changed.

    Safe to use from several threads: two of them may make it at once, each a whole one.
    """

    def __init__(
        self,
        places: Callable[[], Places],
        prefer: Prefer = _alike,
    ) -> None:
        """`places` reads them (0.1 s); `prefer` is as :class:`Gazetteer` has it."""
        self._places = places
        self._prefer = prefer
        self._held: tuple[Places, Gazetteer] | None = None

    def __call__(self) -> Gazetteer:
        """The gazetteer of now."""
        return self.with_bodies()[1]

    def with_bodies(self) -> tuple[Bodies, Gazetteer]:
        """The municipalities of now, and the gazetteer over them."""
        places, held = self._places(), self._held
        if held is None or held[0] != places:
            held = self._held = places, gazetteer_over(*places, prefer=self._prefer)
        return places.bodies, held[1]
