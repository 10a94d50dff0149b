"""The commands that take files in and look after what is held."""

import os
from dataclasses import asdict
from pathlib import Path

import click

from indexer import checking, taking_in
from indexer.cli import printing
from indexer.cli.following import follow
from indexer.cli.opening import Ended, opened
from indexer.cli.question_report import ask_known
from indexer.cli.usage import Command
from indexer.extracted import Outcome
from indexer.ingest import Ingested, Intake, rights_from_option
from indexer.installation import Installation
from kb.catalogue.entries import Authorship
from kb.catalogue.likeness import LikenessReader
from kb.catalogue.pages.quality import worst_pages
from kb.catalogue.writing import writing
from kb.domain.classification import LikenessDecision
from kb.domain.rights import Audience, Terms

_as_json = click.option("--json", "json_", is_flag=True, help="1件につき1行のJSONを出す。")
_workers = click.option(
    "--workers", type=click.IntRange(1, 64), default=min(os.cpu_count() or 1, 8),
    show_default=True, help="同時に読むファイルの数。",
)  # fmt: skip
_password_file = click.option(
    "--password-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="1行に1つパスワードを書いたファイル。保護されたファイルに順に試し、保存はしない。",
)


@click.command(cls=Command)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--rights",
    type=click.Choice([Terms.OPEN.value, Terms.INTERNAL.value, Terms.NO_COPY.value]),
    help="利用条件。指定しなければ「確認できていない」として控えめに扱う。",
)
@click.option("--draft", is_flag=True, help="公開せず、確認待ちにする。")
@_as_json
@click.option("--quiet", is_flag=True, help="新しく取り込んだものと、問題のあったものだけを出す。")
@_workers
@_password_file
def ingest(
    paths: tuple[Path, ...],
    rights: str | None,
    draft: bool,
    json_: bool,
    quiet: bool,
    workers: int,
    password_file: Path | None,
) -> None:
    """ファイルやフォルダーを取り込む。cases.csv のあるフォルダーは記録も取り込む。

    例: kb ingest ./セミナー資料 --rights no_copy
    """
    if absent := [str(path) for path in paths if not path.exists()]:
        raise Ended(f"ファイルやフォルダーがありません: {'、'.join(absent)}", 2)
    passwords = _passwords(password_file)
    with opened() as (_, installation):
        installation.prepare()
        intake = Intake(
            rights_from_option(rights),
            draft,
            most_bytes=installation.most_bytes,
            passwords=passwords,
        )
        batch = taking_in.files(installation, list(paths), intake, workers)
        _run(installation, batch, json_=json_, quiet=quiet)


@click.command(cls=Command)
@click.option("--all", "all_", is_flag=True, help="版が同じものも、すべて読み直す。")
@_as_json
@_workers
@_password_file
def reread(all_: bool, json_: bool, workers: int, password_file: Path | None) -> None:
    """前の版で読んだ資料や、文字認識を待つ資料を、原本から読み直す。

    例: kb reread
    """
    passwords = _passwords(password_file)
    with opened() as (_, installation):
        installation.require()
        intake = Intake(actor="kb reread", most_bytes=installation.most_bytes, passwords=passwords)
        batch = taking_in.again(installation, intake, workers, everything=all_)
        _run(installation, batch, json_=json_, quiet=False)


def _passwords(file: Path | None) -> tuple[str, ...]:
    if file is None:
        return ()
    try:
        lines = file.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Ended(f"--password-file: UTF-8のテキストとして読めません({file})。", 2) from error
    return tuple(dict.fromkeys(line for line in lines if line))


def _run(installation: Installation, batch: taking_in.Batch, *, json_: bool, quiet: bool) -> None:
    """Take a batch in, tell of every file, and bring the index up to date."""
    results: list[Ingested] = []
    for result in printing.with_progress(batch.results, batch.sizes, show=not json_):
        results.append(result)
        if json_:
            printing.as_json(result.as_json())
        elif not (quiet and result.outcome is Outcome.DUPLICATE):
            printing.ingested(result)
    report = follow(installation, "取り込んだ内容")
    if not json_:
        printing.ingest_summary(results, report)


@click.command(cls=Command)
@click.option("--repair", is_flag=True, help="直せるものを直す。")
@click.option("--text", is_flag=True, help="本文の読み取りが疑わしいページを、悪い順に示す。")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True,
              help="--text で示すページの数。")  # fmt: skip
@click.option("--questions", is_flag=True,
              help="答えの分かっている質問を検索し、期待どおりかを調べる。")  # fmt: skip
@_as_json
def check(repair: bool, text: bool, limit: int, questions: bool, json_: bool) -> None:
    """目録、原本、索引が合っているか調べる。合わなければ終了コード1。

    例: kb check --repair
    """
    with opened() as (chosen, installation):
        installation.require()
        if questions:
            ask_known(installation, Audience(chosen.audience), json_=json_)
            return
        if text:
            _check_text(installation, limit, json_=json_)
            return
        found = checking.check(installation, repair=repair)
        if json_:
            printing.as_json(asdict(found))
        else:
            for line in (*found.repaired, *found.leftovers, *found.problems):
                click.echo(line)
        if found.problems:
            raise Ended(f"合わないところが{len(found.problems)}件あります。", 1)
        click.echo("目録、原本、索引は合っています。", err=True)


def _check_text(installation: Installation, limit: int, *, json_: bool) -> None:
    pages = worst_pages(installation.database, limit)
    if json_:
        for page in pages:
            printing.as_json(asdict(page))
        return
    printing.worst_pages(pages)
    if not pages:
        click.echo("読み取りの疑わしいページはありません。", err=True)


@click.command(cls=Command)
@click.option("--decide", type=(str, str, click.Choice([d.value for d in LikenessDecision])),
              metavar="資料 資料 判断",
              help="2つの資料をどう見るか決める(same、new_edition、different)。")  # fmt: skip
@click.option("--all", "all_", is_flag=True, help="判断の済んだものも示す。")
@_as_json
def alike(decide: tuple[str, str, str] | None, all_: bool, json_: bool) -> None:
    """本文の同じ資料や、版違いと思われる資料を示す。決めるのは人で、自動では何もしない。

    例: kb alike --decide doc-1111 doc-2222 new_edition
    """
    with opened() as (_, installation):
        installation.require()
        if decide is not None:
            one, other, decision = decide
            with writing(installation.database, Authorship("kb alike")) as writer:
                writer.decide_likeness(one, other, decision)
        pairs = LikenessReader(installation.database).pairs(undecided=not all_)
        if json_:
            for pair in pairs:
                printing.as_json(asdict(pair))
            return
        printing.alike(pairs)
        click.echo(f"{len(pairs)}組", err=True)


COMMANDS = (ingest, reread, check, alike)
