"""Which documents are alike: the same file, the same text, another edition of it.

Three answers that are told to a curator and never acted upon. A text is compared by its folded
letters and digits alone, so that widths, line breaks and punctuation do not matter.
"""

import hashlib
import re
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rensa import RMinHash

from kb.japanese.fold import fold_text

EDITION = 0.3
"""Estimated share of common shingles from which a document is taken for another edition. A
document of which a fifth (two fifths) of the sentences was replaced keeps 0.60 (0.39) in the
median; no two different documents of the same kind among 99 real ones kept more than 0.11."""

EDITION_OF_SHORT = 0.55
"""The same where one of the two is short: agendas of one council, half of which is the form
itself, have up to 0.53 in common."""

SHORT = 1500
"""Different shingles: about two pages."""

EXCERPT = 0.85
"""Estimated share of the smaller document's shingles that the larger one holds, from which the
smaller one is taken for an excerpt of it. Of 28 documents every first half and 25 first thirds
were found so."""

LEAST_FOR_EXCERPT = 0.2
"""Estimated share of common shingles below which nothing is said about excerpts: the standard
error of 0.035 is multiplied by the difference in size."""

FEWEST = 100
"""Letters and digits; shorter texts are alike by chance."""

_LETTERS = 1_000_000
"""So many of them make the signature, from the start of the document."""

_SHINGLE = 5
_PERMUTATIONS = 128
_SEED = 20170730
_NO_LETTERS = re.compile(r"[\W_]+")
_HEAD = struct.Struct("<4sI")
_LANES = struct.Struct(f"<{_PERMUTATIONS}I")
_LOW = int.from_bytes(_LANES.pack(*[0x7FFF_FFFF] * _PERMUTATIONS), "little")
_HIGH = int.from_bytes(_LANES.pack(*[0x8000_0000] * _PERMUTATIONS), "little")


class VersionsDiffer(ValueError):
    """Two signatures were made by different versions and cannot be compared."""


class Likeness(StrEnum):
    """How much alike two documents are."""

    SAME_BYTES = "same_bytes"
    SAME_TEXT = "same_text"
    NEW_EDITION = "new_edition"

    @property
    def label(self) -> str:
        """The Japanese name shown to curators."""
        return _LABELS[self]


_LABELS = {
    Likeness.SAME_BYTES: "同じファイル",
    Likeness.SAME_TEXT: "本文が同じ別のファイル",
    Likeness.NEW_EDITION: "内容が近い資料(改訂版・抜粋など)",
}


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is kept of a document to find those that are alike."""

    sha256: str | None = None
    """Of the file, hexadecimal; None for a document without one."""
    text_digest: str | None = None
    """See :func:`text_digest`."""
    signature: bytes | None = None
    """See :func:`signature`."""


@dataclass(frozen=True, slots=True)
class Alike:
    """A known document that is like a new one."""

    document_id: str
    likeness: Likeness
    similarity: float
    """Share of the shingles of both that they have in common, 0 to 1; estimated, standard
    error at most 0.044."""
    containment: float
    """Estimated share of the smaller one's shingles that the larger one holds."""


def fingerprint(pages: Sequence[str], sha256: str | None = None) -> Fingerprint:
    """Everything about a document at once; its text is folded only once."""
    letters = _letters(pages)
    return Fingerprint(sha256, _digest(letters), _signature(letters))


def text_digest(pages: Sequence[str]) -> str | None:
    """SHA-256 (hexadecimal) of the letters and digits of all pages, folded.

    None for fewer than :data:`FEWEST` of them. Compare it only with digests of the same
    :data:`SIGNATURE_VERSION`.
    """
    return _digest(_letters(pages))


def signature(pages: Sequence[str]) -> bytes | None:
    """MinHash of the sets of five neighbouring letters: 128 permutations, 520 bytes.

    Holds its version and the number of different shingles. None for fewer than
    :data:`FEWEST` letters.
    """
    return _signature(_letters(pages))


def similarity(a: bytes, b: bytes) -> float:
    """Estimated share of common shingles (Jaccard) of two documents, 0 to 1.

    Raises:
        VersionsDiffer: the signatures are not of the same version.
    """
    if not _comparable(a, b):
        raise VersionsDiffer(f"{a[:4].hex()} and {b[:4].hex()}")
    return _similarity(_lanes(a), _lanes(b))


def alike(new: Fingerprint, known: Iterable[tuple[str, Fingerprint]]) -> list[Alike]:
    """The known documents (with their ids) that the new one is like, best first.

    Signatures of other versions say nothing: such documents are found by bytes or text only.
    """
    lanes = _lanes(new.signature) if new.signature else 0
    found = (_compared(new, lanes, document, old) for document, old in known)
    order = list(Likeness)
    return sorted(
        (match for match in found if match is not None),
        key=lambda m: (order.index(m.likeness), -m.similarity, -m.containment, m.document_id),
    )


def _compared(new: Fingerprint, lanes: int, document: str, old: Fingerprint) -> Alike | None:
    if new.sha256 is not None and new.sha256 == old.sha256:
        return Alike(document, Likeness.SAME_BYTES, 1.0, 1.0)
    if new.text_digest is not None and new.text_digest == old.text_digest:
        return Alike(document, Likeness.SAME_TEXT, 1.0, 1.0)
    if not new.signature or not old.signature or not _comparable(new.signature, old.signature):
        return None
    share = _similarity(lanes, _lanes(old.signature))
    counts = _count(new.signature), _count(old.signature)
    contained = _containment(share, *counts)
    edition = share >= (EDITION_OF_SHORT if min(counts) < SHORT else EDITION)
    excerpt = share >= LEAST_FOR_EXCERPT and contained >= EXCERPT
    return Alike(document, Likeness.NEW_EDITION, share, contained) if edition or excerpt else None


def _letters(pages: Iterable[str]) -> str:
    return _NO_LETTERS.sub("", "".join(map(fold_text, pages)))


def _digest(letters: str) -> str | None:
    if len(letters) < FEWEST:
        return None
    return hashlib.sha256(letters.encode("utf-8", "surrogatepass")).hexdigest()


def _signature(letters: str) -> bytes | None:
    if len(letters) < FEWEST:
        return None
    shingles = _shingles(letters[:_LETTERS])
    return _HEAD.pack(_TAG, len(shingles)) + _LANES.pack(*_minima(shingles))


def _shingles(letters: str) -> set[str]:
    return {letters[i : i + _SHINGLE] for i in range(len(letters) - _SHINGLE + 1)}


def _minima(shingles: Iterable[str]) -> list[int]:
    sketch = RMinHash(_PERMUTATIONS, _SEED)
    # Bytes: a lone surrogate of a broken file is no text to Rust.
    sketch.update([shingle.encode("utf-8", "surrogatepass") for shingle in shingles])
    minima: list[int] = sketch.digest()
    return minima


def _comparable(a: bytes, b: bytes) -> bool:
    return a[:4] == b[:4] and len(a) == len(b) == _HEAD.size + _LANES.size


def _count(of: bytes) -> int:
    count: int = _HEAD.unpack_from(of)[1]
    return count


def _lanes(of: bytes) -> int:
    return int.from_bytes(of[_HEAD.size :], "little")


def _similarity(a: int, b: int) -> float:
    """Count the 32-bit lanes in which two signatures are equal.

    The lanes of `a ^ b` that are zero are those whose highest bit is still clear after adding
    0x7fffffff to their lower bits; one pass over 4,096 bits instead of 128 comparisons.
    """
    apart = a ^ b
    different = (((apart & _LOW) + _LOW) | apart) & _HIGH
    return 1 - different.bit_count() / _PERMUTATIONS


def _containment(share: float, a: int, b: int) -> float:
    """The share of the smaller set that is common, from the Jaccard index and both sizes."""
    common = share / (1 + share) * (a + b)
    return min(1.0, common / max(1, min(a, b)))


_PROBE = "自治体改善の取り組み、ﾃｽﾄ 2026: the same text gives the same signature everywhere."
_KNOWN_ANSWER = _LANES.pack(*_minima(_shingles(_letters([_PROBE]))))
SIGNATURE_VERSION = "1-" + hashlib.sha256(_KNOWN_ANSWER).hexdigest()[:8]
"""Of digests and signatures: changes whenever folding or rensa gives another answer."""
_TAG = bytes.fromhex(SIGNATURE_VERSION.partition("-")[2])
