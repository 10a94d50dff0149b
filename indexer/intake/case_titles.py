"""What a case is called: quoted, in a column of its own, or in the words of a sentence."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.intake.labels import label_of
from indexer.intake.naming import EVENT_NOUN
from indexer.intake.wording import QUOTED, Line, Named

PROVISIONAL = re.compile(r"[(\[【]\s?仮(?:題|称)?\s?[)\]】]")
PREFIX = re.compile(
    "(?:事例|報告|発表|実践|取り?組み?|講演|先進|改善|紹介|その|第|部|席|回"
    r"|[0-9①-⑳A-Z\s.:)(、~\-])*"
)
"""What may stand before the presenter in an entry of a programme: 事例発表1, 13:10, A."""
DEED = re.compile(
    r"(?:の|による)(?P<deed>[^、。「」()~]{0,30}(?:取り?組み?|事例|実践|成果|改善|挑戦))"
)
_TITLED = re.compile(
    "(?:を|について|と題し(?:て|た)?|に関する|の)[^、。「」]{0,10}(?:発表|報告|紹介|共有)"
)
_LONGEST_PREFIX = 40
_EVENT = re.compile(f"(?:{EVENT_NOUN})$")
_MARK = re.compile(r"[(（]仮(?:題|称)?[)）]")
_COLON = re.compile(r"[\s　]*(?:[(（][^)）]{2,8}[)）])?[\s　]*[:：/／|｜][\s　]*(?=\S{4})")


@dataclass(frozen=True, slots=True)
class Title:
    """What a case is called in one place."""

    words: str
    line: Line
    start: int
    provisional: bool
    quoted: bool
    """In quotation marks or a column of its own; otherwise the words of a sentence."""


def is_prefix(words: str) -> bool:
    """Whether words may stand before the presenter in an entry of a programme."""
    return len(words) <= _LONGEST_PREFIX and bool(PREFIX.fullmatch(words))


def title_of(line: Line, place: Named, below: Sequence[Line]) -> Title | None:
    """The title of an entry: quoted, in another cell, behind a colon, or in the line below."""
    quotes = list(QUOTED.finditer(line.text))
    if quotes:
        after = [quote for quote in quotes if quote.start() >= place.end]
        return _quoted(line, (after or quotes)[0])
    cells = [(m.start(), m.group()) for m in re.finditer(r"[^\t|]+", line.text)]
    others = [(at, cell) for at, cell in cells if not at <= place.start < at + len(cell)]
    titles = [(at, cell) for at, cell in others if _is_title(cell)]
    if titles:
        at, cell = max(titles, key=lambda one: len(one[1]))
        return _plain_title(line, at, cell)
    colon = _COLON.match(line.text, place.end)
    if colon:
        return _plain_title(line, colon.end(), line.text[colon.end() :])
    return title_below(below) or title_told(line, place)


def _is_title(cell: str) -> bool:
    return len(cell.strip()) >= 5 and not re.fullmatch(r"[\d:~\-〜～時分\s]+", cell.strip())


def _plain_title(line: Line, start: int, words: str) -> Title:
    provisional = PROVISIONAL.search(words)
    clean = words[: provisional.start()] if provisional else words
    return Title(clean.strip(" 　\t"), line, start, bool(provisional), True)


def title_below(below: Sequence[Line]) -> Title | None:
    """The quoted title in the first lines below; one that names a file says it again."""
    for line in [line for line in below if not line.is_blank][:2]:
        if label_of(line) is not None or "。" in line.text:
            return None
        quote = QUOTED.search(line.text)
        if quote and is_prefix(line.plain[: quote.start()].strip("・-~ 　")):
            return _quoted(line, quote)
    return None


def _quoted(line: Line, quote: re.Match[str]) -> Title:
    behind = PROVISIONAL.match(line.plain, quote.end())
    inside = _MARK.search(quote.group(1))
    words = _MARK.sub("", quote.group(1)).strip()
    return Title(words, line, quote.start(1), bool(behind or inside), True)


def title_told(line: Line, place: Named) -> Title | None:
    """飯田市の公民館の取り組み: the words of the page, where it gives no title."""
    quote = QUOTED.search(line.text, place.end)
    if quote and not line.plain[place.end : quote.start()].strip("の、 　()"):
        return _quoted(line, quote)
    if quote and _TITLED.match(line.plain, quote.end()) and not _EVENT.search(quote.group(1)):
        return _quoted(line, quote)
    found = DEED.match(line.plain, place.end)
    if found is None:
        return None
    town = line.text[place.start : place.end].removeprefix(place.body.prefecture)
    words = town + line.text[place.end : found.end()]
    return Title(words.strip(), line, place.start, False, False)
