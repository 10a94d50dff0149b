"""The command `kb user`: who may sign in, and as what."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from indexer.cli.opening import WRONG_USE, Ended, opened
from indexer.cli.usage import Command, Group
from indexer.installation import Installation
from kb.catalogue.accounts.rows import AccountView, BadAccount
from kb.catalogue.accounts.service import Accounts, NewPassword
from kb.catalogue.entries import Authorship
from kb.domain.clock import JAPAN
from kb.domain.roles import Role

AUTHOR = Authorship("kb user")

_role = click.Choice([role.value for role in Role])


@click.group(cls=Group)
def user() -> None:
    """サインインできる人を見る、加える、変える。

    例: kb user add 山田花子 --role curator
    """


@user.command(cls=Command)
@click.argument("name")
@click.option("--role", type=_role, required=True, help="役割。curator が編集担当。")
@click.option("--shown", help="来歴に残る名前。指定しなければ NAME と同じ。")
def add(name: str, role: str, shown: str | None) -> None:
    """NAME でサインインできる人を加え、一度だけ使えるパスワードを出す。

    例: kb user add hanako --role curator --shown 山田花子
    """
    with _accounts() as accounts:
        _tell_password(accounts.add(name, shown or name, Role(role), AUTHOR))


@user.command("list", cls=Command)
def list_() -> None:
    """サインインできる人を示す。外した人も、最後に示す。

    例: kb user list
    """
    with _accounts() as accounts:
        for account in accounts.everyone():
            click.echo("\t".join(_columns(account)))


@user.command("role", cls=Command)
@click.argument("name")
@click.argument("role", type=_role)
def role_(name: str, role: str) -> None:
    """役割を変える。次の操作から効く。

    例: kb user role hanako administrator
    """
    with _accounts() as accounts:
        changed = accounts.set_role(name, Role(role), AUTHOR)
        _tell(changed, f"{name} は{Role(role).label}になりました。")


@user.command(cls=Command)
@click.argument("name")
def password(name: str) -> None:
    """一度だけ使えるパスワードを作って出す。前のパスワードとサインインは無効になる。

    例: kb user password hanako
    """
    with _accounts() as accounts:
        _tell_password(accounts.new_password(name, AUTHOR))


@user.command(cls=Command)
@click.argument("name")
def lock(name: str) -> None:
    """サインインできないようにする。サインイン中でも、すぐに終わる。

    例: kb user lock hanako
    """
    with _accounts() as accounts:
        _tell(accounts.set_locked(name, True, AUTHOR), f"{name} はサインインできません。")


@user.command(cls=Command)
@click.argument("name")
def unlock(name: str) -> None:
    """またサインインできるようにする。パスワードの間違いが続いて止まったときにも使う。

    例: kb user unlock hanako
    """
    with _accounts() as accounts:
        _tell(accounts.set_locked(name, False, AUTHOR), f"{name} はサインインできます。")


@user.command(cls=Command)
@click.argument("name")
def remove(name: str) -> None:
    """外す。戻せない。名前は来歴に残り、ほかの人には使えない。

    例: kb user remove hanako
    """
    with _accounts() as accounts:
        _tell(accounts.remove(name, AUTHOR), f"{name} を外しました。")


def tell_first(installation: Installation, actor: str) -> None:
    """Make the first administrator where there is no account, and print how to sign in, once."""
    made = Accounts(installation.database).add_first(Authorship(actor))
    if made is None:
        return
    click.echo("サインインできる人がまだいないため、最初の管理者を作りました。", err=True)
    _tell_password(made, err=True)


def _tell_password(made: NewPassword, *, err: bool = False) -> None:
    click.echo(f"サインインの名前: {made.account.login}", err=err)
    click.echo(f"一度だけ使えるパスワード: {made.password}", err=err)
    click.echo("二度と表示しません。最初のサインインのときに、本人が変えます。", err=True)


def _tell(changed: bool, said: str) -> None:
    click.echo(said if changed else f"もうそうなっています。{said}", err=True)


def _columns(account: AccountView) -> tuple[str, ...]:
    if not account.active:
        state = "外した人"
    elif account.locked:
        state = "使えません"
    else:
        state = "一度だけのパスワード" if account.must_change else "使えます"
    seen = account.seen_at.astimezone(JAPAN).date().isoformat() if account.seen_at else "-"
    return account.login, account.name, account.role.value, state, seen


@contextmanager
def _accounts() -> Iterator[Accounts]:
    with opened() as (_, installation):
        installation.require()
        try:
            yield Accounts(installation.database)
        except BadAccount as error:
            raise Ended(str(error), WRONG_USE) from error


COMMANDS = (user,)
