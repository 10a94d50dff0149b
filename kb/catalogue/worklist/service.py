"""The worklist: everything that waits for a curator, counted, listed and, in part, settled here.

What waits in the catalogue changes only with a SourceEvent or with the day; so the counts and
the first page of each list are kept until the catalogue's sequence has moved on. At 100,000
documents all of them take 0.3 s of a processor after a change, and 0.06 s until the next one.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from kb.catalogue import document_rows, rows
from kb.catalogue import models as m
from kb.catalogue.entries import Authorship
from kb.catalogue.review import states
from kb.catalogue.review.settlements import settlement_of
from kb.catalogue.review.views import ChangedMeanwhile, State
from kb.catalogue.rights.withdrawing import Forget, Named, take_down
from kb.catalogue.sequence import newest_change
from kb.catalogue.session import DAY, Database
from kb.catalogue.worklist.likeness import kept_of, pair_row
from kb.catalogue.worklist.queries import LISTS
from kb.catalogue.worklist.views import (
    PAGE_SIZE,
    Kind,
    Listed,
    Pair,
    PairSide,
    SourceMark,
)
from kb.catalogue.writing import writing
from kb.domain.classification import LikenessDecision
from kb.domain.rights import Audience, allowed
from kb.domain.settled import Field

_State = tuple[int, date]
"""The catalogue's sequence and the day."""


class Worklist:
    """What waits, over one catalogue; safe to use from several threads."""

    def __init__(self, database: Database, forget: Forget) -> None:
        """`forget` removes the kept page images of an original that is taken down."""
        self._database = database
        self._forget = forget
        # Replaced whole, never changed: threads may look at it together.
        self._counts: tuple[_State, Mapping[Kind, int]] | None = None
        self._firsts: tuple[_State, Mapping[Kind, Listed]] | None = None

    # -- lists ---------------------------------------------------------------------------

    def counts(self) -> Mapping[Kind, int]:
        """How much waits of each kind; the second person's is left out where one is enough."""
        with self._database.reading() as session:
            return self._counted(session, self._kinds())

    def overview(self) -> tuple[Listed, ...]:
        """Every list with its first page, in the order of :class:`Kind`, as counted."""
        with self._database.reading() as session:
            counts, state = self._counted(session, self._kinds()), _state(session)
            kept = self._firsts
            held = kept[1] if kept and kept[0] == state else {}
            found = {
                kind: held.get(kind) or _listed(session, kind, count, 1)
                for kind, count in counts.items()
            }
        lasting = {kind: each for kind, each in found.items() if LISTS[kind].of_catalogue}
        self._firsts = state, lasting
        return tuple(found.values())

    def listed(self, kind: Kind, page: int = 1) -> Listed:
        """One page of one list; a page beyond the last one is the last."""
        if kind not in self._kinds():
            return Listed(kind, 0, ())
        with self._database.reading() as session:
            return _listed(session, kind, self._counted(session, [kind])[kind], page)

    def _kinds(self) -> tuple[Kind, ...]:
        alone = not self._database.two_person
        return tuple(kind for kind in Kind if not (alone and kind is Kind.SECOND_PERSON))

    def _counted(self, session: Session, kinds: Iterable[Kind]) -> Mapping[Kind, int]:
        state, kept = _state(session), self._counts
        held = kept[1] if kept and kept[0] == state else {}
        found = {kind: held[kind] if kind in held else _count(session, kind) for kind in kinds}
        lasting = {kind: count for kind, count in found.items() if LISTS[kind].of_catalogue}
        self._counts = state, {**held, **lasting}
        return found

    # -- pairs ---------------------------------------------------------------------------

    def pair(self, one: str, other: str) -> Pair | None:
        """Two documents that are alike, in either order; None when nobody has found them so."""
        with self._database.reading() as session:
            row = pair_row(session, one, other)
            if row is None:
                return None
            later, earlier = (_side(session, key) for key in (row.document_id, row.other_id))
            return Pair(
                later, earlier, row.kind, row.similarity, row.decision, kept_of(session, row)
            )

    def decide(
        self,
        pair: tuple[str, str],
        decision: LikenessDecision,
        keep: str | None,
        versions: Mapping[str, str],
        authorship: Authorship,
    ) -> bool:
        """Say what two documents are to each other; whether it is new.

        Args:
            pair: the two, in either order.
            decision: what they are.
            keep: of two that are the same, the one that stays.
            versions: document -> what the form was made from.
            authorship: who says so, and why.

        Raises:
            UnknownReference: the two were never found to be alike, or it cannot be done so; the
                message is for the curator.
            ChangedMeanwhile: somebody has written since the form was made, or has decided.
        """
        with writing(self._database, authorship) as writer:
            if writer.likeness.standing(*pair) is not None:
                raise ChangedMeanwhile(self._changes(versions))
            for document_id in pair:
                writer.review.require_version(document_id, versions.get(document_id, ""))
            new = writer.likeness.decide(*pair, decision.value, keep)
        if keep is not None:
            # It is down already; what is left of it are its page images.
            gone = pair[1] if keep == pair[0] else pair[0]
            take_down(self._database, Named(documents=(gone,)), authorship, self._forget)
        return new

    def undo(self, pair: tuple[str, str], authorship: Authorship) -> bool:
        """Take back what was decided of two documents; whether anything was.

        Raises:
            UnknownReference: the two were never found to be alike, or undoing would show what
                has been taken down since.
        """
        with writing(self._database, authorship) as writer:
            return writer.likeness.undo(*pair)

    def _changes(self, versions: Mapping[str, str]) -> tuple[Any, ...]:
        with self._database.reading() as session:
            return tuple(
                change
                for key, version in versions.items()
                for change in states.changes_since(session, "document", key, version)
            )

    # -- addresses -----------------------------------------------------------------------

    def mark_source(
        self, number: int, *, found: bool, before: date | None, authorship: Authorship
    ) -> SourceMark:
        """Say of an address that what stood there was seen today, or is gone.

        Raises:
            UnknownReference: there is no such address, or somebody has marked it meanwhile.
        """
        with writing(self._database, authorship) as writer:
            mark = writer.sources.found if found else writer.sources.gone
            return mark(number, before)


def _state(session: Session) -> _State:
    sequence = newest_change(session)
    return sequence, session.info[DAY]


def _wanted(session: Session, kind: Kind) -> Select[*tuple[Any, ...]]:
    return LISTS[kind].wanted(session.info[DAY])


def _count(session: Session, kind: Kind) -> int:
    waiting = _wanted(session, kind).order_by(None).subquery()
    return session.scalar(select(func.count()).select_from(waiting)) or 0


def _listed(session: Session, kind: Kind, total: int, page: int) -> Listed:
    at = min(page, max(-(-total // PAGE_SIZE), 1))
    wanted = _wanted(session, kind).limit(PAGE_SIZE).offset((at - 1) * PAGE_SIZE)
    found = session.execute(wanted) if total else ()
    return Listed(kind, total, tuple(LISTS[kind].told(row) for row in found), at)


def _side(session: Session, document_id: str) -> PairSide:
    row = session.get_one(m.DocumentRow, document_id)
    [document] = document_rows.document_views(session, [row])
    state = states.state_of(row)
    readable = allowed(document.rights, Audience.CURATOR).page_text and state != State.WITHDRAWN
    page = session.get(m.PageRow, (document_id, 1)) if readable else None
    layout = session.get(m.PageLayoutRow, (document_id, 1)) if page else None
    return PairSide(
        document=document,
        state=state,
        version=states.document_version(session, row),
        implemented_in=settlement_of(row).year(Field.IMPLEMENTED_IN),
        page=rows.page_view(page, layout.layout if layout else b"") if page else None,
        readable=readable,
    )
