"""What a document was to events, row by row: it announced one, reported on it, was used there."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.changes import Changes
from kb.catalogue.editing.columns import chosen, events, member, read_all
from kb.catalogue.editing.views import BadEdit, Box, EditRow, Section, Sort
from kb.catalogue.entries import DocumentEntry, EventPartEntry, ExcerptEntry
from kb.catalogue.relations_writing import record_relations
from kb.catalogue.rows import rights_of
from kb.domain.classification import DocumentKind, EventPart

_EVENT, _PART = "part-new-event", "part-new-part"


@dataclass(frozen=True, slots=True)
class PartEdit:
    """The parts that a document is to have."""

    parts: tuple[EventPartEntry, ...]


class Parts:
    """The parts of one document at events, as its form shows them and takes them back."""

    def __init__(self, session: Session, document_id: str) -> None:
        self._session = session
        self._row = session.get_one(m.DocumentRow, document_id)
        self._held = tuple(
            EventPartEntry(row.event_id, EventPart(row.part)) for row in self._row.event_parts
        )
        listed = events(session)
        self._titles = {choice.value: choice.label for choice in listed}
        self._adding = (chosen(_EVENT, "催し", listed), member(_PART, "役割", EventPart))

    def section(self) -> tuple[Section, dict[str, str]]:
        """The rows of the form, and what stands in them."""
        rows = [
            EditRow(
                f"{each.part.label}: {self._titles[each.event_id]}",
                (Box(_gone(each), "この役割を消す", Sort.TICK),),
            )
            for each in self._held
        ]
        rows.append(EditRow("足す役割", tuple(column.box for column in self._adding)))
        values = {_gone(each): "" for each in self._held} | {_EVENT: "", _PART: EventPart.REPORTS}
        note = "発表された催しではなく、案内や報告をした催し、様式が使われた催しです。"
        return Section("催しでの役割", (), tuple(rows), note), values

    def read(self, typed: Mapping[str, str]) -> PartEdit | None:
        """The parts it is to have, where somebody has touched them.

        Raises:
            BadEdit: some boxes cannot be understood.
        """
        values = read_all((("", self._adding),), typed)
        kept = [each for each in self._held if _gone(each) not in typed]
        event_id = values.get(_EVENT)
        if event_id:
            kept.append(EventPartEntry(event_id, EventPart(values.get(_PART, EventPart.REPORTS))))
        elif _PART in values:
            raise BadEdit({_EVENT: "どの催しでの役割かを選んでください。"})
        wanted = tuple(dict.fromkeys(kept))
        return PartEdit(wanted) if wanted != self._held else None

    def write(self, changes: Changes, edit: PartEdit) -> None:
        """Do it, and tell of it."""
        row = self._row
        excerpts = tuple(ExcerptEntry(e.case_id, e.first_page, e.last_page) for e in row.excerpts)
        entry = DocumentEntry(
            row.id, row.title, DocumentKind(row.kind), rights_of(row), case_id=row.case_id,
            excerpts=excerpts, event_parts=edit.parts,
        )  # fmt: skip
        record_relations(self._session, changes, entry)


def _gone(entry: EventPartEntry) -> str:
    return f"part-{entry.part.value}-{entry.event_id}"
