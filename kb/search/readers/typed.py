"""The syntax of a typed question: a tree of words and phrases with and, or, not and brackets.

Nothing a person types is an error: what is not syntax is a word. または (OR, |) joins its two
neighbours before a blank (AND, かつ) does: 「福津市 または 中野区 改善」 is about either town.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from dataclasses import field as attribute
from enum import StrEnum
from functools import lru_cache

from kb.search.query import Facet
from kb.search.readers.lexing import FIELDS as FIELDS
from kb.search.readers.lexing import QUOTES, Token, TokenKind, is_blank, tokens

LONGEST_QUERY = 500
"""Characters; what is typed beyond it is refused by the callers with a message."""

_LAST_JOINT, _FIRST_JOINT = re.compile("(?<=.)[のを]$"), re.compile("^[のを](?=.)")
"""What joined a word to one that is taken out: 福津市の人事課 without 人事課 is 福津市."""

MOST_PIECES = 32
"""Words of one question that are looked at; the rest is dropped, and that is said."""


class PieceKind(StrEnum):
    """What a piece of a question is."""

    WORD = "word"
    PHRASE = "phrase"


@dataclass(frozen=True, slots=True)
class Piece:
    """One word or phrase of a question and where it stands in what was typed.

    Two pieces are equal when they ask for the same, wherever and however they were typed.
    """

    text: str
    """Without quotes, minus and field name."""
    kind: PieceKind
    start: int = attribute(default=0, compare=False)
    end: int = attribute(default=0, compare=False)
    at: int = attribute(default=0, compare=False)
    """Where `text` begins."""
    named: str = attribute(default="", compare=False)
    """The field's name and colon as typed."""
    quotes: tuple[str, str] = attribute(default=("", ""), compare=False)
    field: Facet | None = None
    excluded: bool = False
    """In :func:`parse`: whether it stands in something to be left out."""


@dataclass(frozen=True, slots=True)
class All:
    """Parts that must hold together."""

    parts: tuple["Node", ...]
    start: int = attribute(default=0, compare=False)
    end: int = attribute(default=0, compare=False)
    bracketed: bool = attribute(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Some:
    """Parts of which one is enough."""

    parts: tuple["Node", ...]
    start: int = attribute(default=0, compare=False)
    end: int = attribute(default=0, compare=False)
    bracketed: bool = attribute(default=False, compare=False)
    sign: str = attribute(default="OR", compare=False)
    """The operator as typed."""


@dataclass(frozen=True, slots=True)
class Not:
    """Something to be left out."""

    part: "Node"
    start: int = attribute(default=0, compare=False)
    end: int = attribute(default=0, compare=False)


Node = Piece | All | Some | Not


@dataclass(frozen=True, slots=True)
class Typed:
    """A typed question, taken apart."""

    tree: Node | None
    """None when nothing was asked."""
    ignored: tuple[Token, ...] = ()
    """Operators that join nothing."""
    too_deep: bool = False
    """Whether brackets lay too deep, and were passed over."""


@lru_cache(maxsize=64)
def read(typed: str) -> Typed:
    """Take a question apart; never fails.

    Every chip of an answer asks for it once more, to say what the question is without it.
    """
    found, too_deep = tokens(typed)
    parser = _Parser(found)
    tree = parser.tree()
    if tree is None:
        signs = [token for token in found if token in parser.ignored and len(token.text) > 1]
        return Typed(_all(map(_piece, signs)), (), too_deep)
    return Typed(tree, tuple(parser.ignored), too_deep)


def parse(typed: str) -> tuple[Piece, ...]:
    """The pieces of a question alone, in order; never fails."""
    tree = read(typed).tree
    return tuple(pieces(tree)) if tree else ()


def pieces(node: Node, *, excluded: bool = False) -> Iterator[Piece]:
    """The pieces of a tree in order, each told whether it stands in something left out."""
    match node:
        case Piece():
            yield replace(node, excluded=excluded)
        case Not(part):
            yield from pieces(part, excluded=True)
        case All(parts) | Some(parts):
            for part in parts:
                yield from pieces(part, excluded=excluded)


# --- writing it again ---------------------------------------------------------------------


def printed(node: Node) -> str:
    """The tree as a question: read again, it gives an equal tree."""
    match node:
        case Piece():
            opening, closing = node.quotes if node.kind is PieceKind.WORD else _quotes(node)
            name = node.named or (f"{node.field.value}:" if node.field else "")
            return f"{name}{opening}{node.text}{closing}"
        case Not(part):
            inner = _bracketed(part) if isinstance(part, All | Some) else printed(part)
            short, _ = tokens(f"-{inner}")
            sign = "-" if short[0].kind is TokenKind.NOT else "NOT "
            return f"{sign}{inner}"
        case Some(parts):
            inside = [_bracketed(p) if isinstance(p, All) else _printed_part(p) for p in parts]
            return f" {node.sign} ".join(inside)
        case All(parts):
            return " ".join(map(_printed_part, parts))


def _printed_part(node: Node) -> str:
    kept = isinstance(node, All | Some) and node.bracketed
    return _bracketed(node) if kept else printed(node)


def _bracketed(node: Node) -> str:
    return f"({printed(node)})"


def _quotes(piece: Piece) -> tuple[str, str]:
    """Quotes that the text of a phrase can stand in: its own, else the first that fit."""
    if piece.quotes[0]:
        return piece.quotes
    return next(pair for pair in QUOTES if pair[1] not in piece.text)


# --- changing it --------------------------------------------------------------------------


def without(typed: str, start: int, end: int) -> str:
    """What was typed without what stands from `start` to `end`.

    An operator that has nothing left to join goes too, and so does the word of an exclusion.
    """
    return _edited(typed, start, end, None)


def literally(typed: str, start: int, end: int) -> str:
    """What was typed with the part of a word from `start` to `end` in quotes."""
    return _edited(typed, start, end, Piece(typed[start:end], PieceKind.PHRASE))


def instead(typed: str, piece: Piece, others: Iterable[Piece]) -> str:
    """What was typed, with any of the `others` asked for where `piece` stands."""
    return _edited(typed, piece.start, piece.end, _joined(Some(()), list(others)))


def together(typed: str, start: int, end: int) -> str:
    """What was typed, with the alternatives that stand from `start` to `end` all asked for."""
    tree = read(typed).tree
    return printed(_together(tree, start, end)) if tree else ""


def _together(node: Node, start: int, end: int) -> Node:
    match node:
        case Some(parts) if (node.start, node.end) == (start, end):
            return All(parts, start, end, node.bracketed)
        case All(parts) | Some(parts):
            return replace(node, parts=tuple(_together(part, start, end) for part in parts))
        case Not(part):
            return replace(node, part=_together(part, start, end))
        case _:
            return node


def _edited(typed: str, start: int, end: int, put: Node | None) -> str:
    tree = read(typed).tree
    rest = _replaced(tree, start, end, put) if tree else None
    return printed(rest) if rest else ""


def _replaced(node: Node, start: int, end: int, put: Node | None) -> Node | None:
    match node:
        case Piece():
            return _part_replaced(node, start, end, put)
        case Not(part):
            inner = _replaced(part, start, end, put)
            return replace(node, part=inner) if inner else None
        case All(parts) | Some(parts):
            rest = [left for part in parts if (left := _replaced(part, start, end, put))]
            return _joined(node, rest)


def _part_replaced(piece: Piece, start: int, end: int, put: Node | None) -> Node | None:
    if end <= piece.start or start >= piece.end:
        return piece
    before, after = piece.text[: max(start - piece.at, 0)], piece.text[max(end - piece.at, 0) :]
    if put is None:
        before, after = _LAST_JOINT.sub("", before), _FIRST_JOINT.sub("", after)
    return _all(part for part in (_word(before), put, _word(after)) if part)


def _word(text: str) -> Piece | None:
    """A remainder of a word as a word, or in quotes where it would be read as something else."""
    if is_blank(text):
        return None
    word = Piece(text, PieceKind.WORD)
    return word if read(text).tree == word else replace(word, kind=PieceKind.PHRASE)


# --- making it ----------------------------------------------------------------------------


def _all(parts: Iterable[Node]) -> Node | None:
    return _joined(All(()), list(parts))


def _joined(like: All | Some, parts: list[Node]) -> Node | None:
    """Parts as one node of the same sort: none for none, the part itself for one."""
    if len(parts) < 2:
        return parts[0] if parts else None
    flat = [
        inner
        for part in parts
        for inner in (part.parts if isinstance(part, All | Some) and type(part) is type(like)
                      else (part,))
    ]  # fmt: skip
    return replace(like, parts=tuple(flat), start=flat[0].start, end=flat[-1].end)


def _piece(token: Token) -> Piece:
    kind = PieceKind.PHRASE if token.kind is TokenKind.PHRASE else PieceKind.WORD
    return Piece(
        token.text, kind, token.start, token.end,
        at=token.at, named=token.named, quotes=token.quotes, field=token.field,
    )  # fmt: skip


def _filed(node: Node, field: Facet, named: str) -> Node:
    """A bracket with a field before it: the field of every piece that has none of its own."""
    match node:
        case Piece():
            return node if node.field else replace(node, field=field, named=named)
        case Not(part):
            return replace(node, part=_filed(part, field, named))
        case All(parts) | Some(parts):
            return replace(node, parts=tuple(_filed(part, field, named) for part in parts))


_PREFIXES = (TokenKind.NOT, TokenKind.NOT_EITHER)
_BEGINNINGS = (TokenKind.WORD, TokenKind.PHRASE, TokenKind.OPEN, *_PREFIXES)


class _Parser:
    """A parser by recursive descent; brackets come in pairs and not too deep."""

    def __init__(self, found: tuple[Token, ...]) -> None:
        self._tokens = found
        self._at = 0
        self.ignored: list[Token] = []

    def tree(self) -> Node | None:
        """Everything there is."""
        return self._together()

    def _kind(self, ahead: int = 0) -> TokenKind | None:
        at = self._at + ahead
        return self._tokens[at].kind if at < len(self._tokens) else None

    def _next(self) -> Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _together(self) -> Node | None:
        parts: list[Node] = []
        while self._kind() not in (None, TokenKind.CLOSE):
            if self._kind() in _BEGINNINGS:
                part = self._either()
                parts += [part] if part else []
                continue
            sign = self._next()
            if sign.kind is not TokenKind.AND or not parts or self._kind() not in _BEGINNINGS:
                self.ignored.append(sign)
        return _all(parts)

    def _either(self) -> Node | None:
        parts, sign = [self._single()], "OR"
        while parts[0] and self._kind() is TokenKind.OR and self._kind(1) in _BEGINNINGS:
            token = self._next()
            sign = token.text
            parts.append(self._single())
            if parts[-1] is None:
                self.ignored.append(token)
        return _joined(Some((), sign=sign), [part for part in parts if part])

    def _single(self) -> Node | None:
        signs = []
        while self._kind() in _PREFIXES:
            signs.append(self._next())
        if self._kind() not in _BEGINNINGS:
            self.ignored += signs
            return None
        begins = signs[0].start if signs else self._tokens[self._at].start
        part = self._operand()
        while self._excludes_before():
            signs.append(self._next())
        if part is None:
            self.ignored += signs
        elif signs:
            return _left_out(part, begins, self._tokens[self._at - 1].end)
        return part

    def _excludes_before(self) -> bool:
        kind, following = self._kind(), self._kind(1)
        loose = kind is TokenKind.NOT_EITHER and following not in _BEGINNINGS
        return loose or kind is TokenKind.NOT_AFTER

    def _operand(self) -> Node | None:
        token = self._next()
        if token.kind is not TokenKind.OPEN:
            return _piece(token) if token.text else None
        inner = self._together()
        closing = self._next()
        if isinstance(inner, All | Some):
            inner = replace(inner, start=token.start, end=closing.end, bracketed=True)
        return _filed(inner, token.field, token.named) if inner and token.field else inner


def _left_out(part: Node, start: int, end: int) -> Node:
    return part.part if isinstance(part, Not) else Not(part, start, end)
