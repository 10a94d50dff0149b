"""The audit log: who changed what, when and why, as a page and as a file for spreadsheets."""

import csv
import io
from collections.abc import Iterator
from datetime import date

from flask import Blueprint, Response, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as AnyResponse

from kb.catalogue.accounts.rows import utc
from kb.catalogue.exchange.cells import guarded
from kb.catalogue.history.views import SIGN_IN, EventView, LogAsked, Names
from kb.domain.clock import JAPAN
from kb.domain.fiscal_year import parse_date
from kb.domain.roles import Role
from kb.web import access, addresses, parameters
from kb.web.curation import change_words
from kb.web.curation.history import desk, pager, sees_accounts
from kb.web.curation.reviewing import fresh
from kb.web.display import moment

blueprint = Blueprint("audit_log", __name__, url_prefix="/curation")
access.declare(blueprint, Role.CURATOR)

COLUMNS = ("日時", "だれが", "操作", "対象の種類", "対象", "ID", "変更の内容", "理由", "来歴の番号")

_PARAMETERS = ("actor", "kind", "action", "since", "until")

_BOM = "\ufeff"
"""By which Excel knows UTF-8."""


@blueprint.get("/log")
def log() -> AnyResponse:
    """One page of the log."""
    asked = _asked(request.args)
    found = desk().log(asked)
    page = render_template(
        "curation/log.html",
        log=found,
        asked=asked,
        words=change_words,
        moment=moment,
        pager=pager(
            found.page, found.pages, lambda number: addresses.log(_typed(asked), page=number)
        ),
        as_csv=addresses.log(_typed(asked), csv=True),
        sign_in=SIGN_IN,
    )
    return fresh(page)


@blueprint.get("/log.csv")
def log_csv() -> Response:
    """All of what is asked for, as CSV in UTF-8 that Excel opens; sent while it is read."""
    answer = Response(_csv(desk().log_batches(_asked(request.args))), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="kb-log.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _csv(batches: Iterator[tuple[tuple[EventView, ...], Names]]) -> Iterator[str]:
    yield _BOM + _rows([COLUMNS])
    for events, names in batches:
        yield _rows(_cells(event, names) for event in events)


def _rows(rows: Iterator[tuple[str, ...]] | list[tuple[str, ...]]) -> str:
    written = io.StringIO()
    csv.writer(written).writerows([guarded(cell) for cell in row] for row in rows)
    return written.getvalue()


def _cells(event: EventView, names: Names) -> tuple[str, ...]:
    told = event.change
    change = change_words.HIDDEN if told is None else change_words.plain(told, names)
    return (
        utc(event.at).astimezone(JAPAN).strftime("%Y-%m-%d %H:%M:%S"),
        event.actor,
        change_words.action_label(event.action),
        change_words.kind_label(event.kind),
        change_words.thing(event, names),
        event.key,
        change,
        event.why or "",
        "" if event.kind == SIGN_IN else str(event.number),
    )


# --- what is asked for ------------------------------------------------------------------------


def _asked(typed: "MultiDict[str, str]") -> LogAsked:
    """The part of the log that an address names.

    Raises:
        BadRequest: a day or the page cannot be read.
    """
    since, until = _day(typed, "since", "はじめの日"), _day(typed, "until", "おわりの日")
    if since and until and until < since:
        raise BadRequest("「おわりの日」は「はじめの日」と同じか、後の日にしてください。")
    actor, kind, action = (
        typed.get(name, "").strip() or None for name in ("actor", "kind", "action")
    )
    return LogAsked(
        actor,
        kind,
        action,
        since=since,
        until=until,
        page=parameters.number(typed, "page", usual=1, most=parameters.LAST_PAGE),
        accounts=sees_accounts(),
    )


def _day(typed: "MultiDict[str, str]", name: str, label: str) -> date | None:
    text = typed.get(name, "").strip()
    if not text:
        return None
    day = parse_date(text)
    if day is None:
        raise BadRequest(f"{label}「{text}」を日付として読めません(例: 2026-04-01、R8.4.1)。")
    return day


def _typed(asked: LogAsked) -> dict[str, str]:
    """The parameters that ask for the same again, from its first page on."""
    told = ((name, getattr(asked, name)) for name in _PARAMETERS)
    return {name: str(value) for name, value in told if value is not None}
