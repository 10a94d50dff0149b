"""Questions typed as a sentence: 「窓口の待ち時間を短くするにはどうすればよいですか」.

Of such a question no text holds every word, and some of its words only ask. The words that ask
and those that carry no meaning are left out; when four or more are left, holding some of them is
enough, and what holds most and the rarest of them comes first. Up to three words are asked for
together, as words with blanks between them always are: a few words are a demand, a sentence is a
description. A run of text without particles (庁舎移転計画検討委員会) is a name, not a sentence.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from kb.search.readers.typed import All, Node, Piece, PieceKind, Typed, printed, read

LEAST_WORDS = 4
"""From so many words on any of them is enough. From three on measured the same."""

_ANY_WAS_ENOUGH = (
    "文として読み、ことばの一部を含むものも、多く含むものから順に表示しています。"
    "すべてのことばを含むものだけを見るには、「ことばの読み取り」で文の指定を外してください。"
)
_TYPOGRAPHIC = {("", ""), ("「", "」"), ("『", "』"), ("“", "”")}
"""Quotes that a sentence has of itself; others ask for what stands in them, literally."""
_BLANK = re.compile(r"[\s\u3000]")
_JOINING = re.compile("[ぁ-ゖ]")
_ASKING = re.compile(
    "何.*|なに|なん|誰|だれ|どなた|いつ|いつ頃|いつごろ|どこ|どれ.*|どの.*|どちら.*|どっち|どんな"
    "|どう|どういう.*|どうして|いくつ|いくら|なぜ|何故|いかが|いずれ"
)
_LIGHT = re.compile(
    "し|する|すれ|さ|せ|い|いる|いれ|おり|おる|あり|ある|あっ|あれ|なり|なる|なっ|なれ|こと|もの|よう"
    "|よい|いい|また|または|もしくは|あるいは|および|かつ|そして"
    "|やる|やっ|やり|やれ|場合"
    "|つい|つき|より|よる|よっ|おい|おけ|おき|いう|いっ|[がでとにのはへもやを]"
)
"""Words in hiragana that join others as particles do (について, によって, における), and particles
that are read as words where a sentence goes on after a quotation."""
_REQUEST = re.compile(
    "(?:教えて|おしえて|お教え|ご教示|知りたい|探して|お願い|聞きたい|伺いたい|ください|下さい)"
    "[ぁ-ゖー、。．.?？!！]{0,14}$"
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a question, as it was read."""

    start: int
    end: int
    """Where it stands in what was typed."""
    filed: bool = False
    """Whether it is a year, a place, a department ...: nothing to be left out."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is made of a question that is a sentence."""

    kept: tuple[int, ...]
    """Positions of the words that are searched for, in order; at least one."""
    left_out: tuple[str, ...]
    """What only asks (何, 教えてください), once each; light words are not told, as particles
    are not."""
    all_of: str
    """The question that asks for all the words kept."""

    @property
    def any_is_enough(self) -> bool:
        """Whether holding some of the words is enough."""
        return len(self.kept) >= LEAST_WORDS

    def notices(self, *, any_was_enough: bool) -> tuple[str, ...]:
        """What is said with the answer: how it was found, and what was not searched for."""
        found = (_ANY_WAS_ENOUGH,) if any_was_enough else ()
        words = "」「".join(self.left_out)
        return (*found, f"「{words}」は検索に使っていません。") if words else found


def is_unbroken(question: Typed, typed: str) -> bool:
    """Whether a question is one run of text, without blanks, operators, fields or "phrases"."""
    tree = question.tree
    parts: tuple[Node, ...] = tree.parts if isinstance(tree, All) else (tree,) if tree else ()
    return (
        not _BLANK.search(typed.strip())
        and bool(parts)
        and all(_is_plain(part) for part in parts)
        and any(isinstance(p, Piece) and p.kind is PieceKind.WORD for p in parts)
    )


def _is_plain(part: Node) -> bool:
    return isinstance(part, Piece) and not part.field and part.quotes in _TYPOGRAPHIC


def as_sentence(typed: str, words: Iterable[Word]) -> Sentence | None:
    """What an unbroken question is as a sentence; None where it is none.

    Args:
        typed: the question.
        words: what it was read as, in order.
    """
    found = list(words)
    if not _is_joined(typed, found):
        return None
    request = _REQUEST.search(typed)
    ends = request.start() if request else len(typed)
    kept = tuple(at for at, word in enumerate(found) if _tells(typed, word, ends))
    if not kept:
        return None
    asking = [_text(typed, word) for word in found if word.start < ends and not word.filed]
    asked = [word for word in asking if _ASKING.fullmatch(word)]
    tail = [typed[ends:].rstrip("、。．.?？!！")] if request else []
    together = All(tuple(_piece(_text(typed, found[at])) for at in kept))
    return Sentence(kept, tuple(dict.fromkeys((*asked, *tail))), printed(together))


def _is_joined(typed: str, words: list[Word]) -> bool:
    """Whether hiragana that belongs to no word joins two of them or ends the question."""
    between = list(typed)
    for word in words:
        between[word.start : word.end] = "・" * (word.end - word.start)
    return len(words) > 1 and bool(_JOINING.search("".join(between)))


def _tells(typed: str, word: Word, ends: int) -> bool:
    text = _text(typed, word)
    silent = _ASKING.fullmatch(text) or _LIGHT.fullmatch(text)
    return word.filed or (word.start < ends and not silent)


def _text(typed: str, word: Word) -> str:
    return typed[word.start : word.end]


def _piece(text: str) -> Piece:
    """A word or phrase that is read as itself again, in quotes where it would be an operator."""
    match read(f"語 {text} 語").tree:
        case All((_, Piece() as again, _)):
            return again
        case _:
            return Piece(text, PieceKind.PHRASE)
