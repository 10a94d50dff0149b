"""What the web asks of :class:`kb.catalogue.accounts.service.Accounts`, which says each in full."""

from typing import Protocol

from kb.catalogue.accounts.rows import AccountView
from kb.catalogue.accounts.service import NewPassword
from kb.catalogue.entries import Authorship
from kb.domain.roles import Role


class Accounts(Protocol):
    """Who may sign in, and as what."""

    def sign_in(self, login: str, password: str, session_id: str) -> AccountView:
        """Whose name and password these are; a session of that id begins.

        Raises:
            WrongPassword, LockedOut, Stopped: it is refused.
        """
        ...

    def holder(self, account_id: int, generation: int, session_id: str) -> AccountView | None:
        """Whose session this is; None when it is over."""
        ...

    def sign_out(self, account_id: int, session_id: str) -> None:
        """End a session."""
        ...

    def change_password(
        self, account_id: int, old: str, new: str, session_id: str, authorship: Authorship
    ) -> AccountView:
        """Replace a password; every session ends, and one of that id begins.

        Raises:
            WrongPassword, LockedOut, Stopped, BadPassword: it is refused.
        """
        ...

    def everyone(self) -> tuple[AccountView, ...]:
        """All accounts, removed ones last."""
        ...

    def add(self, login: str, name: str, role: Role, authorship: Authorship) -> NewPassword:
        """Make an account with a password for once.

        Raises:
            BadAccount: the names cannot be had.
        """
        ...

    def new_password(self, login: str, authorship: Authorship) -> NewPassword:
        """Give a password for once; every session ends."""
        ...

    def set_role(self, login: str, role: Role, authorship: Authorship) -> bool:
        """Give another role; whether it is another.

        Raises:
            BadAccount: no administrator would be left.
        """
        ...

    def set_locked(self, login: str, locked: bool, authorship: Authorship) -> bool:
        """Stop an account, or let it be used again; whether that is new.

        Raises:
            BadAccount: no administrator would be left.
        """
        ...

    def remove(self, login: str, authorship: Authorship) -> bool:
        """Take an account away for good.

        Raises:
            BadAccount: no administrator would be left.
        """
        ...
