"""Sending files in: the form, and the pieces that its script sends one after the other."""

from flask import Blueprint, abort, jsonify, redirect, render_template, request
from werkzeug.exceptions import BadRequest, Conflict, RequestEntityTooLarge
from werkzeug.wrappers import Response

from kb.catalogue.jobs.incoming import WrongOffset
from kb.domain.rights import Terms
from kb.domain.roles import Role
from kb.web import access, addresses, parameters, texts
from kb.web.curation.upload_desk import (
    OFFERED_TERMS,
    PIECE_BYTES,
    Batch,
    Refused,
    Sent,
    TooLarge,
    UploadDesk,
)
from kb.web.services import audience, services

blueprint = Blueprint("uploading", __name__, url_prefix="/curation")
access.declare(blueprint, Role.CURATOR)

FORM_BYTES = 1024 * 1024 * 1024
"""What one plain form may send in all: the most that the web server takes (waitress)."""

FORM_PARTS = 5000

MOST_NOTE = 500
MOST_PASSWORD = 200


def allow_large() -> None:
    """Let the routes that take files take more than a form of words; run before any check, each
    of which may read the form. Who may not send anything is refused before it is read."""
    if request.endpoint == "uploading.piece":
        request.max_content_length = PIECE_BYTES
    elif request.endpoint == "uploading.begin":
        request.max_content_length = FORM_BYTES
        request.max_form_parts = FORM_PARTS


def desk() -> UploadDesk:
    """Where files come in; 404 where none do."""
    return services().uploads or abort(404)


@blueprint.get("/add")
def add() -> str:
    """The form; with `upload` it goes on with a batch that was broken off."""
    return _form()


def _form(said: str = "", chosen: str = "") -> str:
    upload_id = chosen or request.args.get("upload", "")
    return render_template(
        "curation/add.html",
        upload=desk().jobs.upload(upload_id) if upload_id else None,
        most_mb=desk().most_bytes // 1048576,
        most_bytes=desk().most_bytes,
        piece_bytes=PIECE_BYTES,
        terms=OFFERED_TERMS,
        drafts_only=desk().drafts_only,
        events=services().catalogue.events(audience()),
        said=said,
    )


@blueprint.post("/uploads")
def begin() -> Response | tuple[str, int]:
    """Begin a batch (or go on with one) and keep the files of the form, if it sends any."""
    files = [file for file in request.files.getlist("files") if file.filename]
    by_script = request.accept_mimetypes.best == "application/json"
    try:
        upload_id = request.form.get("upload", "")
        if not upload_id and not by_script and not files:
            return _form(texts.NO_FILES), 400
        upload_id = desk().known(upload_id).id if upload_id else desk().begin(_batch())
        sent = [(str(file.filename), file.stream) for file in files]
        desk().keep(upload_id, sent, _password())  # type: ignore[arg-type] # a binary stream
    except Refused as error:
        raise BadRequest(str(error)) from error
    if by_script:
        return jsonify(id=upload_id, url=addresses.upload(upload_id))
    desk().jobs.close(upload_id)
    return redirect(addresses.upload(upload_id), 303)


def _batch() -> Batch:
    terms, event = request.form.get("rights", ""), request.form.get("event", "")
    if terms not in [each.value for each in OFFERED_TERMS]:
        terms = Terms.UNKNOWN.value
    return Batch(
        actor=access.actor(),
        terms=Terms(terms),
        draft=request.form.get("publish") != "now",
        event_id=event or None,
        note=request.form.get("note", "").strip()[:MOST_NOTE] or None,
    )


def _password() -> str | None:
    return request.form.get("password", "")[:MOST_PASSWORD] or None


@blueprint.get("/uploads/<upload_id>/files/<token>")
def arrived(upload_id: str, token: str) -> Response:
    """How much of a file has arrived, so that its sender goes on from there."""
    try:
        offset, done = desk().arrived(desk().known(upload_id).id, token)
    except Refused as error:
        raise BadRequest(str(error)) from error
    return jsonify(offset=offset, done=done)


@blueprint.put("/uploads/<upload_id>/files/<token>")
def piece(upload_id: str, token: str) -> Response:
    """Keep one piece of a file; 409 tells where to go on when it does not follow."""
    offset = _offset()
    if offset + (request.content_length or 0) > desk().most_bytes:
        raise RequestEntityTooLarge(desk().too_large())
    try:
        held = desk().add(desk().known(upload_id).id, token, offset, request.get_data())
    except WrongOffset as error:
        raise Conflict(str(error.offset)) from error
    except TooLarge as error:
        raise RequestEntityTooLarge(str(error)) from error
    except Refused as error:
        raise BadRequest(str(error)) from error
    return jsonify(offset=held)


def _offset() -> int:
    typed = request.args.get("offset", "")
    if not typed.isdecimal() or len(typed) > 15:
        raise BadRequest(texts.BAD_OFFSET)
    return int(typed)


@blueprint.post("/uploads/<upload_id>/files/<token>")
def complete(upload_id: str, token: str) -> Response:
    """Put a file whose pieces have all arrived."""
    form = request.form
    sha256 = form.get("sha256", "").lower()
    try:
        sent = Sent(
            path=form.get("path", "")[:2000],
            size=parameters.number(form, "size", usual=0, most=10**15)
            if form.get("size") != "0" else 0,
            sha256=sha256 or None,
            beside=frozenset(form.get("beside", "").lower().split("/")),
            password=_password(),
        )  # fmt: skip
        job = desk().complete(desk().known(upload_id).id, token, sent)
    except Refused as error:
        raise BadRequest(str(error)) from error
    return jsonify(job=job)
