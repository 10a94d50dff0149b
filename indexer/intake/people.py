"""The people of a page and what they did at its events.

Names are found by the forms of :mod:`indexer.recognise.people`, beside a role; a name that
is known by them is then found wherever else it stands. 原崎 and 原﨑 are one man.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.extracted import ExtractedPage
from indexer.intake.blocks import Block
from indexer.intake.wording import Line
from indexer.recognise.people import ROLE_WORD, people_in
from indexer.recognise.reading import Reading
from indexer.recognise.source import Source
from kb.domain.gazetteer import Gazetteer
from kb.japanese.fold import fold, fold_text

MOST = 60
"""People of a page; each is looked for in every line."""

_PART = re.compile(
    r"(?:首長|応援|基調|特別|記念|パネル|開会|閉会|全体|事例|実践|総合|トップ)*(?:対談|鼎談|座談会|メッセージ|講演|講義|講評"
    r"|挨拶|あいさつ|進行|司会|ファシリテー(?:ター|ト|ション)|コーディネー(?:ター|ト)"
    r"|モデレーター|ナビゲー(?:ター|ト)"
    r"|コメンテーター|パネリスト|ディスカッション|伴走支援|伴走|コネクター|発表|報告(?!会)|登壇|講師|代表|アドバイザー(?!ー))"
)
_ONE = "[々一-鿿豈-\ufaff]"
_LABELLED = re.compile(
    r"(?P<part>講師|講演者?|進行役?|司会者?|ファシリテーター|コーディネーター|モデレーター"
    r"|コメンテーター|パネリスト|登壇者|発表者|報告者|ゲスト|アドバイザー|ナビゲーター|講評|挨拶)"
    r"[\s　]*[:：]?[\s　]*"
    rf"(?P<name>{_ONE}{{1,3}}[\s　]{_ONE}{{1,3}}|{_ONE}{{3,5}}?)"
    r"(?:氏|さん|先生|様|[\s　(（]|$)"
)
_OWN_ROLE = re.compile(
    r"([^\s、。()（）「」:：・]{0,16}?(?:理事長|会長|代表理事|代表|理事|教授|市長|区長|町長|村長|知事|課長|部長|係長|デザイナー"
    r"|アドバイザー|コンサルタント))[\s　]*$"
)
_SHORT = 40
"""Characters of a line that may be the heading of those below it."""
_LED = re.compile("^.*(?:講師|進行|司会|発表者|ゲスト|登壇者)[にはをと]")
_OF_OURS = re.compile("^(?:当|本|弊)(?:協会|研究会|法人|団体|会|社|所|市|町|村|区)(?:の)?")
_NOT_ORG = re.compile("^.*(?:を|と|が|は|に|で|から)(?=[^ぁ-ん])")


@dataclass(frozen=True, slots=True)
class Mention:
    """A person named in a line."""

    name: str
    """As it stands there, without blanks."""
    key: str
    """One form for its spellings."""
    role: str
    part: str
    line: Line
    start: int
    block: Block


def mentions_in(blocks: Sequence[Block], gazetteer: Gazetteer) -> tuple[Mention, ...]:
    """Everyone named with a role, everywhere they are named, in order."""
    found: dict[tuple[int, str], Mention] = {}
    for block, line, above in _lines(blocks):
        for name, role, start, part in _named(line, gazetteer):
            mention = _mention(name, role, part, line, start, block, above)
            found.setdefault((line.number, mention.key), mention)
    names = dict.fromkeys(mention.key for mention in found.values())
    known = re.compile("|".join(map(re.escape, list(names)[:MOST]))) if names else None
    if known is not None:
        for block, line, above in _lines(blocks):
            for mention in _again(line, block, known, above):
                found.setdefault((line.number, mention.key), mention)
    return tuple(sorted(found.values(), key=lambda one: (one.line.number, one.start)))


def _lines(blocks: Sequence[Block]) -> Iterator[tuple[Block, Line, str]]:
    """Every line with the words of the entry above it, which may say what those below it did."""
    for block in blocks:
        above = ""
        for line in block.lines:
            yield block, line, above
            if not line.is_blank:
                above = line.plain if len(line.text) < _SHORT and "。" not in line.text else ""


def _named(line: Line, gazetteer: Gazetteer) -> Iterator[tuple[str, str, int, str]]:
    """Name, role, first character and part of those a line names with a role."""
    if ROLE_WORD.search(line.text):
        page = ExtractedPage(1, line.text, 0.0, 0.0)
        for one in people_in(Reading(Source("", (page,)), gazetteer)):
            start = one.evidence[0].start or 0
            at = _find(line.text, one.value.name, start)
            yield one.value.name, one.value.role, at, ""
    for found in _LABELLED.finditer(line.text):
        name = "".join(found["name"].split())
        if len(name) >= 3 and not ROLE_WORD.search(name) and not _is_place(line, found):
            yield name, found["part"], found.start("name"), found["part"]


def _is_place(line: Line, found: re.Match[str]) -> bool:
    """Whether what looks like a name is a place."""
    return any(p.start < found.end("name") and found.start("name") < p.end for p in line.places)


def _find(text: str, name: str, start: int) -> int:
    at = text.find(name, start)
    return at if at >= 0 else start


def _again(line: Line, block: Block, known: re.Pattern[str], above: str) -> Iterator[Mention]:
    """Known names in a line, whatever stands beside them."""
    folded = fold(line.text)
    for found in known.finditer(folded.text):
        start, end = folded.source_span(found.start(), found.end())
        own = _OWN_ROLE.search(line.text[max(0, start - 24) : start])
        role = _NOT_ORG.sub("", own.group(1)) if own else ""
        yield _mention(line.text[start:end], role, "", line, start, block, above)


def _mention(
    name: str, role: str, part: str, line: Line, start: int, block: Block, above: str
) -> Mention:
    if len(name) > 3 and name[-1] in "氏様":
        name = name[:-1]
    role = _OF_OURS.sub("", _LED.sub("", role))
    lead = _PART.match(name)
    if lead and len(name) - lead.end() >= 2:
        # 講評 齋藤三郎 was read as surname and given name.
        part, name = part or lead.group(), name[lead.end() :]
        start = max(start, line.text.find(name))
    part = part or _part(line, start, start + len(name), above)
    return Mention(name, fold_text(name), role, part, line, start, block)


def _part(line: Line, start: int, end: int, above: str) -> str:
    """What somebody did: the next such word of the sentence, else the last before the name."""
    plain = line.plain
    after = plain[end:].split("。")[0][:60]
    before = plain[:start].rpartition("。")[2][-60:]
    listed = before.rfind("(") > before.rfind(")")
    ahead = _PART.search(after)
    if ahead and after[ahead.end() : ahead.end() + 1] == ":":
        ahead = None  # the label of somebody else
    behind = list(_PART.finditer(before))
    if behind and listed:
        return behind[-1].group()
    if ahead is None and behind:
        return behind[-1].group()
    section = _PART.search(above) if ahead is None else None
    return ahead.group() if ahead else section.group() if section else ""
