"""The syntax of a typed question: words, "phrases", -exclusions and field:words.

Nothing a person types is an error: what is not syntax is a word.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from kb.search.query import Facet

LONGEST_QUERY = 500
"""Characters; what is typed beyond it is refused by the callers with a message."""

MOST_PIECES = 32
"""Words of one question that are looked at; the rest is dropped, and that is said."""

FIELDS = {
    "municipality": Facet.MUNICIPALITY, "自治体": Facet.MUNICIPALITY, "市町村": Facet.MUNICIPALITY,
    "prefecture": Facet.PREFECTURE, "都道府県": Facet.PREFECTURE,
    "year": Facet.IMPLEMENTED_IN, "年度": Facet.IMPLEMENTED_IN, "実践年度": Facet.IMPLEMENTED_IN,
    "presented": Facet.PRESENTED_IN, "発表年度": Facet.PRESENTED_IN,
    "theme": Facet.THEME, "テーマ": Facet.THEME,
    "department": Facet.DEPARTMENT, "部署": Facet.DEPARTMENT, "部門": Facet.DEPARTMENT,
    "kind": Facet.KIND, "種類": Facet.KIND,
}  # fmt: skip
"""What may stand before a colon, in Latin and in Japanese."""

_BLANK = r"[\s\u3000]"
_QUOTES = (("「", "」"), ("『", "』"), ('"', '"'), ("“", "”"), ("＂", "＂"))
_OPENING = "".join(pair[0] for pair in _QUOTES)
_CLOSING = dict(_QUOTES)
_FIELD = re.compile(rf"({'|'.join(sorted(FIELDS, key=len, reverse=True))})[:：]", re.IGNORECASE)
_MINUS = "-－−"
_WORD = re.compile(rf"[^\s\u3000{_OPENING}]+")


class PieceKind(StrEnum):
    """What a piece of a question is."""

    WORD = "word"
    PHRASE = "phrase"


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a question and where it stands in what was typed."""

    text: str
    """Without quotes, minus and field name."""
    kind: PieceKind
    start: int
    end: int
    field: Facet | None = None
    excluded: bool = False


def parse(typed: str) -> tuple[Piece, ...]:
    """The pieces of a question, in order; never fails."""
    pieces: list[Piece] = []
    position = 0
    while position < len(typed):
        if re.match(_BLANK, typed[position]):
            position += 1
            continue
        piece, position = _piece(typed, position)
        if piece is not None:
            pieces.append(piece)
    return tuple(pieces)


def _piece(typed: str, start: int) -> tuple[Piece | None, int]:
    position = start
    excluded = typed[position] in _MINUS and _begins_word(typed, position + 1)
    if excluded:
        position += 1
    field = None
    if (match := _FIELD.match(typed, position)) and _begins_word(typed, match.end()):
        field = FIELDS[match.group(1).lower()]
        position = match.end()
    text, kind, end = _text(typed, position)
    if not text:
        return None, max(end, start + 1)
    return Piece(text, kind, start, end, field, excluded), end


def _begins_word(typed: str, position: int) -> bool:
    return position < len(typed) and not re.match(_BLANK, typed[position])


def _text(typed: str, position: int) -> tuple[str, PieceKind, int]:
    opening = typed[position]
    if opening in _OPENING:
        closing = typed.find(_CLOSING[opening], position + 1)
        if closing < 0:
            return _text_after_stray_quote(typed, position)
        return typed[position + 1 : closing].strip(), PieceKind.PHRASE, closing + 1
    match = _WORD.match(typed, position)
    if match is None:
        return "", PieceKind.WORD, position + 1
    return match.group(), PieceKind.WORD, match.end()


def _text_after_stray_quote(typed: str, position: int) -> tuple[str, PieceKind, int]:
    match = _WORD.match(typed, position + 1)
    if match is None:
        return "", PieceKind.WORD, position + 1
    return match.group(), PieceKind.WORD, match.end()


def without(typed: str, start: int, end: int) -> str:
    """What was typed with one range removed and the blanks around it closed."""
    rest = f"{typed[:start]} {typed[end:]}"
    return re.sub(rf"{_BLANK}+", " ", rest).strip()
