"""The lists that cases are filed under: themes, department functions, readings of names."""

from flask import Blueprint, abort, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from kb.catalogue.changes import UnknownReference
from kb.catalogue.entries import Authorship
from kb.catalogue.lists import MOST_LISTED, BadReading
from kb.catalogue.review.views import ChangedMeanwhile
from kb.domain.classification import DepartmentFunction, Theme
from kb.domain.rights import Audience
from kb.domain.roles import Role
from kb.domain.theme_words import THEME_WORDS
from kb.web import access, addresses, parameters
from kb.web.curation.lists_protocol import Lists
from kb.web.curation.reviewing import MEANWHILE, fresh
from kb.web.services import services

blueprint = Blueprint("lists", __name__, url_prefix="/curation/lists")
access.declare(blueprint, Role.CURATOR)


def kept() -> Lists:
    """The lists of this application; 404 where it has none."""
    return services().lists or abort(404)


@blueprint.get("", strict_slashes=False)
def lists() -> Response:
    """Every list: what is fixed, and what can be changed."""
    return _page()


@blueprint.post("/readings")
def reading() -> Response:
    """Record how a name is read; what cannot be taken comes back as it was typed."""
    form = request.form
    person, kana, before = (form.get(name, "") for name in ("person", "kana", "before"))
    try:
        new = kept().read_name(person, kana, before, Authorship(access.actor()))
    except UnknownReference:
        abort(404)
    except BadReading as error:
        return _page(f"保存できませんでした。{error}", 422)
    except ChangedMeanwhile:
        return _page(MEANWHILE, 409)
    flash(
        "読みを保存しました。次の検索から使われます。" if new else "読みは、すでにそのとおりです。"
    )
    return redirect(addresses.lists(request.args.get("q", "")), 303)


def _page(told: str = "", status: int = 200) -> Response:
    named = parameters.query_text(request.args)
    themes = {count.value: count.count for count in services().catalogue.themes(Audience.CURATOR)}
    page = render_template(
        "curation/lists.html",
        themes=[(theme, themes.get(theme.value, 0), tuple(THEME_WORDS[theme])) for theme in Theme],
        functions=tuple(DepartmentFunction),
        departments=kept().departments(),
        people=kept().people(named),
        named=named,
        most=MOST_LISTED,
        told=told,
        typed=request.form,
    )
    return fresh(page, status)
