"""Signing in, and the accounts behind it, for the web and the commands.

What is refused says the same and does the same work whether or not there is such an account:
one comparison (:mod:`kb.catalogue.accounts.passwords`), one transaction, one line in the record.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from kb.catalogue import table_base
from kb.catalogue.accounts.passwords import Passwords, one_time, refuse_same, refuse_weak
from kb.catalogue.accounts.rows import AccountView, folded_login, view
from kb.catalogue.accounts.sign_ins import SignInStep, is_running, refuse_locked, rows_of
from kb.catalogue.accounts.tables import AccountRow, AccountUseRow
from kb.catalogue.entries import Authorship
from kb.catalogue.session import Database
from kb.catalogue.writing import CatalogueWriter, writing
from kb.domain.roles import Role

FIRST_LOGIN = "admin"

FIRST_NAME = "管理者"

SIGNING_IN = Authorship("サインイン")


class WrongPassword(Exception):
    """The name or the password is wrong; nobody is told which."""


class Stopped(Exception):
    """The password is right, but an administrator has stopped the account."""


@dataclass(frozen=True, slots=True)
class NewPassword:
    """An account and the password for once that was made for it, in clear, never kept."""

    account: AccountView
    password: str


Then = Callable[[CatalogueWriter, AccountRow], None]
"""What is done in the transaction in which somebody has proved who they are."""


class Accounts:
    """The accounts of one catalogue."""

    def __init__(
        self,
        database: Database,
        passwords: Passwords | None = None,
        now: Callable[[], datetime] = table_base.now,
    ) -> None:
        self._database = database
        self._passwords = passwords or Passwords()
        self._now = now

    # -- signing in ----------------------------------------------------------------------

    def sign_in(self, login: str, password: str, session_id: str) -> AccountView:
        """Whose name and password these are; a session of that id begins.

        Raises:
            WrongPassword: there is no such account, or it has another password.
            LockedOut: there were too many wrong ones.
            Stopped: it may not be used.
        """

        def begin(writer: CatalogueWriter, row: AccountRow) -> None:
            writer.sign_ins.note(self._now(), row.id, SignInStep.SIGNED_IN, session_id)
            if self._passwords.outdated(row.password_hash):
                writer.accounts.rehash(row, self._passwords.kept(password))

        return self._proved(folded_login(login), password, SIGNING_IN, begin)

    def holder(self, account_id: int, generation: int, session_id: str) -> AccountView | None:
        """Whose session this is; None when it is over.

        Raises:
            CatalogueUnavailable: it cannot be asked.
        """
        with self._database.reading() as session:
            row = session.get(AccountRow, account_id)
            if row is None or row.generation != generation:
                return None
            account = view(row, None)
            running = is_running(session, account_id, session_id)
        return account if running and account.usable else None

    def sign_out(self, account_id: int, session_id: str) -> None:
        """End a session, wherever its cookie may be."""
        with writing(self._database, SIGNING_IN) as writer:
            writer.sign_ins.note(self._now(), account_id, SignInStep.SIGNED_OUT, session_id)

    def change_password(
        self, account_id: int, old: str, new: str, session_id: str, authorship: Authorship
    ) -> AccountView:
        """Replace a password; every session ends, and one of that id begins.

        Raises:
            WrongPassword: the old one is wrong, which counts as when signing in.
            LockedOut: there were too many wrong ones.
            Stopped: it may not be used.
            BadPassword: the new one may not be chosen.
        """
        with self._database.reading() as session:
            row = session.get_one(AccountRow, account_id)
            login, name = row.login, row.name
        refuse_weak(new, login, name)
        refuse_same(old, new)
        kept = self._passwords.kept(new)

        def replace(writer: CatalogueWriter, row: AccountRow) -> None:
            writer.accounts.set_password(row.login, kept, must_change=False)
            writer.sign_ins.note(self._now(), row.id, SignInStep.CHANGED_PASSWORD, session_id)

        return self._proved(login, old, authorship, replace)

    def _proved(self, login: str, password: str, authorship: Authorship, then: Then) -> AccountView:
        """The account, once the password was compared and `then` is done, in one transaction."""
        with self._database.reading() as session:
            row, use = rows_of(session, login)
            refuse_locked(self._now(), use)
            kept = row.password_hash if row else None
        fits = self._passwords.fits(kept, password)
        with writing(self._database, authorship) as writer:
            row, use = writer.sign_ins.rows(login)
            # Others may have tried meanwhile: a right answer is not told beyond the limit.
            refuse_locked(self._now(), use)
            if not fits or row is None or use is None or row.password_hash != kept:
                fits = False
                writer.sign_ins.note_wrong(self._now(), use)
            elif row.active and not row.locked:
                writer.sign_ins.note_right(self._now(), use)
                then(writer, row)
                return view(row, use)
        raise Stopped if fits else WrongPassword

    # -- accounts ------------------------------------------------------------------------

    def everyone(self) -> tuple[AccountView, ...]:
        """All accounts, those in use first, by name.

        Raises:
            CatalogueUnavailable: they cannot be read.
        """
        order = (~AccountRow.active, AccountRow.login)
        asked = select(AccountRow, AccountUseRow).outerjoin(AccountUseRow).order_by(*order)
        with self._database.reading() as session:
            return tuple(view(row, use) for row, use in session.execute(asked))

    def add(self, login: str, name: str, role: Role, authorship: Authorship) -> NewPassword:
        """Make an account with a password for once.

        Raises:
            BadAccount: the login name or the name cannot be had.
        """
        password = one_time()
        kept = self._passwords.kept(password)
        with writing(self._database, authorship) as writer:
            return NewPassword(writer.accounts.make(login, name, role, kept), password)

    def add_first(self, authorship: Authorship) -> NewPassword | None:
        """Make the first administrator; None where there is an account."""
        if self.everyone():
            return None
        password = one_time()
        kept = self._passwords.kept(password)
        with writing(self._database, authorship) as writer:
            # Two processes may start at once.
            if writer.accounts.any():
                return None
            made = writer.accounts.make(FIRST_LOGIN, FIRST_NAME, Role.ADMINISTRATOR, kept)
            return NewPassword(made, password)

    def new_password(self, login: str, authorship: Authorship) -> NewPassword:
        """Give a password for once; every session ends.

        Raises:
            UnknownAccount: there is none of that name, or it was removed.
        """
        password = one_time()
        kept = self._passwords.kept(password)
        with writing(self._database, authorship) as writer:
            made = writer.accounts.set_password(login, kept, must_change=True)
            return NewPassword(made, password)

    def set_role(self, login: str, role: Role, authorship: Authorship) -> bool:
        """Give another role, from the next request on; whether it is another.

        Raises:
            UnknownAccount, BadAccount: see :class:`AccountWriter`.
        """
        with writing(self._database, authorship) as writer:
            return writer.accounts.set_role(login, role)

    def set_locked(self, login: str, locked: bool, authorship: Authorship) -> bool:
        """Stop an account, or let it be used again; whether that is new.

        Raises:
            UnknownAccount, BadAccount: see :class:`AccountWriter`.
        """
        with writing(self._database, authorship) as writer:
            return writer.accounts.set_locked(login, locked)

    def remove(self, login: str, authorship: Authorship) -> bool:
        """Take an account away for good; its name stays in the record.

        Raises:
            UnknownAccount, BadAccount: see :class:`AccountWriter`.
        """
        with writing(self._database, authorship) as writer:
            return writer.accounts.remove(login)
