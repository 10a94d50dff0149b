"""The command `kb synonyms`: the words that stand for one another in a question."""

from collections.abc import Iterable
from pathlib import Path

import click

from indexer.cli.opening import WRONG_USE, Ended, opened
from indexer.cli.usage import Command, Group
from indexer.installation import Installation
from indexer.synonym_lists import as_csv, read_list
from kb.catalogue.entries import Authorship
from kb.catalogue.synonyms.desk import SynonymDesk
from kb.catalogue.synonyms.store import SynonymPlan, SynonymStore, UnknownSynonym
from kb.domain.rights import Audience
from kb.domain.synonym_rehearsal import Effect
from kb.domain.synonyms import BadSynonyms, Relation, SynonymEntry
from kb.search.naming import SynonymSource, name_key
from kb.search.readers.synonyms import shipped_groups
from kb.search.rehearsal import Answers, Proposed, ToAsk, effect_of
from kb.search.service import open_service

AUTHOR = "kb synonyms"
MOST_SHOWN = 10
"""Changed groups that are named; the rest is counted."""
_FROM = {"own": "自分の町の組", "shipped": "製品に入っている組", "sudachi": "Sudachi同義語辞書"}


@click.group(cls=Group)
def synonyms() -> None:
    """検索のときに同じものとして扱うことば(同義語)を見る、入れる、出す。

    例: kb synonyms list 行革
    """


@synonyms.command("list", cls=Command)
@click.argument("word", required=False)
def list_(word: str | None) -> None:
    """同義語の組を示す。ことばを付けると、そのことばのある組だけ。

    例: kb synonyms list 行革
    """
    with opened() as (_, installation):
        installation.require()
        store = _store(installation)
        entries = store.entries()
        chosen = store.entries_with(entries, word) if word else entries
        for entry in chosen:
            click.echo(_line(entry))
        click.echo(f"{len(chosen)}組", err=True)


@synonyms.command("import", cls=Command)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="何が変わるかを示すだけで、書き込まない。")
@click.option("--ambiguous", is_flag=True,
              help="Sudachi同義語辞書の、意味がいくつもある語も取り込む。")  # fmt: skip
@click.option("--questions", type=click.Path(path_type=Path),
              help="1行に1つの質問のファイル。見つかる事例がどう変わるかを示す。")  # fmt: skip
def import_(file: Path, dry_run: bool, ambiguous: bool, questions: Path | None) -> None:
    """同義語のCSV、またはSudachi同義語辞書を取り込む。索引の作り直しは要らない。

    例: kb synonyms import 同義語.csv --dry-run
    """
    try:
        taken = read_list(_content(file), ambiguous=ambiguous)
    except BadSynonyms as error:
        raise Ended(f"{file}: {error}", WRONG_USE) from error
    asked = _content(questions).decode("utf-8-sig", "replace").splitlines() if questions else []
    with opened() as (chosen, installation):
        installation.require()
        store = _store(installation)
        try:
            plan = store.planned(taken.entries)
        except BadSynonyms as error:
            raise Ended(f"{file}: {error}", WRONG_USE) from error
        _tell(plan, taken.ambiguous)
        if asked:
            _tell_rehearsal(installation, store.after(plan), asked, Audience(chosen.audience))
        if dry_run:
            click.echo("書き込んでいません(--dry-run)。", err=True)
            return
        store.take_in(plan, Authorship(AUTHOR, file.name))


@synonyms.command(cls=Command)
@click.option("--output", type=click.Path(path_type=Path), help="書き込むファイル。")
@click.option("--own", is_flag=True, help="自分で入れた組と、変えた組だけを出す。")
def export(output: Path | None, own: bool) -> None:
    """同義語の組をCSVに出す。そのまま取り込み直せる。

    例: kb synonyms export --output 同義語.csv
    """
    with opened() as (_, installation):
        installation.require()
        entries = _store(installation).entries()
    chosen = [entry for entry in entries if not own or entry.origin != "shipped"]
    content = as_csv(chosen).encode("utf-8-sig")
    if output is None:
        click.echo(content, nl=False)
    else:
        try:
            output.write_bytes(content)
        except OSError as error:
            raise Ended(
                f"--output: {output} に書けません({error.strerror})。", WRONG_USE
            ) from error
    click.echo(f"{len(chosen)}組を出しました。", err=True)


@synonyms.command(cls=Command)
@click.argument("named", metavar="KEY")
def remove(named: str) -> None:
    """組を消す。製品に入っている組は、使わないようにする。ことばで指定してもよい。

    例: kb synonyms remove same:窓口
    """
    with opened() as (_, installation):
        installation.require()
        entry = _found(installation, named)
        done = _store(installation).remove(entry, Authorship(AUTHOR, f"remove {named}"))
        click.echo(f"{_line(entry)}\n{done}", err=True)


@synonyms.command(cls=Command)
@click.argument("named", metavar="KEY")
def restore(named: str) -> None:
    """製品に入っている組を、もとのとおりに戻す。

    例: kb synonyms restore same:窓口
    """
    with opened() as (_, installation):
        installation.require()
        entry = _found(installation, named)
        author = Authorship(AUTHOR, f"restore {named}")
        done = _store(installation).restore(entry, author)
        click.echo("もとに戻しました。" if done else "変えられていない組です。", err=True)


def _store(installation: Installation) -> SynonymStore:
    return SynonymStore(installation.database, shipped_groups(), name_key)


def _found(installation: Installation, named: str) -> SynonymEntry:
    try:
        return _store(installation).found(named)
    except UnknownSynonym as error:
        raise Ended(str(error), WRONG_USE) from error


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Ended(f"{file}: 読めません({error.strerror})。", WRONG_USE) from error


def _line(entry: SynonymEntry) -> str:
    group = entry.group
    words = "、".join(group.words)
    said = f"{group.head} → {words}" if group.relation is Relation.NARROWER else words
    off = "" if entry.active else " [使わない]"
    changed = entry.origin != "shipped" and entry.key in shipped_groups()
    origin = "製品の組を変えたもの" if changed else _FROM[entry.origin]
    return f"{entry.key}  {said}  ({group.relation.label}、{origin}){off}"


def _tell(plan: SynonymPlan, left_out: int) -> None:
    for title, entries in (("追加", plan.added), ("変更", plan.changed)):
        for entry in entries[:MOST_SHOWN]:
            click.echo(f"{title}: {_line(entry)}")
        if len(entries) > MOST_SHOWN:
            click.echo(f"{title}: ほかに{len(entries) - MOST_SHOWN:,}組")
    for key in plan.restored[:MOST_SHOWN]:
        click.echo(f"もとに戻す: {key}")
    counts = (len(plan.added), len(plan.changed), len(plan.restored), plan.same)
    click.echo("追加{:,}組、変更{:,}組、もとに戻す{:,}組、同じ{:,}組".format(*counts), err=True)
    if left_out:
        click.echo(
            f"意味がいくつもある語を{left_out:,}語とばしました(--ambiguous で取り込みます)。",
            err=True,
        )


def _tell_rehearsal(
    installation: Installation,
    proposed: tuple[SynonymEntry, ...],
    asked: Iterable[str],
    audience: Audience,
) -> None:
    def opens(synonyms: SynonymSource | None) -> Answers:
        chosen = installation.database, installation.search_url
        return open_service(*chosen, data_dir=installation.data_dir, synonyms=synonyms)

    now, then = opens(None), opens(Proposed(proposed))
    desk = SynonymDesk(installation.database, shipped_groups(), name_key)
    for question in dict.fromkeys(filter(None, map(str.strip, asked))):
        _tell_effect(desk, effect_of(ToAsk(question), now, then, audience))


def _tell_effect(desk: SynonymDesk, effect: Effect) -> None:
    if effect.refused:
        click.echo(f"{effect.question}: {effect.refused}")
        return
    gained, lost = len(effect.gained), len(effect.lost)
    click.echo(f"{effect.question}: 増える{gained}件、減る{lost}件")
    titles = desk.titles((*effect.gained, *effect.lost))
    for sign, subjects in (("+", effect.gained), ("-", effect.lost)):
        for subject in subjects[:MOST_SHOWN]:
            click.echo(f"  {sign} {titles[subject]}")


COMMANDS = (synonyms,)
