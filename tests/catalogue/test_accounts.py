"""Accounts: who gets in, who is kept out and for how long, and what of it is recorded."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from indexer.installation import Installation
from kb.catalogue import models as m
from kb.catalogue.accounts.passwords import BadPassword, Cost, Passwords
from kb.catalogue.accounts.rows import AccountView, BadAccount, UnknownAccount
from kb.catalogue.accounts.service import Accounts, Stopped, WrongPassword
from kb.catalogue.accounts.sign_ins import KEPT, MOST_WRONG, WINDOW, LockedOut
from kb.catalogue.accounts.tables import AccountRow, SignInEventRow
from kb.catalogue.changes import UnrecordedChange
from kb.catalogue.entries import Authorship
from kb.catalogue.writing import writing
from kb.domain.roles import Role

BOSS = Authorship("管理者 田中")
PASSWORD = "山あり谷あり川もある細い道"


@dataclass
class Spy(Passwords):
    """Cheap passwords that note what they are asked to compare."""

    compared: list[str | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        Passwords.__init__(self, Cost(1, 8, 1))

    def fits(self, kept: str | None, password: str) -> bool:
        self.compared.append(kept)
        return super().fits(kept, password)


@dataclass
class Clock:
    moment: datetime = datetime(2026, 4, 1, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def passwords() -> Spy:
    return Spy()


@pytest.fixture
def accounts(installation: Installation, passwords: Spy, clock: Clock) -> Accounts:
    """Accounts with an administrator `tanaka` and a curator `hanako`, who has her own password."""
    made = Accounts(installation.database, passwords, clock)
    made.add("tanaka", "田中", Role.ADMINISTRATOR, BOSS)
    own_password(made, "hanako", "山田花子")
    return made


def own_password(accounts: Accounts, login: str, name: str) -> AccountView:
    """An account of a curator that has chosen its password."""
    made = accounts.add(login, name, Role.CURATOR, BOSS)
    began = accounts.sign_in(login, made.password, "first")
    return accounts.change_password(began.id, made.password, PASSWORD, "second", Authorship(name))


def steps(installation: Installation) -> list[tuple[int | None, str]]:
    with installation.database.reading() as session:
        rows = session.scalars(select(SignInEventRow).order_by(SignInEventRow.id))
        return [(row.account_id, row.what) for row in rows]


def told(installation: Installation) -> list[tuple[str, str, str, dict[str, object]]]:
    """What the record tells of accounts."""
    with installation.database.reading() as session:
        rows = session.scalars(
            select(m.SourceEventRow).filter_by(subject_kind="account").order_by(m.SourceEventRow.id)
        )
        return [(row.actor, row.action, row.subject_id, row.change) for row in rows]


def fail(accounts: Accounts, login: str, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(WrongPassword):
            accounts.sign_in(login, "いいかげんな合言葉です", "x")


def test_a_name_is_taken_in_any_width_and_case(accounts: Accounts) -> None:
    assert accounts.sign_in(" ＨＡＮＡＫＯ ", PASSWORD, "s").name == "山田花子"


def test_a_session_holds_until_it_is_signed_out(accounts: Accounts) -> None:
    account = accounts.sign_in("hanako", PASSWORD, "s1")
    accounts.sign_in("hanako", PASSWORD, "s2")
    held = accounts.holder(account.id, account.generation, "s1")
    assert held is not None
    assert (held.name, held.role) == ("山田花子", Role.CURATOR)
    accounts.sign_out(account.id, "s1")
    assert accounts.holder(account.id, account.generation, "s1") is None
    assert accounts.holder(account.id, account.generation, "s2") is not None
    assert accounts.holder(account.id, account.generation, "never begun") is None
    assert accounts.holder(account.id + 1, account.generation, "s2") is None
    assert accounts.holder(999, 1, "s2") is None


@pytest.mark.parametrize(
    "change",
    [
        lambda accounts: accounts.new_password("hanako", BOSS),
        lambda accounts: accounts.set_locked("hanako", True, BOSS),
        lambda accounts: accounts.remove("hanako", BOSS),
    ],
)
def test_what_an_administrator_changes_ends_every_session(
    accounts: Accounts, change: Callable[[Accounts], object]
) -> None:
    account = accounts.sign_in("hanako", PASSWORD, "s1")
    change(accounts)
    assert accounts.holder(account.id, account.generation, "s1") is None


def test_another_role_is_had_at_once_and_ends_no_session(accounts: Accounts) -> None:
    account = accounts.sign_in("hanako", PASSWORD, "s1")
    assert accounts.set_role("hanako", Role.STAFF, BOSS)
    assert not accounts.set_role("hanako", Role.STAFF, BOSS)
    held = accounts.holder(account.id, account.generation, "s1")
    assert held is not None
    assert held.role is Role.STAFF


def test_a_new_password_ends_other_sessions_and_begins_one(accounts: Accounts) -> None:
    old = accounts.sign_in("hanako", PASSWORD, "elsewhere")
    new = accounts.change_password(old.id, PASSWORD, "海が見える坂の上の白い家", "here", BOSS)
    assert accounts.holder(old.id, old.generation, "elsewhere") is None
    assert accounts.holder(new.id, new.generation, "here") is not None
    with pytest.raises(WrongPassword):
        accounts.sign_in("hanako", PASSWORD, "s")


def test_a_refused_new_password_changes_nothing(accounts: Accounts) -> None:
    account = accounts.sign_in("hanako", PASSWORD, "s")
    for new in ("short", "hanakohanakohanako", PASSWORD):
        with pytest.raises(BadPassword):
            accounts.change_password(account.id, PASSWORD, new, "t", BOSS)
    with pytest.raises(WrongPassword):
        accounts.change_password(
            account.id, "ちがう合言葉かもしれない", "海が見える坂の上の白い家", "t", BOSS
        )
    assert accounts.sign_in("hanako", PASSWORD, "u").id == account.id


def test_a_first_password_must_be_changed_and_works_until_then(accounts: Accounts) -> None:
    made = accounts.add("saburo", "三郎", Role.READER, BOSS)
    account = accounts.sign_in("saburo", made.password, "s")
    assert account.must_change
    changed = accounts.change_password(account.id, made.password, PASSWORD, "t", BOSS)
    assert not changed.must_change
    with pytest.raises(WrongPassword):
        accounts.sign_in("saburo", made.password, "u")


def test_the_tenth_wrong_password_locks_for_a_quarter_of_an_hour(
    accounts: Accounts, clock: Clock, installation: Installation
) -> None:
    fail(accounts, "hanako", MOST_WRONG)
    with pytest.raises(LockedOut) as refused:
        accounts.sign_in("hanako", PASSWORD, "s")
    assert refused.value.until == clock.moment + WINDOW
    assert steps(installation)[-1][1] == "locked"
    clock.moment += WINDOW
    assert accounts.sign_in("hanako", PASSWORD, "s").login == "hanako"


def test_another_process_agrees_on_the_lock(
    accounts: Accounts, clock: Clock, installation: Installation
) -> None:
    other = Accounts(installation.database, Spy(), clock)
    fail(accounts, "hanako", 5)
    fail(other, "hanako", 5)
    with pytest.raises(LockedOut):
        accounts.sign_in("hanako", PASSWORD, "s")


def test_old_and_forgiven_failures_do_not_count(accounts: Accounts, clock: Clock) -> None:
    fail(accounts, "hanako", MOST_WRONG - 1)
    clock.moment += WINDOW
    fail(accounts, "hanako", MOST_WRONG - 1)
    accounts.sign_in("hanako", PASSWORD, "s")
    fail(accounts, "hanako", MOST_WRONG)
    assert accounts.set_locked("hanako", False, BOSS)
    assert accounts.sign_in("hanako", PASSWORD, "t").login == "hanako"


def test_a_wrong_old_password_counts_too(accounts: Accounts) -> None:
    account = accounts.sign_in("hanako", PASSWORD, "s")
    for _ in range(MOST_WRONG):
        with pytest.raises(WrongPassword):
            accounts.change_password(account.id, "?", "海が見える坂の上の白い家", "t", BOSS)
    with pytest.raises(LockedOut):
        accounts.change_password(account.id, PASSWORD, "海が見える坂の上の白い家", "t", BOSS)


def test_an_unknown_name_costs_and_says_the_same(
    accounts: Accounts, passwords: Spy, installation: Installation
) -> None:
    """One comparison and one line in the record, whether or not there is such an account."""
    work = []
    for login in ("hanako", "nobody"):
        passwords.compared.clear()
        before = len(steps(installation))
        with pytest.raises(WrongPassword) as refused:
            accounts.sign_in(login, "いいかげんな合言葉です", "s")
        lines = [what for _, what in steps(installation)[before:]]
        work.append((len(passwords.compared), lines, str(refused.value)))
    assert work[0] == work[1] == (1, ["wrong_password"], "")
    assert passwords.compared == [None]


def test_what_is_stopped_is_told_to_who_knows_the_password_only(accounts: Accounts) -> None:
    accounts.set_locked("hanako", True, BOSS)
    fail(accounts, "hanako")
    with pytest.raises(Stopped):
        accounts.sign_in("hanako", PASSWORD, "s")
    accounts.remove("hanako", BOSS)
    with pytest.raises(Stopped):
        accounts.sign_in("hanako", PASSWORD, "s")


def test_there_is_always_an_administrator(accounts: Accounts) -> None:
    for change in (
        lambda: accounts.set_role("tanaka", Role.CURATOR, BOSS),
        lambda: accounts.set_locked("tanaka", True, BOSS),
        lambda: accounts.remove("tanaka", BOSS),
    ):
        with pytest.raises(BadAccount, match="管理者がひとりもいなくなります"):
            change()
    accounts.set_role("hanako", Role.ADMINISTRATOR, BOSS)
    assert accounts.remove("tanaka", BOSS)
    assert [a.login for a in accounts.everyone()] == ["hanako", "tanaka"]


@pytest.mark.parametrize(
    ("login", "name", "said"),
    [
        ("", "四郎", "サインインの名前"),
        ("a b", "四郎", "サインインの名前"),
        ("あ" * 41, "四郎", "サインインの名前"),
        ("shiro", " ", "表示する名前"),
        ("shiro", "四\n郎", "表示する名前"),
        ("HANAKO", "四郎", "使われています"),
        ("shiro", "山田花子", "区別できるよう"),
    ],
)
def test_names_that_cannot_be_had(accounts: Accounts, login: str, name: str, said: str) -> None:
    with pytest.raises(BadAccount, match=said):
        accounts.add(login, name, Role.STAFF, BOSS)


def test_a_removed_name_is_never_anothers(accounts: Accounts) -> None:
    accounts.remove("hanako", BOSS)
    for login, name in (("hanako", "別人"), ("betsujin", "山田花子")):
        with pytest.raises(BadAccount):
            accounts.add(login, name, Role.STAFF, BOSS)
    with pytest.raises(UnknownAccount, match="kb user list"):
        accounts.new_password("hanako", BOSS)


def test_the_first_administrator_is_made_once(installation: Installation) -> None:
    accounts = Accounts(installation.database, Spy())
    made = accounts.add_first(Authorship("kb init"))
    assert made is not None
    assert made.account.role is Role.ADMINISTRATOR
    assert accounts.sign_in("admin", made.password, "s").must_change
    assert accounts.add_first(Authorship("kb init")) is None


def test_the_record_tells_who_changed_what_and_never_a_hash(
    accounts: Accounts, installation: Installation
) -> None:
    accounts.set_role("hanako", Role.STAFF, BOSS)
    events = told(installation)
    assert events[-1] == ("管理者 田中", "changed", "hanako", {"role": ["curator", "staff"]})
    assert ("山田花子", "changed", "hanako", {"password": [None, "own"]}) in events
    assert "argon2" not in json.dumps(events)
    with installation.database.reading() as session:
        assert all(
            row.password_hash.startswith("$argon2id$")
            for row in session.scalars(select(AccountRow))
        )


def test_signing_in_is_remembered_for_400_days(
    accounts: Accounts, clock: Clock, installation: Installation
) -> None:
    fail(accounts, "nobody")
    clock.moment += KEPT + timedelta(seconds=1)
    account = accounts.sign_in("hanako", PASSWORD, "s")
    accounts.sign_out(account.id, "s")
    assert steps(installation) == [(account.id, "signed_in"), (account.id, "signed_out")]


def test_a_password_is_kept_anew_when_its_cost_changes(
    accounts: Accounts, installation: Installation
) -> None:
    dearer = Accounts(installation.database, Passwords(Cost(2, 8, 1)))
    dearer.sign_in("hanako", PASSWORD, "s")
    with installation.database.reading() as session:
        row = session.scalars(select(AccountRow).filter_by(login="hanako")).one()
        assert "t=2" in row.password_hash
    assert told(installation)[-1][3] == {"password": [None, "rehashed"]}
    assert dearer.sign_in("hanako", PASSWORD, "t").login == "hanako"


def test_an_account_does_not_change_unrecorded(
    accounts: Accounts, installation: Installation
) -> None:
    def promote_quietly() -> None:
        with writing(installation.database, BOSS) as writer:
            row, _ = writer.sign_ins.rows("hanako")
            assert row is not None
            row.role = "administrator"

    with pytest.raises(UnrecordedChange, match="AccountRow"):
        promote_quietly()
