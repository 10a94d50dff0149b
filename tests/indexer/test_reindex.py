"""The index follows the catalogue: by difference, and anew with the same answers."""

import shutil

from indexer import checking
from indexer.installation import Installation
from kb.catalogue.entries import Authorship, DocumentEntry
from kb.catalogue.writing import writing
from kb.domain.classification import DocumentKind
from kb.domain.rights import Audience, Rights, Terms
from kb.search.query import Asked
from kb.search.service import open_service

DOCUMENT = DocumentEntry(
    "doc-1", "窓口の待ち時間", DocumentKind.REPORT, Rights(Terms.OPEN), note="短くした記録。"
)


def record(installation: Installation, entry: DocumentEntry) -> None:
    with writing(installation.database, Authorship("test")) as writer:
        writer.record_document(entry)


def found(installation: Installation, typed: str, audience: Audience = Audience.ANONYMOUS) -> int:
    service = open_service(
        installation.database, installation.search_url, data_dir=installation.data_dir
    )
    return service.search(Asked(typed, audience=audience)).total


def test_a_sync_puts_what_is_new_and_only_that(installation: Installation) -> None:
    record(installation, DOCUMENT)
    assert installation.reindexer.behind()
    assert installation.reindexer.sync().put > 0
    assert found(installation, "待ち時間") == 1
    again = installation.reindexer.sync()
    assert (again.put, again.removed) == (0, 0)
    assert not installation.reindexer.behind()


def test_a_takedown_empties_the_index(installation: Installation) -> None:
    record(installation, DOCUMENT)
    installation.reindexer.sync()
    with writing(installation.database, Authorship("test")) as writer:
        writer.withdraw("doc-1")
    assert installation.reindexer.sync().removed > 0
    assert found(installation, "待ち時間") == 0


def test_an_internal_document_is_found_inside_only(installation: Installation) -> None:
    entry = DocumentEntry("doc-2", "庁内の手引き", DocumentKind.OTHER, Rights(Terms.INTERNAL))
    record(installation, entry)
    installation.reindexer.sync()
    assert found(installation, "手引き") == 0
    assert found(installation, "手引き", Audience.STAFF) == 1


def test_a_lost_index_is_made_again(installation: Installation) -> None:
    record(installation, DOCUMENT)
    installation.reindexer.sync()
    held = dict(installation.engine.holdings())
    installation.close()
    shutil.rmtree(installation.data_dir / "index")
    installation.prepare()
    installation.reindexer.rebuild()
    assert dict(installation.engine.holdings()) == held


def test_check_tells_what_does_not_agree_and_repairs_it(installation: Installation) -> None:
    record(installation, DOCUMENT)
    assert "kb sync" in checking.check(installation).problems[0]
    repaired = checking.check(installation, repair=True)
    assert repaired.problems == ()
    assert repaired.repaired
    assert checking.check(installation).problems == ()
