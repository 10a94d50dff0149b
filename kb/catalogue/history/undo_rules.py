"""Which recorded changes can be put back: those whose former values the record holds, as long as
the present values are still the ones that the change left."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session, object_session

from kb.catalogue import models as m
from kb.catalogue import plain_rows
from kb.catalogue.casebooks.page_lists import pages_of_cases, told_of
from kb.catalogue.editions.putting_back import why_not
from kb.catalogue.editions.writing import EDITIONS, PUT_BACK, REPLACED
from kb.catalogue.history.views import Verdict
from kb.catalogue.review.states import changes_since
from kb.catalogue.rights.writing import (
    CORRECTED,
    PERMISSION_BEGUN,
    PERMISSION_ENDED,
    PERMITTED,
    RESTORED,
    WITHDRAWN,
)
from kb.catalogue.told_rows import WORDS, is_row, stands
from kb.domain.settled import Field

TABLES: Mapping[str, type[m.Base]] = {
    "case": m.CaseRow,
    "document": m.DocumentRow,
    "event": m.EventRow,
    "person": m.PersonRow,
    "programme": m.ProgrammeRow,
    "municipality": m.MunicipalityRow,
    "synonym": m.SynonymGroupRow,
    "known_question": m.KnownQuestionRow,
    "local_name": m.LocalNameRow,
}
"""Kind of a thing -> where it is kept."""

DECIDING = frozenset({"decided", "taken_back"})
FIELDS = frozenset({"changed", "published"})
"""Actions whose change names fields and nothing else."""

TAKEDOWN = frozenset({WITHDRAWN, RESTORED})

_BESIDE = frozenset({"proposed", "decided_by", "draft"})
"""Told beside a change; put back by whatever puts the change back."""

_RIGHTS_PAGE = "「利用条件と取り下げ」の画面で"
_WHY_NOT = {
    "recorded": "登録は取り消せません。見せない事例や資料は、編集の画面から取り下げてください。",
    "read": "ファイルの読み取りは戻せません。読み直すのは、運営者の kb reread です。",
    "located": "出典の記録は消しません。そのままで差し支えありません。",
    "alike": "似た資料が見つかったという記録です。似ているかどうかは、確認の画面で見てください。",
    "merged": "統合は、統合した事例の画面の「分ける」で戻してください。",
    "split": "もう一度統合するときは、事例の統合の画面で行ってください。",
    REPLACED: "差し替えは、差し替えた資料の来歴で元に戻せます。",
    PUT_BACK: "もう一度差し替えるときは、差し替えを戻した資料の来歴で元に戻してください。",
    "removed": "消したものの中身が全部は残っていません。必要なら、もう一度登録してください。",
    PERMITTED: f"許諾は消せません。{_RIGHTS_PAGE}終わらせてください。",
    PERMISSION_BEGUN: f"許諾の日になったという記録です。許諾は{_RIGHTS_PAGE}終わらせてください。",
    PERMISSION_ENDED: f"終わった許諾は戻せません。{_RIGHTS_PAGE}新しく記録してください。",
}
_NOT_HERE = "この種類の変更は、ここでは元に戻せません。それぞれの編集の画面で直してください。"
_LIKENESS = "似た資料の判断は、2つの資料を並べた画面で取り消してください。"
_NOTHING = "値は変わっていないので、元に戻すものがありません。"
_GONE = "対象がもうないので、元に戻せません。"
_CHANGED_SINCE = (
    "あとから変えられているので、元に戻せません。新しい変更から順に元に戻すか、"
    "編集の画面で直してください。"
)


def verdict(session: Session, event: m.SourceEventRow) -> Verdict:
    """Whether a change can be put back at this moment, and why not."""
    if "likeness" in event.change:
        return Verdict(_LIKENESS)
    if event.action in EDITIONS and "sha256" in event.change:
        return _of_an_original(session, event)
    if not _told_whole(event):
        refused = _WHY_NOT.get(event.action, _NOT_HERE)
        return Verdict(refused, fields=_not_kept(event))
    row = thing(session, event)
    if row is None:
        return Verdict(_GONE)
    if event.action in TAKEDOWN:
        stands = _last_of(session, event, TAKEDOWN).id == event.id
        return Verdict() if stands else _overtaken(session, event)
    pairs = pairs_of(event)
    # A decision on what stood already is one all the same, and can be taken back.
    if event.action not in DECIDING and all(b == after for b, after in pairs.values()):
        return Verdict(_NOTHING)
    if all(stands_as(row, event, name, after) for name, (_, after) in pairs.items()):
        return Verdict()
    return _overtaken(session, event)


def _of_an_original(session: Session, event: m.SourceEventRow) -> Verdict:
    """Whether a document can have again the original that it had before."""
    row = session.get(m.DocumentRow, event.subject_id)
    if row is None:
        return Verdict(_GONE)
    if row.sha256 != event.change["sha256"][1]:
        return _overtaken(session, event)
    if event.action == REPLACED:
        return Verdict(why_not(session, row))
    newer = session.get(m.DocumentRow, event.change["newer"][1])
    same = newer is not None and newer.sha256 == event.change["sha256"][0]
    return Verdict() if same else Verdict(_GONE)


def thing(session: Session, event: m.SourceEventRow) -> m.Base | None:
    """The row that a change is of."""
    return session.get(TABLES[event.subject_kind], event.subject_id)


def pairs_of(event: m.SourceEventRow) -> dict[str, tuple[Any, Any]]:
    """Field -> from what, to what; without what is only told beside."""
    return {name: (event.change[name][0], event.change[name][1]) for name in _names(event)}


def _names(event: m.SourceEventRow) -> list[str]:
    """The fields of a change that put it back."""
    beside = _BESIDE | (WORDS if any(map(is_row, event.change)) else frozenset())
    return [name for name in event.change if name not in beside]


def field_decided(event: m.SourceEventRow) -> Field:
    """The field that a decision was about."""
    [name] = pairs_of(event)
    return Field(name)


def decision_before(session: Session, event: m.SourceEventRow) -> m.SourceEventRow | None:
    """The decision on the same field that stood before this one; None where none did."""
    row, name = m.SourceEventRow, field_decided(event).value
    earlier = session.scalars(
        select(row)
        .filter_by(subject_kind="document", subject_id=event.subject_id)
        .where(row.id < event.id, row.action.in_(DECIDING))
        .order_by(row.id.desc())
    )
    last = next((each for each in earlier if name in each.change), None)
    return last if last is not None and last.action == "decided" else None


# --- what is told ----------------------------------------------------------------------------


def _told_whole(event: m.SourceEventRow) -> bool:
    """Whether a change tells all that it takes to put it back."""
    if event.subject_kind not in TABLES:
        return False
    if event.action in TAKEDOWN:
        return True
    told = _names(event)
    if told and all(is_row(name) for name in told):
        return True
    if not told or any(not _is_pair(event.change[name]) for name in told):
        return False
    if event.action in DECIDING:
        return len(told) == 1 and Field.from_text(told[0]) is not None
    return (event.action in FIELDS or event.action == CORRECTED) and not _not_kept(event)


def _not_kept(event: m.SourceEventRow) -> tuple[str, ...]:
    """The fields of a change that cannot be put back from what it tells."""
    if event.action not in FIELDS or event.subject_kind not in TABLES:
        return ()
    told = ((name, event.change[name]) for name in _names(event) if not is_row(name))
    return tuple(
        name
        for name, pair in told
        if not _is_pair(pair) or not _kept(event.subject_kind, name, pair[0])
    )


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2


def _kept(kind: str, name: str, before: Any) -> bool:
    """Whether a field of a thing is one that the catalogue keeps, and can have that value."""
    if (kind, name) in LISTED:
        return isinstance(before, list | None)
    column = table_of(kind).columns.get(name)
    return column is not None and (before is not None or bool(column.nullable))


def table_of(kind: str) -> Table:
    """The table of a kind of thing."""
    return plain_rows.table_of(TABLES[kind])


# --- what stands -----------------------------------------------------------------------------


def stands_as(row: m.Base, event: m.SourceEventRow, name: str, value: Any) -> bool:
    """Whether a field of a thing has a value, as SourceEvents write values."""
    if event.action in DECIDING and isinstance(row, m.DocumentRow):
        return _decided(row, name) == ([value] if event.action == "decided" else [])
    session = object_session(row)
    if is_row(name):
        return session is not None and stands(session, name, value)
    listed = LISTED.get((event.subject_kind, name))
    if listed is None:
        column = table_of(event.subject_kind).columns[name]
        return bool(getattr(row, name) == plain_rows.as_kept(column, value))
    return listed(row) == (list(value or ()) if name in _ORDERED else sorted(value or ()))


def _decided(row: m.DocumentRow, name: str) -> list[Any]:
    """The one value that a curator has decided, which may be that there is none; or nothing."""
    return [each.value for each in row.decisions if each.field == name and each.decided_by]


def _place_codes(row: Any) -> list[str]:
    session = object_session(row)
    asked = (
        select(m.CaseMunicipalityRow.code)
        .filter_by(case_id=row.id)
        .order_by(m.CaseMunicipalityRow.position)
    )
    return list(session.scalars(asked)) if session else []


LISTED: Mapping[tuple[str, str], Callable[[Any], list[str]]] = {
    ("case", "municipalities"): _place_codes,
    ("case", "departments"): lambda row: sorted(each.name for each in row.departments),
    ("case", "themes"): lambda row: sorted(each.slug for each in row.themes),
    ("document", "municipalities"): lambda row: sorted(each.code for each in row.municipalities),
    ("document", "filled"): lambda row: sorted(e.field for e in row.decisions if e.filled),
    ("document", "excerpts"): lambda row: told_of(pages_of_cases(row.excerpts)),
    ("document", "event_parts"): lambda row: sorted(
        f"{each.event_id}:{each.part}" for each in row.event_parts
    ),
}
"""Fields of things that are kept in tables of their own -> what stands there now."""

_ORDERED = frozenset({"municipalities"})
"""The first municipality of a case is the leading one; a document's are in the order of codes."""


# --- what came after -------------------------------------------------------------------------


def _last_of(
    session: Session, event: m.SourceEventRow, actions: frozenset[str]
) -> m.SourceEventRow:
    row = m.SourceEventRow
    wanted = select(row).filter_by(subject_kind=event.subject_kind, subject_id=event.subject_id)
    return session.scalars(
        wanted.where(row.action.in_(actions)).order_by(row.id.desc()).limit(1)
    ).one()


def _overtaken(session: Session, event: m.SourceEventRow) -> Verdict:
    """What was done since to the same fields; to all of the thing where none of them was named."""
    since = changes_since(session, event.subject_kind, event.subject_id, str(event.id))
    fields = pairs_of(event).keys() if event.action not in TAKEDOWN else frozenset[str]()
    same = tuple(each for each in since if each.change.keys() & fields)
    return Verdict(_CHANGED_SINCE, same or since)
