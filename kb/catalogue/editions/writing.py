"""Giving a document a newer original: the old one is kept apart with its pages.

Part of :class:`kb.catalogue.writing.CatalogueWriter`, as its ``editions``. The newer original has
come in as a draft of its own; that draft goes, and the document stands as it is settled.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, delete, func, insert, literal, select, update
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.changes import Changes, UnknownReference
from kb.catalogue.editions import putting_back
from kb.catalogue.editions.tables import EditionPageRow, EditionRow, ReplacementRow
from kb.catalogue.editions.views import CannotReplace
from kb.catalogue.plain_rows import plain, values_read
from kb.catalogue.review import states
from kb.catalogue.review.second_person import is_two_person
from kb.catalogue.review.settlements import settlement_of
from kb.catalogue.review.views import ChangedMeanwhile
from kb.domain.classification import Holding
from kb.domain.rights import Terms
from kb.domain.settled import Field

REPLACED, PUT_BACK = "replaced", "original_put_back"
"""What a SourceEvent calls it, of the document and of the draft that went into it."""

EDITIONS = frozenset({REPLACED, PUT_BACK})

_OF_THE_FILE = (
    "sha256", "size", "media_type", "file_name", "outcome", "outcome_detail", "extractor",
    "declared_pages", "file_title", "outline", "attachments", "recognised", "text_digest",
    "signature", "signature_version",
)  # fmt: skip
"""Columns of a document that belong to its original."""

_PAGES = (m.PageRow, m.PageLayoutRow, m.PageTokensRow)
_GO_ALONG = {
    *(table.__tablename__ for table in _PAGES),
    *("source", "decision", "likeness", "document_municipality"),
}
"""Tables that name a draft and are dealt with; what any other says of it keeps it."""


class EditionWriter:
    """Replaces originals in somebody's name."""

    def __init__(self, session: Session, changes: Changes, actor: str) -> None:
        self._session = session
        self._changes = changes
        self._actor = actor

    def replace(self, document_id: str, draft_id: str, version: str) -> int:
        """Give a document the original of a draft; the number of the one it had, 0 for none.

        Raises:
            UnknownReference: one of them is not registered.
            ChangedMeanwhile: somebody has changed the document since the form was made.
            CannotReplace: the draft is none, or does not fit; the message says why.
        """
        row, draft = self._document(document_id), self._document(draft_id)
        if not states.same_version(states.document_version(self._session, row), version):
            changes = states.changes_since(self._session, "document", document_id, version)
            raise ChangedMeanwhile(changes)
        refused = next(self._refused(row, draft), "")
        if not refused and is_two_person(self._session):
            reasons = states.missing(self._session, draft, self._actor)
            refused = " ".join(reasons)
        if refused:
            raise CannotReplace(refused)
        number = self._next(row.id) if row.sha256 is not None else 0
        values = {name: getattr(draft, name) for name in _OF_THE_FILE}
        held = putting_back.held_of(self._session, row, draft, _OF_THE_FILE)
        change = {"sha256": [row.sha256, values["sha256"]], "edition": [None, number]}
        self._changes.note(REPLACED, "document", row.id, change)
        self._changes.note(REPLACED, "document", draft.id, {"edition_of": [None, row.id]})
        self._session.add(
            ReplacementRow(
                document_id=row.id, sha256=values["sha256"], draft_id=draft.id, held=held
            )
        )
        if number:
            self._set_aside(row, number)
        self._take_pages(row.id)
        self._move_pages(draft.id, row.id)
        self._remove(draft, row.id)
        for name, value in values.items():
            setattr(row, name, value)
        row.holding = Holding.HELD.value
        self._session.flush()
        return number

    def put_back(self, document_id: str) -> None:
        """Undo the last replacement: the original before it, and the newer one a draft again.

        Raises:
            UnknownReference: there is no such document.
            CannotReplace: it cannot be undone; the message says why and what to do.
        """
        row = self._document(document_id)
        kept = putting_back.require(self._session, row)
        held, draft_id = kept.held, kept.draft_id
        before = values_read(m.DocumentRow, held["document"])
        # It may have been read anew since it came here.
        newer = {name: plain(getattr(row, name)) for name in _OF_THE_FILE}
        change = {"sha256": [row.sha256, before["sha256"]], "newer": [None, draft_id]}
        self._changes.note(PUT_BACK, "document", row.id, change)
        self._changes.note(PUT_BACK, "document", draft_id, {"edition_of": [row.id, None]})
        # The digest is one document's alone: first it leaves this one.
        for name, value in before.items():
            setattr(row, name, value)
        self._session.delete(kept)
        self._session.flush()
        putting_back.make_draft(self._session, {**held, "draft": {**held["draft"], **newer}})
        self._move_pages(row.id, draft_id)
        if row.sha256 is not None:
            putting_back.bring_pages_back(self._session, row, held)
        self._session.flush()

    def _refused(self, row: m.DocumentRow, draft: m.DocumentRow) -> Iterator[str]:
        """Why not, the first reason first."""
        if row.id == draft.id:
            yield "同じ資料です。新しい原本を取り込んだ下書きを選んでください。"
        if draft.published:
            yield "公開中の資料です。先に公開をやめて、下書きに戻してください。"
        if draft.sha256 is None or not self._pages(draft.id):
            yield "読み取れたページがありません。読み取れるファイルを取り込んでください。"
        if Terms.WITHDRAWN.value in (row.rights_terms, draft.rights_terms):
            yield "取り下げた資料です。先に取り下げを取り消してください。"
        if draft.rights_terms not in (Terms.UNKNOWN.value, row.rights_terms):
            one, other = (Terms(each.rights_terms).label for each in (draft, row))
            yield (
                f"新しい原本の利用条件は「{one}」、いまの資料は「{other}」です。"
                "先にどちらかを直してください。"
            )
        if draft.case_id is not None or self._tied(draft.id):
            yield (
                "選んだ下書きは、事例、人、許諾など、ほかの記録とつながっています。"
                "先につながりを外してください。"
            )
        beyond = [e for e in row.excerpts if e.last_page > (draft.declared_pages or 0)]
        if beyond:
            yield (
                f"新しい原本は{draft.declared_pages or 0}ページまでで、{beyond[0].last_page}"
                "ページまでの事例があります。先に「ページごとの事例」で範囲を直してください。"
            )

    def _tied(self, document_id: str) -> bool:
        """Whether something says of a draft what would be lost with it."""
        for table in m.Base.metadata.tables.values():
            for column in table.columns if table.name not in _GO_ALONG else ():
                named = any(key.column.table.name == "document" for key in column.foreign_keys)
                wanted = select(literal(1)).select_from(table).where(column == document_id)
                if named and self._session.scalar(wanted.limit(1)):
                    return True
        return False

    def _pages(self, document_id: str) -> int:
        wanted = select(func.count()).select_from(m.PageRow).filter_by(document_id=document_id)
        return self._session.scalar(wanted) or 0

    def _next(self, document_id: str) -> int:
        last = select(func.max(EditionRow.number)).filter_by(document_id=document_id)
        return (self._session.scalar(last) or 0) + 1

    def _set_aside(self, row: m.DocumentRow, number: int) -> None:
        """Keep a document's original and pages as an edition of it."""
        self._session.add(
            EditionRow(
                document_id=row.id, number=number, sha256=row.sha256, size=row.size or 0,
                media_type=row.media_type or "", file_name=row.file_name or "",
                title=settlement_of(row).text(Field.TITLE) or row.title,
                outcome=row.outcome or "", extractor=row.extractor or "",
                pages=self._pages(row.id), actor=self._actor,
            )
        )  # fmt: skip
        page, layout = m.PageRow, m.PageLayoutRow
        same = and_(layout.document_id == page.document_id, layout.number == page.number)
        columns = [column.name for column in EditionPageRow.__table__.columns]
        found: dict[str, Any] = {"edition": literal(number), "layout": layout.layout}
        values = [found[name] if name in found else getattr(page, name) for name in columns]
        pages = select(*values)
        pages = pages.outerjoin_from(page, layout, same).where(page.document_id == row.id)
        self._session.execute(insert(EditionPageRow).from_select(columns, pages))

    def _take_pages(self, document_id: str) -> None:
        for table in (m.PageLayoutRow, m.PageTokensRow, m.PageRow):
            self._session.execute(delete(table).where(table.document_id == document_id))

    def _move_pages(self, from_: str, to: str) -> None:
        for table in _PAGES:
            here = update(table).where(table.document_id == from_)
            self._session.execute(here.values(document_id=to))

    def _remove(self, draft: m.DocumentRow, document_id: str) -> None:
        """Let a draft go; where it was seen goes with its original."""
        for source in self._session.scalars(select(m.SourceRow).filter_by(document_id=draft.id)):
            source.document_id = document_id
        for job in self._session.scalars(select(m.JobRow).filter_by(document_id=draft.id)):
            job.document_id = document_id
        for decision in self._session.scalars(
            select(m.DecisionRow).filter_by(document_id=draft.id)
        ):
            self._session.delete(decision)
        either = (m.LikenessRow.document_id == draft.id) | (m.LikenessRow.other_id == draft.id)
        for likeness in self._session.scalars(select(m.LikenessRow).where(either)):
            self._session.delete(likeness)
        self._session.flush()
        self._session.expire(draft)
        self._session.delete(draft)
        self._session.flush()

    def _document(self, document_id: str) -> m.DocumentRow:
        row = self._session.get(m.DocumentRow, document_id)
        if row is None:
            raise UnknownReference(f"資料 {document_id} は登録されていません。")
        return row
