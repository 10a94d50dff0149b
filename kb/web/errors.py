"""What a reader sees when something is wrong: a page that says what to do, or RFC 9457 JSON."""

import json
from http import HTTPStatus

from flask import Flask, Response, current_app, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from kb.catalogue.review.second_person import NeedsSecondPerson
from kb.catalogue.session import CatalogueUnavailable
from kb.search.engine import SearchUnavailable
from kb.web import texts

EXPLAINED = tuple(texts.ERRORS)


def register(app: Flask) -> None:
    """Answer every error of `app` in the reader's language."""
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(SearchUnavailable, search_unavailable)
    app.register_error_handler(CatalogueUnavailable, catalogue_unavailable)
    app.register_error_handler(NeedsSecondPerson, needs_second_person)
    app.register_error_handler(Exception, unexpected)


def http_error(error: HTTPException) -> Response:
    """An error with a status: its own Japanese description when it has one, else ours."""
    if error.response is not None or error.code is None or error.code < 400:
        return make_response(error.get_response())
    described = error.description if error.description != type(error).description else None
    answer = _answer(error.code, described, getattr(error, "title", None))
    for name, value in error.get_headers():
        if name.lower() == "allow":
            answer.headers[name] = value
    return answer


def search_unavailable(error: SearchUnavailable) -> Response:
    """The index cannot be read; its reason is for the log, not for readers."""
    current_app.logger.error("search unavailable: %s", error)
    return _later(_answer(HTTPStatus.SERVICE_UNAVAILABLE))


def catalogue_unavailable(error: CatalogueUnavailable) -> Response:
    """The catalogue cannot be opened: no page but the explanations can be drawn."""
    current_app.logger.error("catalogue unavailable: %s", error)
    return _later(_answer(HTTPStatus.SERVICE_UNAVAILABLE, texts.CATALOGUE_UNAVAILABLE))


def needs_second_person(error: NeedsSecondPerson) -> Response:
    """One person alone would publish, in a form that has no word of its own for it."""
    return _answer(HTTPStatus.CONFLICT, str(error))


def _later(answer: Response) -> Response:
    answer.headers["Retry-After"] = "60"
    return answer


def unexpected(error: Exception) -> Response:
    """Whatever nobody foresaw: logged in full, shown as a plain sentence."""
    current_app.logger.error("unexpected error at %s", request.path, exc_info=error)
    return _answer(HTTPStatus.INTERNAL_SERVER_ERROR)


def for_programs() -> bool:
    """Whether the answer is read by a program: as JSON, then, and without a way to sign in."""
    asked = request.path.startswith("/api/") or request.path.endswith(".json")
    return asked or request.accept_mimetypes.best == "application/json"


def _answer(status: int, described: str | None = None, own_title: str | None = None) -> Response:
    known = status if status in EXPLAINED else (400 if status < 500 else 500)
    title, advice = texts.ERRORS[known]
    title, detail = own_title or title, described or advice
    if for_programs():
        return problem(status, title, detail)
    page = render_template("errors/error.html", status=status, title=title, detail=detail)
    return _fresh(make_response(page, status))


def problem(status: int, title: str, detail: str) -> Response:
    """RFC 9457 problem details."""
    content = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    answer = Response(
        json.dumps(content, ensure_ascii=False),
        status=status,
        mimetype="application/problem+json",
    )
    return _fresh(answer)


def _fresh(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    return answer
