"""The synonyms as curators' pages use them: what is kept, and asking what a draft would change."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kb.catalogue.reading import CatalogueReader
from kb.catalogue.session import Database
from kb.catalogue.synonyms.desk import SynonymDesk
from kb.domain.rights import Audience
from kb.search.naming import LARGE, SynonymSource, name_key
from kb.search.readers.synonyms import shipped_groups
from kb.search.rehearsal import Opens, rehearse_draft
from kb.search.service import SearchService, open_service

AT_ONCE_SECONDS = 2.0
"""How long a rehearsal may keep a page waiting; what takes longer is left to the worker."""


@dataclass(frozen=True, slots=True)
class Synonyms:
    """What the pages on synonyms stand on."""

    desk: SynonymDesk
    opens: Opens
    sequence: Callable[[], int]
    """How many changes the catalogue has recorded."""

    def rehearse(self, actor: str, audience: Audience) -> bool:
        """Rehearse the draft; whether it is done, and not left to the worker.

        Of a large catalogue the worker does it at once: a second index opened here would take
        as much memory as the site's own.

        Raises:
            SearchUnavailable: the index cannot be read.
        """
        if self.sequence() < LARGE and rehearse_draft(
            self.desk, self.opens, audience, seconds=AT_ONCE_SECONDS
        ):
            return True
        self.desk.ask_worker(actor, audience.value)
        return False


def open_synonyms(
    database: Database, search_url: str, data_dir: Path, now: SearchService
) -> Synonyms:
    """The synonyms of one installation, whose questions `now` answers; opens nothing yet."""

    def opens(synonyms: SynonymSource | None) -> SearchService:
        if synonyms is None:
            return now
        return open_service(database, search_url, data_dir=data_dir, synonyms=synonyms)

    desk = SynonymDesk(database, shipped_groups(), name_key)
    return Synonyms(desk, opens, CatalogueReader(database).sequence)
