"""Many cases at once: they go out as a file and come back changed; what each row of it does is
shown before anything is written."""

from collections.abc import Callable

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as AnyResponse

from kb.catalogue.bulk.service import CannotApply
from kb.catalogue.bulk.views import MOST_ROWS, BulkView, Shown
from kb.catalogue.exchange.ds451 import ENCODINGS
from kb.domain.clock import today
from kb.domain.roles import Role
from kb.web import access, addresses, parameters
from kb.web.curation.bulk_difference import difference
from kb.web.curation.bulk_protocol import BulkDesk
from kb.web.curation.reviewing import fresh
from kb.web.curation.upload_desk import split
from kb.web.display import moment
from kb.web.services import audience, services

blueprint = Blueprint("bulk", __name__, url_prefix="/curation/bulk")
access.declare(blueprint, Role.CURATOR)

MOST_BYTES = 10 * 1024 * 1024
"""Of a file: 1,500 cases of which every field is a paragraph are as much."""

FORM_BYTES = 2 * MOST_BYTES
"""What the form may send: more than a file may have, so that what is too large is told here."""

LAST_PAGE = 100_000

_NO_FILE = "ファイルが選ばれていません。CSVファイルを選んでから、もう一度押してください。"
_EMPTY = "空のファイルです。中身のあるCSVファイルを選んでください。"
_TOO_LARGE = (
    f"1つのファイルの上限は{MOST_BYTES // 1048576}MBです。自治体や年度で分けて送ってください。"
)
_UNKNOWN = "この条件にあう事例はありません。一括変更の画面で選び直してください。"
_CHARSETS = {"utf-8": "utf-8", "utf-8-sig": "utf-8", "cp932": "windows-31j"}


def allow_large() -> None:
    """Let the route that takes a file take more than a form of words; run before any check."""
    if request.endpoint == "bulk.send":
        request.max_content_length = FORM_BYTES


def desk() -> BulkDesk:
    """Where files come in; 404 where none do."""
    return services().bulk or abort(404)


# --- out and in -----------------------------------------------------------------------------


@blueprint.get("")
def start() -> AnyResponse:
    """The way out, the way in, and what has come lately."""
    return _start()


def _start(said: str = "", status: int = 200) -> AnyResponse:
    catalogue = services().catalogue
    page = render_template(
        "curation/bulk.html",
        said=said,
        files=desk().files(),
        waiting=desk().waiting(),
        waits=_waits,
        municipalities=catalogue.municipalities(audience()),
        years=catalogue.years(audience()),
        most_mb=MOST_BYTES // 1048576,
        most_rows=MOST_ROWS,
        moment=moment,
    )
    return fresh(page, status)


@blueprint.get("/cases.csv")
def sheet() -> Response:
    """The cases of `municipality` and `implemented_in` as CSV; all where neither is given."""
    chosen = desk()
    catalogue, args = services().catalogue, request.args
    code, year = args.get("municipality", "").strip(), args.get("implemented_in", "").strip()
    encoding = args.get("encoding", "utf-8-sig")
    known = {each.value for each in catalogue.municipalities(audience())} if code else set()
    years = {each.value for each in catalogue.years(audience())} if year else set()
    if (code and code not in known) or (year and year not in years) or encoding not in ENCODINGS:
        raise BadRequest(_UNKNOWN)
    written = chosen.sheet(code or None, int(year) if year else None, encoding)
    answer = Response(written.content, content_type=f"text/csv; charset={_CHARSETS[encoding]}")
    named = "-".join(filter(None, ("cases", code, year, today().isoformat())))
    answer.headers["Content-Disposition"] = f'attachment; filename="{named}.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("")
def send() -> AnyResponse:
    """Keep a file and have it looked at."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _start(_NO_FILE, 400)
    content = sent.read(MOST_BYTES + 1)
    if not content:
        return _start(_EMPTY, 422)
    if len(content) > MOST_BYTES:
        return _start(_TOO_LARGE, 413)
    clear = request.form.get("blanks") == "clear"
    name = split(sent.filename)[1]
    bulk_id = desk().begin(name, content, clear_blanks=clear, actor=access.actor())
    return redirect(addresses.bulk(bulk_id), 303)


# --- one file -------------------------------------------------------------------------------


@blueprint.get("/<bulk_id>")
def one(bulk_id: str) -> AnyResponse:
    """What each row of a file does, or has done."""
    return _one(bulk_id)


def _one(bulk_id: str, said: str = "", status: int = 200) -> AnyResponse:
    return fresh(render_template("curation/bulk_file.html", said=said, **_shown(bulk_id)), status)


@blueprint.get("/<bulk_id>.json")
def one_json(bulk_id: str) -> Response:
    """The same for the page's script: what is to be said, and the rows when they changed."""
    shown = _shown(bulk_id)
    file = _known(bulk_id)
    told: dict[str, object] = {
        "version": shown["version"],
        "summary": file.label,
        "done": not file.state.working or file.stuck,
    }
    if request.args.get("version") != shown["version"]:
        told["html"] = render_template("curation/bulk_rows.html", **shown)
    return jsonify(told)


@blueprint.post("/<bulk_id>/apply")
def apply(bulk_id: str) -> AnyResponse:
    """Write what was shown, exactly."""
    skip, actor = request.form.get("skip") == "1", access.actor()
    return _done(bulk_id, lambda: desk().apply(bulk_id, _turn(), skip_refused=skip, actor=actor))


@blueprint.post("/<bulk_id>/check")
def check(bulk_id: str) -> AnyResponse:
    """Look at a file once more, as the catalogue stands now."""
    return _done(bulk_id, lambda: desk().check_again(bulk_id))


@blueprint.post("/<bulk_id>/drop")
def drop(bulk_id: str) -> AnyResponse:
    """Have nobody write a file."""
    return _done(bulk_id, lambda: desk().drop(bulk_id, _turn(), access.actor()))


def _done(bulk_id: str, do: Callable[[], None]) -> AnyResponse:
    _known(bulk_id)
    try:
        do()
    except CannotApply as error:
        return _one(bulk_id, str(error), 409)
    return redirect(addresses.bulk(bulk_id), 303)


def _turn() -> int:
    """The look at the file that the form was made from."""
    return parameters.number(request.form, "turn", usual=1, most=10**6)


def _waits(file: BulkView) -> bool:
    """Whether a file that its sender would write waits for somebody else."""
    return desk().needs_other(file.actor, access.actor())


def _known(bulk_id: str) -> BulkView:
    return desk().view(bulk_id) or abort(404)


def _shown(bulk_id: str) -> dict[str, object]:
    file = _known(bulk_id)
    shown = _chosen(file)
    page = parameters.number(request.args, "page", usual=1, most=LAST_PAGE)
    found = desk().lines(bulk_id, shown, page)
    ways = (("前のページ", found.page - 1), ("次のページ", found.page + 1))
    return {
        "file": file,
        "waits": _waits(file),
        "second": desk().needs_other(file.actor, file.actor),
        "shown": shown,
        "found": found,
        "choices": _choices(file),
        "pager": [
            (label, addresses.bulk(bulk_id, shown.value, at))
            for label, at in ways
            if 1 <= at <= found.pages
        ],
        "version": f"{file.turn}-{file.state.value}-{file.job.state.value if file.job else ''}",
        "difference": difference,
        "moment": moment,
    }


def _chosen(file: BulkView) -> Shown:
    """Which rows are asked for; unasked those that want somebody's eye."""
    typed = request.args.get("show", "")
    if typed:
        if typed not in set(Shown):
            raise BadRequest(f"表示に指定できるのは {'、'.join(Shown)} です。")
        return Shown(typed)
    if file.moved:
        return Shown.MOVED
    if file.refused:
        return Shown.ERRORS
    return Shown.CHANGES if file.writes else Shown.ALL


def _choices(file: BulkView) -> list[tuple[Shown, int]]:
    """What can be asked for, with how many rows it has; what has none is left out."""
    counts = {
        Shown.ALL: file.rows,
        Shown.CHANGES: file.writes,
        Shown.ERRORS: file.refused,
        Shown.MOVED: file.moved,
    }
    return [(each, count) for each, count in counts.items() if count]
