"""What the page of a batch shows and hands in: frozen, no database behind them."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kb.catalogue.history.views import EventView, Names
from kb.catalogue.review.views import QueueRow, RightsWish
from kb.domain.classification import Classified
from kb.domain.settled import Field


class How(Classified):
    """What is wanted of one field of every document."""

    KEEP = "keep", "そのまま"
    EACH = "each", "資料ごとの自動判定で確定"
    SAME = "same", "どの資料も同じ値で確定"


class Kept(Classified):
    """Why a field of a document stays as it is though something was wanted of it."""

    DECIDED = "decided", "確定済み"
    RECORDED = "recorded", "記録済み"
    SURE = "sure", "確かな自動判定が別の値"
    UNSURE = "unsure", "自動判定が不確か"
    EMPTY = "empty", "自動判定なし"
    RIGHTS = "rights", "利用条件が決まっている"
    STATED = "stated", "資料に利用条件の記載がある"
    EVENT = "event", "催しが決まっている"


@dataclass(frozen=True, slots=True)
class FieldWish:
    """What is wanted of one field, as it was typed."""

    field: Field
    how: How
    texts: tuple[str, ...] = ()
    """What was typed or ticked, for :attr:`How.SAME`."""


@dataclass(frozen=True, slots=True)
class TogetherWish:
    """What one sending of the form wants of every document that waits."""

    each: tuple[FieldWish, ...] = ()
    event_id: str | None = None
    """None leaves it."""
    rights: RightsWish | None = None
    """None leaves them."""
    publish: bool = False
    """With it everything sure is settled, as by the button of one document."""

    def __bool__(self) -> bool:
        """Whether anything is wanted."""
        return bool(self.each or self.event_id or self.rights or self.publish)


@dataclass(frozen=True, slots=True)
class Tally:
    """How one field stands over the documents that wait: how many of each."""

    field: Field
    settled: int
    """Decided or recorded by somebody."""
    sure: int
    open: int
    """Proposed, and somebody has to look."""
    empty: int


@dataclass(frozen=True, slots=True)
class Batch:
    """The documents of a batch that wait, in the order in which they came."""

    rows: tuple[QueueRow, ...]
    tallies: tuple[Tally, ...]
    """Of every field, in the order of the form."""
    total: int
    """How many wait in all; `rows` are the first of them where that is too many for once."""

    @property
    def rights_open(self) -> int:
        """Of how many nobody has said under which terms they stand."""
        return sum(row.rights_open for row in self.rows)


@dataclass(frozen=True, slots=True)
class Line:
    """What would become of one document, or became of it."""

    document_id: str
    title: str
    file_name: str | None
    changes: tuple[EventView, ...]
    """As they would stand in its history, and that its case becomes public with it."""
    kept: tuple[tuple[str, Kept], ...]
    """What stays though it was wanted: name of a field -> why."""
    published: bool
    missing: tuple[str, ...]
    """Why it is not published, where that is wanted."""

    @property
    def version(self) -> str:
        """The same for as long as the same would be written."""
        told = [self.document_id, self.kept, self.published, self.missing,
                [[each.action, each.change] for each in self.changes]]  # fmt: skip
        written = json.dumps(told, sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.blake2b(written.encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a wish does to every document, told before it is written, or after."""

    lines: tuple[Line, ...]
    names: Names
    """Of what the changes name."""

    @property
    def changed(self) -> int:
        """How many documents it changes."""
        return sum(bool(line.changes) for line in self.lines)

    @property
    def published(self) -> int:
        """How many documents it publishes."""
        return sum(line.published for line in self.lines)


class PlanMoved(Exception):
    """Something else would be written than was shown; nothing has been."""

    def __init__(self, documents: Iterable[str]) -> None:
        self.documents = frozenset(documents)
        """Those of which it is something else."""
        super().__init__(f"{len(self.documents)} documents")


Chosen = Mapping[str, str]
"""Document -> the version of its line that was shown."""
