"""Recognisers over the shipped tables, and documents made of a few lines."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from indexer.extracted import Block, BlockKind, ExtractedPage
from indexer.recognise.recognise import EventContext, Recognised, Recognisers, Source
from kb.catalogue.tables import load_former_names, load_municipalities
from kb.domain.gazetteer import Gazetteer
from kb.japanese.fold import fold_text
from kb.japanese.readings import romaji_key, to_hiragana

Found = Mapping[str, tuple[Recognised[Any], ...]]
Recognise = Callable[..., Found]


@pytest.fixture(scope="session")
def recognisers() -> Recognisers:
    return Recognisers(
        Gazetteer(
            load_municipalities(),
            load_former_names(),
            romaji_key=romaji_key,
            to_hiragana=to_hiragana,
            fold=fold_text,
        )
    )


def page(
    text: str, number: int = 1, *, title: str | None = None, running: str = "", wide: bool = False
) -> ExtractedPage:
    """A page of A4; `running` is a line of its text that is a header or footer."""
    start = text.index(running) if running else 0
    span = ((start, start + len(running)),)
    blocks = (Block(BlockKind.RUNNING, span),) if running else ()
    width, height = (960.0, 540.0) if wide else (595.0, 842.0)
    return ExtractedPage(number, text, width, height, title=title, blocks=blocks)


@pytest.fixture
def recognise(recognisers: Recognisers) -> Recognise:
    """Recognise a document of one page's text, or of several pages."""

    def run(
        text: str = "",
        *,
        title: str | None = None,
        file: str = "a.pdf",
        author: str | None = None,
        metadata: str | None = None,
        created: str | None = None,
        event: EventContext | None = None,
        pages: tuple[ExtractedPage, ...] = (),
    ) -> Found:
        read = pages or (page(text, title=title),)
        return recognisers.recognise(Source(file, read, metadata, author, created, event))

    return run


def values(found: Found, field: str) -> list[Any]:
    return [proposal.value for proposal in found[field]]
