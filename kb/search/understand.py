"""Reading a question: what was typed becomes clauses, and each reading can be taken back.

A question is cut into pieces (:mod:`kb.search.readers.typed`), a piece into places, years and the
rest (:mod:`kb.search.readers.segments`); each is then read by the first reader that knows it.
What was read differently from how it was typed becomes a chip (:class:`Understood`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from kb.domain.departments import functions_of
from kb.japanese.tokenise import Analyser, Token
from kb.search.query import Clause, Entity, Facet, Suggestion, Understood, Variant
from kb.search.readers.fields import field_variants
from kb.search.readers.places import PlaceReader
from kb.search.readers.probing import Prober, facet_variant
from kb.search.readers.segments import Segment, SegmentKind, segments
from kb.search.readers.synonyms import Relation, Synonym
from kb.search.readers.typed import MOST_PIECES, Piece, PieceKind, parse, without
from kb.search.readers.vocabulary import Vocabulary
from kb.search.readers.years import read_year

DEPARTMENT_WEIGHT = 0.6
SYNONYM_WEIGHTS = {Relation.SAME: 0.8, Relation.ABBREVIATION: 0.9, Relation.NARROWER: 0.7}
"""What a match counts that says it otherwise than typed."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How one word of the question was read."""

    clause: Clause
    start: int
    end: int
    """Where the word stands in what was typed."""
    chip: Understood | None = None


@dataclass(frozen=True, slots=True)
class Understanding:
    """A whole question, read."""

    typed: str
    readings: tuple[Reading, ...] = ()
    entities: tuple[Entity, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    dropped: tuple[Understood, ...] = ()
    """Words that carry nothing to search for."""


class Understander:
    """Reads questions against one vocabulary."""

    def __init__(self, vocabulary: Vocabulary, analyser: Analyser) -> None:
        self._vocabulary = vocabulary
        self._analyser = analyser
        self._prober = Prober(analyser)
        self._places = PlaceReader(vocabulary, self._prober)

    def understand(self, typed: str) -> Understanding:
        """Read a question.

        Raises:
            BadQuery: a field was given a value that does not exist.
        """
        pieces = parse(typed)
        readings: list[Reading] = []
        entities: list[Entity] = []
        suggestions: list[Suggestion] = []
        dropped = [self._dropped(typed, p.start, p.end) for p in pieces[MOST_PIECES:]]
        for piece in pieces[:MOST_PIECES]:
            found = list(self._read(piece, typed, entities, suggestions))
            readings += found
            if not found:
                dropped.append(self._dropped(typed, piece.start, piece.end))
        return Understanding(
            typed,
            tuple(readings),
            tuple(dict.fromkeys(entities)),
            tuple(dict.fromkeys(suggestions)),
            tuple(dropped),
        )

    def loosened(self, reading: Reading) -> Reading:
        """The same reading, found inside other words as well."""
        variants = tuple(self._prober.loose(variant) for variant in reading.clause.variants)
        return replace(reading, clause=replace(reading.clause, variants=variants))

    # -- pieces --------------------------------------------------------------------------

    def _read(
        self, piece: Piece, typed: str, entities: list[Entity], suggestions: list[Suggestion]
    ) -> Iterator[Reading]:
        if piece.field is not None:
            variants = field_variants(piece.field, piece.text, self._vocabulary, self._prober)
            clause = Clause(typed[piece.start : piece.end], variants, piece.excluded)
            yield Reading(clause, piece.start, piece.end)
        elif piece.excluded:
            yield self._exclusion(piece)
        elif piece.kind is PieceKind.PHRASE:
            variant = self._prober.exact(piece.text)
            if variant.probes:
                yield Reading(Clause(piece.text, (variant,)), piece.start, piece.end)
        else:
            self._name(piece.text, entities)
            for segment in segments(piece, typed, self._vocabulary):
                yield from self._segment(segment, typed, entities, suggestions)

    def _exclusion(self, piece: Piece) -> Reading:
        # Only the words themselves: no synonym, no character pair may leave anything out.
        variants = (self._prober.literal(piece.text), *self._places.exact_facets(piece.text))
        return Reading(Clause(piece.text, variants, excluded=True), piece.start, piece.end)

    def _name(self, text: str, entities: list[Entity]) -> None:
        for name in self._vocabulary.named(text):
            entities.append(Entity(name.kind, name.id, name.label, "名前が一致しました"))

    def _segment(
        self,
        segment: Segment,
        typed: str,
        entities: list[Entity],
        suggestions: list[Suggestion],
    ) -> Iterator[Reading]:
        if segment.kind is SegmentKind.YEAR:
            reading = read_year(segment.text, self._vocabulary, self._prober)
            entities += reading.entities
            yield self._as(segment, typed, reading.variants, "year", reading.label)
        elif segment.kind is SegmentKind.PLACE:
            place = self._places.read(segment, typed)
            entities += place.entities
            suggestions += place.suggestions
            label = place.label
            yield self._as(segment, typed, place.variants, "place", label, place.searched)
        elif (variants := self._department(segment.text)) is not None:
            yield self._as(segment, typed, variants, "department", "同じ役割の部署も")
        elif synonyms := self._synonyms(segment.text, segment.text):
            yield self._with_synonyms(segment, typed, self._prober.variant(segment.text), synonyms)
        else:
            suggestions += self._places.near(segment, typed)
            yield from self._words(segment, typed)

    # -- readers -------------------------------------------------------------------------

    def _department(self, text: str) -> tuple[Variant, ...] | None:
        known = self._vocabulary.key(text) in self._vocabulary.departments
        functions = functions_of(text)
        if not (known or functions) or (len(functions) == 1 and text == functions[0].label):
            return None
        return (
            self._prober.variant(text),
            *(self._prober.variant(s.word, SYNONYM_WEIGHTS[s.relation])
              for s in self._synonyms(text, text)),
            *(facet_variant(f.label, Facet.DEPARTMENT, f.value, DEPARTMENT_WEIGHT)
              for f in functions),
        )  # fmt: skip

    def _synonyms(self, surface: str, term: str) -> tuple[Synonym, ...]:
        key, table = self._vocabulary.key, self._vocabulary.synonyms
        found = (*table.get(key(surface), ()), *table.get(key(term), ()))
        return tuple(dict.fromkeys(found))

    def _words(self, segment: Segment, typed: str) -> Iterator[Reading]:
        if self._places.looks_like_place(segment.text):
            variant = self._prober.exact(segment.text)
            yield self._as(segment, typed, (variant,), "", "")
            return
        analysis = self._analyser.analyse(segment.text)
        for token in analysis.words:
            units = tuple(
                t.term for t in analysis.short if token.start <= t.start and t.end <= token.end
            )
            word = segment.part(token.start, token.end)
            variant = self._prober.token_variant(token, segment.text, units)
            synonyms = self._synonyms(word.text, token.term)
            if synonyms:
                yield self._with_synonyms(word, typed, variant, synonyms)
            elif self._respelt(word.text, token):
                label = "も検索"
                yield self._as(word, typed, (variant,), "spelling", label, (token.term,))
            else:
                yield self._as(word, typed, (variant,), "", "")

    def _respelt(self, surface: str, token: Token) -> bool:
        """Whether the word is looked up under a spelling the reader would not recognise."""
        key = self._vocabulary.key
        return key(surface) != token.term and not token.term.startswith(key(surface)[:1])

    def _with_synonyms(
        self, segment: Segment, typed: str, own: Variant, synonyms: tuple[Synonym, ...]
    ) -> Reading:
        variants = [own]
        variants += [self._prober.variant(s.word, SYNONYM_WEIGHTS[s.relation]) for s in synonyms]
        label = synonyms[0].relation.label
        words = tuple(s.word for s in synonyms)
        return self._as(segment, typed, tuple(variants), "synonym", label, words)

    # -- making --------------------------------------------------------------------------

    def _as(
        self,
        segment: Segment,
        typed: str,
        variants: tuple[Variant, ...],
        kind: str,
        label: str,
        searched: tuple[str, ...] | None = None,
    ) -> Reading:
        chip = None
        if kind and label:
            words = searched if searched is not None else _surfaces(variants)
            literally = f'{typed[: segment.start]} "{segment.text}" {typed[segment.end :]}'
            chip = Understood(segment.text, kind, words, label, " ".join(literally.split()))
        return Reading(Clause(segment.text, variants), segment.start, segment.end, chip)

    def _dropped(self, typed: str, start: int, end: int) -> Understood:
        text = typed[start:end]
        return Understood(text, "dropped", (), "検索に使いません", without(typed, start, end))


def _surfaces(variants: tuple[Variant, ...]) -> tuple[str, ...]:
    """What is looked up, each spelling once."""
    return tuple(dict.fromkeys(variant.surface for variant in variants))
