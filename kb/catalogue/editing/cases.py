"""Cases as a form changes them: every field of DS-451-3, and what ties them to the rest."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.editing.columns import (
    Column,
    Columns,
    chosen,
    day,
    events,
    long_text,
    members,
    programmes,
    text,
    words,
    year,
)
from kb.catalogue.editing.references import (
    CASE_HINT,
    case_column,
    places_column,
    require_line,
)
from kb.catalogue.editing.things import Desk
from kb.catalogue.editing.views import BadEdit, Kind
from kb.catalogue.entries import CaseEntry
from kb.catalogue.exchange.exporting import case_entry
from kb.catalogue.exchange.fields import MEDIA
from kb.domain.case_study import NARRATIVE, SUMMARY_CHARACTERS
from kb.domain.classification import DepartmentFunction, Theme
from kb.domain.gazetteer import Gazetteer

MUNICIPALITIES = "municipalities"

_TEXTS = {"narrative": tuple(NARRATIVE), "media": MEDIA}
"""Attributes of a case that are texts by name."""


@dataclass(frozen=True, slots=True)
class Cases:
    """Cases; `places` is asked for only when a municipality is typed."""

    places: Callable[[], Gazetteer]
    kind: Kind = Kind.CASE

    def columns(self, session: Session, key: str | None) -> Columns:
        """Its boxes."""
        row = session.get(m.CaseRow, key) if key else None
        return (
            ("事例", self._names(row)),
            ("分類", _filing()),
            ("内容", tuple(_narrative())),
            ("発表の場とつながり", _ties(session)),
            ("連絡先と日付", _rest()),
            ("イメージとビデオ", tuple(text(_name("media", each), each) for each in MEDIA)),
        )

    def held(self, session: Session, key: str) -> Mapping[str, Any] | None:
        """The case's fields; texts by name each for itself."""
        row = session.get(m.CaseRow, key)
        if row is None:
            return None
        entry = case_entry(row)
        plain = {each.name: getattr(entry, each.name) for each in fields(entry)}
        for attribute, names in _TEXTS.items():
            texts = plain.pop(attribute)
            plain |= {_name(attribute, name): texts.get(name) for name in names}
        return {**plain, MUNICIPALITIES: tuple(row.municipalities)}

    def write(self, desk: Desk, key: str, values: Mapping[str, Any]) -> None:
        """Record the case with these values in it.

        Raises:
            BadEdit: it would continue itself.
            UnknownReference: a municipality is not registered.
        """
        if not values:
            return
        if values.get("continues_id"):
            try:
                require_line(desk.session, key, values["continues_id"])
            except ValueError as error:
                raise BadEdit({"continues_id": str(error)}) from error
        held = case_entry(desk.session.get_one(m.CaseRow, key))
        desk.writer.record_case(_changed(held, values))

    def _names(self, row: m.CaseRow | None) -> tuple[Column, ...]:
        held = row.municipalities if row else ()
        places = places_column(MUNICIPALITIES, held, self.places, needed=True)
        return (
            text("title", "題名", needed=True), text("subtitle", "サブタイトル"),
            text("provisional_title", "仮題", "開催案内での題名。"), places,
            words("departments", "部署", "資料にある名前のまま。", most=80),
            text("place", "事例の場所", "自治体の中の地区や施設など。", most=40),
            year("implemented_in", "実践年度", "2021、R3、令和3年度 のどれでも。"),
            year("presented_in", "発表年度"),
        )  # fmt: skip


def _filing() -> tuple[Column, ...]:
    return (
        members("themes", "テーマ", Theme),
        members("functions", "部門", DepartmentFunction),
        words("keywords", "キーワード"),
        text("service_class", "行政サービス分類"),
    )


def _narrative() -> Iterator[Column]:
    for name, label in NARRATIVE.items():
        hint = f"{SUMMARY_CHARACTERS}字が目安です。" if name == "summary" else ""
        yield long_text(_name("narrative", name), label, hint)


def _ties(session: Session) -> tuple[Column, ...]:
    return (
        chosen("event_id", "発表された催し", events(session)),
        chosen("programme_id", "事業", programmes(session)),
        year("cohort", "事業の年度"),
        case_column(session, "continues_id", "前の取り組み", f"続きのもとになった{CASE_HINT}"),
        text("related_case", "関連事例"),
        text("related_url", "関連URL"),
    )


def _rest() -> tuple[Column, ...]:
    return (
        text("contact", "連絡先"),
        day("published_on", "公開日"),
        day("updated_on", "最終更新日"),
    )


def _name(attribute: str, name: str) -> str:
    """The box of one text of an attribute."""
    return name if attribute == "narrative" else f"{attribute}-{MEDIA.index(name) + 1}"


def _changed(held: CaseEntry, values: Mapping[str, Any]) -> CaseEntry:
    given = dict(values)
    for attribute, names in _TEXTS.items():
        typed = {n: given.pop(_name(attribute, n)) for n in names if _name(attribute, n) in given}
        texts = {**getattr(held, attribute), **typed}
        given[attribute] = {name: texts[name] for name in texts if texts[name]}
    if MUNICIPALITIES in given:
        given["municipality_codes"] = given.pop(MUNICIPALITIES)
    for name, listed in (("themes", Theme), ("functions", DepartmentFunction)):
        if name in given:
            given[name] = tuple(map(listed, given[name]))
    if "departments" in given and "functions" not in given:
        # What departments do follows their names, until somebody says otherwise.
        given["functions"] = ()
    return replace(held, **given)
