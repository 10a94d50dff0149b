"""What is said for a municipality, and which of several namesakes a name means."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from indexer.recognise.evidence import Evidence
from indexer.recognise.reading import Mention
from kb.domain.gazetteer import MatchReason, PlaceMatch
from kb.domain.municipality import MunicipalityKind

_PRESENT = (MatchReason.NAME, MatchReason.PREFECTURE, MatchReason.CODE)


@dataclass(frozen=True, slots=True)
class Claim:
    """One ground for one municipality."""

    code: str
    rule: str
    weight: float
    """0 to 1: how sure this ground alone would be."""
    evidence: Evidence


def meant(matches: Sequence[PlaceMatch], prefectures: Counter[str]) -> PlaceMatch | None:
    """The one municipality a name means; None where namesakes cannot be told apart.

    A name of today goes before a name of the past; of namesakes the one whose prefecture the
    document names is taken.
    """
    present = [match for match in matches if match.why in _PRESENT]
    candidates = present or list(matches)
    if len(candidates) == 1:
        return candidates[0]
    named = [match for match in candidates if prefectures[match.municipality.prefecture]]
    return named[0] if len(named) == 1 else None


def prefectures_named(mentions: Iterable[Mention]) -> Counter[str]:
    """How often each prefecture is named, alone or before a name."""
    named: Counter[str] = Counter()
    for mention in mentions:
        for match in mention.span.matches[:1]:
            body = match.municipality
            if body.kind is MunicipalityKind.PREFECTURE or body.prefecture in mention.span.text:
                named[body.prefecture] += 1
    return named
