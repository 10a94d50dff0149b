"""Ways in without a question: the front page and the lists by place, year, theme, event."""

from flask import Blueprint, abort, redirect, render_template
from werkzeug.wrappers import Response

from kb.catalogue.views import Count
from kb.domain.classification import DepartmentFunction, Theme
from kb.domain.fiscal_year import FIRST_YEAR, LAST_YEAR
from kb.domain.municipality import BadMunicipalityCode, MunicipalityCode
from kb.domain.size_class import NOTES
from kb.web import access, addresses, display, tiles
from kb.web.services import audience, services

blueprint = Blueprint("browse", __name__)
access.declare(blueprint, None)


@blueprint.get("/")
def home() -> str:
    """The search box and the ways in."""
    found = services().catalogue.home(audience())
    return render_template("browse/home.html", home=found, tiles=tiles.tiles(found.prefectures))


@blueprint.get("/municipalities")
def municipalities() -> str:
    """Municipalities that have cases, by prefecture."""
    catalogue = services().catalogue
    names = {count.value: count.label for count in catalogue.home(audience()).prefectures}
    groups: dict[str, list[Count]] = {}
    for count in catalogue.municipalities(audience()):
        specimen = display.is_specimen_code(count.value)
        name = "見本(架空の自治体)" if specimen else names.get(count.value[:2], "そのほか")
        groups.setdefault(name, []).append(count)
    return render_template("browse/municipalities.html", groups=groups)


@blueprint.get("/municipalities/<code>")
def municipality(code: str) -> str | Response:
    """A municipality of today or once: its names over time, its cases, who compares with it."""
    found = services().catalogue.municipality(code, audience())
    if found is None:
        whole = _whole_code(code)
        if whole is None or whole == code:
            abort(404)
        return redirect(addresses.municipality(whole))
    return render_template("browse/municipality.html", page=found, size_notes=NOTES)


@blueprint.get("/events")
def events() -> str:
    """Seminars, newest first."""
    return render_template("browse/events.html", events=services().catalogue.events(audience()))


@blueprint.get("/events/<event_id>")
def event(event_id: str) -> str:
    """A seminar: who reported what, and what is left of it."""
    found = services().catalogue.event(event_id, audience())
    if found is None:
        abort(404)
    return render_template(
        "browse/event.html", page=found, documents=display.visible(found.documents)
    )


@blueprint.get("/themes")
def themes() -> str:
    """The closed list of themes."""
    return _values("テーマ", services().catalogue.themes(audience()), "theme")


@blueprint.get("/themes/<slug>")
def theme(slug: str) -> str:
    """The cases of a theme."""
    if slug not in [member.value for member in Theme]:
        abort(404)
    chosen = Theme(slug)
    cases = services().catalogue.cases(audience(), theme=chosen)
    return render_template(
        "browse/cases_by.html",
        kind="テーマ",
        name=chosen.label,
        list_url="/themes",
        search_url=addresses.search_by("theme", slug),
        cases=cases,
    )


@blueprint.get("/departments")
def departments() -> str:
    """The closed list of department functions."""
    return _values("部門", services().catalogue.departments(audience()), "department")


@blueprint.get("/departments/<slug>")
def department(slug: str) -> str:
    """The cases of a department function."""
    if slug not in [member.value for member in DepartmentFunction]:
        abort(404)
    chosen = DepartmentFunction(slug)
    cases = services().catalogue.cases(audience(), department=chosen)
    return render_template(
        "browse/cases_by.html",
        kind="部門",
        name=chosen.label,
        list_url="/departments",
        search_url=addresses.search_by("department", slug),
        cases=cases,
    )


@blueprint.get("/years")
def years() -> str:
    """Practice years, newest first."""
    return _values("実践年度", services().catalogue.years(audience()), "year")


@blueprint.get("/years/<int:year>")
def year(year: int) -> str:
    """The cases practised in a fiscal year."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        abort(404)
    cases = services().catalogue.cases(audience(), implemented_in=year)
    return render_template(
        "browse/cases_by.html",
        kind="実践年度",
        name=display.years(year),
        list_url="/years",
        search_url=addresses.search_by("implemented_in", str(year)),
        cases=cases,
    )


def _whole_code(typed: str) -> str | None:
    """The six digits of a code that is typed otherwise; None for what is no code."""
    try:
        return MunicipalityCode.from_text(typed)
    except BadMunicipalityCode:
        return None


def _values(name: str, counts: tuple[Count, ...], kind: str) -> str:
    return render_template("browse/values.html", name=name, counts=counts, kind=kind)
