"""The command `kb`: each command opens the installation, does one thing, and says so.

What takes files in and looks after them is in :mod:`indexer.cli.keeping`. Exit codes: 0 done,
1 something does not agree or was refused, and those of :mod:`indexer.cli.opening`.
"""

import logging
import os
from contextlib import closing
from dataclasses import replace
from importlib.metadata import version

import click

from indexer import serving, worker
from indexer.cli import (
    exchange,
    intake,
    keeping,
    printing,
    questions,
    rights,
    settle,
    synonyms,
    users,
    worklist,
)
from indexer.cli.facet_options import facet_options, narrowed
from indexer.cli.opening import Ended, opened
from indexer.cli.usage import Group
from indexer.questions import QuestionDuty, scored
from kb.domain.rights import Audience
from kb.search.query import Asked, Scope, Sort
from kb.search.service import open_service
from kb.web.answer import Writer
from kb.web.app import close_app, open_app


@click.group(
    cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(version("jichitai-kb"), prog_name="kb", help="版を出して終わる。")
def main() -> None:
    """自治体改善ナレッジベースの管理コマンド。

    \b
    例:
      kb init                      データフォルダーを用意する
      kb ingest ./セミナー資料      フォルダーのPDFを取り込む
      kb search 福津市 組織目標      検索する
      kb serve                     画面を開く
    """


@main.command()
def init() -> None:
    """データフォルダー、目録、空の索引を用意する。何度実行しても安全。

    例: kb init
    """
    with opened() as (chosen, installation):
        installation.prepare()
        users.tell_first(installation, "kb init")
        click.echo(f"用意ができました: {chosen.data_dir}", err=True)


@main.command()
@click.argument("query", nargs=-1)
@facet_options
@click.option("--same-page", is_flag=True, help="すべてのことばが同じページにあるものだけ。")
@click.option(
    "--sort",
    type=click.Choice([sort.value for sort in Sort]),
    default=Sort.RELEVANCE.value,
    show_default=True,
)
@click.option("--limit", type=click.IntRange(1, 100), default=20, show_default=True)
@click.option("--json", "json_", is_flag=True, help="APIと同じJSONを出す。")
def search(
    query: tuple[str, ...], same_page: bool, sort: str, limit: int, json_: bool,
    **chosen_facets: tuple[str, ...],
) -> None:  # fmt: skip
    """検索する。

    例: kb search 福津市 組織目標 --implemented-in R3
    """
    filters = narrowed(chosen_facets)
    scope = Scope.PAGE if same_page else Scope.CASE
    with opened() as (chosen, installation):
        installation.require()
        audience = Audience(chosen.audience)
        asked = Asked(" ".join(query), filters, scope, Sort(sort), 1, limit, audience)
        service = open_service(installation.database, chosen.search_url, data_dir=chosen.data_dir)
        page = service.search(asked)
        if json_:
            printing.as_json(Writer(asked, chosen.public_url or "").answer(page))
        else:
            printing.results(page)


@main.command()
@click.option("--host", help="待ち受けるアドレス。既定は KB_HOST。")
@click.option("--port", type=click.IntRange(0, 65535), help="既定は KB_PORT。0は空いた番号。")
@click.option("--workers", type=click.IntRange(1, 64), default=8, show_default=True,
              help="同時に答える要求の数。")  # fmt: skip
def serve(host: str | None, port: int | None, workers: int) -> None:
    """画面とAPIを開き、索引を目録に合わせ続ける。Ctrl+Cで終わる。

    例: kb serve --port 8080
    """
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    with opened() as (chosen, installation):
        installation.prepare()
        users.tell_first(installation, "kb serve")
        app = open_app(chosen)
        if reason := app.extensions["kb"].search.ready():
            logging.getLogger(__name__).warning("%s", reason)
        address = host or chosen.host, chosen.port if port is None else port
        try:
            serving.serve(app, *address, workers, lambda url: click.echo(f"開きました: {url}"))
        except OSError as error:
            raise Ended(f"{address[0]}:{address[1]} で開けません({error.strerror})。", 1) from error
        finally:
            close_app(app)


@main.command(hidden=True)
@click.option("--parent", type=int, required=True, help="いなくなったら終わる親プロセスの番号。")
@click.option("--hands", type=click.IntRange(1, 64), default=min(os.cpu_count() or 1, 8),
              show_default=True, help="同時に読むファイルの数。")  # fmt: skip
def work(parent: int, hands: int) -> None:
    """送られたファイルを取り込み、索引を目録に合わせ続ける。kb serve が起動する。

    例: kb work --parent 1234
    """
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    # Whoever writes now will be done soon; waiting would keep the worker from its parent's end.
    with (
        opened() as (chosen, installation),
        closing(replace(installation, lock_seconds=0.0, two_person=chosen.two_person)) as impatient,
    ):
        duty = QuestionDuty(impatient, Audience(chosen.audience), chosen.query_log_days)
        worker.run_until_stopped(impatient, parent, hands, chosen.inbox, duty)


@main.command()
def sync() -> None:
    """目録との違いだけ、索引を更新する。

    例: kb sync
    """
    with opened() as (_, installation):
        installation.require()
        installation.note_permissions()
        with printing.record_bar("索引") as progress:
            report = installation.reindexer.sync(progress)
        printing.synced(report)


@main.command()
def rebuild() -> None:
    """いまの索引を使ったまま、横に新しい索引を作って切り替える。

    例: kb rebuild
    """
    with opened() as (chosen, installation):
        installation.require()
        installation.prepare()
        installation.note_permissions()
        with printing.record_bar("索引") as progress:
            report = installation.reindexer.rebuild(progress)
        printing.synced(report)
        score, _ = scored(installation, Audience(chosen.audience))
        if score.total:
            click.echo(f"確認の質問: {score.total}件のうち{score.passed}件が合格", err=True)


@main.command()
@click.option("--json", "json_", is_flag=True, help="JSONで出す。")
def status(json_: bool) -> None:
    """何があり、何が待ち、どの版かを示す。

    例: kb status --json
    """
    with opened() as (_, installation):
        installation.require()
        holdings = installation.catalogue.holdings()
        state = installation.engine.state()
        fits = state.fingerprint == installation.fingerprint
        waiting = holdings.sequence - state.sequence
        if json_:
            printing.as_json(
                {
                    "version": version("jichitai-kb"),
                    **printing.holdings_json(holdings),
                    "index": {
                        "records": state.records,
                        "generation": state.generation,
                        "sequence": state.sequence,
                        "fingerprint": state.fingerprint,
                        "up_to_date": fits and waiting == 0,
                    },
                }
            )
            return
        said = "最新" if fits and waiting == 0 else "更新が必要(kb sync または kb rebuild)"
        printing.status(
            holdings,
            [
                ("索引", f"{state.records:,}件、{said}"),
                ("索引の素性", state.fingerprint),
                ("版", version("jichitai-kb")),
            ],
        )


for command in (
    *keeping.COMMANDS, *exchange.COMMANDS, *rights.COMMANDS, *settle.COMMANDS,
    *worklist.COMMANDS,
    *intake.COMMANDS, *synonyms.COMMANDS, *questions.COMMANDS,
    *users.COMMANDS,
):  # fmt: skip
    main.add_command(command)
