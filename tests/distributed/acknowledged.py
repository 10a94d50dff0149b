"""Whether what an ingest has acknowledged is there: in the catalogue, whole, and searchable."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from indexer.installation import Installation
from kb.catalogue.originals import digest
from tests.distributed.commands import Place

Acknowledgement = Mapping[str, Any]
"""One line of ``kb ingest --json``."""

READ = ("indexed", "indexed_partly")


def assert_agreed(place: Place, acknowledgements: Iterable[Acknowledgement]) -> None:
    """After a sync, all three stores agree and hold everything acknowledged."""
    place.good("sync")
    place.good("check")
    assert_kept(place, acknowledgements)


def assert_kept(place: Place, acknowledgements: Iterable[Acknowledgement]) -> None:
    """Everything acknowledged is in the catalogue, its original whole, its pages indexed."""
    with place.installation() as installation:
        lost = [
            f"{line['file']}: {why}"
            for holdings in [installation.engine.holdings()]
            for line in acknowledgements
            for why in _missing(line, installation, holdings)
        ]
    assert not lost, "\n".join(lost)


def _missing(
    line: Acknowledgement, installation: Installation, holdings: Mapping[str, str]
) -> list[str]:
    held = installation.catalogue.held(line["sha256"])
    if held is None or held.document_id != line["document"]:
        return [f"the catalogue has {held}, not {line['document']}"]
    original = installation.originals.path(line["sha256"])
    if not original.is_file() or digest(original) != line["sha256"]:
        return ["its original is not whole"]
    if line["outcome"] not in READ:
        return []
    pages = [page.number for page in installation.catalogue.document_pages(line["document"])]
    if len(pages) != line["pages"]:
        return [f"{len(pages)} pages in the catalogue, {line['pages']} acknowledged"]
    keys = [f"page:{line['document']}:{number}" for number in pages]
    return [f"{key} is not in the index" for key in keys if key not in holdings]


def assert_found(place: Place, line: Acknowledgement) -> None:
    """`kb search` finds a document by the words at the head of its first page."""
    with place.installation() as installation:
        words = opening(installation, line["document"])
    answer = json.loads(place.good("search", "--json", "--limit", "100", words))
    found = {document["id"] for hit in answer["results"] for document in hit["documents"]}
    # Copies made for many kills share their words: past a hundred they do not all fit the answer,
    # and `assert_kept` has looked for each of their pages in the index.
    assert line["document"] in found or answer["total"] > 100, f"{words} finds {sorted(found)}"


def opening(installation: Installation, document: str) -> str:
    """The first words of a document's first page, as a phrase in quotation marks."""
    page = (document, 1)
    words = installation.catalogue.page_tokens([page], installation.analyser.fingerprint)[page]
    text = installation.catalogue.quotable_pages([page])[page].text
    start, end = words.words.starts[0], words.words.ends[2]
    return f'"{text[start:end]}"'
