"""Cutting a typed question into words, "phrases", brackets and operators.

An operator is one only where it stands alone: between blanks, brackets or quotes. Within a word
or a sentence 「または」 is what it says. Quotes and brackets without their partner are passed over.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from kb.search.query import Facet

FIELDS = {
    "municipality": Facet.MUNICIPALITY, "自治体": Facet.MUNICIPALITY, "市町村": Facet.MUNICIPALITY,
    "市区町村": Facet.MUNICIPALITY, "団体コード": Facet.MUNICIPALITY,
    "prefecture": Facet.PREFECTURE, "都道府県": Facet.PREFECTURE,
    "year": Facet.IMPLEMENTED_IN, "年度": Facet.IMPLEMENTED_IN, "実践年度": Facet.IMPLEMENTED_IN,
    "presented": Facet.PRESENTED_IN, "発表年度": Facet.PRESENTED_IN,
    "theme": Facet.THEME, "テーマ": Facet.THEME,
    "department": Facet.DEPARTMENT, "部署": Facet.DEPARTMENT, "部門": Facet.DEPARTMENT,
    "kind": Facet.KIND, "種類": Facet.KIND,
    "資料の種類": Facet.KIND,
}  # fmt: skip
"""What may stand before a colon, in Latin and in Japanese, in any width."""

DEEPEST_BRACKETS = 8
"""Brackets within brackets."""

QUOTES = (('"', '"'), ("「", "」"), ("『", "』"), ("“", "”"), ("＂", "＂"))
MINUS = "-－−ーｰ‐﹣"
"""What excludes when it begins a word. No Japanese word begins with a long vowel mark."""

_LONGEST_FIELD = max(map(len, FIELDS))
_OPENING_QUOTES = "".join(opening for opening, _ in QUOTES)
_CLOSING_QUOTE = dict(QUOTES)
_BLANK = re.compile(r"[\s\u3000]+")
_EITHER_SIGN = re.compile(r"[|｜]+")
_RUN = re.compile(rf"[^\s\u3000|｜()（）{_OPENING_QUOTES}]+")
_FIELD = re.compile(rf"([^\s\u3000:：|｜()（）{_OPENING_QUOTES}]{{1,{_LONGEST_FIELD}}})[:：]")
_LAST_LETTER, _FIRST_LETTER = re.compile(r"(\w)\W*\Z"), re.compile(r"(\w)")
_AFTER = (
    "を除く", "を除いた", "を除いて", "を除き", "をのぞく", "をのぞいた", "をのぞいて",
)  # fmt: skip
"""What leaves out the word that it ends."""
_BUT = re.compile(
    r"以外(?:[のでに]|$)|を除(?:く|いた|いて|き)|をのぞ(?:く|いた|いて)|では?ない|なし$"
)
"""Leaves out places and years that stand before it, also at the beginning of a sentence:
福津市以外の事例. Of other words that would be too much: 職員以外の参加者 tells of 職員 too."""
_NAME = re.compile(
    r"[一-龠々〆ァ-ヶーぁ-ゖ]{1,9}[都道府県市区町村]"
    r"|(?:令和|平成|昭和)?(?:元|\d{1,4})年度|[rhRHＲＨ]\d{1,2}年度?"
)
"""The form of a place's name, and a year."""
_AND_ANOTHER = re.compile(r"(?<=[都道府県市区町村度\d])[とや・、]")
_PHRASE_OF_WORDS = re.compile(r"[^ぁ-ん][のをとやはがにでも][^ぁ-ん]")
"""自分の町 is no name, and neither is 私が住む町."""
NO_PLACES = frozenset(
    ("市町村", "市区町村", "都道府県", "道府県", "町村", "本市", "当市", "同市", "他市", "全市",
     "政令市", "政令指定都市", "指定都市", "中核市", "特例市", "一般市", "特別区", "行政区",
     "大都市", "他区", "本町", "同町", "他町", "本県", "他県", "全県", "近隣市", "近隣市町村",
     "他市町村")
)  # fmt: skip
"""Words of the form of a place's name that are none."""


class TokenKind(StrEnum):
    """What a token is."""

    WORD = "word"
    PHRASE = "phrase"
    OPEN = "open"
    CLOSE = "close"
    AND = "and"
    OR = "or"
    NOT = "not"
    """Leaves out what follows."""
    NOT_AFTER = "not_after"
    """Leaves out what came before: 「DXを除く」."""
    NOT_EITHER = "not_either"
    """除く by itself: leaves out what follows, or what came before where nothing follows."""


OPERATORS = {
    "OR": TokenKind.OR, "または": TokenKind.OR, "又は": TokenKind.OR, "もしくは": TokenKind.OR,
    "AND": TokenKind.AND, "かつ": TokenKind.AND, "+": TokenKind.AND,
    "NOT": TokenKind.NOT, "除く": TokenKind.NOT_EITHER, "のぞく": TokenKind.NOT_EITHER,
    "以外": TokenKind.NOT_AFTER, "以外の": TokenKind.NOT_AFTER,
    **dict.fromkeys(_AFTER, TokenKind.NOT_AFTER),
}  # fmt: skip
"""Words that are operators where they stand alone, in any width; also ``|``."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token and where it stands in what was typed."""

    kind: TokenKind
    start: int
    end: int
    text: str
    """Without quotes and field name."""
    at: int
    """Where `text` begins."""
    field: Facet | None = None
    named: str = ""
    """The field's name and colon as typed."""
    quotes: tuple[str, str] = ("", "")


def tokens(typed: str) -> tuple[tuple[Token, ...], bool]:
    """The tokens of a question, its brackets in pairs, and whether brackets lay too deep.

    Never fails, whatever was typed.
    """
    return _paired(list(_tokens(typed)))


def is_blank(text: str) -> bool:
    """Whether nothing is there to be read."""
    return not _BLANK.sub("", text)


def _tokens(typed: str) -> Iterator[Token]:
    position, depth = 0, 0
    found: Token | None = None
    while position < len(typed):
        if blank := _BLANK.match(typed, position):
            position = blank.end()
            continue
        found = _next(typed, position, depth, after=found)
        if found is None:  # a quote without its partner
            position += 1
            continue
        depth += {TokenKind.OPEN: 1, TokenKind.CLOSE: -1}.get(found.kind, 0)
        yield from _parted(found)
        position = found.end


def _next(typed: str, start: int, depth: int, after: Token | None) -> Token | None:
    if not _is_minus_before(after, start) and (sign := _sign(typed, start, depth)):
        return sign
    match = _FIELD.match(typed, start)
    facet = FIELDS.get(_folded(match.group(1)).lower()) if match else None
    if match and facet and (value := _value(typed, match.end(), depth)):
        return replace(value, start=start, field=facet, named=match.group())
    return _value(typed, start, depth)


def _is_minus_before(token: Token | None, start: int) -> bool:
    """What follows a minus is a word, even where it could be an operator."""
    return (
        token is not None and token.kind is TokenKind.NOT and token.end == start == token.start + 1
    )


def _sign(typed: str, start: int, depth: int) -> Token | None:
    """An operator or a closing bracket, if one stands here."""
    character = typed[start]
    if character in ")）" and depth > 0:
        return Token(TokenKind.CLOSE, start, start + 1, character, start)
    if match := _EITHER_SIGN.match(typed, start):
        return Token(TokenKind.OR, start, match.end(), match.group(), start)
    if character in MINUS and _excludes(typed, start):
        return Token(TokenKind.NOT, start, start + 1, character, start)
    run = _RUN.match(typed, start)
    if run and (kind := _operator(run.group(), typed[:start], typed[run.end() :])):
        return Token(kind, start, run.end(), run.group(), start)
    return None


def _operator(word: str, before: str, after: str) -> TokenKind | None:
    """What a word that stands alone is; or and and in small letters only beside Japanese."""
    plain = _folded(word)
    if plain.upper() not in ("OR", "AND"):
        return OPERATORS.get(plain)
    beside = (_LAST_LETTER.search(before), _FIRST_LETTER.search(after))
    japanese = any(found and not _folded(found.group(1)).isascii() for found in beside)
    return OPERATORS.get(plain.upper() if japanese else plain)


def _excludes(typed: str, start: int) -> bool:
    """Whether a minus excludes: it is followed by something, and is no ornament (－夢－)."""
    following = typed[start + 1 : start + 2]
    if is_blank(following) or following in MINUS or following in ")）|｜":
        return False
    run = _RUN.match(typed, start + 1)
    return not (run and run.group()[-1] in MINUS)


def _value(typed: str, start: int, depth: int) -> Token | None:
    """A phrase, an opening bracket or a word; None where none of them stands."""
    character = typed[start : start + 1]
    if character in ("(", "（"):
        return Token(TokenKind.OPEN, start, start + 1, character, start)
    if character and character in _OPENING_QUOTES:
        return _phrase(typed, start)
    end = _word_end(typed, start, depth)
    if end == start:
        return None
    return Token(TokenKind.WORD, start, end, typed[start:end], start)


def _phrase(typed: str, start: int) -> Token | None:
    opening = typed[start]
    end = typed.find(_CLOSING_QUOTE[opening], start + 1)
    if end < 0:
        return None
    inside = typed[start + 1 : end]
    text = inside.strip()
    at = start + 1 + len(inside) - len(inside.lstrip())
    quotes = (opening, _CLOSING_QUOTE[opening])
    return Token(TokenKind.PHRASE, start, end + 1, text, at, quotes=quotes)


def _word_end(typed: str, start: int, depth: int) -> int:
    """Where a word ends: brackets within it belong to it, 計画(案)."""
    inside = 0
    for position in range(start, len(typed)):
        character = typed[position]
        if character in _OPENING_QUOTES or character in "|｜" or _BLANK.match(character):
            return position
        if character in "(（":
            inside += 1
        elif character in ")）":
            if not inside and depth > 0:
                return position
            inside = max(inside - 1, 0)
    return len(typed)


def _parted(token: Token) -> Iterator[Token]:
    """A word that ends with what leaves it out as the word and the operator, a sentence that
    begins with places or years to be left out as these and what follows; anything else as it is.
    """
    text = token.text
    if token.kind is not TokenKind.WORD:
        yield token
    elif (but := _BUT.search(text)) and (names := _names(text[: but.start()])):
        yield from _left_out(token, names, but.end())
    else:
        while ending := next((a for a in _AFTER if text.endswith(a) and text != a), None):
            text = text.removesuffix(ending)
        whole = text == token.text
        yield from [token] if whole else _left_out(token, [(0, len(text))], len(token.text))


def _names(text: str) -> list[tuple[int, int]]:
    """Where the places and years of a list of them stand; none where a part is no name."""
    joints = [(match.start(), match.end()) for match in _AND_ANOTHER.finditer(text)]
    edges = [0, *(edge for joint in joints for edge in joint), len(text)]
    names = list(zip(edges[::2], edges[1::2], strict=True))
    words = [text[start:end] for start, end in names]
    return names if all(map(_is_name, words)) else []


def _is_name(word: str) -> bool:
    form = _NAME.fullmatch(word) is not None
    return form and word not in NO_PLACES and _PHRASE_OF_WORDS.search(word) is None


def _left_out(token: Token, names: list[tuple[int, int]], end: int) -> Iterator[Token]:
    """Each name of a word with an operator after it, the last up to `end`, and what follows."""
    text, at = token.text, token.at
    beginnings = [start for start, _ in names[1:]]
    for (start, stop), sign_end in zip(names, [*beginnings, end], strict=True):
        first = at + start if start else token.start
        yield replace(token, text=text[start:stop], start=first, end=at + stop, at=at + start)
        sign = text[stop:sign_end]
        yield Token(TokenKind.NOT_AFTER, at + stop, at + sign_end, sign, at + stop)
    if end < len(text) and text[end] in MINUS and _excludes(text, end):
        yield Token(TokenKind.NOT, at + end, at + end + 1, text[end], at + end)
        end += 1
    if end < len(text):
        rest = Token(TokenKind.WORD, at + end, token.end, text[end:], at + end)
        yield from _parted(rest)


def _paired(found: list[Token]) -> tuple[tuple[Token, ...], bool]:
    """The tokens without brackets that have no partner or lie too deep."""
    open_, left_out, too_deep = [], set(), False
    for at, token in enumerate(found):
        if token.kind is TokenKind.OPEN:
            open_.append(at)
        elif token.kind is TokenKind.CLOSE:
            if len(open_) > DEEPEST_BRACKETS:
                left_out |= {open_[-1], at}
                too_deep = True
            open_.pop()
    left_out.update(open_)
    return tuple(t for at, t in enumerate(found) if at not in left_out), too_deep


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text)
