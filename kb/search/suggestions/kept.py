"""Things of one kind as bytes, which become things again when they are met.

A hundred thousand objects take three times the memory, and would have to be made anew, one by
one, when a table passes from one process to another; bytes are copied.
"""

import json
from array import array
from collections.abc import Sequence

from kb.domain.offerable import Offerable, OfferKind
from kb.domain.rights import Audience


class KeptThings:
    """Things in the order given, to be had by number."""

    def __init__(
        self, audiences: frozenset[Audience], kind: OfferKind, things: Sequence[Offerable]
    ) -> None:
        """Take things that are all of one kind and for the same audiences."""
        self.audiences = audiences
        self.kind = kind
        written, self._ends = bytearray(), array("I", [0])
        for thing in things:
            written += _written(thing)
            self._ends.append(len(written))
        self._written = bytes(written)

    def __getitem__(self, number: int) -> Offerable:
        start, end = self._ends[number], self._ends[number + 1]
        told = self._written[start:end].decode("utf-8", "surrogatepass")
        id_, label, names, readings, text, why, cases, specimen, former = json.loads(told)
        return Offerable(
            self.kind, id_, label, tuple(names) if names else (label,), tuple(readings), text, why,
            self.audiences, cases, specimen, former,
        )  # fmt: skip


def _written(thing: Offerable) -> bytes:
    names = () if thing.names == (thing.label,) else thing.names  # most go by one name
    told = (
        thing.id, thing.label, names, thing.readings, thing.text, thing.why,
        thing.cases, thing.specimen, thing.former,
    )  # fmt: skip
    return json.dumps(told, ensure_ascii=False).encode("utf-8", "surrogatepass")
