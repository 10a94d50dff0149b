"""The command `kb`: each command opens the installation, does one thing, and says so.

Exit codes: 0 done, 1 something does not agree or was refused, 2 wrong use of the command,
3 not ready (the message says what to do), 4 another process is writing the index.
"""

import logging
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

import click

from indexer import batch, checking, printing, serving, worker
from indexer.collection import BadCollection
from indexer.extracted import Limits, Outcome
from indexer.ingest import Ingested, Intake, rights_from_option
from indexer.installation import Installation
from indexer.reindex import SyncReport
from indexer.sandbox import Sandbox
from indexer.usage import Group
from kb import settings as kb_settings
from kb.catalogue.session import CatalogueUnavailable
from kb.domain.rights import Audience, Terms
from kb.search.engine import BadQuery, IndexLocked, SearchUnavailable
from kb.search.query import Asked, Facet, Scope, Sort
from kb.search.service import open_service
from kb.settings import BadSetting, Settings
from kb.web.answer import Writer
from kb.web.app import open_app

NOT_READY = 3
LOCKED = 4


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


@contextmanager
def _opened() -> Iterator[tuple[Settings, Installation]]:
    """The installation the environment describes; known troubles end in a sentence and a code."""
    installation = None
    try:
        chosen = kb_settings.from_environment()
        installation = _installation(chosen)
        yield chosen, installation
    except (BadSetting, BadCollection, BadQuery) as error:
        raise _Ended(str(error), 2) from error
    except IndexLocked as error:
        raise _Ended(str(error), LOCKED) from error
    except (CatalogueUnavailable, SearchUnavailable) as error:
        raise _Ended(str(error), NOT_READY) from error
    finally:
        if installation is not None:
            installation.close()


def _installation(chosen: Settings) -> Installation:
    return Installation(
        data_dir=chosen.data_dir,
        database_url=chosen.database_url,
        search_url=chosen.search_url,
        originals_dir=chosen.originals_dir,
        limits=Limits(seconds=chosen.extract_seconds, memory_mb=chosen.extract_memory_mb),
        most_bytes=chosen.max_upload_mb * 1024 * 1024,
    )


class _Ended(click.ClickException):
    """A command's end with a sentence and an exit code."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code

    @property
    def exit_code(self) -> int:  # type: ignore[override] # click reads it, and never sets it
        return self.code

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.message, file=file, err=file is None)


@main.command()
def init() -> None:
    """データフォルダー、目録、空の索引を用意する。何度実行しても安全。

    例: kb init
    """
    with _opened() as (chosen, installation):
        installation.prepare()
        click.echo(f"用意ができました: {chosen.data_dir}", err=True)


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--rights",
    type=click.Choice([Terms.OPEN.value, Terms.INTERNAL.value, Terms.NO_COPY.value]),
    help="利用条件。指定しなければ「確認できていない」として控えめに扱う。",
)
@click.option("--draft", is_flag=True, help="公開せず、確認待ちにする。")
@click.option("--json", "json_", is_flag=True, help="1ファイルにつき1行のJSONを出す。")
@click.option("--quiet", is_flag=True, help="新しく取り込んだものと、問題のあったものだけを出す。")
@click.option(
    "--workers", type=click.IntRange(1, 64), default=min(os.cpu_count() or 1, 8),
    show_default=True, help="同時に読むファイルの数。",
)  # fmt: skip
def ingest(
    paths: tuple[Path, ...],
    rights: str | None,
    draft: bool,
    json_: bool,
    quiet: bool,
    workers: int,
) -> None:
    """ファイルやフォルダーを取り込む。cases.csv のあるフォルダーは記録も取り込む。

    例: kb ingest ./セミナー資料 --rights no_copy
    """
    if absent := [str(path) for path in paths if not path.exists()]:
        raise _Ended(f"ファイルやフォルダーがありません: {'、'.join(absent)}", 2)
    with _opened() as (_, installation):
        installation.prepare()
        intake = Intake(rights_from_option(rights), draft, most_bytes=installation.most_bytes)
        results = []
        for result in _ingested(installation, list(paths), intake, workers, show_bar=not json_):
            results.append(result)
            if json_:
                printing.as_json(result.as_json())
            elif not (quiet and result.outcome is Outcome.DUPLICATE):
                printing.ingested(result)
        report = _synced(installation)
        if not json_:
            printing.ingest_summary(results, report)


def _ingested(
    installation: Installation, paths: list[Path], intake: Intake, workers: int, *, show_bar: bool
) -> Iterator[Ingested]:
    collections, others = batch.collections_in(paths)
    for collection in collections:
        collection.record(installation.database, intake.actor)
    with Sandbox(installation.limits) as sandbox:
        ingester = installation.ingester(sandbox)
        work = batch.tasks(collections, others, ingester, installation.catalogue, intake)
        done = batch.in_order(work, workers)
        yield from printing.with_bar(done, len(work), show=show_bar)


def _synced(installation: Installation) -> SyncReport | None:
    """Bring the index up to date; when another process is at it, that one will."""
    try:
        with printing.record_bar("索引") as progress:
            return installation.up_to_date(progress)
    except IndexLocked as reason:
        click.echo(f"{reason} 取り込んだ内容は次の kb sync で検索できます。", err=True)
        return None


@main.command()
@click.argument("query", nargs=-1)
@click.option("--municipality", multiple=True, help="自治体名、旧町名、団体コード。")
@click.option("--prefecture", multiple=True, help="都道府県名。")
@click.option("--implemented-in", multiple=True, help="実践年度(2021、R3、令和3年度)。")
@click.option("--presented-in", multiple=True, help="発表年度。")
@click.option("--theme", multiple=True, help="テーマ。")
@click.option("--department", multiple=True, help="部門。")
@click.option("--kind", multiple=True, help="資料の種類。")
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
    filters = {Facet(name): values for name, values in chosen_facets.items() if values}
    scope = Scope.PAGE if same_page else Scope.CASE
    with _opened() as (chosen, installation):
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
    with _opened() as (chosen, installation):
        installation.prepare()
        app = open_app(chosen)
        if reason := app.extensions["kb"].search.ready():
            logging.getLogger(__name__).warning("%s", reason)
        address = host or chosen.host, chosen.port if port is None else port
        try:
            serving.serve(app, *address, workers, lambda url: click.echo(f"開きました: {url}"))
        except OSError as error:
            raise _Ended(
                f"{address[0]}:{address[1]} で開けません({error.strerror})。", 1
            ) from error


@main.command(hidden=True)
@click.option("--parent", type=int, required=True, help="いなくなったら終わる親プロセスの番号。")
def work(parent: int) -> None:
    """索引を目録に合わせ続ける。kb serve が起動する。

    例: kb work --parent 1234
    """
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    # Whoever writes now will be done soon; waiting would keep the worker from its parent's end.
    with (
        _opened() as (_, installation),
        closing(replace(installation, lock_seconds=0.0)) as impatient,
    ):
        worker.run_until_stopped(impatient, parent)


@main.command()
def sync() -> None:
    """目録との違いだけ、索引を更新する。

    例: kb sync
    """
    with _opened() as (_, installation):
        installation.require()
        with printing.record_bar("索引") as progress:
            report = installation.reindexer.sync(progress)
        printing.synced(report)


@main.command()
def rebuild() -> None:
    """いまの索引を使ったまま、横に新しい索引を作って切り替える。

    例: kb rebuild
    """
    with _opened() as (_, installation):
        installation.require()
        installation.prepare()
        with printing.record_bar("索引") as progress:
            report = installation.reindexer.rebuild(progress)
        printing.synced(report)


@main.command()
@click.option("--json", "json_", is_flag=True, help="JSONで出す。")
def status(json_: bool) -> None:
    """何があり、何が待ち、どの版かを示す。

    例: kb status --json
    """
    with _opened() as (_, installation):
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


@main.command()
@click.option("--repair", is_flag=True, help="直せるものを直す。")
def check(repair: bool) -> None:
    """目録、原本、索引が合っているか調べる。合わなければ終了コード1。

    例: kb check --repair
    """
    with _opened() as (_, installation):
        installation.require()
        found = checking.check(installation, repair=repair)
        for line in (*found.repaired, *found.leftovers, *found.problems):
            click.echo(line)
        if found.problems:
            raise _Ended(f"合わないところが{len(found.problems)}件あります。", 1)
        click.echo("目録、原本、索引は合っています。", err=True)


if __name__ == "__main__":
    main()
