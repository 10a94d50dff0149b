"""The index is derived: deleted or made anew, it gives the very same answers."""

import random
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from indexer.installation import Installation
from kb.catalogue.entries import Authorship
from kb.catalogue.writing import writing
from kb.search.connect import INDEX_FOLDER
from kb.search.query import Asked, Facet, ResultPage, Scope, Sort
from kb.search.service import open_service
from tests.distributed.commands import SMALL_PDFS, Place, fresh_copies
from tests.distributed.processes import patience, within
from tests.distributed.served import Readers, serving

SEED = 20
QUERIES = 50
FILTERS: tuple[dict[Facet, tuple[str, ...]], ...] = (
    {},
    {},
    {Facet.IMPLEMENTED_IN: ("2018", "2019", "2020", "2021")},
    {Facet.KIND: ("slides", "report")},
    {Facet.THEME: ("業務改善・効率化",)},
)


def questions(installation: Installation) -> list[Asked]:
    """Words of the corpus, one to four at a time, with and without filters."""
    chance = random.Random(SEED)
    words = sorted(set(_words(installation)))
    shapes = zip(
        (chance.sample(words, chance.randint(1, 4)) for _ in range(QUERIES)),
        (FILTERS[number % len(FILTERS)] for number in range(QUERIES)),
        strict=True,
    )
    return [
        Asked(
            " ".join(sample),
            filters,
            Scope.PAGE if number % 7 == 3 else Scope.CASE,
            Sort.PRESENTED_IN if number % 11 == 5 else Sort.RELEVANCE,
            page_size=25,
        )
        for number, (sample, filters) in enumerate(shapes)
    ]


def _words(installation: Installation) -> Iterator[str]:
    """What stands in the pages, as it is written there; single characters left out."""
    for key in sorted(installation.engine.holdings()):
        kind, _, place = key.partition(":")
        document, _, number = place.partition("@")[0].rpartition(":")
        if kind != "page" or number == "0":
            continue
        page = (document, int(number))
        text = installation.catalogue.quotable_pages([page])[page].text
        stored = installation.catalogue.page_tokens([page], installation.analyser.fingerprint)
        spans = stored[page].words
        for start, end in zip(spans.starts, spans.ends, strict=True):
            if end - start > 1 and not text[start:end].isascii():
                yield text[start:end]


def answers(place: Place, put: list[Asked]) -> list[ResultPage]:
    """Every answer, whole: results with scores and passages, facets, notices; but no time."""
    with place.installation() as installation:
        service = open_service(
            installation.database, installation.search_url, data_dir=place.data_dir
        )
        return [replace(service.search(asked), took_ms=0.0) for asked in put]


def give_it_a_past(place: Place, tmp_path: Path) -> None:
    """Several commits, a changed record and a removed one: an index that was not made at once."""
    for number in range(2):
        folder = fresh_copies(SMALL_PDFS[number : number + 1], tmp_path / str(number), str(number))
        place.good("ingest", folder, "--json")
    with (
        place.installation() as installation,
        writing(installation.database, Authorship("test", "taken down")) as writer,
    ):
        assert writer.withdraw("doc-mihon-2023-survey")
    place.good("sync")


def test_a_deleted_index_comes_back_with_the_same_answers(sample: Place, tmp_path: Path) -> None:
    give_it_a_past(sample, tmp_path)
    with sample.installation() as installation:
        put = questions(installation)
    before = answers(sample, put)
    assert sum(bool(page.total) for page in before) > QUERIES // 2
    for commands in (["rebuild"], ["init", "sync"]):
        shutil.rmtree(sample.data_dir / INDEX_FOLDER)
        for command in commands:
            sample.good(command)
        sample.good("check")
        for old, new in zip(before, answers(sample, put), strict=True):
            assert new == old


def test_no_request_fails_while_the_index_is_made_anew(sample: Place) -> None:
    paths = tuple(f"/search?q={quote(words)}" for words in ("改善 職員", "予算", "窓口 待ち時間"))
    with serving(sample) as served, Readers(served, paths) as readers:
        assert within(patience(30), lambda: len(readers.statuses) > 3)
        before = served.asked("改善 職員")
        for _ in range(2):
            sample.run("rebuild")
            assert served.asked("改善 職員")["results"] == before["results"]
    assert set(readers.statuses) == {200}
    assert readers.cut_off == 0


def test_a_server_whose_index_is_deleted_says_so_and_recovers(sample: Place) -> None:
    with serving(sample) as served:
        before = served.asked("改善 職員")
        shutil.rmtree(sample.data_dir / INDEX_FOLDER)
        assert served.get("/readyz")[0] == 503
        assert served.get("/search?q=x")[0] == 503
        sample.run("rebuild")
        assert served.asked("改善 職員")["results"] == before["results"]
