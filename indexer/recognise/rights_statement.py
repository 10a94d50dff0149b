"""Sentences that say what may be done with a document, word for word."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from indexer.extracted import ExtractedPage
from indexer.recognise.evidence import Recognised, best_first, evidence_on
from indexer.recognise.reading import MOST_CHARACTERS, Reading

LEAST = 0.6

_DEED = "複写|複製|転用|転載|転送|二次利用|再配布|配布|撮影|引用"
_REFUSED = r"お?控え|ご?遠慮|お?断り|断わり|禁じ|禁止|厳禁|しないで|できません|許可な[くし]"
_PAPER = re.compile("資料|スライド|本書|冊子|文書|データ|レポート|本誌|記事|無断")
_REFUSAL = re.compile(rf"(?:{_DEED})[^。]{{0,24}}?(?:{_REFUSED})")
_HANDED_OUT = re.compile(r"(?:資料|本書|冊子|文書).{0,30}(?:限り|配布する|配布した|著作権|帰属)")
_CONFIDENTIAL = re.compile(
    "(?:庁内限り|部外秘|取扱注意|内部資料|関係者限り|委員限り|職員限り|持ち出し禁止|秘密文書)"
)
_OPEN = re.compile(
    r"クリエイティブ・?コモンズ|CC[ -]BY(?:[ -](?:SA|NC|ND))*|CC0|政府標準利用規約"
    r"|オープンデータとして(?:公開|提供)して|自由に(?:利用|複製|転載)(?:でき|して)"
)
_RESERVED = re.compile(r"(?i)all rights reserved|(?:©|\(c\)|copyright)\s.{2,40}(?:\d{4}|reserved)")
_OPENS, _CLOSES = "(（「『【", ")）」』】"
_LEAD = " \t　・※*●○■□"
_STARTS = re.compile("[\\s　]*(?:[(（【※*・]|本|この|当|無断|なお|ご|著作|資料|スライド)")
_FULL_LINE = 20
"""Characters of a line that may go on in the next one."""
_LONGEST = 200
_LISTED = 0.5
"""A sentence that stands twice on one page is said of the documents that the page lists."""
_QUOTED = 0.5
"""Words in quotation marks are another document's: too little to be proposed."""


def recognise_rights_statement(reading: Reading) -> tuple[Recognised[str], ...]:
    """Statements on the use of the document, verbatim but for line ends, surest first."""
    found: dict[str, Recognised[str]] = {}
    for page in reading.pages:
        on_page = list(_on_page(page))
        times = Counter(_key(one) for one in on_page)
        for one in on_page:
            stated = one if times[_key(one)] == 1 else replace(one, confidence=_LISTED)
            found.setdefault(_key(one), stated)
    return best_first(found.values(), LEAST)


def _key(statement: Recognised[str]) -> str:
    return "".join(statement.value.split())


def _on_page(page: ExtractedPage) -> Iterator[Recognised[str]]:
    text = page.text[:MOST_CHARACTERS]
    for rule, pattern, weight in (
        ("refusal", _REFUSAL, 0.95),
        ("confidential", _CONFIDENTIAL, 0.95),
        ("reserved", _RESERVED, 0.85),
        ("open_licence", _OPEN, 0.8),
    ):
        for match in pattern.finditer(text):
            start, end = _sentence(text, match.start(), match.end())
            words = text[start:end]
            if len(words) > _LONGEST or not _is_statement(rule, words, match.start() - start):
                continue
            confidence = _QUOTED if text[start - 1 : start] in ("「", "『") else weight
            evidence = evidence_on(page.number, page.text, start, end)
            yield Recognised("".join(words.splitlines()), confidence, (evidence,), rule)


def _is_statement(rule: str, words: str, at: int) -> bool:
    """Whether a sentence speaks of the document in hand, and not of copying in general."""
    if rule == "refusal":
        return bool(_PAPER.search(words))
    if rule == "confidential":
        return at <= 2
    return True


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence around `start:end`, over full lines, with what it is handed out for."""
    begin = _back(text, start)
    if text[begin - 1 : begin] == "。":
        before = _back(text, begin - 1)
        if _HANDED_OUT.search(text[before:begin]):
            begin = before
    furthest = min(len(text), end + _LONGEST)
    while end < furthest and text[end] not in "。\n」』" + _CLOSES:
        end += 1
        if text[end : end + 1] == "\n" and end - _line_start(text, end) >= _FULL_LINE:
            end += 1
    if text[end : end + 1] == "。":
        end += 1
    # A bracket that was opened before belongs to the sentence as it is printed.
    opened = sum(text.count(mark, begin, end) for mark in _OPENS)
    closed = sum(text.count(mark, begin, end) for mark in _CLOSES)
    if opened > closed and text[end : end + 1] and text[end] in _CLOSES:
        end += 1
    return begin, max(end, begin)


def _back(text: str, start: int) -> int:
    """Where the sentence that holds `start` begins."""
    begin = start
    while start - begin < _LONGEST and begin > 0 and text[begin - 1] not in "。「『":
        if text[begin - 1] == "\n" and (
            begin - 1 - _line_start(text, begin - 1) < _FULL_LINE or _STARTS.match(text, begin)
        ):
            break
        begin -= 1
    while begin < start and text[begin] in _LEAD + "\n":
        begin += 1
    return begin


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1
