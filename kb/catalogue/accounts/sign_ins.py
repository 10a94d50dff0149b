"""Signing in as rows: what is tried, refused and begun, and what of it is remembered."""

import hashlib
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from kb.catalogue.accounts.rows import utc
from kb.catalogue.accounts.tables import AccountRow, AccountUseRow, SignInEventRow

MOST_WRONG = 10
"""Wrong passwords within :data:`WINDOW`; the next try is not looked at."""

WINDOW = timedelta(minutes=15)
"""Also how long it takes until the next try is looked at."""

KEPT = timedelta(days=400)
"""How long it is remembered who signed in."""


class SignInStep(StrEnum):
    """What the record of signing in tells."""

    SIGNED_IN = "signed_in"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105 - no password
    LOCKED = "locked"
    SIGNED_OUT = "signed_out"
    CHANGED_PASSWORD = "changed_password"  # noqa: S105 - no password


_BEGINNINGS = frozenset({SignInStep.SIGNED_IN.value, SignInStep.CHANGED_PASSWORD.value})


class LockedOut(Exception):
    """Too many wrong passwords: not looked at before `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


class SignInWriter:
    """Notes what happens at the door; see `CatalogueWriter.sign_ins`. None of it is content."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def note(
        self, at: datetime, account_id: int | None, step: SignInStep, session_id: str = ""
    ) -> None:
        """Remember a step, and forget what was long ago."""
        digest = digest_of(session_id) if session_id else None
        self._session.add(
            SignInEventRow(at=at, account_id=account_id, what=step.value, session=digest)
        )
        self._session.execute(delete(SignInEventRow).where(SignInEventRow.at < at - KEPT))

    def note_wrong(self, at: datetime, use: AccountUseRow | None) -> None:
        """Remember a wrong password; one too many stops the account for a while."""
        self.note(at, use.account_id if use else None, SignInStep.WRONG_PASSWORD)
        if use is None:
            return
        if use.failed_from is None or at - utc(use.failed_from) >= WINDOW:
            use.failed, use.failed_from = 0, at
        use.failed += 1
        if use.failed >= MOST_WRONG:
            use.failed, use.failed_from, use.locked_until = 0, None, at + WINDOW
            self.note(at, use.account_id, SignInStep.LOCKED)

    def note_right(self, at: datetime, use: AccountUseRow) -> None:
        """Remember that somebody came in, and forget the wrong passwords before."""
        use.failed, use.failed_from, use.locked_until, use.seen_at = 0, None, None, at

    def rows(self, login: str) -> tuple[AccountRow | None, AccountUseRow | None]:
        """See :func:`rows_of`."""
        return rows_of(self._session, login)


def rows_of(session: Session, login: str) -> tuple[AccountRow | None, AccountUseRow | None]:
    """The account of a folded login name and how it is used; None where there is none."""
    asked = select(AccountRow, AccountUseRow).join(AccountUseRow).filter(AccountRow.login == login)
    found = session.execute(asked).one_or_none()
    return (found[0], found[1]) if found else (None, None)


def refuse_locked(at: datetime, use: AccountUseRow | None) -> None:
    """Look at nothing while an account is locked.

    Raises:
        LockedOut: it is.
    """
    if use is not None and use.locked_until and utc(use.locked_until) > at:
        raise LockedOut(utc(use.locked_until))


def is_running(session: Session, account_id: int, session_id: str) -> bool:
    """Whether a session has begun and was not signed out."""
    asked = select(SignInEventRow.what).filter_by(
        account_id=account_id, session=digest_of(session_id)
    )
    told = set(session.scalars(asked))
    return bool(told & _BEGINNINGS) and SignInStep.SIGNED_OUT.value not in told


def digest_of(session_id: str) -> str:
    """What is kept of a session's id: enough to know it again, not enough to use it."""
    return hashlib.sha256(session_id.encode()).hexdigest()
