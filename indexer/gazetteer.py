"""The names of places, as the catalogue holds them, for reading documents and tables."""

from kb.catalogue.names import NameReader
from kb.catalogue.session import Database
from kb.domain.gazetteer import Gazetteer
from kb.search.gazetteers import gazetteer_over


def gazetteer_of(database: Database) -> Gazetteer:
    """Every municipality of a catalogue with its present and former names (0.5 s of CPU).

    What people call a place is left out: in a text it may be a mascot, a shop or a programme, and
    would be taken for evidence of whose the text is.
    """
    places = NameReader(database).places()
    return gazetteer_over(places.bodies, places.former)


def gazetteer_as_typed(database: Database) -> Gazetteer:
    """The same with local names, for what a curator types as the name of a municipality."""
    return gazetteer_over(*NameReader(database).places())
