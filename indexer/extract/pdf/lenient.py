"""The objects of a PDF, read so that a broken one costs itself only."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from pdfminer.pdftypes import PDFObjRef, resolve1
from pdfminer.psparser import PSLiteral

from indexer.extract.pdf.info import text_string

_MOST_NODES = 2_000
"""Of one name tree."""

_UTF_16 = b"\xfe\xff"


def resolved(value: object) -> object:
    """Return what a reference leads to, None where it leads to nothing readable."""
    if not isinstance(value, PDFObjRef):
        return value
    try:
        return resolve1(value)
    except MemoryError:
        raise
    except Exception:  # pdfminer raises whatever a broken object leads it to
        return None


def dictionary(value: object) -> dict[Any, Any]:
    """Return the dictionary a value is or leads to, an empty one for anything else."""
    found = resolved(value)
    return found if isinstance(found, dict) else {}


def array(value: object, most: int) -> list[Any]:
    """Return the first entries of the array a value is or leads to, none for anything else."""
    found = resolved(value)
    return found[:most] if isinstance(found, list) else []


def text(value: object) -> str:
    """Return a text string or name, empty for anything else."""
    found = resolved(value)
    if isinstance(found, PSLiteral):
        found = found.name
    if isinstance(found, str):
        return found
    return text_string(found) or ""


def long_text(value: object, most: int) -> str:
    """Return the first characters of a text string that may be long, empty for anything else.

    Japanese is written in UTF-16; a longer string in another encoding ends where
    :func:`~indexer.extract.pdf.info.text_string` ends it.
    """
    found = resolved(value)
    if not isinstance(found, bytes) or not found.startswith(_UTF_16):
        return text(found)[:most]
    words = found[2 : 2 + 2 * most].decode("utf-16-be", "ignore")
    shown = "".join(letter if letter.isprintable() else " " for letter in words)
    return " ".join(shown.split(" ")).strip()


def whole(value: object) -> int:
    """Return a whole number, 0 for anything else."""
    found = resolved(value)
    return found if isinstance(found, int) else 0


def name_tree(root: object, most: int) -> Iterator[tuple[bytes, object]]:
    """Yield the keys of a name tree with what they stand for; at most so many.

    Every node is entered once, so that a tree that bites its tail ends.
    """
    return islice(_named(root), most)


def _named(root: object) -> Iterator[tuple[bytes, object]]:
    entered: set[int] = set()
    waiting: list[object] = [root]
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        reference = waiting.pop()
        node = dictionary(reference)
        identity = reference.objid if isinstance(reference, PDFObjRef) else id(node)
        if identity in entered:
            continue
        entered.add(identity)
        waiting.extend(reversed(array(node.get("Kids"), _MOST_NODES)))
        names = array(node.get("Names"), 2 * 100_000)
        for key, value in zip(names[::2], names[1::2], strict=False):
            found = resolved(key)
            if isinstance(found, bytes):
                yield found, value
