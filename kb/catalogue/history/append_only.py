"""来歴 is only ever added to: what an earlier transaction recorded stays as it was."""

from sqlalchemy.orm import Session

from kb.catalogue.models import SourceEventRow

_TOLD = "told"
"""Where a session keeps the SourceEvents of its own transaction."""


class RewrittenHistory(Exception):
    """A recorded change was about to be altered or deleted; a mistake in this program."""


def told_in(session: Session) -> frozenset[SourceEventRow]:
    """The SourceEvents of a session's own transaction, as far as they were flushed."""
    return frozenset(session.info.get(_TOLD, ()))


def refuse_rewriting(session: Session) -> None:
    """Hold a session's changes against the rule; for a ``before_flush`` listener.

    A SourceEvent of the same transaction may still grow: several changes of one thing are told
    in one event, and queries in between flush it.

    Raises:
        RewrittenHistory: a SourceEvent that was recorded before would change or go.
    """
    told: set[SourceEventRow] = session.info.setdefault(_TOLD, set())
    told.update(row for row in session.new if isinstance(row, SourceEventRow))
    touched = [row for row in session.dirty if session.is_modified(row) and row not in told]
    rewritten = [row.id for row in (*touched, *session.deleted) if isinstance(row, SourceEventRow)]
    if rewritten:
        raise RewrittenHistory(", ".join(map(str, rewritten)))
