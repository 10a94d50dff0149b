"""The commands that exchange cases with other programs: `import` and `export`."""

from pathlib import Path

import click

from indexer.cli import printing
from indexer.cli.facet_options import facet_options, narrowed
from indexer.cli.following import follow
from indexer.cli.opening import WRONG_USE, Ended, opened
from indexer.cli.usage import Command
from indexer.exchange.importing import CaseImport, CatalogueMoved, ImportOptions, places_of
from indexer.exchange.report import ImportReport, RowOutcome
from indexer.exchange.selecting import Selection, select
from indexer.installation import Installation
from kb.catalogue.exchange.ds451 import ENCODINGS, Written, as_csv, as_jsonl
from kb.catalogue.exchange.encodings import MISSING, BadTable
from kb.domain.rights import Audience
from kb.search.query import Asked
from kb.search.service import MOST_RESULTS, open_service

_BY_FORMAT = {"ds451": "utf-8-sig", "csv": "utf-8"}


@click.command("import", cls=Command)
@click.argument("file", metavar="CSV", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="何がどうなるかを示すだけで、書き込まない。")
@click.option("--skip-bad", is_flag=True, help="登録できない行をとばし、ほかの行を登録する。")
@click.option("--clear-blanks", is_flag=True, help="空欄のセルで、いまの値を消す。")
@click.option("--json", "json_", is_flag=True, help="報告を1つのJSONで出す。")
def import_(file: Path, dry_run: bool, skip_bad: bool, clear_blanks: bool, json_: bool) -> None:
    """事例のCSV(DS-451-3の列名)を目録に取り込む。登録できない行があれば何も書かない。

    例: kb import 事例.csv --dry-run
    """
    options = ImportOptions(dry_run=dry_run, skip_bad=skip_bad, clear_blanks=clear_blanks)
    with opened() as (_, installation):
        installation.require()
        report = _taken(installation, file, options)
        _tell(report, json_=json_)
        _index(installation, report)
    bad = report.count(RowOutcome.REFUSED)
    if bad and not skip_bad:
        raise Ended(f"登録できない行が{bad}行あるため、何も書き込んでいません。", 1)


def _taken(installation: Installation, file: Path, options: ImportOptions) -> ImportReport:
    if not file.is_file():
        raise Ended(f"ファイルがありません: {file}", WRONG_USE)
    if file.stat().st_size > installation.most_bytes:
        raise Ended(f"{file}: 大きすぎます(KB_MAX_UPLOAD_MB)。", WRONG_USE)
    try:
        database = installation.database
        return CaseImport(database, places_of(database)).take(file.name, file.read_bytes(), options)
    except BadTable as error:
        raise Ended(f"{file}: {error}", WRONG_USE) from error
    except CatalogueMoved as error:
        raise Ended(str(error), 1) from error
    except OSError as error:
        raise Ended(f"{file}: 読めません({error.strerror})。", WRONG_USE) from error


def _tell(report: ImportReport, *, json_: bool) -> None:
    if json_:
        printing.as_json(report.as_json())
        return
    for line in report.lines():
        click.echo(line)
    for line in (*report.notes(), f"書き込んだ事例: {report.recorded}件"):
        click.echo(line, err=True)


def _index(installation: Installation, report: ImportReport) -> None:
    if report.recorded and (synced := follow(installation, "取り込んだ内容")):
        printing.synced(synced)


@click.command(cls=Command)
@click.argument("query", nargs=-1)
@click.option("--format", "format_", type=click.Choice(["ds451", "csv", "jsonl"]),
              default="ds451", show_default=True, help="出す形式。")  # fmt: skip
@click.option("--output", type=click.Path(path_type=Path), help="書き込むファイル。")
@click.option("--encoding", type=click.Choice(ENCODINGS),
              help="CSVの文字コード。既定は ds451 が utf-8-sig、csv が utf-8。")  # fmt: skip
@click.option("--specimens", is_flag=True, help="見本の事例も出す。")
@facet_options
def export(
    query: tuple[str, ...], format_: str, output: Path | None, encoding: str | None,
    specimens: bool, **chosen_facets: tuple[str, ...],
) -> None:  # fmt: skip
    """事例をファイルに出す。ことばや条件があれば、検索で見つかるものだけを出す。

    例: kb export 組織目標 --format ds451 --output 事例.csv
    """
    if format_ == "jsonl" and encoding not in (None, "utf-8"):
        raise Ended("--encoding: jsonl は utf-8 だけです。", WRONG_USE)
    filters = narrowed(chosen_facets)
    with opened() as (chosen, installation):
        installation.require()
        audience = Audience(chosen.audience)
        asked = Asked(" ".join(query), filters, page_size=MOST_RESULTS, audience=audience)
        service = None
        if asked.text.strip() or filters:
            url, folder = chosen.search_url, chosen.data_dir
            service = open_service(installation.database, url, data_dir=folder)
        selection = select(installation.database, service, asked, specimens=specimens)
    if format_ == "jsonl":
        written = as_jsonl(selection.cases)
    else:
        written = as_csv(selection.cases, encoding or _BY_FORMAT[format_])
    _deliver(written, output)
    _account(selection, written)


def _deliver(written: Written, output: Path | None) -> None:
    if output is None:
        click.echo(written.content, nl=False)
        return
    aside = output.with_name(f"{output.name}.part")
    try:
        aside.write_bytes(written.content)
        aside.replace(output)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise Ended(f"--output: {output} に書けません({error.strerror})。", WRONG_USE) from error


def _account(selection: Selection, written: Written) -> None:
    for notice in selection.notices:
        click.echo(notice, err=True)
    if written.lacking:
        shown = "".join(c if c.isprintable() else f"(U+{ord(c):04X})" for c in written.lacking)
        click.echo(
            f"CP932にない文字を{MISSING}にしました: {shown}"
            "。そのまま残すには --encoding utf-8-sig で出してください。",
            err=True,
        )
    click.echo(f"{len(selection.cases)}件の事例を出しました。", err=True)


COMMANDS = (import_, export)
