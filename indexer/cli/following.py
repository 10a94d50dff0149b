"""After a command has recorded something: the index follows, or it is said who will see to it."""

import click

from indexer.cli import printing
from indexer.installation import Installation
from indexer.reindex import SyncReport
from kb.search.engine import IndexLocked


def follow(installation: Installation, recorded: str) -> SyncReport | None:
    """Bring the index up to date with a progress bar; None where another process is at it.

    `recorded` says what was recorded, as in 「取り込んだ内容」.
    """
    try:
        with printing.record_bar("索引") as progress:
            return installation.up_to_date(progress)
    except IndexLocked as reason:
        click.echo(f"{reason} {recorded}は次の kb sync で検索できます。", err=True)
        return None
