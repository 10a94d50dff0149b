"""Asking: the results page."""

from flask import Blueprint, render_template, request

from kb.search.engine import BadQuery
from kb.search.query import Asked, ResultPage
from kb.web import parameters, results
from kb.web.services import audience, services

blueprint = Blueprint("search", __name__)


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
        return services().search.search(asked)
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
