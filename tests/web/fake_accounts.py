"""Accounts that are kept in memory: one for each role, all with one password."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from kb.catalogue.accounts.passwords import refuse_weak
from kb.catalogue.accounts.rows import AccountView, BadAccount
from kb.catalogue.accounts.service import NewPassword, Stopped, WrongPassword
from kb.catalogue.entries import Authorship
from kb.domain.roles import Role

PASSWORD = "かえる池ねこ長い山道 7"
"""Of every account."""

FIRST_PASSWORD = "kxqa-7m2p-hhge-w3nd"
"""Of an account that was just made."""

NAMES = {
    Role.READER: "読谷 一郎",
    Role.STAFF: "庁内 二葉",
    Role.MEMBER: "会田 三郎",
    Role.CURATOR: "山田 花子",
    Role.ADMINISTRATOR: "管野 五月",
}

MADE = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)


def account(number: int, login: str, name: str, role: Role) -> AccountView:
    return AccountView(number, login, name, role, True, False, False, 1, MADE, None, None)


@dataclass
class FakeAccounts:
    """As :class:`kb.catalogue.accounts.service.Accounts`, without counting wrong passwords."""

    held: dict[str, AccountView] = field(
        default_factory=lambda: {
            role.value: account(number, role.value, NAMES[role], role)
            for number, role in enumerate(Role, start=1)
        }
    )
    passwords: dict[str, str] = field(default_factory=dict)
    sessions: set[str] = field(default_factory=set)
    changes: list[tuple[str, str]] = field(default_factory=list)
    """Who did what."""

    def sign_in(self, login: str, password: str, session_id: str) -> AccountView:
        found = self.held.get(login)
        if found is None or self.passwords.get(login, PASSWORD) != password:
            raise WrongPassword
        if not found.usable:
            raise Stopped
        self.sessions.add(session_id)
        return found

    def holder(self, account_id: int, generation: int, session_id: str) -> AccountView | None:
        found = next((a for a in self.held.values() if a.id == account_id), None)
        fits = found and found.generation == generation and session_id in self.sessions
        return found if fits and found and found.usable else None

    def sign_out(self, account_id: int, session_id: str) -> None:
        self.sessions.discard(session_id)

    def change_password(
        self, account_id: int, old: str, new: str, session_id: str, authorship: Authorship
    ) -> AccountView:
        found = next(a for a in self.held.values() if a.id == account_id)
        refuse_weak(new, found.login, found.name)
        self.sign_in(found.login, old, session_id)
        self.passwords[found.login] = new
        return self._put(found, authorship, must_change=False, generation=found.generation + 1)

    def everyone(self) -> tuple[AccountView, ...]:
        return tuple(self.held.values())

    def add(self, login: str, name: str, role: Role, authorship: Authorship) -> NewPassword:
        if login in self.held:
            raise BadAccount(f"「{login}」は使われています。別の名前にしてください。")
        self.held[login] = account(len(self.held) + 1, login, name, role)
        return self.new_password(login, authorship)

    def new_password(self, login: str, authorship: Authorship) -> NewPassword:
        self.passwords[login] = FIRST_PASSWORD
        return NewPassword(
            self._put(self.held[login], authorship, must_change=True), FIRST_PASSWORD
        )

    def set_role(self, login: str, role: Role, authorship: Authorship) -> bool:
        if login == "administrator":
            raise BadAccount("管理者がひとりもいなくなります。")
        return bool(self._put(self.held[login], authorship, role=role))

    def set_locked(self, login: str, locked: bool, authorship: Authorship) -> bool:
        return bool(self._put(self.held[login], authorship, locked=locked))

    def remove(self, login: str, authorship: Authorship) -> bool:
        return bool(self._put(self.held[login], authorship, active=False))

    def _put(self, found: AccountView, authorship: Authorship, **values: object) -> AccountView:
        self.held[found.login] = replace(found, **values)  # type: ignore[arg-type] # its fields
        self.changes.append((authorship.actor, f"{found.login} {sorted(values)}"))
        return self.held[found.login]
