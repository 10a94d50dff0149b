"""The curators' front page, and how the files that were sent come along."""

from datetime import UTC, datetime

from flask import Blueprint, abort, jsonify, redirect, render_template, request
from werkzeug.exceptions import Conflict
from werkzeug.wrappers import Response

from kb.catalogue.jobs.queue import UnknownJob
from kb.catalogue.jobs.views import UploadView
from kb.domain.roles import Role
from kb.web import access, addresses
from kb.web.curation import progress
from kb.web.curation.uploading import MOST_PASSWORD, desk
from kb.web.display import moment
from kb.web.services import services

blueprint = Blueprint("curation", __name__, url_prefix="/curation")
access.declare(blueprint, Role.CURATOR)


@blueprint.get("", strict_slashes=False)
def start() -> str:
    """What waits, and the ways to it."""
    found, review = services().uploads, services().curation
    counts = found.jobs.counts() if found else {}
    return render_template(
        "curation/start.html",
        working=sum(count for state, count in counts.items() if not state.ended),
        failed=found.jobs.unsolved() if found else 0,
        waiting=review.waiting() if review else 0,
        newest=found.jobs.uploads(5) if found else (),
        moment=moment,
    )


@blueprint.get("/uploads")
def uploads() -> str:
    """Batches, newest first."""
    return render_template("curation/uploads.html", uploads=desk().jobs.uploads(), moment=moment)


@blueprint.get("/uploads/<upload_id>")
def upload(upload_id: str) -> str:
    """Every file of a batch, and how far it is."""
    return render_template("curation/upload.html", **_shown(upload_id))


@blueprint.get("/uploads/<upload_id>.json")
def upload_json(upload_id: str) -> Response:
    """The same for the page's script: what is to be said, and the lists when they changed."""
    shown = _shown(upload_id)
    now: progress.Progress = shown["now"]  # type: ignore[assignment] # as _shown puts it
    told: dict[str, object] = {
        "version": now.version, "summary": now.summary, "files": now.files, "ended": now.ended,
        "done": now.ended == now.files and _known(upload_id).closed,
    }  # fmt: skip
    if request.args.get("version") != now.version:
        told["html"] = render_template("curation/upload_lists.html", **shown)
    return jsonify(told)


@blueprint.post("/uploads/<upload_id>/close")
def close(upload_id: str) -> Response:
    """Nothing more is to come."""
    desk().jobs.close(_known(upload_id).id)
    return redirect(addresses.upload(upload_id), 303)


@blueprint.post("/uploads/<upload_id>/jobs/<int:job_id>/retry")
def retry(upload_id: str, job_id: int) -> Response:
    """Try a file again, with a password where it wants one."""
    password = request.form.get("password", "")[:MOST_PASSWORD]
    try:
        desk().jobs.retry(upload_id, job_id, password or None)
    except UnknownJob as error:
        raise Conflict(str(error)) from error
    return redirect(addresses.upload(upload_id), 303)


@blueprint.post("/uploads/<upload_id>/jobs/<int:job_id>/cancel")
def cancel(upload_id: str, job_id: int) -> Response:
    """Take a file that waits out of the queue."""
    try:
        desk().jobs.cancel(upload_id, job_id)
    except UnknownJob as error:
        raise Conflict(str(error)) from error
    return redirect(addresses.upload(upload_id), 303)


def _known(upload_id: str) -> UploadView:
    return desk().jobs.upload(upload_id) or abort(404)


def _shown(upload_id: str) -> dict[str, object]:
    found, together = _known(upload_id), services().together
    jobs = desk().jobs.jobs_of(upload_id)
    return {
        "upload": found,
        "first": together.first(upload_id) if together else None,
        "now": progress.progress(found, jobs, datetime.now(UTC)),
        "duration": progress.duration,
        "moment": moment,
    }
