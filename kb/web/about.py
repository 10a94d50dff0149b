"""Pages about the site itself, and what machines ask of a site."""

from flask import Blueprint, Response, current_app, jsonify, render_template, request

from kb.domain.rights import Audience, Rights, Terms, allowed
from kb.web import access
from kb.web.services import audience, services

blueprint = Blueprint("about", __name__)
access.declare(blueprint, None)

ROBOTS = """User-agent: *
Disallow: /search
Disallow: /api/
Disallow: /documents/*/file
Disallow: /documents/*/pages/*.webp
"""
"""Results are endless, files and drawn pages are for readers; cases and lists are for anybody."""


def absolute(path: str) -> str:
    """`path` with the site's address before it, for citations and for machines."""
    base = current_app.config["KB_PUBLIC_URL"] or request.url_root.rstrip("/")
    return f"{base}{path}"


@blueprint.get("/help")
def usage() -> str:
    """How to search."""
    return render_template("about/help.html")


@blueprint.get("/rights")
def rights() -> str:
    """What each short form of a rights statement allows whoever is looking."""
    named = [terms for terms in Terms if terms is not Terms.WITHDRAWN]
    rows = [(terms, allowed(Rights(terms), audience())) for terms in named]
    return render_template("about/rights.html", rows=rows, audience=Audience(audience()))


@blueprint.get("/accessibility")
def accessibility() -> str:
    """What is checked, and what is known to be missing."""
    return render_template("about/accessibility.html")


@blueprint.get("/opensearch.xml")
def opensearch() -> Response:
    """The description with which a browser adds the site to its search box."""
    return Response(
        render_template("about/opensearch.xml"),
        mimetype="application/opensearchdescription+xml",
    )


@blueprint.get("/robots.txt")
def robots() -> Response:
    """What crawlers are asked to leave alone."""
    return Response(ROBOTS, mimetype="text/plain")


@blueprint.get("/healthz")
@access.always_open
def alive() -> Response:
    """200 as long as the process answers."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
def ready() -> tuple[Response, int]:
    """200 when questions can be answered, else 503 and why not."""
    reason = services().search.ready()
    if reason is None:
        return jsonify(status="ready"), 200
    return jsonify(status="unavailable", reason=reason), 503
