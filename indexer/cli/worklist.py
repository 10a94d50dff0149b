"""The command that tells what waits for curators: `worklist`."""

from contextlib import closing
from dataclasses import asdict, replace
from typing import Any

import click

from indexer.cli import printing
from indexer.cli.opening import opened
from indexer.cli.usage import Command
from kb.catalogue.worklist.service import Worklist
from kb.catalogue.worklist.views import Kind, Listed, Waiting

_TOLD = ("id", "title", "notes", "other_id", "other_title", "source", "url", "sent_by")


@click.command(cls=Command)
@click.option("--kind", type=click.Choice([kind.value for kind in Kind]),
              help="この種類だけを示す。")  # fmt: skip
@click.option("--page", type=click.IntRange(1, 100_000), default=1, show_default=True,
              help="--kind の一覧の何ページ目か。")  # fmt: skip
@click.option("--json", "json_", is_flag=True, help="種類1つにつき1行のJSONを出す。")
def worklist(kind: str | None, page: int, json_: bool) -> None:
    """人の手を待っているものを、種類ごとに数えて示す。

    例: kb worklist --kind rights
    """
    # As curators see it: what waits for a second person waits only where two publish.
    with (
        opened() as (chosen, held),
        closing(replace(held, two_person=chosen.two_person)) as installation,
    ):
        installation.require()
        # Nothing is taken down by this command, so no page images have to be forgotten.
        desk = Worklist(installation.database, forget=lambda _sha256: None)
        lists = (desk.listed(Kind(kind), page),) if kind else desk.overview()
        for found in lists:
            if json_:
                printing.as_json(_json(found))
            else:
                click.echo("\n".join(_lines(found)))
        click.echo(f"全部で{sum(each.total for each in lists):,}件", err=True)


def _lines(found: Listed) -> list[str]:
    pages = f" ({found.pages}ページ中の{found.page}ページ目)" if found.pages > 1 else ""
    return [f"{found.kind.label}: {found.total:,}{pages}", *map(_line, found.entries)]


def _line(each: Waiting) -> str:
    names = " / ".join(filter(None, (each.id, each.other_id)))
    notes = "、".join(filter(None, (each.url, *each.notes)))
    return f"  {names} {each.title}".rstrip() + (f" [{notes}]" if notes else "")


def _json(found: Listed) -> dict[str, Any]:
    entries = ({name: asdict(each)[name] for name in _TOLD} for each in found.entries)
    return {
        "kind": found.kind.value,
        "label": found.kind.label,
        "total": found.total,
        "page": found.page,
        "pages": found.pages,
        "entries": [{name: value for name, value in each.items() if value} for each in entries],
    }


COMMANDS = (worklist,)
