"""What the pages of review, case and rights share."""

from flask import abort, make_response
from werkzeug.wrappers import Response

from kb.catalogue.review.views import Review
from kb.web import access
from kb.web.services import curation

MEANWHILE = (
    "画面を開いたあとで、ほかの人が変えました。まだ何も保存していません。"
    "入力した内容は残っています。確かめて、もう一度保存してください。"
)


def known(document_id: str) -> Review:
    """A document as whoever is asking finds it, or 404."""
    found = curation().review(document_id, access.actor())
    if found is None:
        abort(404)
    return found


def fresh(page: str, status: int = 200) -> Response:
    """A page that nobody keeps: it shows drafts, and the version a form was made from."""
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer
