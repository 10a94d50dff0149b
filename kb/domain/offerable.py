"""Everything that may be offered while a question is being typed: its names, and to whom."""

from dataclasses import dataclass

from kb.domain.classification import Classified
from kb.domain.rights import Audience

EVERYBODY = frozenset(Audience)


class OfferKind(Classified):
    """What is offered, in the order in which equals are listed."""

    MUNICIPALITY = "municipality", "自治体"
    THEME = "theme", "テーマ"
    DEPARTMENT = "department", "部署"
    PERSON = "person", "人"
    WORD = "word", "ことば"
    CASE = "case", "事例"
    EVENT = "event", "催し"
    PROGRAMME = "programme", "事業"
    SERIES = "series", "シリーズ"
    DOCUMENT = "document", "資料"


@dataclass(frozen=True, slots=True)
class Offerable:
    """One thing under every name that it goes by."""

    kind: OfferKind
    id: str
    """Of its page; empty for what has none and is searched for."""
    label: str
    names: tuple[str, ...]
    """What it is met by, as it is written."""
    readings: tuple[str, ...] = ()
    """What it is met by, in kana or Latin letters; curated, never guessed."""
    text: str = ""
    """What to search for; the label where it is empty."""
    why: str = ""
    """What tells it from its namesakes, or why it is meant."""
    audiences: frozenset[Audience] = EVERYBODY
    """Who may know of it."""
    cases: int = 0
    """Cases, or documents standing alone, that everybody finds under it."""
    specimen: bool = False
    former: bool = False
    """The names are of the past: they are no more a name of what is offered."""
