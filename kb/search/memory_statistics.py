"""What the plain engine knows of its records: counts over all of them, and what each scores."""

from collections import Counter
from collections.abc import Iterable, Sequence

from kb.search.engine import STREAM_WEIGHTS, IndexRecord
from kb.search.explaining import Met
from kb.search.query import Clause, Probe, Stream, Variant
from kb.search.scoring import FACET_SCORE, idf, quantised_length, saturation


def occurrences(tokens: Sequence[str], phrase: Sequence[str]) -> int:
    """How often `phrase` stands in `tokens`, its tokens next to each other in order."""
    width = len(phrase)
    return sum(
        tuple(tokens[at : at + width]) == tuple(phrase) for at in range(len(tokens) - width + 1)
    )


class Statistics:
    """Counts over all records of one kind, as BM25 needs them; made once per change."""

    def __init__(self, records: Iterable[IndexRecord]) -> None:
        self.documents: Counter[Stream] = Counter()
        self.tokens: Counter[Stream] = Counter()
        self.holding: Counter[tuple[Stream, str]] = Counter()
        for record in records:
            for stream, tokens in record.streams.items():
                self.documents[stream] += bool(tokens)
                self.tokens[stream] += len(tokens)
                self.holding.update((stream, token) for token in set(tokens))

    def bm25(self, probe: Probe, record: IndexRecord) -> float | None:
        """The probe's score on `record`, or None when it does not match."""
        tokens = record.streams.get(probe.stream, ())
        if not probe.tokens or not set(probe.tokens) <= set(tokens):
            return None
        rarity = [self.idf(probe.stream, token) for token in probe.tokens]
        if not probe.phrase:
            counts = [tokens.count(token) for token in probe.tokens]
            return sum(
                rare * self._saturation(probe.stream, count, len(tokens))
                for rare, count in zip(rarity, counts, strict=True)
            )
        together = occurrences(tokens, probe.tokens)
        if not together:
            return None
        return sum(rarity) * self._saturation(probe.stream, together, len(tokens))

    def idf(self, stream: Stream, token: str) -> float:
        """How rare a token is."""
        return idf(self.documents[stream], self.holding[stream, token])

    def _saturation(self, stream: Stream, count: int, length: int) -> float:
        average = self.tokens[stream] / self.documents[stream]
        return saturation(count, quantised_length(length), average)

    def variant(self, variant: Variant, record: IndexRecord) -> float | None:
        """The variant's score on `record`, or None when the record does not hold it."""
        found = [
            STREAM_WEIGHTS[probe.stream] * score
            for probe in variant.probes
            if (score := self.bm25(probe, record)) is not None
        ]
        facet = variant.facet
        carried = facet is not None and facet[1] in record.facets.get(facet[0], ())
        if not found and not carried:
            return None
        return variant.weight * max(sum(found), FACET_SCORE if carried else 0.0)

    def clause(self, clause: Clause, record: IndexRecord) -> float | None:
        """The clause's score on `record`, or None when the record does not answer it."""
        scores = [s for v in clause.variants if (s := self.variant(v, record)) is not None]
        return max(scores) if scores else None


class Seen:
    """A :class:`~kb.search.explaining.Scored` record."""

    def __init__(self, statistics: Statistics, record: IndexRecord) -> None:
        self._statistics, self._record = statistics, record

    def variant(self, variant: Variant) -> float | None:
        """What a variant scores."""
        return self._statistics.variant(variant, self._record)

    def met(self, probe: Probe) -> Met | None:
        """How a probe matches."""
        score = self._statistics.bm25(probe, self._record)
        if score is None:
            return None
        tokens = self._record.streams[probe.stream]
        looked_up = [probe.tokens] if probe.phrase else [(token,) for token in probe.tokens]
        return Met(
            times=tuple(occurrences(tokens, each) for each in looked_up),
            rarity=sum(self._statistics.idf(probe.stream, token) for token in probe.tokens),
            score=score,
        )
