"""Real PDFs of a town: found, with the page number that another reader confirms."""

import unicodedata
from pathlib import Path

import pypdfium2
import pytest

from indexer import taking_in
from indexer.extracted import Outcome
from indexer.ingest import Intake
from indexer.installation import Installation
from kb.search.query import Asked
from kb.search.service import open_service

pytestmark = [pytest.mark.shared, pytest.mark.slow]

MOST_FILES = 12


def plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def test_pages_are_the_pages_that_another_reader_sees(
    installation: Installation, shared: Path
) -> None:
    files = sorted((shared / "data" / "pdf" / "nobeoka-shisei-portal").glob("*.pdf"))[:MOST_FILES]
    results = list(taking_in.files(installation, files, Intake(), workers=2).results)
    assert {result.outcome for result in results} <= {Outcome.INDEXED, Outcome.INDEXED_PARTLY}
    paths = {str(result.document): Path(result.file) for result in results}
    installation.reindexer.sync()
    service = open_service(
        installation.database, installation.search_url, data_dir=installation.data_dir
    )
    checked = 0
    for hit in service.search(Asked("予算")).results:
        for document in hit.documents:
            with pypdfium2.PdfDocument(paths[document.id]) as pdf:
                for quote in document.passages:
                    page = plain(pdf[quote.page - 1].get_textpage().get_text_range())
                    assert quote.marks
                    assert all(plain(quote.text[a:b]) in page for a, b in quote.marks)
                    checked += 1
    assert checked >= len(paths) / 2
