"""Cases, and the people and programmes behind them."""

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
    """A person and the parts they had."""
    found = services().catalogue.person(person_id, audience())
    if found is None:
        abort(404)
    return render_template("cases/person.html", person=found)


@blueprint.get("/programmes/<programme_id>")
def programme(programme_id: str) -> str:
    """A programme and its cohorts."""
    found = services().catalogue.programme(programme_id, audience())
    if found is None:
        abort(404)
    return render_template("cases/programme.html", programme=found)
