"""What the machine proposes of a document nobody has described; a person settles it."""

import re
from typing import Any

from indexer.extracted import ExtractedDocument
from indexer.recognise.recognise import Recognisers, Source, as_json

_DULL_TITLE = re.compile(
    r"\s*(?:untitled|無題|名称未設定|presentation\d*|document\d*|スライド ?\d*"
    r"|(?:microsoft )?(?:powerpoint|word|excel)\b.*|powerpoint プレゼンテーション|.*\.\w{2,4})\s*",
    re.IGNORECASE,
)

Proposals = dict[str, Any]
"""Field -> value, confidence, rule and evidence, as `kb ingest --json` prints them."""


class Proposer:
    """Asks the recognisers; there is always a title."""

    def __init__(self, recognisers: Recognisers) -> None:
        self._recognisers = recognisers

    def propose(self, name: str, extracted: ExtractedDocument) -> Proposals:
        """The proposals for a file of this name (without folders)."""
        found: Proposals = {}
        if extracted.pages:
            source = Source(
                name, extracted.pages, extracted.title, extracted.author, extracted.created
            )
            found = as_json(self._recognisers.recognise(source))
        return {"title": _title(name, extracted), **found}


def _title(name: str, extracted: ExtractedDocument) -> dict[str, Any]:
    """What to call a document whose text does not say: by its metadata, or its file."""
    first = extracted.pages[0].title if extracted.pages else None
    if first:
        return _proposed(" ".join(first.split()), 0.6, "largest", 1, "page", first)
    if extracted.title and not _DULL_TITLE.fullmatch(extracted.title):
        title = extracted.title.strip()
        return _proposed(title, 0.6, "metadata", None, "metadata", extracted.title)
    stem = name.rpartition(".")[0] or name
    return _proposed(stem.replace("_", " ").strip() or name, 0.3, "file", None, "file", name)


def _proposed(
    value: str, confidence: float, rule: str, page: int | None, source: str, text: str
) -> dict[str, Any]:
    evidence = {"page": page, "source": source, "text": text[:80], "start": None, "end": None}
    return {"value": value, "confidence": confidence, "rule": rule, "evidence": [evidence]}
