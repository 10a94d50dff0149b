"""Documents as a form changes them: what recognition proposes too is settled, the rest recorded.

A settled field stays as it is when the file is read again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.editing.columns import (
    Columns,
    chosen,
    events,
    long_text,
    member,
    text,
    words,
    year,
)
from kb.catalogue.editing.references import CASE_HINT, case_column, places_column
from kb.catalogue.editing.things import Desk
from kb.catalogue.editing.views import BadEdit, Kind
from kb.catalogue.review.decisions import CannotDecide
from kb.catalogue.review.settlements import places_of, settlement_of
from kb.domain.classification import DocumentKind
from kb.domain.gazetteer import Gazetteer
from kb.domain.rights import Terms
from kb.domain.settled import SEVERAL, Field, Value

_SETTLED = (
    *(Field.TITLE, Field.KIND, Field.MUNICIPALITY, Field.DEPARTMENTS, Field.IMPLEMENTED_IN),
    *(Field.PRESENTED_IN, Field.SERIES, Field.SERIES_NUMBER),
)
"""What is settled by a decision; the boxes have their names."""

_TIES = ("case_id", "event_id")


@dataclass(frozen=True, slots=True)
class Documents:
    """Documents; `places` is asked for only when a municipality is typed."""

    places: Callable[[], Gazetteer]
    kind: Kind = Kind.DOCUMENT

    def columns(self, session: Session, key: str | None) -> Columns:
        """Its boxes."""
        row = session.get(m.DocumentRow, key) if key else None
        held = places_of(row, settlement_of(row)) if row else ()
        return (
            ("資料", (
                text(Field.TITLE, "題名", needed=True), member(Field.KIND, "種類", DocumentKind),
                text(Field.SERIES, "シリーズ"), text(Field.SERIES_NUMBER, "号数", most=20),
                text("edition", "版", most=40), words("keywords", "キーワード"),
                long_text("note", "説明", "資料についての一文。資料の文は写しません。"),
            )),
            ("自治体と年度", (
                places_column(Field.MUNICIPALITY, held, self.places, needed=False),
                words(Field.DEPARTMENTS, "部署"),
                year(Field.IMPLEMENTED_IN, "実践年度", "2021、R3、令和3年度 のどれでも。"),
                year(Field.PRESENTED_IN, "発表年度"),
            )),
            ("事例と催し", (
                case_column(session, "case_id", "事例", f"この資料がある{CASE_HINT}"),
                chosen("event_id", "使われた催し", events(session), "なしなら事例の催し。"),
            )),
        )  # fmt: skip

    def held(self, session: Session, key: str) -> Mapping[str, Any] | None:
        """What stands for its fields; None also when it has been taken down."""
        row = session.get(m.DocumentRow, key)
        if row is None or row.rights_terms == Terms.WITHDRAWN.value:
            return None
        settlement = settlement_of(row)
        settled: dict[str, Any] = {
            name.value: settlement.values(name)
            if name in SEVERAL
            else next(iter(settlement.values(name)), None)
            for name in _SETTLED
        }
        settled[Field.TITLE.value] = settlement.text(Field.TITLE) or row.title
        settled[Field.KIND.value] = settlement.text(Field.KIND) or DocumentKind.OTHER.value
        settled[Field.MUNICIPALITY.value] = tuple(places_of(row, settlement))
        names = (*_TIES, "edition", "keywords", "note")
        return settled | {name: getattr(row, name) for name in names}

    def write(self, desk: Desk, key: str, values: Mapping[str, Any]) -> None:
        """Record what has a column alone, then settle the rest field by field.

        Raises:
            BadEdit: a field cannot be settled so.
            UnknownReference: a municipality is not registered, or the document is a casebook.
        """
        plain = {name: values[name] for name in ("edition", "keywords", "note") if name in values}
        if "keywords" in plain:
            plain["keywords"] = list(plain["keywords"])
        if plain:
            desk.changes.put(m.DocumentRow, self.kind.value, key, plain)
        if any(name in values for name in _TIES):
            row = desk.session.get_one(m.DocumentRow, key)
            ties = [values.get(name, getattr(row, name)) for name in _TIES]
            desk.writer.review.attach(key, *ties)
        for name in _SETTLED:
            if name.value in values:
                self._decide(desk, key, name, values[name.value])

    def _decide(self, desk: Desk, key: str, name: Field, value: Any) -> None:
        """Settle a field; blank settles that there is nothing."""
        several = value if isinstance(value, tuple) else () if value is None else (value,)
        given: tuple[Value, ...] = tuple(several)
        try:
            desk.writer.decisions.decide(key, name, given)
        except CannotDecide as error:
            raise BadEdit({name.value: str(error)}) from error
