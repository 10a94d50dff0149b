"""The command that settles what the machine proposes: `settle`."""

import click

from indexer import settling
from indexer.cli import printing
from indexer.cli.following import follow
from indexer.cli.opening import WRONG_USE, Ended, opened
from indexer.cli.usage import Command
from indexer.gazetteer import gazetteer_as_typed
from indexer.installation import Installation
from kb.catalogue.review.decisions import CannotDecide
from kb.catalogue.review.settling import Orders, Settler


@click.command(cls=Command)
@click.argument("documents", nargs=-1, metavar="資料...")
@click.option("--set", "given", multiple=True, metavar="項目=値",
              help="値を確定する。自治体は名前、読み、コード。年度はどの書き方でも。")  # fmt: skip
@click.option("--none", multiple=True, metavar="項目", help="値がないと確定する。")
@click.option("--accept", multiple=True, metavar="項目", help="自動判定のとおりに確定する。")
@click.option("--accept-sure", is_flag=True, help="確かな自動判定を、すべて確定する。")
@click.option("--undo", multiple=True, metavar="項目", help="確定を取り消す。")
@click.option("--all-unsettled", is_flag=True, help="確かな自動判定が未確定の資料すべて。")
@click.option("--by", default=settling.WHO, show_default=True, help="確定する人の名前。")
@click.option("--json", "json_", is_flag=True, help="資料1件につき1行のJSONを出す。")
def settle(
    documents: tuple[str, ...],
    given: tuple[str, ...],
    none: tuple[str, ...],
    accept: tuple[str, ...],
    accept_sure: bool,
    undo: tuple[str, ...],
    all_unsettled: bool,
    by: str,
    json_: bool,
) -> None:
    """資料の項目が何を根拠に決まっているかを示し、人が確定する。

    例: kb settle doc-1111 --set 自治体=福津市 --set implemented_in=R3
    """
    if not (documents or all_unsettled):
        raise Ended("資料の番号か --all-unsettled を指定してください。", WRONG_USE)
    orders = Orders(tuple(map(_pair, given)), none, accept, undo, accept_sure)
    with opened() as (_, installation):
        installation.require()
        database = installation.database
        found = settling.to_settle(database, documents, unsettled=all_unsettled)
        if orders:
            _settle(installation, [document.id for document in found], orders, by)
            found = settling.to_settle(database, [each.id for each in found], unsettled=False)
        for document in found:
            if json_:
                printing.as_json(settling.as_json(document))
            else:
                click.echo("\n".join(settling.lines(document)))
        click.echo(f"{len(found)}件の資料", err=True)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (equals and value.strip()):
        raise Ended(f"--set: 「項目=値」の形で指定してください: {text}", WRONG_USE)
    return name.strip(), value.strip()


def _settle(installation: Installation, ids: list[str], orders: Orders, by: str) -> None:
    settler = Settler(installation.database, lambda: gazetteer_as_typed(installation.database), by)
    try:
        changed = settler.settle(ids, orders)
    except CannotDecide as error:
        raise Ended(str(error), WRONG_USE) from error
    click.echo(f"{changed}項目を変えました。", err=True)
    if changed and (report := follow(installation, "確定した内容")):
        printing.synced(report)


COMMANDS = (settle,)
