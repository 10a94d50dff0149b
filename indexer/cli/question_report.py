"""What people asked and did not find, and how the known questions fare, on the terminal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import click

from indexer.cli import printing
from indexer.cli.opening import Ended, opened
from indexer.cli.usage import Command
from indexer.installation import Installation
from indexer.questions import Judged, ready_service, scored
from kb.catalogue.questions.asked import AskedCount, AskedReport, WordCount
from kb.catalogue.questions.known import QuestionReader, QuestionScore
from kb.domain.rights import Audience
from kb.search.missing_words import WordHint, WordHints

USUAL_DAYS = 90


@dataclass(frozen=True, slots=True)
class _Hinted:
    """A word that nothing held, with what may help."""

    count: WordCount
    hint: WordHint


@click.command(cls=Command)
@click.option("--days", type=click.IntRange(1, 36_500), default=USUAL_DAYS, show_default=True,
              help="さかのぼる日数。")  # fmt: skip
@click.option("--json", "json_", is_flag=True, help="JSONで出す。")
def report(days: int, json_: bool) -> None:
    """何も見つからなかった質問、どの資料にもないことば、よく検索された質問。

    例: kb questions report --days 30
    """
    with opened() as (chosen, installation):
        installation.require()
        reader = QuestionReader(installation.database)
        found = reader.report(days)
        words = _hinted(installation, reader, found.missing)
        if json_:
            printing.as_json({"logging": chosen.query_log, "days": days, **_json(found, words)})
            return
        _tell(found, words)
        if not chosen.query_log:
            click.echo("いまは検索を記録していません(KB_QUERY_LOG=off)。", err=True)


def _hinted(
    installation: Installation, reader: QuestionReader, words: Iterable[WordCount]
) -> list[_Hinted]:
    counts = list(words)
    if not counts:
        return []
    service = ready_service(installation)
    hints = WordHints(reader.synonyms(), lambda word: service.suggest(word, Audience.CURATOR))
    return [_Hinted(count, hints.of(count.word)) for count in counts]


def _json(found: AskedReport, words: list[_Hinted]) -> dict[str, object]:
    return {
        "since": found.since.isoformat(),
        "asked": found.asked,
        "nothing": [_count_json(count) for count in found.nothing],
        "missing": [
            {
                "word": each.count.word,
                "times": each.count.times,
                "last_day": each.count.last_day.isoformat(),
                "nearest": list(each.hint.nearest),
                "synonyms": [list(group) for group in each.hint.groups],
            }
            for each in words
        ],
        "most_asked": [_count_json(count) for count in found.most_asked],
    }


def _count_json(count: AskedCount) -> dict[str, object]:
    day = count.last_day.isoformat()
    return {
        "question": count.question,
        "filters": count.filters,
        "times": count.times,
        "last_day": day,
    }


def _tell(found: AskedReport, words: list[_Hinted]) -> None:
    click.echo(f"{found.since.isoformat()} から今日まで: のべ{found.asked:,}回")
    click.echo(f"\n何も見つからなかった質問({len(found.nothing)}件)")
    _tell_counts(found.nothing)
    click.echo(f"\nどの資料にもなかったことば({len(words)}語)")
    for each in words:
        click.echo(_row(each.count.times, each.count.last_day, each.count.word))
        if each.hint.nearest:
            click.echo(f"          近い名前: {'、'.join(each.hint.nearest)}")
        for group in each.hint.groups:
            click.echo(f"          同義語の組: {'、'.join(group)}")
    click.echo(f"\nよく検索された質問({len(found.most_asked)}件)")
    _tell_counts(found.most_asked)


def _tell_counts(counts: Iterable[AskedCount]) -> None:
    for count in counts:
        narrowed = f" [{count.filters}]" if count.filters else ""
        click.echo(_row(count.times, count.last_day, count.question + narrowed))


def _row(times: int, day: date, text: str) -> str:
    return f"  {times:5,}回  {day.isoformat()}  {text}"


# --- asking them --------------------------------------------------------------------------


def ask_known(installation: Installation, audience: Audience, *, json_: bool) -> None:
    """Ask every active known question, keep the score and tell it.

    Raises:
        Ended: one did not pass.
    """
    score, found = scored(installation, audience)
    if json_:
        printing.as_json(_score_json(score, found))
    else:
        _tell_verdicts(found)
    if score.failed:
        raise Ended(f"{score.total}件のうち{len(score.failed)}件が、期待どおりではありません。", 1)
    if score.total:
        click.echo(f"{score.total}件すべてが、期待どおりです。", err=True)
    else:
        click.echo("確認の質問がありません。kb questions add で登録できます。", err=True)


def _tell_verdicts(found: Iterable[Judged]) -> None:
    for one in found:
        verdict = "不合格" if one.shortfalls else "合格  "
        click.echo(f"{verdict}  {one.question.id}  {one.question.question}")
        for shortfall in one.shortfalls:
            click.echo(f"        {shortfall.sentence}")


def _score_json(score: QuestionScore, found: Iterable[Judged]) -> dict[str, object]:
    return {
        "passed": score.passed,
        "of": score.total,
        "index": score.fingerprint,
        "questions": [
            {
                "id": one.question.id,
                "question": one.question.question,
                "passed": not one.shortfalls,
                "reasons": [shortfall.sentence for shortfall in one.shortfalls],
            }
            for one in found
        ],
    }
