"""Labelled facts of a block: 【日時】, 会場:, a cell before another, a heading above its text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from indexer.intake.wording import MARKER, Line


class Label(StrEnum):
    """What a label introduces."""

    WHEN = "when"
    HOURS = "hours"
    WHERE = "where"
    MODE = "mode"
    CAPACITY = "capacity"
    CAME = "came"
    FEE = "fee"
    CONTENT = "content"
    TITLE = "title"
    OTHER = "other"


_WORDS = {
    Label.WHEN: "開催日時|開催期日|開催日程|開催日|日時|期日|日程|日付|会期|実施日時?|とき|と き",
    Label.HOURS: "開催時間|時間",
    Label.WHERE: "開催場所|開催会場|開催地|会場|場所|ところ|実施場所|アクセス",
    Label.MODE: "開催方法|開催形式|開催形態|実施方法|実施形式|形式|方法|参加方法",
    Label.CAPACITY: "募集定員|定員数?|募集人数|募集人員|参加定員|会場定員",
    Label.CAME: "参加者数|参加人数|来場者数|出席者数|参加実績|参加者",
    Label.FEE: "参加費用?|参加料|会費|受講料|費用|料金|入場料|資料代|聴講料",
    Label.CONTENT: (
        "主な内容|内容|プログラム|次第|式次第|タイムテーブル|スケジュール|発表内容|発表事例"
        "|事例発表|事例報告|事例紹介|実践報告|発表団体|報告"
    ),
    Label.TITLE: "催し名|イベント名|名称|タイトル|テーマ|演題|催事名|事業名",
    Label.OTHER: (
        "お?申し?込み?(?:方法|先|期間|期限|締切)?|締切|応募(?:方法|先)?|お?問い?合わ?せ(?:先)?"
        "|連絡先|主催|共催|後援|協力|協賛|対象者?|講師|登壇者|持ち物|備考|注意事項|配布資料|資料"
        "|発表資料|司会|進行|参加申込|お願い|その他"
    ),
}
_OPEN, _CLOSE = "[【\\[〔〈<《(]", "[】\\]〕〉>》)]"
_EVERY = "|".join(f"(?P<{label}>(?:{words}))" for label, words in _WORDS.items())
_BRACKETED = re.compile(rf"{_OPEN}\s?(?:{_EVERY})(?:\(予定\))?\s?{_CLOSE}\s*:?\s*")
_BARE = re.compile(rf"(?:{_EVERY})(?:\(予定\))?(?:\s*[:\t]\s*|[ 　]{{1,}}|\s*$)")
_ANY_BRACKETED = re.compile(r"[【〔《]([^】〕》\n]{{1,30}})[】〕》]\s*")
_SHORT = frozenset({Label.WHEN, Label.HOURS, Label.WHERE, Label.CAPACITY, Label.CAME, Label.FEE})
"""Labels whose values are short: after one of them another may stand in the same line."""
_NEXT = "|".join(f"(?P<{label}>(?:{words}))" for label, words in _WORDS.items() if label in _SHORT)
_FOLLOWING = re.compile(rf"(?<=\s)(?:{_OPEN}\s?)?(?:{_NEXT})(?:\s?{_CLOSE}\s*:?|\s*:|\s+)\s*(?=\S)")
_SPREAD = re.compile(r"(?<=[一-鿿])[ 　](?=[一-鿿])")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label and what it introduces."""

    label: Label
    line: Line
    """Where the value stands."""
    start: int
    """Its first character."""
    index: int
    """Of the label's line among those looked at."""
    end: int | None = None
    """Where the next label of the same line begins."""

    @property
    def value(self) -> str:
        """The value as it stands."""
        return self.line.text[self.start : self.end].strip()

    @property
    def plain(self) -> str:
        """The value in one width."""
        return self.line.plain[self.start : self.end].strip()


def label_of(line: Line) -> tuple[Label, int] | None:
    """The label that a line begins with and where its value begins."""
    plain = line.plain
    marker = MARKER.match(plain)
    at = marker.end() if marker else len(plain) - len(plain.lstrip())
    for pattern in (_BRACKETED, _BARE):
        if found := pattern.match(plain, at):
            return Label(str(found.lastgroup)), found.end()
    if _SPREAD.search(plain, at, at + 3):
        spread = _BARE.match(_unspread(plain[at : at + 40]))
        if spread:
            return Label(str(spread.lastgroup)), at + spread.end() + 1
    other = _ANY_BRACKETED.match(plain, at)
    return (Label.OTHER, other.end()) if other else None


def _unspread(text: str) -> str:
    """日 時 as 日時: one blank less."""
    return _SPREAD.sub("", text, count=1)


def _in_a_row(label: Label, line: Line, start: int, index: int) -> Iterator[Labelled]:
    """定員 100名 参加費 無料: several short facts in one line."""
    if label in _SHORT:
        while following := _FOLLOWING.search(line.plain, start):
            yield Labelled(label, line, start, index, following.start())
            label, start = Label(str(following.lastgroup)), following.end()
    yield Labelled(label, line, start, index)


def labelled(lines: Sequence[Line]) -> Iterator[Labelled]:
    """The labelled facts of lines, in order; a value may stand in the line below its label."""
    for index, line in enumerate(lines):
        found = label_of(line) if not line.is_blank else None
        if found is None:
            continue
        label, start = found
        if line.text[start:].strip():
            yield from _in_a_row(label, line, start, index)
            continue
        below = next((one for one in lines[index + 1 : index + 4] if not one.is_blank), None)
        if below is not None and (label is Label.CONTENT or label_of(below) is None):
            yield Labelled(label, below, 0, index)
