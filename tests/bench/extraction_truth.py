"""How many sentences that are known to stand in a file are found whole in what was read."""

import json
import re
from pathlib import Path
from typing import NamedTuple

from indexer.extract.pdf import extractor as pdf
from indexer.extracted import ExtractedDocument, Limits
from kb.japanese.fold import fold_text

NEEDS_NO_TEXT = frozenset({"needs_ocr", "needs_password"})
"""Outcomes that say aloud that no text was read."""

_SENTENCE_END = re.compile("(?<=。)")
_BLANK = re.compile(r"\s+")


class Share(NamedTuple):
    """What was found in one file."""

    file: str
    sentences: int
    found: int
    outcome: str

    @property
    def whole(self) -> float:
        """The share found whole, 0 to 1."""
        return self.found / self.sentences if self.sentences else 1.0


def shares(truth: Path) -> list[Share]:
    """Read each PDF that stands beside `truth` and is named in it, and count."""
    pdf.quieten()
    sentences: dict[str, list[list[str]]] = json.loads(truth.read_text(encoding="utf-8"))
    return [
        _share(path, pages)
        for name, pages in sentences.items()
        if (path := truth.parent / f"{name}.pdf").is_file()
    ]


def _share(path: Path, truth: list[list[str]]) -> Share:
    document = pdf.extract(path, Limits())
    texts = _texts(document, len(truth))
    wanted = [
        (number, sentence)
        for number, paragraphs in enumerate(truth)
        for paragraph in paragraphs
        for part in _SENTENCE_END.split(paragraph)
        if (sentence := _bare(part))
    ]
    found = sum(sentence in texts[number] for number, sentence in wanted)
    faults = [fault.outcome.value for fault in document.faults]
    return Share(path.name, len(wanted), found, faults[0] if faults else "read")


def _texts(document: ExtractedDocument, pages: int) -> list[str]:
    """The text of each page, of the whole where the truth knows no pages."""
    texts = [_bare(page.text) for page in document.pages]
    return texts if len(texts) == pages else ["".join(texts)] * pages


def _bare(text: str) -> str:
    """Folded, and without blanks: those of a layout are not of the sentence."""
    return _BLANK.sub("", fold_text(text))
