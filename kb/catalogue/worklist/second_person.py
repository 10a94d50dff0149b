"""Changes that wait for another person than their sender, where nobody publishes alone.

They are files of changes and lines of seminars' pages; each is written or dropped on its page.
"""

from datetime import date
from typing import Any

from sqlalchemy import Select, literal, select, union_all

from kb.catalogue import models as m
from kb.catalogue.bulk.reading import to_be_written
from kb.catalogue.worklist.views import Kind, Waiting
from kb.domain.clock import day_of, in_words


def waiting(_day: date) -> Select[*tuple[Any, ...]]:
    """What waits, newest first."""
    file, lines, intake = m.BulkRow, m.IntakeProposalRow, m.IntakeRow
    both = union_all(
        select(
            literal(True).label("of_file"), file.id, file.name.label("title"),
            file.actor, file.made_at,
        ).where(to_be_written()),
        select(literal(False), intake.id, intake.source, lines.actor, lines.made_at)
        .join(intake, intake.id == lines.intake_id),
    ).subquery()  # fmt: skip
    return select(both).order_by(both.c.made_at.desc(), both.c.id)


def told(row: Any) -> Waiting:
    """A row of it, for curators."""
    what = "一括変更のファイル" if row.of_file else "セミナーのページから選んだ行"
    sent = f"{in_words(day_of(row.made_at))}に送信"
    return Waiting(
        Kind.SECOND_PERSON, row.id, row.title, (what, row.actor, sent),
        of_file=bool(row.of_file), sent_by=row.actor,
    )  # fmt: skip
