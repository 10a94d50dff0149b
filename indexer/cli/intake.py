"""The commands for seminar pages: `intake` reads and shows, `intake-settle` records.

They are the operator's, and tell what a curator may know.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import click

from indexer import withdrawing
from indexer.cli import printing
from indexer.cli.opening import WRONG_USE, Ended, opened
from indexer.cli.usage import Command
from indexer.exchange.importing import CatalogueMoved
from indexer.gazetteer import gazetteer_of
from indexer.installation import Installation
from indexer.intake import showing
from indexer.intake.acceptance import Request, settle
from indexer.intake.desk import IntakeDesk
from indexer.intake.drafting import draft_page
from indexer.intake.page import CannotReadPage, read_page
from indexer.intake.planning import CannotSettle
from indexer.intake.review import Review, is_address
from kb.catalogue.entries import Authorship
from kb.catalogue.intake.records import IntakeReader, IntakeView

_as_json = click.option("--json", "json_", is_flag=True, help="1つのJSONで出す。")


@click.command(cls=Command)
@click.argument("file", required=False, metavar="[ファイル]", type=click.Path(path_type=Path))
@click.option("--url", metavar="アドレス", help="そのページのアドレス。出典として記録する。")
@click.option("--list", "list_", is_flag=True, help="これまでの受け入れを新しい順に示す。")
@click.option("--show", metavar="ID", help="受け入れを、いまの目録と比べて示す。")
@_as_json
def intake(file: Path | None, url: str | None, list_: bool, show: str | None, json_: bool) -> None:
    """催しのページ(HTMLかテキスト)を読み、催し、事例、資料、人物の下書きにして目録と比べる。

    催しや事例の記録は変えない。記録するのは kb intake-settle。

    例: kb intake seminar.html --url http://example.jp/seminar/
    """
    if sum((file is not None, list_, show is not None)) != 1:
        raise Ended("ページのファイル、--list、--show のどれか1つを書いてください。", WRONG_USE)
    if url is not None and (file is None or not _is_whole(url)):
        raise Ended("--url は、ファイルといっしょに http:// か https:// で始まるアドレスで"
                    "書いてください。", WRONG_USE)  # fmt: skip
    with opened() as (_, installation):
        if file is not None and file.is_file():
            # As with `kb ingest`, the first page may come before anything else.
            installation.prepare()
        installation.require()
        if list_:
            _list(IntakeReader(installation.database).intakes(), json_=json_)
            return
        desk = _desk(installation)
        if file is not None:
            review = _taken(installation, desk, file, url)
        else:
            review = desk.reviewed(desk.intake(show or ""))
        _show(desk, review, json_=json_)


def _is_whole(url: str) -> bool:
    try:
        return is_address(url) and bool(urlsplit(url).hostname)
    except ValueError:
        return False


def _desk(installation: Installation) -> IntakeDesk:
    return IntakeDesk(installation.database, gazetteer_of(installation.database))


def _taken(installation: Installation, desk: IntakeDesk, file: Path, url: str | None) -> Review:
    if not file.is_file():
        raise Ended(f"ファイルがありません: {file}。場所と名前を確かめてください。", WRONG_USE)
    try:
        page = read_page(file, installation.limits, address=url or "")
    except CannotReadPage as error:
        raise Ended(f"{file}: {error}", WRONG_USE) from error
    source = url or file.name
    draft = draft_page(page, source, desk.gazetteer, seen_on=installation.today())
    if draft.unread:
        click.echo(
            f"ページが長いため、最後の{draft.unread:,}行は読んでいません。分けて読み込んでください。",
            err=True,
        )
    taken = desk.take(draft)
    # The catalogue's sequence has moved, though nothing that is searched has.
    withdrawing.follow(installation)
    return taken


def _list(intakes: Sequence[IntakeView], *, json_: bool) -> None:
    if json_:
        printing.as_json([showing.listed_json(one) for one in intakes])
        return
    for line in showing.listed(intakes):
        click.echo(line)
    click.echo(f"{len(intakes)}件の受け入れ", err=True)


def _show(desk: IntakeDesk, review: Review, *, json_: bool) -> None:
    if json_:
        printing.as_json(showing.as_json(review))
        return
    for line in showing.lines(review, desk.gazetteer.get):
        click.echo(line)
    if any(line.is_open for line in review.lines):
        click.echo(f"記録するには kb intake-settle {review.intake.id} を使います。", err=True)


@click.command("intake-settle", cls=Command)
@click.argument("intake_id", metavar="ID")
@click.option("--accept", multiple=True, metavar="行", help="受け入れる行。番号かキーで書く。")
@click.option("--reject", multiple=True, metavar="行", help="却下する行。次からは勧められない。")
@click.option("--set", "values", multiple=True, type=(str, str), metavar="行 項目=値",
              help="ページと違う値で受け入れる。値を書かなければ空にする。")  # fmt: skip
@click.option("--keep", multiple=True, type=(str, str), metavar="行 項目",
              help="その項目だけ目録の値のまま受け入れる。")  # fmt: skip
@click.option("--as", "records", multiple=True, type=(str, str), metavar="行 記録のID",
              help="どの記録かを選んで受け入れる。新しいものなら new。")  # fmt: skip
@click.option("--accept-sure", is_flag=True,
              help="新規で、食い違いも迷いもない行をすべて受け入れる。")  # fmt: skip
@click.option("--with-references", is_flag=True, help="行が指す催しや事例もいっしょに受け入れる。")
@click.option("--dry-run", is_flag=True, help="何がどうなるかを示すだけで、書き込まない。")
@click.option("--by", default="kb intake-settle", help="判断した人。来歴に残る。")
@click.option("--why", help="理由。来歴に残る。")
@_as_json
def intake_settle(
    intake_id: str, accept: tuple[str, ...], reject: tuple[str, ...],
    values: tuple[tuple[str, str], ...], keep: tuple[tuple[str, str], ...],
    records: tuple[tuple[str, str], ...], accept_sure: bool, with_references: bool,
    dry_run: bool, by: str, why: str | None, json_: bool,
) -> None:  # fmt: skip
    """受け入れの行を、受け入れるか却下する。すべて書き込むか、何も書き込まない。

    例: kb intake-settle intake-1 --accept-sure --accept 3 --reject 8
    """
    request = Request(
        accept=accept,
        reject=reject,
        values=tuple((key, *_assignment(text)) for key, text in values),
        keep=keep,
        records=records,
        accept_sure=accept_sure,
        with_references=with_references,
        dry_run=dry_run,
    )
    if not (accept or reject or values or keep or records or accept_sure):
        raise Ended(
            "--accept、--reject、--set、--keep、--as、--accept-sure のどれかを書いてください。",
            WRONG_USE,
        )
    with opened() as (_, installation), _told():
        installation.require()
        authorship = Authorship(by, why or f"受け入れ {intake_id}")
        done = settle(_desk(installation), intake_id, request, authorship)
        report, locked = withdrawing.follow(installation) if done.recorded else (None, None)
    if json_:
        printing.as_json(showing.settled_json(done))
        return
    for line in showing.settled(done):
        click.echo(line)
    unwritten = "" if done.recorded else "(書き込んでいません)"
    click.echo(f"残り {len(done.open)}行{unwritten}", err=True)
    if report is not None:
        printing.synced(report)
    if locked is not None:
        # Another process is at it, and will bring in what has been recorded here.
        click.echo(f"{locked} 記録した内容は次の kb sync で検索できます。", err=True)


def _assignment(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise Ended(f"--set: 「{text}」は 項目=値 の形で書いてください。", WRONG_USE)
    return name, value


@contextmanager
def _told() -> Iterator[None]:
    """What a settlement can end in, as sentences and exit codes."""
    try:
        yield
    except CannotSettle as error:
        raise Ended("\n".join(error.sentences), WRONG_USE) from error
    except CatalogueMoved as error:
        raise Ended(str(error), 1) from error


COMMANDS = (intake, intake_settle)
