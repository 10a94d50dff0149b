"""Asking: the results page."""

import re

from flask import Blueprint, render_template, request

from kb.search.asking import loggable
from kb.search.engine import BadQuery
from kb.search.query import Asked, ResultPage
from kb.web import access, parameters, results
from kb.web.services import audience, services

blueprint = Blueprint("search", __name__)
access.declare(blueprint, None)

ROBOT = re.compile(r"bot\b|crawl|spider|slurp|monitor|preview|archiver", re.IGNORECASE)
"""In the names that programs which follow links give themselves; scripts that ask do not."""


@blueprint.get("/search")
def search() -> str:
    """Results, or an empty page that says what to do next."""
    asked = parameters.asked(request.args, audience())
    answer = ask(asked)
    view = results.view(asked, answer)
    if answer.total == 0:
        themes = services().catalogue.themes(audience())
        return render_template("search/empty.html", answer=answer, view=view, themes=themes)
    return render_template("search/results.html", answer=answer, view=view)


def ask(asked: Asked) -> ResultPage:
    """The answer; a question that cannot be understood has none, and the reason as its notice."""
    try:
        answer = services().search.search(asked)
    except BadQuery as error:
        return ResultPage(
            query=asked.text,
            total=0,
            page=1,
            page_size=asked.page_size,
            took_ms=0.0,
            results=(),
            notices=(str(error),),
        )
    _count(asked, answer)
    return answer


def _count(asked: Asked, answer: ResultPage) -> None:
    """Count the question, where questions are counted and a reader may have asked it."""
    asking = services().asking
    if asking is None or not from_a_reader():
        return
    question = loggable(asked, answer)
    if question is not None:
        asking.note(question)


def from_a_reader() -> bool:
    """Whether the request is not that of a crawler, and not made on a guess."""
    guessed = request.headers.get("Sec-Purpose") or request.headers.get("Purpose") or ""
    agent = request.headers.get("User-Agent", "")
    return request.method == "GET" and "prefetch" not in guessed and not ROBOT.search(agent)
