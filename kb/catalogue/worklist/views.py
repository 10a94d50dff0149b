"""What waits for a curator, kind by kind: frozen, no database behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kb.catalogue.review.views import State
from kb.catalogue.views import DocumentView, PageView
from kb.domain.classification import Classified

PAGE_SIZE = 20
"""Entries on one page of a list."""

UNTOUCHED_DAYS = 30
"""After so long without a change a draft is told of."""

UNSEEN_DAYS = 365
"""After so long an address is to be looked at again."""

ASKED_DAYS = 90
"""How far back questions are looked at."""

FAILED_DAYS = 30
"""How long files are told of that were sent and could not be taken in."""


class Kind(Classified):
    """A list of the worklist."""

    SECOND_PERSON = "second_person", "別の人の確認を待つ変更"
    """Only where nobody publishes alone."""
    NOT_TAKEN = "not_taken", "取り込めなかったファイル"
    FAILED = "failed", "本文を読めなかった資料"
    DOUBTFUL = "doubtful", "読み取りの疑わしい資料"
    RIGHTS = "rights", "利用条件の決まっていない資料"
    ALIKE = "alike", "同じ資料かもしれない組"
    STALE = "stale", f"{UNTOUCHED_DAYS}日のあいだだれも触っていない下書き"
    CASES = "cases", "年度か自治体のない事例"
    SOURCES = "sources", "1年以上確かめていない出典"
    QUESTIONS = "questions", "何も見つからなかった質問"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits."""

    kind: Kind
    id: str
    """Of the document, case, event, file of changes or intake; of a job its batch; empty for a
    question."""
    title: str
    """Of a question the question itself, of a file its name, of an intake its page."""
    notes: tuple[str, ...] = ()
    """What is the matter, in Japanese."""
    other_id: str = ""
    """The other document of a pair."""
    other_title: str = ""
    source: int | None = None
    """The number of an address."""
    url: str = ""
    """That address."""
    seen_on: date | None = None
    """When somebody last saw it there."""
    of_event: bool = False
    """The address is an event's, not a document's."""
    of_file: bool = False
    """The change came as a file, not as lines of a seminar's page."""
    sent_by: str = ""
    """Who wants the change: anybody else may have it written."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of one list."""

    kind: Kind
    total: int
    entries: tuple[Waiting, ...]
    page: int = 1

    @property
    def pages(self) -> int:
        """At least 1."""
        return max(-(-self.total // PAGE_SIZE), 1)


Counts = Mapping[Kind, int]


@dataclass(frozen=True, slots=True)
class PairSide:
    """One of two documents that are alike."""

    document: DocumentView
    state: State
    version: str
    """Of what is recorded; a form hands it back."""
    implemented_in: int | None
    page: PageView | None
    """Its first page; None where a curator may not read it, or there is none."""
    readable: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """Two documents that are alike, as somebody who is to decide looks at them."""

    later: PairSide
    """The one that came later."""
    earlier: PairSide
    kind: str
    """same_text or new_edition, as found."""
    similarity: float
    """0 to 1, estimated."""
    decision: str | None
    """Slug of :class:`~kb.domain.classification.LikenessDecision`; None while nobody has."""
    kept: str | None = None
    """Which one was kept, where they were decided to be the same here."""

    @property
    def sides(self) -> tuple[PairSide, PairSide]:
        """The earlier one first, as one reads."""
        return self.earlier, self.later


@dataclass(frozen=True, slots=True)
class SourceMark:
    """An address that somebody has looked at."""

    url: str
    seen_from: date | None
    seen_until: date | None
