"""The rights of one document as `kb rights` tells them: for people, and for programs."""

from collections.abc import Iterator
from datetime import UTC, date
from typing import Any

from kb.catalogue.rights.reading import ACTIONS, HeldPermission, RightsRecord
from kb.domain.clock import JAPAN
from kb.domain.rights import Audience, Permissions, Rights, Terms, allowed

_COLUMNS = ("題名", "検索", "抜粋　　", "本文", "画像", "閲覧", "保存", "書出")
_WIDEST = 4
"""Characters of the longest name of an audience."""


def lines(record: RightsRecord, today: date) -> Iterator[str]:
    """The record, line by line, with what every audience may do today."""
    rights = record.rights
    yield f"{record.document_id} {record.title}"
    yield f"利用条件: {rights.effective.label}"
    if rights.effective is not rights.terms:
        yield f"資料に書かれた条件: {rights.terms.label}"
    yield f"資料の原文: {f'「{rights.statement}」' if rights.statement else '記録なし'}"
    if rights.permission:
        yield f"許諾: {rights.permission.label}"
    yield ""
    yield from _table(rights)
    if record.permissions:
        yield ""
        yield "許諾の記録"
        yield from (_permission(held, rights.terms, today) for held in record.permissions)
    if record.history:
        yield ""
        yield "来歴"
        for change in record.history:
            why = f" {change.why}" if change.why else ""
            action = ACTIONS.get(change.action, change.action)
            at = change.at.replace(tzinfo=UTC).astimezone(JAPAN)
            yield f"  {at:%Y-%m-%d %H:%M} {change.actor} {action}{why}"


def _table(rights: Rights) -> Iterator[str]:
    yield "　".join(("閲覧者　", *_COLUMNS)).rstrip()
    for audience in Audience:
        cells = _cells(allowed(rights, audience))
        yield "　".join((f"{audience.label:　<{_WIDEST}}", *cells)).rstrip()


def _cells(may: Permissions) -> list[str]:
    excerpt = f"{may.snippet_characters:>3}字まで" if may.snippet_characters else "×　　　 "
    marks = [
        "○" if each else "×"
        for each in (may.page_text, may.page_image, may.view, may.download, may.export)
    ]
    first = ["○　" if each else "×　" for each in (may.metadata, may.index)]
    return [*first, excerpt, *(f"{mark}　" for mark in marks)]


def _permission(held: HeldPermission, stated: Terms, today: date) -> str:
    note = f" {held.note}" if held.note else ""
    what = held.permission.terms
    state = held.state(stated, today)
    return f"  番号{held.id} [{state}] {what.value}({what.label}) {held.permission.label}{note}"


def as_json(record: RightsRecord, today: date) -> dict[str, Any]:
    """The same as one object."""
    rights = record.rights
    return {
        "document": record.document_id,
        "title": record.title,
        "terms": rights.effective.value,
        "stated": rights.terms.value,
        "statement": rights.statement,
        "permission": rights.permission.plain() if rights.permission else None,
        "may": {audience.value: _may(allowed(rights, audience)) for audience in Audience},
        "permissions": [
            {
                "id": held.id,
                **held.permission.plain(),
                "ended_on": held.permission.ended_on and held.permission.ended_on.isoformat(),
                "holds": held.permission.holds(today) and rights.terms is not Terms.WITHDRAWN,
                "note": held.note,
            }
            for held in record.permissions
        ],
        "history": [
            {"at": f"{e.at:%Y-%m-%dT%H:%M:%SZ}", "actor": e.actor, "action": e.action, "why": e.why}
            for e in record.history
        ],
    }


def _may(may: Permissions) -> dict[str, bool | int]:
    return {name: getattr(may, name) for name in Permissions.__slots__}
