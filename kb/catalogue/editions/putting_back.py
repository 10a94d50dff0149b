"""What puts a replaced original back: kept when it is replaced, and used once.

An edition keeps what readers may cite; the draft that the newer original came in as is gone. So
that both can be as they were, all of that is kept as plain values beside the edition.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, insert, literal, null, select
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.editions.tables import EditionPageRow, EditionRow, ReplacementRow
from kb.catalogue.editions.views import CannotReplace
from kb.catalogue.plain_rows import plain, plain_of, values_read

_OLDER = (
    "この差し替えは、戻すための控えがないころのものなので、戻せません。"
    "前の版は、資料の画面の「前の版」から見られます。"
)
_DOWN = "取り下げた資料です。先に取り下げを取り消してください。"
_TAKEN = "下書き {draft} が新しく登録されています。先にその資料を確かめてください。"
_BEYOND = (
    "前の原本は{pages}ページまでで、{last}ページまでの事例があります。"
    "先に「ページごとの事例」で範囲を直してください。"
)


def held_of(
    session: Session, row: m.DocumentRow, draft: m.DocumentRow, of_the_file: Iterable[str]
) -> dict[str, Any]:
    """What a document and a draft are before the one gets the original of the other."""
    quality = select(m.PageRow.number, m.PageRow.quality, m.PageRow.quality_reason)
    quality = quality.where(m.PageRow.document_id == row.id, m.PageRow.quality.is_not(None))
    numbers = {name: _numbers(session, table, draft.id)
               for name, table in (("sources", m.SourceRow), ("jobs", m.JobRow))}  # fmt: skip
    return {
        "document": {name: plain(getattr(row, name)) for name in (*of_the_file, "holding")},
        "quality": [list(each) for each in session.execute(quality)],
        "draft": plain_of(draft),
        "municipalities": [place.code for place in draft.municipalities],
        "decisions": [plain_of(each) for each in draft.decisions],
        "likeness": [plain_of(each) for each in session.scalars(_alike(draft.id))],
        **numbers,
    }


def replacement_of(session: Session, row: m.DocumentRow) -> ReplacementRow | None:
    """What was kept of the replacement that gave a document the original it has now."""
    return session.get(ReplacementRow, (row.id, row.sha256)) if row.sha256 else None


def why_not(session: Session, row: m.DocumentRow) -> str:
    """Why a document cannot have its former original again; empty where it can."""
    kept = replacement_of(session, row)
    if kept is None:
        return _OLDER
    if row.rights_terms == "withdrawn":
        return _DOWN
    if session.get(m.DocumentRow, kept.draft_id) is not None:
        return _TAKEN.format(draft=kept.draft_id)
    pages = kept.held["document"]["declared_pages"] or 0
    last = max((each.last_page for each in row.excerpts), default=0)
    return _BEYOND.format(pages=pages, last=last) if last > pages else ""


def require(session: Session, row: m.DocumentRow) -> ReplacementRow:
    """What was kept of the last replacement.

    Raises:
        CannotReplace: it cannot be undone; the message says why.
    """
    kept, refused = replacement_of(session, row), why_not(session, row)
    if kept is None or refused:
        raise CannotReplace(refused)
    return kept


def make_draft(session: Session, held: dict[str, Any]) -> None:
    """The draft as it was, without its original's pages."""
    draft = m.DocumentRow(**values_read(m.DocumentRow, held["draft"]))
    session.add(draft)
    session.flush()
    draft.municipalities = [
        session.get_one(m.MunicipalityRow, code) for code in held["municipalities"]
    ]
    session.add_all(m.DecisionRow(**values_read(m.DecisionRow, e)) for e in held["decisions"])
    for each in held["likeness"]:
        pair = (each["document_id"], each["other_id"])
        # Found anew since, or the other one is no more.
        if all(session.get(m.DocumentRow, key) for key in pair):
            session.merge(m.LikenessRow(**values_read(m.LikenessRow, each)))
    for source in session.scalars(select(m.SourceRow).where(m.SourceRow.id.in_(held["sources"]))):
        source.document_id = draft.id
    for job in session.scalars(select(m.JobRow).where(m.JobRow.id.in_(held["jobs"]))):
        job.document_id = draft.id
    session.flush()


def bring_pages_back(session: Session, row: m.DocumentRow, held: dict[str, Any]) -> None:
    """The pages of a document's last edition, as its own; the edition goes."""
    edition = session.scalar(
        select(EditionRow).filter_by(document_id=row.id).order_by(EditionRow.number.desc())
    )
    if edition is None:
        return
    page, kept = m.PageRow, EditionPageRow
    its = (kept.document_id == row.id, kept.edition == edition.number)
    names = [column.name for column in page.__table__.columns]
    columns = [getattr(kept, name, null()) for name in names]
    session.execute(insert(page).from_select(names, select(*columns).where(*its)))
    layout = select(literal(row.id), kept.number, kept.layout).where(*its, kept.layout.is_not(None))
    of_layout = ["document_id", "number", "layout"]
    session.execute(insert(m.PageLayoutRow).from_select(of_layout, layout))
    session.execute(delete(kept).where(*its))
    session.delete(edition)
    session.flush()
    for number, quality, reason in held["quality"]:
        found = session.get_one(page, (row.id, number))
        found.quality, found.quality_reason = quality, reason


def _alike(document_id: str) -> Any:
    row = m.LikenessRow
    return select(row).where((row.document_id == document_id) | (row.other_id == document_id))


def _numbers(session: Session, table: Any, document_id: str) -> list[int]:
    return list(session.scalars(select(table.id).where(table.document_id == document_id)))
