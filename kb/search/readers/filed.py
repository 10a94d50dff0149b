"""Reading ``field:value`` in a question: what it asks for, what its chips say, what else it may
have meant.

A name that several towns have is asked about: each town is a chip whose removal leaves the
others, and each is offered by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from kb.search.query import Facet, Suggestion, Understood, Variant
from kb.search.readers.fields import LABELS, bodies, field_variants, labels_of, namesakes
from kb.search.readers.places import MOST_OFFERED, full_name, place_choice
from kb.search.readers.probing import Prober
from kb.search.readers.segments import Segment
from kb.search.readers.typed import Piece, PieceKind, instead, without
from kb.search.readers.vocabulary import Vocabulary

_KINDS: Mapping[Facet, str] = {
    Facet.MUNICIPALITY: "place",
    Facet.PREFECTURE: "place",
    Facet.IMPLEMENTED_IN: "year",
    Facet.PRESENTED_IN: "year",
}
"""The kinds of the chips of fields, where they are not the field's own name."""


@dataclass(frozen=True, slots=True)
class FieldReading:
    """How a field was read."""

    variants: tuple[Variant, ...]
    chips: tuple[Understood, ...]
    suggestions: tuple[Suggestion, ...] = ()
    searched: tuple[str, ...] = ()
    """The towns, where it names several; themes and kinds under their whole names."""


def read_field(
    piece: Piece, facet: Facet, typed: str, vocabulary: Vocabulary, prober: Prober, today: date
) -> FieldReading:
    """Read a piece that has a field.

    Raises:
        BadQuery: the value names nothing.
    """
    variants = field_variants(facet, piece.text, vocabulary, prober, today)
    several = facet is Facet.MUNICIPALITY and vocabulary.gazetteer.former(piece.text) is None
    taken = bodies(piece.text, vocabulary) if several else ()
    others = namesakes(piece.text, taken, vocabulary) if taken else ()
    names = tuple(full_name(match.municipality) for match in taken)
    labels = tuple(label for label in labels_of(variants) if label != piece.text)
    offered = [*(taken if len(taken) > 1 else ()), *others][:MOST_OFFERED]
    stands = Segment(piece.text, piece.at, piece.at + len(piece.text))
    return FieldReading(
        variants,
        _town_chips(piece, names, typed)
        if len(names) > 1
        else (_chip(piece, facet, typed, labels),),
        tuple(place_choice(match, stands, typed) for match in offered),
        names if len(names) > 1 else labels,
    )


def _chip(piece: Piece, facet: Facet, typed: str, labels: tuple[str, ...]) -> Understood:
    text, rest = typed[piece.start : piece.end], without(typed, piece.start, piece.end)
    return Understood(text, _KINDS.get(facet, facet.value), labels, f"{LABELS[facet]}の指定", rest)


def _town_chips(piece: Piece, names: tuple[str, ...], typed: str) -> tuple[Understood, ...]:
    text, label = typed[piece.start : piece.end], f"同じ名の{len(names)}団体の一つ"
    return tuple(
        Understood(text, "place", (name,), label, _with_towns(piece, others, typed))
        for name in names
        for others in [[other for other in names if other != name]]
    )


def _with_towns(piece: Piece, names: list[str], typed: str) -> str:
    towns = [replace(piece, text=name, kind=PieceKind.WORD, quotes=("", "")) for name in names]
    return instead(typed, piece, towns)
