"""Programmes that a page tells of, with the years of their cohorts: 2021年度「…研究会」."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from indexer.intake.blocks import Block
from indexer.intake.wording import QUOTED, Line, key_of, levelled
from indexer.intake.years import SaidYear, years_in

MOST, MOST_EVENTS = 20, 200
"""Of a page; each is looked for in every line."""

_NOUN = re.compile(
    "(?:研究会|プログラム|プロジェクト|塾|道場|スクール|アカデミー|ゼミ|ゼミナール|ラボ|カレッジ|事業|制度"
    "|講座|支援|チャレンジ|運動|リーグ|コース|研修)$"
)
_EXPLAINED = re.compile(r"【([^】]{3,40}?)とは】|「([^」]{3,40})」とは")
_BETWEEN = re.compile(
    r"[のに、はから\s]{0,3}(?:初めて|開催した|始めた|実施した|[^。「」]{0,14}挑戦した)*"
)
_LONGEST_BETWEEN = 24
_UNQUOTED_REACH = 14
_NOT_ITS = re.compile("次|来年|予定")


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme and what the page says of it."""

    title: str
    cohorts: tuple[int, ...]
    lines: tuple[Line, ...]
    """That name it, the one that explains it first."""
    years: tuple[SaidYear, ...]

    @property
    def key(self) -> str:
        """One form for all spellings of its title."""
        return key_of(self.title)


def programmes_in(blocks: Sequence[Block]) -> tuple[Programme, ...]:
    """The programmes: named beside years, or explained, and no event of the page."""
    events = dict.fromkeys(block.name.key for block in blocks if block.name is not None)
    names = list(events)[:MOST_EVENTS]
    found: dict[str, str] = {}
    for block in blocks:
        for line in block.lines:
            for title in _titles(line, block.on):
                key = key_of(title)
                if key not in found and not any(key in event or event in key for event in names):
                    found[key] = title
    return tuple(made for title in list(found.values())[:MOST] if (made := _made(title, blocks)))


def _titles(line: Line, on: date | None) -> Iterator[str]:
    explained = _EXPLAINED.search(line.text)
    if explained:
        title = next(group for group in explained.groups() if group)
        if _NOUN.search(levelled(title)):
            yield title
    if "「" not in line.text and "『" not in line.text:
        return
    years = list(years_in(line, on))
    for quote in QUOTED.finditer(line.text) if years else ():
        if _NOUN.search(quote.group(1)) and any(_bound(line, said, quote) for said in years):
            yield quote.group(1)


def _bound(line: Line, said: SaidYear, quote: re.Match[str]) -> bool:
    """Whether a year is said of a quoted name: right before it, or right behind."""
    if said.start >= quote.end():
        return not line.plain[quote.end() : said.start].strip("の 　")
    between = line.plain[said.end : quote.start()]
    near = said.end <= quote.start() and len(between) <= _LONGEST_BETWEEN
    return near and bool(_BETWEEN.fullmatch(between))


def _made(title: str, blocks: Sequence[Block]) -> Programme | None:
    name = levelled(title)
    lines: list[Line] = []
    years: list[SaidYear] = []
    for block in blocks:
        for line in block.lines:
            if name in line.plain:
                lines.append(line)
                years += [said for said in years_in(line, block.on) if _of(said, name)]
    if not years and not any(_EXPLAINED.search(line.text) for line in lines):
        return None
    lines.sort(key=lambda line: not _EXPLAINED.search(line.text))
    counted = Counter(said.year for said in years)
    return Programme(title, tuple(sorted(counted)), tuple(lines), tuple(years))


def _of(said: SaidYear, name: str) -> bool:
    """Whether a fiscal year stands beside a programme's name, in the same sentence."""
    plain, at = said.line.plain, said.line.plain.find(name)
    if at < 0 or not said.is_fiscal:
        return False
    first, last = (said.end, at) if said.end <= at else (at + len(name), said.start)
    between = plain[first:last]
    reach = _UNQUOTED_REACH if said.end <= at else 3
    close = len(between) <= reach and "。" not in between
    return close and not _NOT_ITS.search(between)
