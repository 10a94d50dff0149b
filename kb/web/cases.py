"""Cases, and the people, programmes and series behind them."""

from flask import Blueprint, abort, render_template, request

from kb.domain.case_study import NARRATIVE
from kb.web import display, parameters
from kb.web.services import audience, services

blueprint = Blueprint("cases", __name__)


@blueprint.get("/cases/<case_id>")
def case(case_id: str) -> str:
    """A case with everything known of it."""
    found = services().catalogue.case(case_id, audience())
    if found is None:
        abort(404)
    return render_template(
        "cases/case.html",
        case=found,
        narrative=NARRATIVE,
        documents=display.visible(found.documents),
        typed=parameters.query_text(request.args),
    )


@blueprint.get("/people/<person_id>")
def person(person_id: str) -> str:
    """A person: what they were, one post after the other, and what they did."""
    found = services().catalogue.person(person_id, audience())
    if found is None:
        abort(404)
    documents = display.visible(found.documents)
    return render_template("cases/person.html", page=found, documents=documents)


@blueprint.get("/programmes/<programme_id>")
def programme(programme_id: str) -> str:
    """A programme, year by year."""
    found = services().catalogue.programme(programme_id, audience())
    if found is None:
        abort(404)
    return render_template("cases/programme.html", page=found)


@blueprint.get("/series")
def series_list() -> str:
    """Series of events and of documents."""
    return render_template(
        "browse/series_list.html", found=services().catalogue.series_list(audience())
    )


@blueprint.get("/series/<path:name>")
def series(name: str) -> str:
    """A series: its events and its documents, the newest first."""
    found = services().catalogue.series(name, audience())
    if found is None:
        abort(404)
    documents = display.visible(found.documents)
    return render_template("browse/series.html", page=found, documents=documents)
