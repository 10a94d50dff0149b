"""What the pages on synonyms show and what they hand in: frozen, no database behind them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kb.domain.classification import Classified
from kb.domain.synonym_rehearsal import Rehearsal
from kb.domain.synonyms import BadSynonyms, Relation, SynonymEntry, SynonymGroup
from kb.domain.word_lists import split_words

PAGE_SIZE = 50
"""Groups on one page of the list."""
_BETWEEN = re.compile(r"[;；、,，\r\n]")


class Shown(Classified):
    """Which groups of the list are wanted."""

    ALL = "all", "すべて"
    SHIPPED = "shipped", "製品に入っている組"
    OWN = "own", "自分の町の組"
    CHANGED = "changed", "製品の組を変えたもの"
    SUDACHI = "sudachi", "Sudachi同義語辞書"
    OFF = "off", "使わない組"


@dataclass(frozen=True, slots=True)
class GroupsAsked:
    """Which groups are wanted."""

    word: str = ""
    shown: Shown = Shown.ALL
    page: int = 1


@dataclass(frozen=True, slots=True)
class GroupView:
    """One group of the list."""

    entry: SynonymEntry
    """As questions are read with it now; of a new group as it is drafted."""
    shown: Shown
    drafted: bool = False
    """The draft has something to say of it."""


@dataclass(frozen=True, slots=True)
class GroupList:
    """One page of the groups."""

    asked: GroupsAsked
    groups: tuple[GroupView, ...]
    total: int
    counts: Mapping[Shown, int]
    """Of all groups, whatever is asked for."""

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PAGE_SIZE))


@dataclass(frozen=True, slots=True)
class GroupFields:
    """The form of a group as it is typed."""

    relation: str = Relation.SAME.value
    head: str = ""
    words: str = ""

    def group(self) -> SynonymGroup:
        """What is meant.

        Raises:
            BadSynonyms: it cannot be understood; the message says what to do.
        """
        if self.relation not in set(Relation):
            raise BadSynonyms("組の種類を選んでください。")
        relation = Relation(self.relation)
        words = split_words(self.words)
        head = self.head.strip()
        if relation is not Relation.NARROWER:
            if head:
                raise BadSynonyms(
                    f"「上の語」は「{Relation.NARROWER.label}」のときだけ使います。"
                    "種類を変えるか、「上の語」を空けてください。"
                )
            if len(words) < 2:
                raise BadSynonyms("語を2つ以上、「、」で区切って入れてください。")
        elif not head or not {*words} - {head}:
            raise BadSynonyms("「上の語」と、それに含まれる語を1つ以上入れてください。")
        if _BETWEEN.search(head):
            raise BadSynonyms("「上の語」は1つだけにしてください。")
        return SynonymGroup(relation, words, head)


@dataclass(frozen=True, slots=True)
class GroupForm:
    """The form of one group."""

    key: str | None
    """None: a new one."""
    version: str
    fields: GroupFields
    now: SynonymEntry | None
    """As questions are read with it now."""
    drafted: bool = False
    shipped: SynonymGroup | None = None
    """The group of the program that goes by this key."""


@dataclass(frozen=True, slots=True)
class DraftedChange:
    """One change of the draft: how questions are read with a group now and then."""

    key: str
    before: SynonymEntry | None
    after: SynonymEntry | None
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class KeptRehearsal:
    """The rehearsal of the draft as it stands."""

    asked_at: datetime
    result: Rehearsal | None
    """None: it is still being asked."""
    titles: Mapping[str, str]
    """Subject -> title of what would be gained or lost."""
    failed: bool = False
    """The worker has given it up."""


@dataclass(frozen=True, slots=True)
class DraftView:
    """The draft, and what came of rehearsing it."""

    version: str
    changes: tuple[DraftedChange, ...]
    rehearsal: KeptRehearsal | None


class NotReady(ValueError):
    """The draft cannot be published, or a publication not be taken back; the message says what
    to do."""
