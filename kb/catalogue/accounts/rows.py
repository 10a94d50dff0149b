"""Accounts as rows: how one is seen, made and changed; see :mod:`kb.catalogue.accounts.service`."""

import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.catalogue.accounts.tables import AccountRow, AccountUseRow
from kb.catalogue.changes import Changes, UnknownReference
from kb.domain.roles import Role

KIND = "account"
"""What SourceEvents call one; its key is the login name."""

LONGEST_NAME = 40


class BadAccount(ValueError):
    """An account that cannot be made or changed so; the message is for the administrator."""


class UnknownAccount(UnknownReference):
    """No account has this name; the message is for the administrator."""


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account; times in UTC."""

    id: int
    login: str
    name: str
    role: Role
    active: bool
    locked: bool
    """An administrator has stopped it."""
    must_change: bool
    generation: int
    made_at: datetime
    seen_at: datetime | None
    locked_until: datetime | None
    """After too many wrong passwords; may lie in the past."""

    @property
    def usable(self) -> bool:
        """Whether its holder may sign in, as far as administrators have said."""
        return self.active and not self.locked


def folded_login(typed: str) -> str:
    """A login name as it is kept: full and half width, capitals and small letters are one."""
    return unicodedata.normalize("NFKC", typed).casefold().strip()


def utc(value: datetime) -> datetime:
    """A moment as read from the catalogue: SQLite keeps no zone, and ours is UTC."""
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value


def view(row: AccountRow, use: AccountUseRow | None) -> AccountView:
    """How an account is seen."""
    return AccountView(
        id=row.id,
        login=row.login,
        name=row.name,
        role=Role(row.role),
        active=row.active,
        locked=row.locked,
        must_change=row.must_change,
        generation=row.generation,
        made_at=utc(row.made_at),
        seen_at=utc(use.seen_at) if use and use.seen_at else None,
        locked_until=utc(use.locked_until) if use and use.locked_until else None,
    )


class AccountWriter:
    """Makes and changes accounts; see `CatalogueWriter.accounts`."""

    def __init__(self, session: Session, changes: Changes) -> None:
        self._session = session
        self._changes = changes

    def any(self) -> bool:
        """Whether there is an account, removed ones included."""
        return self._session.scalar(select(func.count(AccountRow.id))) != 0

    def make(self, login: str, name: str, role: Role, password_hash: str) -> AccountView:
        """Make an account whose password is for once.

        Raises:
            BadAccount: the login name or the name cannot be had.
        """
        login, name = folded_login(login), name.strip()
        self._refuse_names(login, name)
        self._changes.note(
            "recorded", KIND, login, {"name": [None, name], "role": [None, role.value]}
        )
        row = AccountRow(
            login=login, name=name, role=role.value, password_hash=password_hash, must_change=True
        )
        self._session.add(row)
        self._session.flush()
        self._session.add(AccountUseRow(account_id=row.id))
        return view(row, None)

    def _refuse_names(self, login: str, name: str) -> None:
        if not login or len(login) > LONGEST_NAME or not all(map(_of_a_login, login)):
            raise BadAccount(
                f"サインインの名前は、文字と数字と . _ - @ で{LONGEST_NAME}文字までにしてください。"
            )
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            raise BadAccount(f"表示する名前は、1文字から{LONGEST_NAME}文字までにしてください。")
        if self._session.scalar(select(AccountRow.id).filter_by(login=login)) is not None:
            raise BadAccount(
                f"「{login}」は使われています(外した人のものも使えません)。別の名前にしてください。"
            )
        if self._session.scalar(select(AccountRow.id).filter_by(name=name)) is not None:
            raise BadAccount(
                f"「{name}」という人はもういます。来歴で区別できるよう、"
                "所属を添えるなど別の表示名にしてください。"
            )

    def set_role(self, login: str, role: Role) -> bool:
        """Give another role; whether it is another.

        Raises:
            UnknownAccount: there is none of that name, or it was removed.
            BadAccount: no administrator would be left.
        """
        row = self._held(login)
        if role is not Role.ADMINISTRATOR:
            self._refuse_last(row)
        return self._change(row, role=role.value)

    def set_locked(self, login: str, locked: bool) -> bool:
        """Stop an account, or let it be used again; whether that is new.

        To let it be used again also forgets its wrong passwords.

        Raises:
            UnknownAccount: there is none of that name, or it was removed.
            BadAccount: no administrator would be left.
        """
        row = self._held(login)
        if not locked:
            return self._forgive(row) | self._change(row, locked=False)
        self._refuse_last(row)
        return self._change(row, locked=True) and self._end_sessions(row)

    def remove(self, login: str) -> bool:
        """Take an account away for good; its name stays in the record.

        Raises:
            UnknownAccount: there is none of that name, or it was removed.
            BadAccount: no administrator would be left.
        """
        row = self._held(login)
        self._refuse_last(row)
        return self._change(row, active=False) and self._end_sessions(row)

    def set_password(self, login: str, password_hash: str, *, must_change: bool) -> AccountView:
        """Give another password and end every session; the record tells only that it changed.

        Raises:
            UnknownAccount: there is none of that name, or it was removed.
        """
        row = self._held(login)
        said = "one-time" if must_change else "own"
        self._changes.note("changed", KIND, row.login, {"password": [None, said]})
        row.password_hash, row.must_change = password_hash, must_change
        self._end_sessions(row)
        self._forgive(row)
        return view(row, self._use(row))

    def rehash(self, row: AccountRow, password_hash: str) -> None:
        """Keep the same password at another cost."""
        self._changes.note("changed", KIND, row.login, {"password": [None, "rehashed"]})
        row.password_hash = password_hash

    def _held(self, login: str) -> AccountRow:
        row = self._session.scalar(
            select(AccountRow).filter_by(login=folded_login(login), active=True)
        )
        if row is None:
            raise UnknownAccount(
                f"「{login}」という名前のアカウントはありません。kb user list で確かめてください。"
            )
        return row

    def _refuse_last(self, row: AccountRow) -> None:
        others = select(func.count(AccountRow.id)).where(
            AccountRow.id != row.id,
            AccountRow.role == Role.ADMINISTRATOR.value,
            AccountRow.active,
            ~AccountRow.locked,
        )
        if row.role == Role.ADMINISTRATOR.value and not self._session.scalar(others):
            raise BadAccount(
                f"「{row.login}」を変えると、管理者がひとりもいなくなります。"
                "先に、ほかの人を管理者にしてください。"
            )

    def _change(self, row: AccountRow, **values: Any) -> bool:
        change = {
            name: [getattr(row, name), value]
            for name, value in values.items()
            if getattr(row, name) != value
        }
        if change:
            self._changes.note("changed", KIND, row.login, change)
        for name, (_, value) in change.items():
            setattr(row, name, value)
        return bool(change)

    def _end_sessions(self, row: AccountRow) -> bool:
        row.generation += 1
        return True

    def _forgive(self, row: AccountRow) -> bool:
        use = self._use(row)
        held_back = use.locked_until is not None
        use.failed, use.failed_from, use.locked_until = 0, None, None
        return held_back

    def _use(self, row: AccountRow) -> AccountUseRow:
        return self._session.get_one(AccountUseRow, row.id)


def _of_a_login(character: str) -> bool:
    return character.isalnum() or character in "._-@"
