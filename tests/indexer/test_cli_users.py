"""`kb user`, and the administrator that the first start makes."""

import re
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from indexer.cli import main as kb
from indexer.installation import Installation
from kb.catalogue.accounts.service import Accounts, WrongPassword
from kb.domain.roles import Role

Run = Callable[..., Result]

ONCE = re.compile(r"一度だけ使えるパスワード: (\S+)")


@pytest.fixture
def run(installation: Installation) -> Run:
    runner = CliRunner(env={"KB_DATA_DIR": str(installation.data_dir)})
    return lambda *words: runner.invoke(kb, list(words))


@pytest.fixture
def accounts(installation: Installation) -> Accounts:
    return Accounts(installation.database)


def password_in(result: Result) -> str:
    assert result.exit_code == 0, result.output
    found = ONCE.search(result.output)
    assert found, result.output
    return found[1]


def test_the_first_start_makes_an_administrator_once(run: Run, accounts: Accounts) -> None:
    first, second = run("init"), run("init")
    account = accounts.sign_in("admin", password_in(first), "s")
    assert (account.role, account.must_change) == (Role.ADMINISTRATOR, True)
    assert "パスワード" not in second.output
    assert first.stdout == ""


def test_people_are_added_listed_and_changed(run: Run, accounts: Accounts) -> None:
    run("init")
    password = password_in(run("user", "add", "hanako", "--role", "curator", "--shown", "山田花子"))
    assert accounts.sign_in("hanako", password, "s").role is Role.CURATOR
    lines = run("user", "list").stdout.splitlines()
    assert [line.split("\t")[:4] for line in lines] == [
        ["admin", "管理者", "administrator", "一度だけのパスワード"],
        ["hanako", "山田花子", "curator", "一度だけのパスワード"],
    ]
    for words, said in (
        (("role", "hanako", "staff"), "職員になりました"),
        (("role", "hanako", "staff"), "もうそうなっています"),
        (("lock", "hanako"), "サインインできません"),
        (("unlock", "hanako"), "サインインできます"),
        (("remove", "hanako"), "外しました"),
    ):
        assert said in run("user", *words).output
    assert run("user", "list").stdout.splitlines()[-1].split("\t")[3] == "外した人"


def test_a_password_for_once_replaces_the_one_before(run: Run, accounts: Accounts) -> None:
    first = password_in(run("init"))
    second = password_in(run("user", "password", "admin"))
    with pytest.raises(WrongPassword):
        accounts.sign_in("admin", first, "s")
    assert accounts.sign_in("admin", second, "t").login == "admin"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("password", "nobody"), "kb user list で確かめてください"),
        (("add", "ad min", "--role", "reader"), "文字と数字"),
        (("add", "ADMIN", "--role", "reader"), "使われています"),
        (("add", "x", "--role", "king"), "--role の値が使えません"),
        (("lock", "admin"), "先に、ほかの人を管理者にしてください"),
    ],
)
def test_what_cannot_be_done_says_what_to_do(run: Run, words: tuple[str, ...], said: str) -> None:
    run("init")
    result = run("user", *words)
    assert result.exit_code == 2
    assert said in result.output
