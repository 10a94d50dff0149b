"""The gazetteer over the names of places, with the Japanese it compares them by."""

from collections.abc import Iterable

from kb.domain.gazetteer import Gazetteer
from kb.domain.municipality import FormerName, Municipality
from kb.japanese.fold import fold_text
from kb.japanese.readings import romaji_key, romaji_key_long, to_hiragana


def gazetteer_over(bodies: Iterable[Municipality], former: Iterable[FormerName]) -> Gazetteer:
    """Municipalities with their present and former names (0.1 s to make)."""
    return Gazetteer(
        tuple(bodies),
        tuple(former),
        romaji_key=romaji_key,
        other_romaji_key=romaji_key_long,
        to_hiragana=to_hiragana,
        fold=fold_text,
    )
