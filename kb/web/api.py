"""The interface for programs."""

from flask import Blueprint, Response, current_app, jsonify, request
from werkzeug.exceptions import NotFound

from kb.web import access, parameters
from kb.web.answer import Writer
from kb.web.search import ask
from kb.web.services import audience

blueprint = Blueprint("api", __name__, url_prefix="/api")
access.declare(blueprint, None)

LARGEST_PAGE = 100


@blueprint.get("/v1/search")
def search() -> Response:
    """The answer to a question, in the contract's shape."""
    page_size = parameters.number(request.args, "page_size", usual=20, most=LARGEST_PAGE)
    asked = parameters.asked(request.args, audience(), page_size)
    base = current_app.config["KB_PUBLIC_URL"] or ""
    return jsonify(Writer(asked, base).answer(ask(asked)))


@blueprint.get("/<path:_unknown>")
def unknown(_unknown: str) -> Response:
    """Any other address under /api, so that it too is answered in JSON."""
    raise NotFound
