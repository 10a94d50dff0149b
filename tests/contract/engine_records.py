"""Short ways to write records, clauses and queries for the engines' tests."""

import hashlib
from collections.abc import Iterable, Mapping

from kb.domain.rights import Audience
from kb.search.engine import EngineAnswer, IndexRecord, RecordKind
from kb.search.query import Clause, EngineQuery, Facet, Probe, Stream, Variant

EVERYONE = frozenset(Audience)


def _tokens(streams: Mapping[Stream, str | tuple[str, ...]]) -> dict[Stream, tuple[str, ...]]:
    return {s: tuple(v.split()) if isinstance(v, str) else v for s, v in streams.items()}


def record(
    kind: RecordKind,
    key: str,
    subject: str,
    words: str | tuple[str, ...] = "",
    *,
    document: str = "",
    page: int = 0,
    title: str = "",
    short: str = "",
    bigrams: str = "",
    audiences: Iterable[Audience] = EVERYONE,
    **facets: str | tuple[str, ...],
) -> IndexRecord:
    """A record; strings of tokens are split at spaces, facets go by their names."""
    streams = _tokens(
        {Stream.WORDS: words, Stream.TITLE: title, Stream.SHORT: short, Stream.BIGRAMS: bigrams}
    )
    carried = {Facet(n): (v,) if isinstance(v, str) else v for n, v in facets.items()}
    told = frozenset(audiences)
    content = repr((kind, key, subject, document, page, streams, carried, sorted(told)))
    version = hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return IndexRecord(key, kind, subject, document, page, streams, carried, told, version)


def case(name: str, words: str | tuple[str, ...] = "", **rest: object) -> IndexRecord:
    """A case record with the subject ``case:name``."""
    return record(RecordKind.CASE, f"case:{name}", f"case:{name}", words, **rest)  # type: ignore[arg-type]


def page(
    name: str, document: str, number: int, words: str | tuple[str, ...] = "", **rest: object
) -> IndexRecord:
    """Page `number` of `document`, of the case `name`."""
    key = f"page:{document}:{number}"
    return record(
        RecordKind.PAGE, key, f"case:{name}", words, document=document, page=number, **rest  # type: ignore[arg-type]
    )  # fmt: skip


def probe(text: str, stream: Stream = Stream.WORDS, *, phrase: bool = False) -> Probe:
    return Probe(stream, tuple(text.split()), phrase)


def variant(*probes: Probe, weight: float = 1.0, facet: tuple[Facet, str] | None = None) -> Variant:
    return Variant("語", probes, weight, facet)


def clause(*variants: Variant | str, excluded: bool = False) -> Clause:
    """A clause; a string stands for a variant that looks for its tokens in the words."""
    made = tuple(variant(probe(v)) if isinstance(v, str) else v for v in variants)
    return Clause("語", made, excluded)


def ask(*clauses: Clause | str, **rest: object) -> EngineQuery:
    """A query; a string stands for a clause of one variant."""
    made = tuple(clause(c) if isinstance(c, str) else c for c in clauses)
    return EngineQuery(made, **rest)  # type: ignore[arg-type]


def subjects(answer: EngineAnswer) -> list[str]:
    """The names of the cases found, in order."""
    return [hit.subject.removeprefix("case:") for hit in answer.hits]
