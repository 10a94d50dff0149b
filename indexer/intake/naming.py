"""What an event is called on a page: its title, series and edition, out of a heading."""

import re
from dataclasses import dataclass

from indexer.intake.wording import QUOTED, Line, key_of, levelled

EVENT_NOUN = (
    "セミナー|フォーラム|シンポジウム|シンポ|研修会?|勉強会|発表会|講演会|大会|交流会|報告会|説明会"
    "|講座|サミット|ワークショップ|カンファレンス|例会|集会|意見交換会|座談会|検討会|研究集会|甲子園"
    "|博覧会|展示会|総会|研究会|見学会|視察会|キャンプ|ゼミナール|ゼミ|フェスティバル|フェスタ|フェス"
    "|イベント|コンテスト|選手権|カフェ|サロン|ミーティング|学習会|実践塾|塾|会議"
)
HAS_NOUN = re.compile(EVENT_NOUN)
EDITION = re.compile(r"第\s?(?:\d{1,3}|[一二三四五六七八九十百]{1,4})\s?回|(?i:vol)\.?\s?\d{1,3}")
REPORTS = re.compile(
    "報告|レポート|結果|(?:開催|実施|終了)(?:いた)?し(?:まし)?た|開催(?:され)?ました|行いました|開催[!]|の様子|の記録"
    "|終えました"
)
ANNOUNCES = re.compile(
    "お知らせ|おしらせ|ご?案内|募集|開催(?:いた)?します|開催予定|開催決定|告知|受付|申込|終了|中止|延期"
    "|参加者|やります|行います|開きます"
)
_YEAR = re.compile(r"(?:(?:19|20)\d\d|(?:令和|平成|[RH])(?:元|\d{1,2}))\s?(?:年度?)?(?![\d/.\-月])")
_DATE = re.compile(
    r"(?:(?:(?:19|20)\d\d|(?:令和|平成|[RH])(?:元|\d{1,2}))\s?[年/.\-]\s?)?\d{1,2}\s?[月/.\-]\s?\d{1,2}\s?日?"
    r"\s?(?:\(?(?:[月火水木金土日](?:曜日?)?|(?i:sun|mon|tue|wed|thu|fri|sat)[a-z.]*)[・祝休]*\)|\([^)]{1,4}\))?"
)
_MARK = re.compile(r"【[^】]{1,20}】|\[[^\]]{1,12}\]|[◆◇■□★☆●○▼◎※#*]+")
_AFTER_NAME = re.compile(
    r"(?:の|を|が|は|に|へ)?(?:[^\s。]{1,14}のため)?(?:ご?参加者?を?)?(?:について|につき|にて)?"
    r"(?:の?(?:開催|実施)|(?:概要|実施|開催)?結果|ご?報告(?!会)|(?:概要|開催|実施)?レポート|お知らせ|おしらせ|ご案内|案内"
    r"|募集|中止|延期|終了|参加者|申込|(?:行い|開き|やり|終え)(?:ます|まし)|の様子|の記録).*$"
)
_UNCLOSED = re.compile(r"[(【\[][^)】\]]*$")
_TRAILING = re.compile(r"[\s(（【\[]*(?:" + _DATE.pattern + r")[\s)）】\]]*$")
_EDGES = " 　\t・,、。:!-~()（）|/"


@dataclass(frozen=True, slots=True)
class EventName:
    """A name as it stands, and what it is made of."""

    title: str
    series: str
    """Without year, number and subtitle."""
    edition: str | None
    """第3回, or the year in the name."""

    @property
    def key(self) -> str:
        """One form for all spellings of the series."""
        return key_of(self.series)


def name_in(line: Line) -> EventName | None:
    """The name of an event in a heading: what it quotes, or what is left without the rest."""
    quotes = list(QUOTED.finditer(line.text))
    plain = line.plain
    for quote in quotes:
        if HAS_NOUN.search(quote.group(1)):
            return _named(line.text, *_with_prefix(plain, quote.start(), quote.end()))
    outside = HAS_NOUN.search(QUOTED.sub(lambda match: " " * len(match.group()), plain))
    bare = _bare(plain) if outside or not quotes else None
    if bare is not None and HAS_NOUN.search(plain, *bare):
        return _named(line.text, *bare)
    return None


def quoted_name(line: Line) -> EventName | None:
    """What a heading quotes or says, whatever it is called: for headings that bear a date."""
    quote = QUOTED.search(line.text)
    if quote:
        return _named(line.text, quote.start(), quote.end())
    bare = _bare(line.plain)
    return _named(line.text, *bare) if bare and bare[1] - bare[0] >= 4 else None


def _named(text: str, start: int, end: int) -> EventName:
    title = text[start:end].strip(_EDGES)
    if title[:1] in "「『“" and title[-1:] in "」』”":
        title = title[1:-1].strip()
    plain = levelled(title)
    number = EDITION.search(plain)
    year = _YEAR.search(plain)
    edition = "".join(number.group().split()) if number else None
    if edition is None and year:
        edition = re.sub("年度?", "", year.group()).strip()
    return EventName(title, series_of(title), edition)


def series_of(title: str) -> str:
    """The name without year, number and what follows its noun: 第3回 改善大会2024 夏 → 改善大会."""
    plain = levelled(title)
    bare = "".join(
        " " if match else character for character, match in zip(title, _covered(plain), strict=True)
    ).strip(_EDGES)
    bare = re.sub("[「」『』“”]", " ", bare).strip(_EDGES)
    for noun in HAS_NOUN.finditer(bare):
        following = bare[noun.end() : noun.end() + 1]
        if not following or not following.isalpha():
            return re.sub(r"\s+", " ", bare[: noun.end()])
    return re.sub(r"\s+", " ", bare)


def _covered(plain: str) -> list[bool]:
    """Which characters belong to a year, a date or a number."""
    covered = [False] * len(plain)
    for pattern in (_DATE, _YEAR, EDITION):
        for match in pattern.finditer(plain):
            covered[match.start() : match.end()] = [True] * (match.end() - match.start())
    return covered


def _with_prefix(plain: str, start: int, end: int) -> tuple[int, int]:
    """A quotation with the number or year written right before it: 第1回「…」, 2018「…」."""
    front = max(0, start - 20)
    before = plain[front:start]
    for pattern in (EDITION, _YEAR):
        found = [m for m in pattern.finditer(before) if not before[m.end() :].strip()]
        if found:
            return front + found[-1].start(), end
    return start, end


def _bare(plain: str) -> tuple[int, int] | None:
    """What a heading leaves without marks, date and what it says of the event."""
    at = 0
    while at < len(plain):
        found = _MARK.match(plain, at) or _DATE.match(plain, at)
        if found and found.end() > at:
            at = found.end()
        elif plain[at] in _EDGES:
            at += 1
        else:
            break
    end = len(plain)
    noun = HAS_NOUN.search(plain, at)
    rest = _AFTER_NAME.search(plain, noun.end() if noun else at + 2)
    if rest:
        end = rest.start()
    for pattern in (_UNCLOSED, _TRAILING, _UNCLOSED):
        found = pattern.search(plain[at:end].rstrip(" 　\t"))
        end = at + found.start() if found else end
    end = at + len(plain[at:end].rstrip(_EDGES))
    return (at, end) if end > at else None
