"""Which documents have images of their pages.

Free of Flask, so that a command can tell as a page does.
"""

from kb.catalogue.views import DocumentView
from kb.domain.classification import Holding
from kb.domain.rights import Audience, allowed
from kb.search.query import DocumentHit

DRAWN = "application/pdf"


def has_images(document: DocumentView | DocumentHit, audience: Audience) -> bool:
    """It is a PDF that is held, and `audience` may see its pages."""
    return (
        document.media_type == DRAWN
        and document.holding == Holding.HELD
        and document.pages > 0
        and allowed(document.rights, audience).page_image
    )
