"""Reading a question: what was typed becomes clauses, and each reading can be taken back.

A question is taken apart into a tree of pieces (:mod:`kb.search.readers.typed`), a piece into
places, years and the rest (:mod:`kb.search.readers.segments`); each is then read by the first
reader that knows it. What was read differently from how it was typed, and every operator, becomes
a chip (:class:`Understood`).
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from kb.domain.clock import Clock, today
from kb.japanese.tokenise import Analyser
from kb.search.condition import AllOf, AnyOf, Condition, Holds, Lacks
from kb.search.engine import BadQuery
from kb.search.query import Clause, Facet, Understood, Variant
from kb.search.readers.beginnings import MOST_PATTERNS, BeginningReader
from kb.search.readers.entities import with_named_things
from kb.search.readers.exclusions import ExclusionReader, LeftOut
from kb.search.readers.filed import FieldReading, read_field
from kb.search.readers.lexing import DEEPEST_BRACKETS
from kb.search.readers.nearness import hints
from kb.search.readers.numbered import with_numbers
from kb.search.readers.places import PlaceReader
from kb.search.readers.probing import Prober
from kb.search.readers.segments import Segment, SegmentKind, segments
from kb.search.readers.sentences import is_unbroken
from kb.search.readers.typed import (
    MOST_PIECES,
    All,
    Node,
    Not,
    Piece,
    PieceKind,
    Some,
    literally,
    pieces,
    printed,
    read,
    together,
    without,
)
from kb.search.readers.vocabulary import Vocabulary
from kb.search.readers.words import Said, WordReader
from kb.search.readers.years import read_year, with_years
from kb.search.term_patterns import TermSource, no_terms
from kb.search.understanding import Gathered, Reading, Understanding
from kb.search.wholes import keep, sentence_of, what_is_needed

LONGEST_YEARS = 100
"""Characters of a word in which ranges and lists of years are looked for: 80 years in one word
took two seconds."""

MOST_READINGS = 64
"""Words of one question that are searched for, those of sentences counted singly."""

_SURROGATE = re.compile(r"[\ud800-\udfff]")
"""Half a character: it comes from bytes that are no text, and the analyser refuses it."""


class Understander:
    """Reads questions against one vocabulary."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        analyser: Analyser,
        clock: Clock = today,
        terms: TermSource = no_terms,
    ) -> None:
        """`terms`: what an index knows that begins with some letters."""
        self._vocabulary = vocabulary
        self._clock = clock
        self._analyser = analyser
        self._prober = Prober(analyser)
        self._places = PlaceReader(vocabulary, self._prober)
        self._words = WordReader(vocabulary, analyser, self._prober)
        self._exclusions = ExclusionReader(vocabulary, self._prober, self._places)
        self._beginnings = BeginningReader(analyser, self._prober, terms)

    def understand(self, typed: str) -> Understanding:
        """Read a question.

        Raises:
            BadQuery: a field was given a value that does not exist, brackets lie too deep, or a
                ``*`` tells too little.
        """
        typed = _SURROGATE.sub("\ufffd", typed)
        found = read(typed)
        if found.too_deep:
            raise BadQuery(f"かっこの中のかっこは{DEEPEST_BRACKETS}段までにしてください。")
        gathered = Gathered(typed)
        condition = self._node(found.tree, gathered) if found.tree else None
        for token in found.ignored:
            gathered.drop(token.start, token.end, "つなぐことばがありません")
        asked = [p for p in pieces(found.tree) if not p.excluded] if found.tree else []
        words = [piece.text for piece in asked if not piece.field]
        cards = with_named_things(gathered.entities, words, self._vocabulary)
        sentence = sentence_of(gathered) if is_unbroken(found, typed) else None
        if sentence:
            keep(sentence, gathered, self._prober)
        if found.tree is None or _is_plain(found.tree):
            condition = what_is_needed(sentence, gathered, self._vocabulary.gazetteer)
        return Understanding(
            typed,
            tuple(gathered.readings),
            cards,
            tuple(dict.fromkeys(gathered.suggestions)),
            tuple(gathered.dropped),
            condition,
            tuple(gathered.operators),
            hints(words, self._analyser, of_a_sentence=sentence is not None),
            sentence,
        )

    # -- the tree ------------------------------------------------------------------------

    def _node(self, node: Node, into: Gathered, *, excluded: bool = False) -> Condition | None:
        """The condition a node sets on what it reads; None where it asks nothing."""
        match node:
            case Piece():
                return self._piece(replace(node, excluded=excluded), into)
            case Not(part):
                first = len(into.left_out)
                left_out = self._node(part, into, excluded=True)
                chip = _exclusion_chip(node, into.typed, into.left_out[first:])
                into.operators.append((node.start, chip))
                return Lacks(left_out) if left_out else None
            case Some(parts):
                into.operators.append((node.start, _choice_chip(node, into.typed)))
                conditions = [self._node(part, into, excluded=excluded) for part in parts]
                known = tuple(condition for condition in conditions if condition)
                return AnyOf(known) if known else None
            case All(parts):
                conditions = [self._node(part, into, excluded=excluded) for part in parts]
                known = tuple(condition for condition in conditions if condition)
                return AllOf(known) if known else None

    def _piece(self, piece: Piece, into: Gathered) -> Condition | None:
        into.pieces += 1
        if into.pieces > MOST_PIECES:
            into.drop(piece.start, piece.end, f"{MOST_PIECES}語をこえた分は使いません")
            return None
        first = len(into.readings)
        for reading in self._read(piece, into):
            if len(into.readings) == MOST_READINGS:
                into.drop(reading.start, piece.end, f"{MOST_READINGS}語をこえた分は使いません")
                break
            into.readings.append(reading)
        else:
            if len(into.readings) == first:
                into.drop(piece.start, piece.end)
        if len(into.readings) == first:
            return None
        return AllOf(tuple(Holds(clause) for clause in range(first, len(into.readings))))

    # -- pieces --------------------------------------------------------------------------

    def _read(self, piece: Piece, into: Gathered) -> Iterator[Reading]:
        if piece.field is not None:
            yield self._filed(piece, piece.field, into)
        elif piece.kind is PieceKind.WORD and (begun := self._begun(piece, into)):
            yield begun
        elif piece.excluded:
            left_out = self._exclusions.read(piece.text, self._clock())
            into.left_out.append(left_out)
            clause = Clause(piece.text, left_out.variants, excluded=True)
            yield Reading(clause, piece.start, piece.end)
        elif piece.kind is PieceKind.PHRASE:
            variant = self._prober.exact(piece.text)
            if variant.probes:
                yield Reading(Clause(piece.text, (variant,)), piece.start, piece.end)
        else:
            found = segments(piece, into.typed, self._vocabulary)
            if len(piece.text) <= LONGEST_YEARS:
                found = with_years(found, into.typed, self._clock())
            for segment in with_numbers(found, self._vocabulary):
                yield from self._segment(segment, into)

    def _begun(self, piece: Piece, into: Gathered) -> Reading | None:
        """The reading of a word with ``*``; None for one without."""
        begun = self._beginnings.read(piece.text, excluded=piece.excluded)
        if begun is None:
            return None
        into.patterns += 1
        if into.patterns > MOST_PATTERNS:
            raise BadQuery(f"「*」の付いた語は{MOST_PATTERNS}語までにしてください。")
        clause = Clause(piece.text, begun.variants, piece.excluded)
        if piece.excluded:
            label = f"{begun.label}を含むものを除く"
            into.left_out.append(LeftOut(begun.variants, label, begun.searched))
            return Reading(clause, piece.start, piece.end)
        rest = without(into.typed, piece.start, piece.end)
        chip = Understood(piece.text, "prefix", begun.searched, begun.label, rest)
        return Reading(clause, piece.start, piece.end, chip)

    def _filed(self, piece: Piece, facet: Facet, into: Gathered) -> Reading:
        known = self._vocabulary, self._prober, self._clock()
        found: FieldReading = read_field(piece, facet, into.typed, *known)
        text = into.typed[piece.start : piece.end]
        clause = Clause(text, found.variants, piece.excluded)
        if piece.excluded:
            into.left_out.append(LeftOut(found.variants, "にあたるものを除く", found.searched))
            return Reading(clause, piece.start, piece.end)
        into.suggestions += found.suggestions
        first, *more = found.chips
        return Reading(clause, piece.start, piece.end, first, tuple(more))

    def _segment(self, segment: Segment, into: Gathered) -> Iterator[Reading]:
        typed = into.typed
        if segment.kind is SegmentKind.YEAR:
            year = read_year(segment.text, self._vocabulary, self._prober, self._clock())
            into.entities += year.entities
            into.suggestions += year.suggestions(typed, segment.start, segment.end)
            said = Said(segment, year.variants, "year", year.label, year.named or None)
            yield _reading(said, typed)
        elif segment.kind is SegmentKind.PLACE:
            place = self._places.read(segment, typed)
            into.entities += place.entities
            into.suggestions += place.suggestions
            said = Said(segment, place.variants, "place", place.label, place.searched)
            yield _reading(said, typed)
        elif whole := self._words.whole(segment):
            yield _reading(whole, typed)
        elif self._places.looks_like_place(segment.text):
            into.suggestions += self._places.near(segment, typed)
            yield _reading(Said(segment, (self._prober.exact(segment.text),)), typed)
        else:
            into.suggestions += self._places.near(segment, typed)
            yield from (_reading(said, typed) for said in self._words.each(segment))


def _is_plain(tree: Node) -> bool:
    """Whether all of it must hold but single words left out: what clauses say by themselves."""
    parts = tree.parts if isinstance(tree, All) else (tree,)
    return all(isinstance(p.part if isinstance(p, Not) else p, Piece) for p in parts)


# --- chips ----------------------------------------------------------------------------------


def _reading(said: Said, typed: str) -> Reading:
    segment, chip = said.segment, None
    if said.kind and said.label:
        words = said.searched if said.searched is not None else _surfaces(said.variants)
        rest = literally(typed, segment.start, segment.end)
        chip = Understood(segment.text, said.kind, words, said.label, rest)
    return Reading(Clause(segment.text, said.variants), segment.start, segment.end, chip)


def _surfaces(variants: tuple[Variant, ...]) -> tuple[str, ...]:
    """What is looked up, each spelling once."""
    return tuple(dict.fromkeys(variant.surface for variant in variants))


def _choice_chip(node: Some, typed: str) -> Understood:
    words = printed(replace(node, sign="または"))
    rest = together(typed, node.start, node.end)
    return Understood(words, "operator", (), "どれかを含む", rest)


def _exclusion_chip(node: Not, typed: str, left_out: list[LeftOut]) -> Understood:
    rest = without(typed, node.start, node.end)
    labels = {each.label for each in left_out}
    label = labels.pop() if len(labels) == 1 else "にあたるものを除く"
    names = dict.fromkeys(name for each in left_out for name in each.searched)
    return Understood(printed(node.part), "excluded", tuple(names), label, rest)
