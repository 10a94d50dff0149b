"""One document as its review page shows it, and the cases it may belong to."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from kb.catalogue import document_rows, rows
from kb.catalogue import models as m
from kb.catalogue.likeness import LikenessView
from kb.catalogue.review import states
from kb.catalogue.review.queue import waiting_order
from kb.catalogue.review.settlements import places_of, settlement_of
from kb.catalogue.review.views import CaseSuggestion, Review, Spot, State
from kb.catalogue.rights.reading import rights_record
from kb.domain.settled import Field, Settlement

MOST_SUGGESTIONS = 5
LIKE = 0.5
"""From this share of common pairs of characters on two titles are told as similar."""


def review(session: Session, document_id: str, actor: str) -> Review | None:
    """Everything the review page shows of a document; None when there is none."""
    row = session.get(m.DocumentRow, document_id)
    if row is None:
        return None
    settlement, order = settlement_of(row), waiting_order(session)
    at = order.index(row.id) if row.id in order else None
    before, after = _neighbours(order, at)
    return Review(
        document=document_rows.document_views(session, [row])[0],
        settlement=settlement,
        state=states.state_of(row),
        version=states.document_version(session, row),
        places=place_names(session, settlement),
        spots=() if states.state_of(row) is State.WITHDRAWN else tuple(_spots(row.recognised)),
        rights=rights_record(session, row),
        rights_open=states.rights_are_open(session, row),
        alike=_alike(session, row),
        missing=states.missing(session, row, actor),
        previous=before,
        following=after,
        position=0 if at is None else at + 1,
        waiting=len(order),
        own_event_id=row.event_id,
    )


def _neighbours(order: list[str], at: int | None) -> tuple[str | None, str | None]:
    """A document that does not wait leads into the queue."""
    if at is None:
        return None, order[0] if order else None
    before = order[at - 1] if at else None
    return before, order[at + 1] if at + 1 < len(order) else None


def place_names(session: Session, settlement: Settlement) -> Mapping[str, str]:
    """The municipalities among a document's values: code -> 福岡県福津市."""
    proposed = [str(p.value) for p in settlement.proposals.get(Field.MUNICIPALITY, ())]
    codes = {*settlement.texts(Field.MUNICIPALITY), *proposed}
    found = session.scalars(select(m.MunicipalityRow).where(m.MunicipalityRow.code.in_(codes)))
    return {row.code: full_name(row) for row in found}


def full_name(row: m.MunicipalityRow) -> str:
    """福岡県福津市; a prefecture stands by itself."""
    return row.name if row.name == row.prefecture else f"{row.prefecture}{row.name}"


def _spots(recognised: Mapping[str, Any]) -> Iterator[Spot]:
    """Where on the pages the evidence of every proposal stands."""
    for name in Field:
        written = recognised.get(name.value)
        for one in written if isinstance(written, list) else [written] if written else []:
            for each in one.get("evidence", ()):
                if each.get("page") is not None:
                    words = str(each.get("words") or each.get("text") or "")
                    yield Spot(name, each["page"], words, each.get("start"), each.get("end"))


def _alike(session: Session, row: m.DocumentRow) -> tuple[LikenessView, ...]:
    """The documents it is like, as seen from it."""
    pair, found = m.LikenessRow, []
    wanted = select(pair).where(
        pair.decision.is_(None), or_(pair.document_id == row.id, pair.other_id == row.id)
    )
    for each in session.scalars(wanted.order_by(pair.similarity.desc())):
        other_id = each.other_id if each.document_id == row.id else each.document_id
        other = session.get_one(m.DocumentRow, other_id)
        title = settlement_of(other).text(Field.TITLE) or other.title
        found.append(
            LikenessView(
                row.id, row.title, other_id, title, each.kind, each.similarity, each.decision
            )
        )
    return tuple(found)


# --- cases it may belong to -----------------------------------------------------------------


def suggestions(session: Session, document_id: str) -> tuple[CaseSuggestion, ...]:
    """The likeliest cases of a document, best first."""
    row = session.get(m.DocumentRow, document_id)
    if row is None:
        return ()
    settlement = settlement_of(row)
    reasons: dict[str, list[tuple[float, str]]] = {}
    for case_id, weight, why in (
        *_of_likeness(session, row),
        *_of_title(session, settlement.text(Field.TITLE) or row.title),
        *_of_place(session, row, settlement),
    ):
        reasons.setdefault(case_id, []).append((weight, why))
    best = sorted(reasons, key=lambda id_: (-sum(w for w, _ in reasons[id_]), id_))
    cases = session.scalars(
        select(m.CaseRow)
        .where(m.CaseRow.id.in_(best[:MOST_SUGGESTIONS]))
        .options(selectinload(m.CaseRow.municipalities), selectinload(m.CaseRow.themes))
    )
    held = {case.id: case for case in cases}
    return tuple(
        CaseSuggestion(rows.case_link(held[id_]), tuple(why for _, why in reasons[id_]))
        for id_ in best[:MOST_SUGGESTIONS]
    )


_Reason = tuple[str, float, str]
"""Case, weight, what is told of it."""


def _of_likeness(session: Session, row: m.DocumentRow) -> Iterator[_Reason]:
    for each in _alike(session, row):
        other = session.get_one(m.DocumentRow, each.other_id)
        if other.case_id is not None:
            yield other.case_id, 4 * each.similarity, f"似た資料「{each.other_title}」の事例"


def _of_title(session: Session, title: str) -> Iterator[_Reason]:
    wanted = character_pairs(title)
    columns = (m.CaseRow.id, m.CaseRow.title, m.CaseRow.provisional_title)
    for case_id, *titles in session.execute(select(*columns)):
        share = max(common_share(wanted, character_pairs(each)) for each in titles if each)
        if share >= LIKE:
            yield case_id, 3 * share, "題名が似ています"


def character_pairs(text: str) -> frozenset[str]:
    """Every two characters that stand side by side, white space left out."""
    plain = "".join(text.split())
    return frozenset(plain[at : at + 2] for at in range(len(plain) - 1))


def common_share(one: frozenset[str], other: frozenset[str]) -> float:
    """Of the pairs of characters of both, twice the common ones (Dice), 0 to 1."""
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 0.0


def _of_place(session: Session, row: m.DocumentRow, settlement: Settlement) -> Iterator[_Reason]:
    """Cases of the same municipality: by itself little, with a year much."""
    codes = [place.code for place in places_of(row, settlement)]
    place = m.CaseMunicipalityRow
    wanted = (
        select(m.CaseRow).join(place, place.case_id == m.CaseRow.id).where(place.code.in_(codes))
    )
    years = {
        Field.IMPLEMENTED_IN: settlement.year(Field.IMPLEMENTED_IN),
        Field.PRESENTED_IN: settlement.year(Field.PRESENTED_IN),
    }
    for case in session.scalars(wanted.distinct()):
        yield case.id, 1.0, "同じ自治体"
        yield from _same_years(case, years)
        if row.event_id is not None and row.event_id == case.event_id:
            yield case.id, 1.0, "同じ催し"


def _same_years(case: m.CaseRow, years: Mapping[Field, int | None]) -> Iterable[_Reason]:
    held = {Field.IMPLEMENTED_IN: case.implemented_in, Field.PRESENTED_IN: case.presented_in}
    for name, year in years.items():
        if year is not None and year == held[name]:
            yield case.id, 2.0, f"同じ{name.label}"
