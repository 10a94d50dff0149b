"""Suggestions while a question is typed, for the search box and for programs."""

from collections.abc import Callable

from flask import Blueprint, Response, current_app, jsonify, request
from werkzeug.exceptions import BadRequest

from kb.domain.offerable import OfferKind
from kb.search.query import Asked
from kb.search.suggesting import LONGEST_TYPED, Offer
from kb.web import access, addresses, parameters, texts
from kb.web.services import audience, services

blueprint = Blueprint("suggest", __name__, url_prefix="/api")
access.declare(blueprint, None)

_PAGES: dict[OfferKind, Callable[[str], str]] = {
    OfferKind.CASE: addresses.case,
    OfferKind.DOCUMENT: addresses.document,
    OfferKind.MUNICIPALITY: addresses.municipality,
    OfferKind.PERSON: addresses.person,
    OfferKind.DEPARTMENT: addresses.department,
    OfferKind.THEME: addresses.theme,
    OfferKind.EVENT: addresses.event,
    OfferKind.PROGRAMME: addresses.programme,
    OfferKind.SERIES: addresses.series,
}


@blueprint.get("/v1/suggest")
def suggest() -> Response:
    """What may be meant by `q` so far, best first; nothing at all when `q` is empty."""
    typed = parameters.query_text(request.args)
    if len(typed) > LONGEST_TYPED:
        raise BadRequest(texts.QUERY_TOO_LONG.format(most=LONGEST_TYPED, length=len(typed)))
    base = current_app.config["KB_PUBLIC_URL"] or ""
    found = services().search.suggest(typed, audience())
    offers = [
        {
            "kind": offer.kind.value,
            "kind_label": offer.kind.label,
            "label": offer.label,
            "text": offer.text,
            "why": offer.why,
            "url": base + address(offer),
        }
        for offer in found
    ]
    return jsonify(query=typed, offers=offers)


def address(offer: Offer) -> str:
    """Where choosing it leads: its page, or the search for it."""
    page = _PAGES.get(offer.kind) if offer.id else None
    return page(offer.id) if page else addresses.search(Asked(text=offer.text))
