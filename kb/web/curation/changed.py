"""What somebody else has changed meanwhile, in sentences for whoever comes second."""

from collections.abc import Mapping

from kb.catalogue.review.views import ChangeView
from kb.web.curation import change_words


def sentences(changes: tuple[ChangeView, ...], places: Mapping[str, str]) -> list[str]:
    """Who did what, when, from what to what: one for each change, oldest first."""
    names = {("municipality", code): name for code, name in places.items()}
    return [change_words.sentence(each, names) for each in changes]
