"""Recording what a document is to cases and events: page ranges of a casebook, parts at events."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.casebooks.page_lists import CasePages, entries_of, pages_of_cases, told_of
from kb.catalogue.changes import Changes, UnknownReference
from kb.catalogue.entries import DocumentEntry, EventPartEntry, ExcerptEntry


def record_relations(session: Session, changes: Changes, entry: DocumentEntry) -> bool:
    """Give a recorded document the excerpts and parts of its entry; whether anything changed.

    Raises:
        UnknownReference: a case or an event is not in the catalogue, a range is none, or it goes
            beyond the pages of the file that is held.
    """
    session.flush()
    changed = _set_excerpts(session, changes, entry)
    return _set_parts(session, changes, entry) or changed


def _set_excerpts(session: Session, changes: Changes, entry: DocumentEntry) -> bool:
    _check_excerpts(session, entry)
    return put_excerpts(session, changes, entry.id, pages_of_cases(entry.excerpts))


def put_excerpts(session: Session, changes: Changes, document_id: str, wanted: CasePages) -> bool:
    """Give a document these pages of cases and no others; whether anything changed."""
    rows = session.scalars(select(m.CaseExcerptRow).filter_by(document_id=document_id)).all()
    before = pages_of_cases(rows)
    if before == wanted:
        return False
    change = {"excerpts": [told_of(before), told_of(wanted)]}
    changes.note("changed", "document", document_id, change)
    for row in rows:
        session.delete(row)
    session.flush()
    session.add_all(
        m.CaseExcerptRow(
            document_id=document_id,
            case_id=each.case_id,
            first_page=each.first_page,
            last_page=each.last_page,
        )
        for each in entries_of(wanted)
    )
    return True


def _check_excerpts(session: Session, entry: DocumentEntry) -> None:
    if entry.excerpts and entry.case_id is not None:
        raise UnknownReference(
            f"{entry.id}: 全体が事例 {entry.case_id} の資料なので、ページごとの事例は"
            "登録できません。どちらか一方にしてください。"
        )
    row = session.get_one(m.DocumentRow, entry.id)
    for excerpt in entry.excerpts:
        _check_excerpt(session, row, excerpt)


def _check_excerpt(session: Session, row: m.DocumentRow, excerpt: ExcerptEntry) -> None:
    first, last = excerpt.first_page, excerpt.last_page
    if session.get(m.CaseRow, excerpt.case_id) is None:
        raise UnknownReference(f"{row.id}: 事例 {excerpt.case_id} は登録されていません。")
    if not 1 <= first <= last:
        raise UnknownReference(
            f"{row.id}: 事例 {excerpt.case_id} のページ {first}-{last} は範囲になりません。"
            "小さい番号を先に、1以上で書いてください。"
        )
    if row.sha256 is not None and last > (row.declared_pages or 0):
        raise UnknownReference(
            f"{row.id}: 事例 {excerpt.case_id} のページ {first}-{last} は、"
            f"ファイルの{row.declared_pages or 0}ページを超えています。"
        )


def _set_parts(session: Session, changes: Changes, entry: DocumentEntry) -> bool:
    for each in entry.event_parts:
        if session.get(m.EventRow, each.event_id) is None:
            raise UnknownReference(f"{entry.id}: 催し {each.event_id} は登録されていません。")
    rows = session.scalars(select(m.EventDocumentRow).filter_by(document_id=entry.id)).all()
    before = {(row.event_id, row.part) for row in rows}
    wanted = {_key(each) for each in entry.event_parts}
    if before == wanted:
        return False
    change = {"event_parts": [[":".join(key) for key in sorted(keys)] for keys in (before, wanted)]}
    changes.note("changed", "document", entry.id, change)
    for row in rows:
        if (row.event_id, row.part) not in wanted:
            session.delete(row)
    session.add_all(
        m.EventDocumentRow(document_id=entry.id, event_id=event_id, part=part)
        for event_id, part in sorted(wanted - before)
    )
    return True


def _key(entry: EventPartEntry) -> tuple[str, str]:
    return entry.event_id, entry.part.value
