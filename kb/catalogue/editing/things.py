"""Events, people and programmes as a form changes them: column by column of their rows."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.changes import Changes
from kb.catalogue.editing.columns import (
    WORDS_HINT,
    Column,
    Columns,
    chosen,
    clock,
    day,
    long_text,
    member,
    number,
    programmes,
    read_year,
    show_year,
    text,
    words,
)
from kb.catalogue.editing.references import free_id, names_held, namesakes
from kb.catalogue.editing.views import BadEdit, Box, Kind, Sort
from kb.catalogue.writing import CatalogueWriter
from kb.domain.classification import EventState
from kb.domain.word_lists import split_words

SAME_NAME = "same_name"
"""The tick that lets a second person have the name of another."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a change is written with, in one transaction."""

    writer: CatalogueWriter
    session: Session
    changes: Changes


class Editable(Protocol):
    """One kind of thing that a form can change."""

    @property
    def kind(self) -> Kind: ...  # noqa: D102 - the type says it

    def columns(self, session: Session, key: str | None) -> Columns:
        """Its boxes; `key` is None for a new one."""
        ...

    def held(self, session: Session, key: str) -> Mapping[str, Any] | None:
        """Name of a box -> its value now; None when there is no such thing."""
        ...

    def write(self, desk: Desk, key: str, values: Mapping[str, Any]) -> None:
        """Put these values in their places, and tell of it.

        Raises:
            BadEdit: the values do not go together with what is recorded.
            UnknownReference: they name what is not recorded.
        """
        ...


@dataclass(frozen=True, slots=True)
class Thing:
    """A kind whose boxes are the columns of its row."""

    kind: Kind
    table: type[m.Base]
    boxes: Callable[[Session, str | None], Columns]

    def columns(self, session: Session, key: str | None) -> Columns:
        """Its boxes."""
        return self.boxes(session, key)

    def held(self, session: Session, key: str) -> Mapping[str, Any] | None:
        """The columns of its row."""
        row = session.get(self.table, key)
        if row is None:
            return None
        names = (c.box.name for _, under in self.boxes(session, key) for c in under)
        return {name: getattr(row, name) for name in names}

    def write(self, desk: Desk, key: str, values: Mapping[str, Any]) -> None:
        """Put the columns."""
        stored = {n: list(v) if isinstance(v, tuple) else v for n, v in values.items()}
        if stored:
            desk.changes.put(self.table, self.kind.value, key, stored)


# --- events ---------------------------------------------------------------------------------


def _event(session: Session, _key: str | None) -> Columns:
    return (
        ("催し", (
            text("title", "名前", needed=True),
            text("series", "シリーズ", "自治体改善ステップアップセミナー など。"),
            text("edition", "回", "第1回、2022 など。", most=40),
            member("state", "状態", EventState),
            chosen("programme_id", "事業", programmes(session)),
        )),
        ("日時と会場", (
            day("held_on", "開催日"), clock("starts_at", "始まり"), clock("ends_at", "終わり"),
            text("place", "会場"),
            text("mode", "開き方", "会場、オンライン、会場とオンライン など。", most=20),
        )),
        ("人数と参加費", (
            number("capacity", "定員", "案内にある数。"),
            number("attendance", "参加した人数", "報告にある数。はっきりしないときは空のまま。"),
            text("attendance_text", "人数の原文", "約20人、40名近く など、報告のことばのまま。"),
            text("fee", "参加費"),
        )),
        ("内容", (long_text("summary", "概要"), words("keywords", "キーワード"))),
    )  # fmt: skip


def new_event(session: Session, values: Mapping[str, Any]) -> str:
    """The identifier of a new event.

    Raises:
        BadEdit: it is recorded already.
    """
    held_on: date | None = values.get("held_on")
    same = select(m.EventRow.id).filter_by(title=values["title"], held_on=held_on)
    known = session.scalar(same)
    if known is not None:
        raise BadEdit(
            {"title": f"同じ名前と日付の催しがあります: {known}。そちらを直してください。"}
        )
    return _free(session, m.EventRow, f"ev-{held_on or _digest(values['title'])}")


# --- people ---------------------------------------------------------------------------------


def _person(_session: Session, key: str | None) -> Columns:
    columns: tuple[Column, ...] = (
        text("name", "氏名", "よく知られた書き方で。", most=80, needed=True),
        text("kana", "読み", "ふりがな。推測せずに、確かめた読みを書きます。", most=80),
        words("other_names", "ほかの表記", "資料にあるほかの書き方。"),
    )
    if key is None:
        label = "同じ名前の人がいても、別の人として登録する"
        columns = (*columns, Column(Box(SAME_NAME, label, Sort.TICK), str, str))
    return (("人", columns),)


def new_person(session: Session, values: Mapping[str, Any]) -> str:
    """The identifier of a new person.

    Raises:
        BadEdit: somebody of that name is recorded, and nobody has said that it is another one.
    """
    names = (values["name"], *values.get("other_names", ()))
    held = names_held(session)
    known = [id_ for name in names for id_ in namesakes(name, held)]
    if known and not values.get(SAME_NAME):
        raise BadEdit({
            "name": f"同じ名前の人が登録されています: {'、'.join(dict.fromkeys(known))}。"
            "同じ人ならそちらを直し、別の人なら下の「別の人として登録する」を選んでください。"
        })  # fmt: skip
    return _free(session, m.PersonRow, f"person-{_digest(values['name'])}")


# --- programmes -----------------------------------------------------------------------------


def _programme(_session: Session, _key: str | None) -> Columns:
    cohorts = Column(
        Box("cohorts", "年度", Sort.LINE, f"取り組んだ年度。{WORDS_HINT}"),
        lambda typed: tuple(sorted({read_year(word) for word in split_words(typed)} - {None})),
        lambda held: "、".join(map(show_year, held or ())),
    )
    title = text("title", "名前", "チーム経営研究会 など。", needed=True)
    return (("事業", (title, long_text("summary", "概要"), cohorts)),)


def new_programme(session: Session, values: Mapping[str, Any]) -> str:
    """The identifier of a new programme.

    Raises:
        BadEdit: it is recorded already.
    """
    known = session.scalar(select(m.ProgrammeRow.id).filter_by(title=values["title"]))
    if known is not None:
        raise BadEdit({"title": f"同じ名前の事業があります: {known}。そちらを直してください。"})
    return _free(session, m.ProgrammeRow, f"prog-{_digest(values['title'])}")


# --- all ------------------------------------------------------------------------------------

EVENTS = Thing(Kind.EVENT, m.EventRow, _event)
PEOPLE = Thing(Kind.PERSON, m.PersonRow, _person)
PROGRAMMES = Thing(Kind.PROGRAMME, m.ProgrammeRow, _programme)

NAMED_BY: Mapping[Kind, Callable[[Session, Mapping[str, Any]], str]] = {
    Kind.EVENT: new_event, Kind.PERSON: new_person, Kind.PROGRAMME: new_programme,
}  # fmt: skip
"""What can be made in a form -> how it is named."""


def _free(session: Session, table: type[m.Base], wanted: str) -> str:
    return free_id(wanted, lambda id_: session.get(table, id_) is None)


def _digest(title: str) -> str:
    return hashlib.blake2b(title.encode(), digest_size=4).hexdigest()
