"""Rehearsing the drafted synonyms, where that takes longer than a page may."""

from functools import partial

from indexer.installation import Installation
from kb.catalogue.jobs.views import JobEnd, TakenJob
from kb.catalogue.synonyms.desk import SynonymDesk
from kb.domain.jobs import JobState
from kb.domain.rights import Audience
from kb.search.naming import SynonymSource, name_key
from kb.search.readers.synonyms import shipped_groups
from kb.search.rehearsal import rehearse_draft
from kb.search.service import SearchService, open_service

REHEARSED = JobEnd(
    JobState.PUBLISHED, "rehearsed", "予行した", "下書きの同義語で何が変わるかを調べました。"
)


def rehearse(installation: Installation, job: TakenJob) -> None:
    """Rehearse the draft as it is now, and keep the outcome.

    Raises:
        SearchUnavailable: the index or the catalogue cannot be read.
    """
    desk = SynonymDesk(installation.database, shipped_groups(), name_key)
    rehearse_draft(desk, partial(_opened, installation), Audience(str(job.work["audience"])))
    installation.jobs.end(job, REHEARSED)


def _opened(installation: Installation, synonyms: SynonymSource | None) -> SearchService:
    return open_service(
        installation.database,
        installation.search_url,
        data_dir=installation.data_dir,
        synonyms=synonyms,
    )
