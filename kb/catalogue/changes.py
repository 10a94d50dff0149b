"""Telling of changes: every row that is put leaves a SourceEvent that says what changed."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.accounts.tables import AccountUseRow, SignInEventRow
from kb.catalogue.bulk.tables import BulkRow
from kb.catalogue.entries import Authorship, SourceEntry
from kb.catalogue.former_bodies import former_row
from kb.catalogue.history.append_only import refuse_rewriting
from kb.catalogue.intake.tables import IntakeProposalRow, IntakeSheetRow
from kb.catalogue.name_changes import names_now
from kb.catalogue.questions.tables import AskedRow, QuestionScoreRow
from kb.catalogue.retelling import ToldRow
from kb.catalogue.session import CatalogueUnavailable, Database
from kb.catalogue.vocabulary_tables import SynonymDraftRow, SynonymRehearsalRow

_OWN_RECORD = (
    *(m.SourceEventRow, m.PageTokensRow, m.PageLayoutRow, m.JobRow),
    *(m.UploadRow, AskedRow, QuestionScoreRow),
    *(AccountUseRow, SignInEventRow, IntakeSheetRow, IntakeProposalRow, BulkRow),
    *(SynonymDraftRow, SynonymRehearsalRow, ToldRow),
)
"""Rows that need no SourceEvent: the record itself, and what is derived from an original."""

_PART_OF_RECORDING = frozenset({"recorded", "changed", "located"})
"""Actions that need no event of their own beside one on the same thing."""


class UnrecordedChange(Exception):
    """A change was about to be committed without a SourceEvent; a mistake in this program."""


class UnknownReference(ValueError):
    """A record names something the catalogue does not hold; shown to the curator as it is."""


def refuse_unrecorded(session: Session, _context: Any, _instances: Any) -> None:
    """A ``before_flush`` listener.

    Raises:
        UnrecordedChange: rows change in a transaction that tells of no change.
        RewrittenHistory: what an earlier transaction told would change or go.
    """
    refuse_rewriting(session)
    changed = [*session.new, *session.dirty, *session.deleted]
    recorded = session.info.get("recorded") or any(isinstance(r, m.SourceEventRow) for r in changed)
    session.info["recorded"] = recorded
    if not recorded and any(not isinstance(row, _OWN_RECORD) for row in changed):
        raise UnrecordedChange(", ".join(sorted({type(row).__name__ for row in changed})))


@contextmanager
def recording(database: Database, what: str) -> Iterator[Session]:
    """One transaction on rows that need no SourceEvent; a change of anything else is refused.

    Raises:
        CatalogueUnavailable: the catalogue does not answer, or is being written for long; the
            message names `what` could not be written.
    """
    try:
        with database.writing() as session:
            event.listen(session, "before_flush", refuse_unrecorded)
            yield session
    except SQLAlchemyError as error:
        raise CatalogueUnavailable(f"{what}を書けません({type(error).__name__})。") from error


class Changes:
    """Changes made in one transaction, in somebody's name."""

    def __init__(self, session: Session, authorship: Authorship) -> None:
        self._session = session
        self._authorship = authorship
        self._noted: dict[tuple[str, str], m.SourceEventRow] = {}

    def require_codes(self, codes: Iterable[str]) -> None:
        """Be sure that every municipality is held; one of the past is when it is first named.

        Raises:
            UnknownReference: one is not.
        """
        self._session.flush()
        for code in codes:
            if self._session.get(m.MunicipalityRow, code) is not None:
                continue
            row = former_row(code)
            if row is None:
                raise UnknownReference(_unknown(code))
            self.note("recorded", "municipality", code, {})
            self._session.add(row)
            self._session.flush()

    def put(
        self, table: type[m.Base], kind: str, key: str, values: Mapping[str, Any], by: str = "id"
    ) -> bool:
        """Insert or update one row, and say in a SourceEvent what changed."""
        row = self._session.get(table, key)
        if row is None:
            self.note("recorded", kind, key, {})
            self._session.add(table(**{**values, by: key}))
            return True
        change = {
            name: [_plain(getattr(row, name)), _plain(value)]
            for name, value in values.items()
            if getattr(row, name) != value
        }
        if not change:
            return False
        self.note("changed", kind, key, change)
        for name in change:
            setattr(row, name, values[name])
        return True

    def add_sources(
        self,
        sources: Iterable[SourceEntry],
        *,
        document_id: str | None = None,
        event_id: str | None = None,
    ) -> bool:
        """Add addresses not seen before; known ones keep their history."""
        changed = False
        self._session.flush()
        for source in sources:
            owner = {"document_id": document_id, "event_id": event_id}
            known = select(m.SourceRow.id).filter_by(url=source.url, label=source.label, **owner)
            if self._session.scalar(known):
                continue
            kind = "document" if document_id else "event"
            self.note("located", kind, document_id or event_id or "", {"url": [None, source.url]})
            self._session.add(
                m.SourceRow(url=source.url, label=source.label, seen_from=source.seen_on, **owner)
            )
            changed = True
        return changed

    def note(self, action: str, kind: str, key: str, change: Mapping[str, Any]) -> None:
        """Tell of a change; several changes of one thing in one transaction are one event."""
        plain = {name: _plain(value) for name, value in change.items()}
        known = self._noted.get((kind, key))
        if known is not None and action in _PART_OF_RECORDING:
            if known.action != "recorded":
                known.change = {**known.change, **_since(known.change, plain)}
            return
        noted = m.SourceEventRow(
            actor=self._authorship.actor,
            action=action,
            subject_kind=kind,
            subject_id=key,
            why=self._authorship.why,
            change=plain,
        )
        self._session.add(noted)
        self._noted[kind, key] = noted


def _since(told: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """A change that follows another in one transaction, from what stood before both."""
    return {
        name: [told[name][0], pair[1]] if _is_pair(told.get(name)) and _is_pair(pair) else pair
        for name, pair in change.items()
    }


def _is_pair(value: Any) -> bool:
    """Whether a value tells from what to what."""
    return isinstance(value, list) and len(value) == 2


def _unknown(code: str) -> str:
    now = "、".join(f"{body.name}({body.code})" for body in names_now(code))
    if now:
        return f"団体コード {code} は改められました。いまのコードを書いてください: {now}"
    return f"団体コード {code} の自治体は登録されていません。"


def _plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
