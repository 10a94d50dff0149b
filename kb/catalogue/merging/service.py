"""Merging double cases, as its page asks for it."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from kb.catalogue import document_rows, rows
from kb.catalogue import models as m
from kb.catalogue.entries import Authorship, CaseEntry
from kb.catalogue.exchange.exporting import case_entry
from kb.catalogue.merging import state
from kb.catalogue.merging.fields import LABELS, Pair, combined, pairs
from kb.catalogue.merging.follow import merged_into
from kb.catalogue.merging.rules import why_not, why_not_split
from kb.catalogue.merging.views import (
    CaseSide,
    FieldChoice,
    MergedCase,
    MergeForm,
    MergeOrder,
    MergeStart,
)
from kb.catalogue.review.reading import LIKE, character_pairs, common_share, full_name
from kb.catalogue.review.views import CaseSuggestion
from kb.catalogue.session import Database
from kb.catalogue.writing import writing
from kb.domain.classification import Theme
from kb.domain.fiscal_year import FiscalYear
from kb.domain.rights import Audience

MOST_LIKELY = 10
"""Cases offered as doubles, or found by their titles."""

_NEAR = 0.25
"""Titles this alike are told where place or year speak for a double too."""


class Merging:
    """Finds double cases, merges and splits them, over one catalogue."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def merged_into(self, case_id: str) -> str | None:
        """The case that took one in; None where none did."""
        with self._database.reading() as session:
            return merged_into(session, case_id)

    def start(self, case_id: str, typed: str = "") -> MergeStart | None:
        """The likely doubles of a case, or what `typed` finds: identifier, address or title.

        None when there is no such case.
        """
        with self._database.reading() as session:
            row = session.get(m.CaseRow, case_id)
            if row is None:
                return None
            return MergeStart(rows.case_link(row), _likely(session, row, typed),
                              _merged(session, case_id))  # fmt: skip

    def form(self, kept_id: str, other_id: str) -> MergeForm | None:
        """Two cases side by side; None when one of them is not registered."""
        with self._database.reading() as session:
            kept, other = session.get(m.CaseRow, kept_id), session.get(m.CaseRow, other_id)
            if kept is None or other is None:
                return None
            entries = case_entry(kept), case_entry(other)
            continues = combined(*entries, {}).continues_id
            return MergeForm(
                _side(session, kept), _side(session, other), _choices(session, *entries),
                why_not(session, kept, other, continues),
            )  # fmt: skip

    def merge(self, order: MergeOrder, authorship: Authorship) -> None:
        """Put one case into the other; all of it or nothing.

        Raises:
            UnknownReference: one of them is not registered.
            ChangedMeanwhile: somebody has written since the form was made.
            CannotMerge: they cannot be merged so; the message says why.
        """
        with writing(self._database, authorship) as writer:
            entry = writer.merging.require(order)
            writer.merging.join(order)
            writer.record_case(entry)
            writer.merging.seal(order)

    def split(self, old_id: str, authorship: Authorship) -> str:
        """Put a merged case and the one that took it in back as they were; the latter's name.

        Raises:
            UnknownReference: it was not merged.
            CannotMerge: the other has been changed since.
        """
        with writing(self._database, authorship) as writer:
            return writer.merging.split(old_id)


# --- looking for doubles --------------------------------------------------------------------


def _likely(session: Session, row: m.CaseRow, typed: str) -> tuple[CaseSuggestion, ...]:
    """The best first."""
    others = session.scalars(
        select(m.CaseRow)
        .where(m.CaseRow.id != row.id, m.CaseRow.specimen == row.specimen)
        .order_by(m.CaseRow.id)
        .options(selectinload(m.CaseRow.municipalities), selectinload(m.CaseRow.themes))
    )
    weighed = []
    for other in others:
        found = list(_found(other, typed) if typed else _alike(row, other))
        if found:
            weight, reasons = sum(weight for weight, _ in found), tuple(why for _, why in found)
            weighed.append((weight, CaseSuggestion(rows.case_link(other), reasons)))
    best = sorted(weighed, key=lambda each: (-each[0], each[1].case.id))[:MOST_LIKELY]
    return tuple(suggestion for _, suggestion in best)


_Reasons = Iterator[tuple[float, str]]
"""Weight, and what is told of it."""


def _alike(row: m.CaseRow, other: m.CaseRow) -> _Reasons:
    """What speaks for two cases being one."""
    places = {place.code for place in row.municipalities}
    same_place = bool(places & {place.code for place in other.municipalities})
    years = ((row.implemented_in, other.implemented_in), (row.presented_in, other.presented_in))
    near = any(one and two and abs(one - two) <= 1 for one, two in years)
    alike = _titles_alike(row.title, other)
    if alike >= LIKE or (alike >= _NEAR and (same_place or near)):
        yield 3 * alike, "題名が似ています"
    elif not (same_place and near):
        return
    if same_place:
        yield 1.0, "同じ自治体"
    if near:
        yield 0.5, "近い年度"
    if row.event_id is not None and row.event_id == other.event_id:
        yield 0.5, "同じ催し"


def _found(other: m.CaseRow, typed: str) -> _Reasons:
    """What was typed: an identifier, the address of a case, or words of a title."""
    named = typed.partition("?")[0].rstrip("/").rpartition("/")[2]
    plain = "".join(typed.split()).casefold()
    titles = filter(None, (other.title, other.provisional_title))
    if other.id == named:
        yield 10.0, "番号が一致"
    elif any(plain in "".join(title.split()).casefold() for title in titles):
        yield 3.0, "題名に含まれます"
    elif (alike := _titles_alike(typed, other)) >= LIKE:
        yield 2 * alike, "題名が似ています"


def _titles_alike(title: str, other: m.CaseRow) -> float:
    wanted = character_pairs(title)
    titles = filter(None, (other.title, other.provisional_title))
    return max(common_share(wanted, character_pairs(each)) for each in titles)


# --- showing --------------------------------------------------------------------------------


def _merged(session: Session, case_id: str) -> tuple[MergedCase, ...]:
    row = m.MergedCaseRow
    found = session.scalars(
        select(row).where(row.kept_id == case_id).order_by(row.merged_at.desc(), row.old_id)
    )
    return tuple(
        MergedCase(
            each.old_id, each.held["other"]["row"]["title"], each.merged_at, each.actor,
            why_not_split(session, each),
        )
        for each in found
    )  # fmt: skip


def _side(session: Session, row: m.CaseRow) -> CaseSide:
    told = state.told_of(session, row)
    people = [session.get_one(m.PersonRow, each[0]).name for each in told["roles"]]
    continuing = [session.get_one(m.CaseRow, id_).title for id_ in told["continued_by"]]
    return CaseSide(
        case=rows.case_link(row),
        version=state.version_of(session, told),
        published=row.published,
        documents=document_rows.of_cases(session, [row], Audience.CURATOR)[row.id],
        people=tuple(dict.fromkeys(people)),
        continued_by=tuple(continuing),
    )


def _choices(session: Session, kept: CaseEntry, other: CaseEntry) -> tuple[FieldChoice, ...]:
    return tuple(
        FieldChoice(
            pair.name, LABELS[pair.name], _text(session, pair, pair.kept),
            _text(session, pair, pair.other), pair.same, pair.usual, pair.offered,
        )
        for pair in pairs(kept, other)
    )  # fmt: skip


def _text(session: Session, pair: Pair, value: object) -> str:
    """A value as a curator reads it."""
    if not value:
        return ""
    if pair.name in ("implemented_in", "presented_in"):
        return str(FiscalYear(int(str(value))).both)
    if pair.name in _TABLES:
        title = session.scalar(select(_TABLES[pair.name].title).filter_by(id=value))
        return title or str(value)
    if isinstance(value, dict):
        return "、".join(str(each) for each in value.values() if each)
    if isinstance(value, tuple):
        return "、".join(_one(session, pair.name, each) for each in value)
    return str(value)


_Titled = type[m.EventRow] | type[m.ProgrammeRow] | type[m.CaseRow]
_TABLES: dict[str, _Titled] = {
    "event_id": m.EventRow,
    "programme_id": m.ProgrammeRow,
    "continues_id": m.CaseRow,
}


def _one(session: Session, name: str, value: object) -> str:
    if name == "municipality_codes":
        place = session.get(m.MunicipalityRow, value)
        return full_name(place) if place else str(value)
    return Theme(str(value)).label if name == "themes" else str(value)
