"""The command `kb questions`: what people asked and did not find, and the known questions."""

from collections.abc import Iterable
from pathlib import Path

import click

from indexer.cli import printing
from indexer.cli.opening import WRONG_USE, Ended, opened
from indexer.cli.question_report import report
from indexer.cli.usage import Command, Group
from indexer.installation import Installation
from indexer.question_lists import as_csv, checked, read_questions
from kb.catalogue.entries import Authorship
from kb.catalogue.questions.known import QuestionReader
from kb.catalogue.writing import writing
from kb.domain.known_question import (
    MOST_WITHIN,
    NOTHING,
    WITHIN,
    BadQuestion,
    KnownQuestion,
    expected_of,
)

AUTHOR = "kb questions"


@click.group(cls=Group)
def questions() -> None:
    """見つからなかった検索の報告と、答えの分かっている質問(確認の質問)。

    例: kb questions report
    """


@questions.command("list", cls=Command)
@click.option("--json", "json_", is_flag=True, help="1件につき1行のJSONを出す。")
def list_(json_: bool) -> None:
    """登録してある質問を示す。

    例: kb questions list
    """
    known = _known()
    for question in known:
        if json_:
            printing.as_json(_question_json(question))
        else:
            off = "" if question.active else " [使わない]"
            click.echo(f"{question.id}  {question.question}  ({_expectation(question)}){off}")
    click.echo(f"{len(known)}件", err=True)


@questions.command(cls=Command)
@click.argument("question")
@click.option("--id", "id_", help="名前。指定しなければ番号を付ける。同じ名前のものは置き換える。")
@click.option("--filters", default="", help="絞り込み(municipality=中野区&theme=DX)。")
@click.option("--first", default="", help="最初に出るべき事例や資料のID。どれかでよければ | で。")
@click.option("--any", "any_", multiple=True,
              help="初めの数件にあるID。doc-a#5 はページ、did_you_mean:語 は候補。")  # fmt: skip
@click.option("--within", type=click.IntRange(1, MOST_WITHIN), default=WITHIN, show_default=True,
              help="--any が何件目までにあるべきか。")  # fmt: skip
@click.option("--nothing", is_flag=True, help="何も見つからないはずの質問。")
@click.option("--missing", multiple=True, help="どの資料にもないと伝えるべきことば。")
@click.option("--understood", multiple=True, help="読み取り方(place、year、synonym など)。")
@click.option("--note", default="", help="覚え書き。")
def add(
    question: str, id_: str | None, filters: str, first: str, any_: tuple[str, ...], within: int,
    nothing: bool, missing: tuple[str, ...], understood: tuple[str, ...], note: str,
) -> None:  # fmt: skip
    """答えの分かっている質問を登録する。

    例: kb questions add 福間町 --any case-fukutsu-2021 --understood place
    """
    answers = ";".join((*any_, *([NOTHING] if nothing else ())))
    with opened() as (_, installation):
        installation.require()
        try:
            expected = expected_of(
                first, answers, within=within,
                missing=";".join(missing), understood=";".join(understood),
            )  # fmt: skip
            name = id_ or _next_id(QuestionReader(installation.database).known())
            made = checked(KnownQuestion(name, question.strip(), expected, filters, note))
        except BadQuestion as error:
            raise Ended(str(error), WRONG_USE) from error
        _record(installation, [made], Authorship(AUTHOR, "add"))
        click.echo(f"登録しました: {name}", err=True)


@questions.command(cls=Command)
@click.argument("named", metavar="ID")
def remove(named: str) -> None:
    """登録してある質問を消す。

    例: kb questions remove q-1
    """
    with opened() as (_, installation):
        installation.require()
        with writing(installation.database, Authorship(AUTHOR, f"remove {named}")) as writer:
            removed = writer.questions.remove(named)
        if not removed:
            raise Ended(
                f"質問 {named} はありません。kb questions list で確かめてください。", WRONG_USE
            )
        click.echo(f"消しました: {named}", err=True)


@questions.command("import", cls=Command)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="読めるかを確かめるだけで、書き込まない。")
def import_(file: Path, dry_run: bool) -> None:
    """質問のCSVを取り込む。同じIDの質問は置き換え、ほかはそのまま残す。

    例: kb questions import 質問.csv
    """
    try:
        read = read_questions(file.read_bytes())
    except OSError as error:
        raise Ended(f"{file}: 読めません({error.strerror})。", WRONG_USE) from error
    except BadQuestion as error:
        raise Ended(f"{file}: {error}", WRONG_USE) from error
    with opened() as (_, installation):
        installation.require()
        if dry_run:
            click.echo(f"{len(read)}件を読めました。書き込んでいません(--dry-run)。", err=True)
            return
        changed = _record(installation, read, Authorship(AUTHOR, file.name))
        click.echo(f"{len(read)}件のうち{changed}件が新しいか、変わりました。", err=True)


@questions.command(cls=Command)
@click.option("--output", type=click.Path(path_type=Path), help="書き込むファイル。")
def export(output: Path | None) -> None:
    """登録してある質問をCSVに出す。そのまま取り込み直せる。

    例: kb questions export --output 質問.csv
    """
    known = _known()
    content = as_csv(known).encode("utf-8-sig")
    if output is None:
        click.echo(content, nl=False)
    else:
        try:
            output.write_bytes(content)
        except OSError as error:
            why = f"--output: {output} に書けません({error.strerror})。"
            raise Ended(why, WRONG_USE) from error
    click.echo(f"{len(known)}件を出しました。", err=True)


def _known() -> tuple[KnownQuestion, ...]:
    with opened() as (_, installation):
        installation.require()
        return QuestionReader(installation.database).known()


def _record(installation: Installation, known: Iterable[KnownQuestion], author: Authorship) -> int:
    with writing(installation.database, author) as writer:
        return sum(map(writer.questions.record, known))


def _next_id(known: Iterable[KnownQuestion]) -> str:
    numbers = [question.id.removeprefix("q-") for question in known if question.id[:2] == "q-"]
    return f"q-{1 + max((int(n) for n in numbers if n.isdecimal() and len(n) < 9), default=0)}"


def _expectation(question: KnownQuestion) -> str:
    expected = question.expected
    parts = {
        "最初": "|".join(expected.first),
        f"初めの{expected.within}件": expected.notation,
        "ないことば": "、".join(expected.missing),
        "読み取り": "、".join(expected.understood),
        "絞り込み": question.filters,
    }
    return "; ".join(f"{name}: {value}" for name, value in parts.items() if value)


def _question_json(question: KnownQuestion) -> dict[str, object]:
    expected = question.expected
    return {
        "id": question.id, "question": question.question, "filters": question.filters,
        "first": list(expected.first), "any": expected.notation, "within": expected.within,
        "missing": list(expected.missing), "understood": list(expected.understood),
        "note": question.note, "active": question.active,
    }  # fmt: skip


questions.add_command(report)

COMMANDS = (questions,)
