"""The folded forms under which names are met while they are being typed.

Widths, cases, variant kanji and blanks are folded, katakana is hiragana: ﾌｸﾂ, フクツ and ふくつ
are one. A reading is met in Latin letters too, as passports spell it (so that a syllable may be
half typed) and under the key that all spellings share.
"""

import re
import unicodedata
from functools import lru_cache

from kb.domain.offerable import Offerable, OfferKind
from kb.japanese.fold import fold_text
from kb.japanese.readings import romaji, romaji_key, to_hiragana
from kb.search.suggestions.spoken import reading_of

LONGEST_KEY = 120
"""Characters of a name that are kept; the titles of the corpus have 20 to 60."""

_LATIN = re.compile(r"[a-z\s'’.\-‐]*[a-z][a-z\s'’.\-‐]*")
_UNWANTED = re.compile(r"[\s\x00-\x1f「」『』\"'’()\[\]【】]+")
"""Blanks and quotes are typed or left out at will."""
_OF_WORDS = (OfferKind.DEPARTMENT, OfferKind.THEME, OfferKind.WORD)
"""Named with common words, whose readings are known."""


def offer_key(text: str) -> str:
    """The folding under which names are compared with what is typed."""
    return to_hiragana(_UNWANTED.sub("", fold_text(text).casefold()))


def typed_keys(typed: str) -> tuple[str, ...]:
    """What to look for: as it was typed and, for Latin letters, under the key of readings."""
    latin = _LATIN.fullmatch(unicodedata.normalize("NFKC", typed).casefold())
    keys = (offer_key(typed), romaji_key(typed) if latin else "")
    return tuple(dict.fromkeys(key for key in keys if key))


def keys_of(thing: Offerable) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The keys of one thing's names, and those of its readings."""
    names = tuple(dict.fromkeys(offer_key(name)[:LONGEST_KEY] for name in thing.names))
    readings = list(thing.readings)
    if thing.kind in _OF_WORDS:
        readings += filter(None, map(reading_of, thing.names))
    spelt = dict.fromkeys(key for reading in readings for key in _read(reading))
    return tuple(filter(None, names)), tuple(key for key in spelt if key and key not in names)


@lru_cache(maxsize=16_384)
def _read(reading: str) -> tuple[str, ...]:
    """The keys of a reading; kept, since every table holds the same 6,000 of places."""
    return offer_key(reading), offer_key(romaji(reading)), romaji_key(reading)
