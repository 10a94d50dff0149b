"""Cases, and the people, programmes and series behind them."""

from flask import Blueprint, abort, current_app, render_template, request

from kb.catalogue.views import CaseLink, CaseView
from kb.domain.case_study import NARRATIVE
from kb.search.engine import SearchUnavailable
from kb.web import access, display, parameters
from kb.web.services import audience, services

blueprint = Blueprint("cases", __name__)
access.declare(blueprint, None)


@blueprint.get("/cases/<case_id>")
def case(case_id: str) -> str:
    """A case with everything known of it."""
    found = services().catalogue.case(case_id, audience())
    if found is None:
        abort(404)
    return render_template(
        "cases/case.html",
        case=found,
        similar=_similar(found),
        narrative=NARRATIVE,
        documents=display.visible(found.documents),
        typed=parameters.query_text(request.args),
    )


def _similar(found: CaseView) -> tuple[CaseLink, ...]:
    """Cases like it; none when the index is not ready: the case is still there to be read."""
    try:
        return services().search.similar(found, audience())
    except SearchUnavailable as error:
        current_app.logger.warning("case shown without similar ones: %s", error)
        return ()


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
