"""The texts that are held already, kept at hand while a batch is taken in.

What is alike is found and offered; what it means, a curator decides.
"""

import threading

from indexer import likeness
from indexer.extracted import BlockKind, ExtractedDocument, ExtractedPage
from indexer.likeness import SIGNATURE_VERSION, Alike, Fingerprint
from kb.catalogue.entries import TextSignature
from kb.catalogue.likeness import LikenessReader

MOST_ALIKE = 5
"""Likenesses told of one document: in a long series everything is a little like everything."""


def signed(extracted: ExtractedDocument) -> TextSignature:
    """What the text of a document is compared by; headers and footers left out."""
    found = likeness.fingerprint([_own_text(p) for p in extracted.pages if not p.needs_ocr])
    return TextSignature(found.text_digest, found.signature, SIGNATURE_VERSION)


def _own_text(page: ExtractedPage) -> str:
    pieces, reached = [], 0
    running = (block.spans for block in page.blocks if block.kind is BlockKind.RUNNING)
    for start, end in sorted(span for spans in running for span in spans):
        pieces.append(page.text[reached:start])
        reached = end
    return "".join([*pieces, page.text[reached:]])


class KnownTexts:
    """Compares a new text with all that are held; safe to use from several threads."""

    def __init__(self, reader: LikenessReader) -> None:
        self._reader = reader
        self._lock = threading.Lock()
        self._known: dict[str, Fingerprint] | None = None

    def compare(self, document_id: str, text: TextSignature) -> tuple[Alike, ...]:
        """The documents it is like, the most alike first; it is known from then on."""
        new = Fingerprint(text_digest=text.digest, signature=text.signature)
        with self._lock:
            if self._known is None:
                held = self._reader.known_texts(SIGNATURE_VERSION)
                self._known = {
                    known.document_id: Fingerprint(None, known.digest, known.signature)
                    for known in held
                }
            others = [(key, known) for key, known in self._known.items() if key != document_id]
            self._known[document_id] = new
        return tuple(likeness.alike(new, others)[:MOST_ALIKE])
