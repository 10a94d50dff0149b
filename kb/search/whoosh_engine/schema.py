"""What Whoosh keeps of a record: one field for each stream, and one stored card.

Cases and pages share the fields: they hold the same words, and a word that is kept once costs
half of what it costs twice. The table of each kind picks its own rows out of a posting list.
Everything that is filtered, counted or sorted by stands on the card and is held in memory as
arrays (see ``columns``).

Only Whoosh's own classes are in the schema, and only plain values on the cards: Whoosh
pickles both, by module path. A change here raises :data:`kb.search.engine.SCHEMA_VERSION`,
which is part of the fingerprint.
"""

import hashlib
from collections.abc import Collection
from typing import Any, NamedTuple

from whoosh.fields import STORED, FieldType, Schema
from whoosh.formats import Existence

from kb.domain.rights import Audience
from kb.search.engine import IndexRecord
from kb.search.query import Facet, Stream

CARD = "card"
STREAMS = tuple(Stream)
AUDIENCE_BITS = {audience: 1 << position for position, audience in enumerate(Audience)}

_LONGEST_TERM = 200
"""Characters; a longer token is indexed by its digest, so that no document can bloat the
term file. It is still found by exactly itself."""


class Card(NamedTuple):
    """The stored half of a record, in plain values."""

    key: str
    version: str
    kind: str
    subject: str
    document: str
    page: int
    audiences: int
    """Bits of :data:`AUDIENCE_BITS`."""
    lengths: tuple[int, ...]
    """Tokens in each stream, in the order of :data:`STREAMS`; Whoosh's own are lossy."""
    facets: tuple[tuple[str, tuple[str, ...]], ...]


def field_of(stream: Stream) -> str:
    """The name of the Whoosh field that holds `stream`."""
    return stream.value


def schema() -> Any:
    """The Whoosh schema; places are kept in a way of our own (see ``blocks``)."""
    fields = {field_of(stream): FieldType(format=Existence(), analyzer=None) for stream in STREAMS}
    return Schema(**{CARD: STORED(), **fields})


def term(token: str) -> str:
    """`token` as Whoosh is given it: itself, or a digest where Whoosh could not keep it.

    Lone surrogates cannot be written as UTF-8, the empty string is no term, and very long
    tokens are not worth their bytes. The digest's first character keeps it apart.
    """
    if 0 < len(token) <= _LONGEST_TERM and token[0] != "\0" and _is_text(token):
        return token
    return "\0" + hashlib.sha256(token.encode("utf-16-le", "surrogatepass")).hexdigest()


def term_bytes(tokens: Collection[str]) -> list[bytes]:
    """The bytes of the term of each token; of ordinary tokens all at once."""
    joined = "\0".join(tokens)
    if (
        min(map(len, tokens), default=0) > 0
        and max(map(len, tokens)) <= _LONGEST_TERM
        and joined.count("\0") == len(tokens) - 1
        and _is_text(joined)
    ):
        return joined.encode().split(b"\0")
    return [term(token).encode() for token in tokens]


def _is_text(token: str) -> bool:
    try:
        token.encode()
    except UnicodeEncodeError:
        return False
    return True


def card(record: IndexRecord) -> Card:
    """The stored half of `record`."""
    return Card(
        key=str(record.key),
        version=str(record.version),
        kind=record.kind.value,
        subject=str(record.subject),
        document=str(record.document),
        page=int(record.page),
        audiences=sum(AUDIENCE_BITS[audience] for audience in record.audiences),
        lengths=tuple(len(record.streams.get(stream, ())) for stream in STREAMS),
        facets=tuple(
            (facet.value, tuple(str(value) for value in record.facets[facet]))
            for facet in Facet
            if record.facets.get(facet)
        ),
    )
