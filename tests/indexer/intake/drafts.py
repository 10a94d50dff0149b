"""Drafts of invented seminars in real places, as a page of one organiser would give them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from indexer.intake.draft import (
    Contradiction,
    ContradictionKind,
    Draft,
    DraftLine,
    Evidence,
    LineKind,
    PageLine,
)

ADDRESS = "http://example.jp/seminar/"
EVENT, PROGRAMME = "event:2024-10-05", "programme:学び合い塾"
NOBEOKA, ITOSHIMA = "case:452033:2023", "case:402303:2023"
SLIDES, FLYER = "document:2024-10-05:slides:452033", "document:2024-10-05:flyer"
MESSAGE = "document:2024-10-05:message:402303"
PERSON, ROLE = "person:髙田一郎", "role:髙田一郎:2024-10-05:メッセージ"
STATEMENT = "資料の転載・複写はご遠慮ください。"
PAGE = tuple(PageLine(number, f"{number}行目のことば") for number in range(1, 31))


def line(kind: LineKind, key: str, at: int = 1, /, **values: Any) -> DraftLine:
    """A line whose every value rests on one line of the page."""
    rests = (Evidence(at, f"{at}行目のことば"),)
    return DraftLine(kind, key, values, dict.fromkeys(values, rests))


def lines() -> dict[str, DraftLine]:
    """One event with its programme, two cases, three documents, a person and a role."""
    made = (
        line(LineKind.PROGRAMME, PROGRAMME, title="学び合い塾", cohorts=[2023]),
        line(
            LineKind.EVENT, EVENT, 3, title="第4回 まちの仕事を見直す会",
            series="まちの仕事を見直す会", edition="第4回", state="reported",
            held_on="2024-10-05", starts_at="13:00", place="延岡市役所", mode="会場",
            capacity=40, attendance=52, attendance_text="52名", programme_id=PROGRAMME,
        ),
        line(
            LineKind.CASE, NOBEOKA, 10, title="窓口の紙を減らす", municipality_codes=["452033"],
            departments=["市民課"], implemented_in=2023, presented_in=2024, event_id=EVENT,
            programme_id=PROGRAMME, cohort=2023,
        ),
        line(
            LineKind.CASE, ITOSHIMA, 12, title="会議を半分にする", provisional_title="会議の見直し",
            municipality_codes=["402303"], implemented_in=2023, presented_in=2024, event_id=EVENT,
        ),
        line(
            LineKind.PERSON, PERSON, 14, name="髙田一郎", other_names=["高田一郎"],
        ),
        line(
            LineKind.DOCUMENT, SLIDES, 11, title="窓口の紙を減らす 発表資料", kind="slides",
            declared_size="1.2MB", event_id=EVENT, case_id=NOBEOKA, municipality_codes=["452033"],
            rights_statement=STATEMENT, sources=["http://example.jp/files/nobeoka.pdf"],
        ),
        line(
            LineKind.DOCUMENT, MESSAGE, 14, title="糸島市長からのメッセージ", kind="message",
            declared_size="300KB", event_id=EVENT, case_id=ITOSHIMA, municipality_codes=["402303"],
        ),
        line(
            LineKind.DOCUMENT, FLYER, 20, title="チラシ", kind="flyer", event_id=EVENT,
            event_part="announces",
        ),
        line(
            LineKind.ROLE, ROLE, 14, person_id=PERSON, title="糸島市長", part="メッセージ",
            on="2024-10-05", event_id=EVENT, document_id=MESSAGE,
        ),
    )  # fmt: skip
    return {each.key: each for each in made}


CAPACITY = Contradiction(
    ContradictionKind.CAPACITY,
    EVENT,
    ("定員40名", "52名"),
    "定員は40、参加者は52としました。",
    (Evidence(4, "【定員】40名"), Evidence(9, "52名の参加")),
)
SPELLING = Contradiction(
    ContradictionKind.SPELLING, "", ("取組", "取り組み"), "原文のまま残します。", ()
)


def draft(
    changed: Mapping[str, Mapping[str, Any] | None] | None = None,
    more: Sequence[DraftLine] = (),
    source: str = ADDRESS,
    contradictions: Sequence[Contradiction] = (CAPACITY, SPELLING),
) -> Draft:
    """The page, with some values changed (None takes the whole line away) and lines added."""
    kept = lines()
    for key, values in (changed or {}).items():
        if values is None:
            del kept[key]
        else:
            kept[key] = replace(kept[key], values={**kept[key].values, **values})
    return Draft(source, (*kept.values(), *more), tuple(contradictions), PAGE)
