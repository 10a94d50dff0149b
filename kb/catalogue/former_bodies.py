"""Bodies of the past in the catalogue: rows of their own, counted under those of today.

A case before a merger stays under the old body. That body has a row from the day something is
first filed under it; every list and count reads it as the body, or bodies, in its place today.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.name_changes import codes_now, former_body, past_codes_in


def former_row(code: str) -> m.MunicipalityRow | None:
    """A new row for the body of the past that bore `code`; None where there was none."""
    body = former_body(code)
    if body is None:
        return None
    return m.MunicipalityRow(
        code=code,
        name=body.name,
        kana=body.kana,
        romaji=body.romaji,
        kind=body.kind,
        prefecture=body.prefecture,
        abolished_on=body.abolished_on,
    )


def lies_in(prefecture: str) -> ColumnElement[bool]:
    """The municipalities that lie in a prefecture today, and those of the past that would."""
    body = m.MunicipalityRow
    today = and_(body.prefecture == prefecture, body.abolished_on.is_(None))
    return or_(today, body.code.in_(past_codes_in(prefecture)))


def cases_by_code(
    session: Session, wanted: Iterable[ColumnElement[bool]]
) -> Mapping[str, frozenset[str]]:
    """Code of today -> the cases under it that fit every condition, each once."""
    found: dict[str, set[str]] = defaultdict(set)
    filed = m.CaseMunicipalityRow
    for code, case_id in session.execute(
        select(filed.code, filed.case_id)
        .join(m.CaseRow, m.CaseRow.id == filed.case_id)
        .where(*wanted)
    ):
        for today in codes_now(code):
            found[today].add(case_id)
    return {code: frozenset(cases) for code, cases in found.items()}


def rows_of(session: Session, codes: Iterable[str]) -> Iterable[m.MunicipalityRow]:
    """The municipalities of `codes`, in code order."""
    body = m.MunicipalityRow
    return session.scalars(select(body).where(body.code.in_(list(codes))).order_by(body.code))
