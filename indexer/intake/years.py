"""昨年度 and its kin by the day of their block, and the years in which something was done."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from indexer.intake.naming import HAS_NOUN
from indexer.intake.wording import Line
from kb.domain.fiscal_year import FiscalYear, YearKind

_BACK = {
    "一昨々年度": 3, "一昨年度": 2, "昨年度": 1, "前年度": 1, "本年度": 0, "今年度": 0, "当年度": 0,
    "一昨年": 2, "昨年": 1, "前年": 1, "去年": 1, "本年": 0, "今年": 0,
}  # fmt: skip
_RELATIVE = re.compile("|".join(sorted(_BACK, key=len, reverse=True)))
_DONE = re.compile(
    "実践|取り?組|取組|挑戦|参加|成果|研究会|プログラム|事業|活動|実施|改善|チーム|提案|発表|報告|振り返"
)
_TO_COME = re.compile("スタート|始ま|始め|新たな|次の|次回|予定|募集|来年|今後|計画に")
_REACH = 30
"""Characters behind a year within which its deed is named."""
_NAME_REACH = 12
"""Characters behind a deed's word that may make it the name of an event: 改善…セミナー."""


@dataclass(frozen=True, slots=True)
class SaidYear:
    """A year as a line says it."""

    words: str
    year: int
    """Gregorian; of a fiscal year the one it begins in."""
    is_fiscal: bool
    is_relative: bool
    line: Line
    start: int
    end: int


def years_in(line: Line, on: date | None) -> Iterator[SaidYear]:
    """Fiscal years of a line, and relative years where the day of their block is known."""
    for span in line.years:
        if span.kind is YearKind.FISCAL_YEAR and span.says_fiscal:
            yield SaidYear(span.text, span.year, True, False, line, span.start, span.end)
    if on is None:
        return
    for found in _RELATIVE.finditer(line.plain):
        words = found.group()
        fiscal = words.endswith("度")
        year = (FiscalYear.containing(on).year if fiscal else on.year) - _BACK[words]
        yield SaidYear(words, year, fiscal, True, line, found.start(), found.end())


def practice_years(
    lines: Sequence[Line], on: date | None, programmes: Sequence[str] = ()
) -> Iterator[SaidYear]:
    """The fiscal years in which something that lines tell of was done.

    A year that names the event (2022年度セミナー), or something that is about to begin, is none.
    """
    latest = FiscalYear.containing(on).year if on is not None else None
    for index, line in enumerate(lines):
        for said in years_in(line, on):
            if not said.is_fiscal or (latest is not None and said.year > latest):
                continue
            below = next((one.plain for one in lines[index + 1 : index + 3] if one.plain), "")
            if _is_practice(said, below, programmes):
                yield said


def _is_practice(said: SaidYear, below: str, programmes: Sequence[str]) -> bool:
    plain = said.line.plain
    ends_here = said.end + _REACH <= len(plain) or plain.rstrip()[-1:] in "。)」"
    # A sentence may go on in the next line of a text page.
    following = (plain if ends_here else plain + below.strip())[said.end :]
    rest = following[:_REACH].split("。")[0]
    for name in programmes:
        # A programme's name may itself hold the word for an event (研究会).
        rest = rest.replace(name, "事業")
    deed, event = _DONE.search(rest), HAS_NOUN.search(rest)
    if deed is None:
        return False
    names_event = event is not None and event.start() <= deed.end() + _NAME_REACH
    if names_event and not said.is_relative:
        return False
    return not _TO_COME.search(re.split("[、。]", plain[said.end :][:_REACH])[0])
