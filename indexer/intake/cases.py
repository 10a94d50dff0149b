"""The cases that a block tells of: who presented what, and the lines that belong to it.

A case is found by a municipality in the programme (福津市からの報告, (1) 南伊勢町(三重県),
「題」 高崎市, a row of a table) or in a sentence that says it presented (飯田市の取り組みを発表).
A place where the event is held, or whose mayor speaks, is none.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.intake.blocks import Block
from indexer.intake.case_titles import (
    DEED,
    PROVISIONAL,
    Title,
    is_prefix,
    title_below,
    title_of,
    title_told,
)
from indexer.intake.labels import Label, label_of
from indexer.intake.wording import MARKER, QUOTED, Line, Named, key_of
from kb.domain.municipality import Municipality

_NO_PRESENTER = re.compile(
    r"(?:区|市|町|村)?(?:役所|役場|庁舎|庁|会館|文化|民会館|民ホール|民センター|立|長(?!期|寿|野)"
    r"|議会議員|内|会場|駅|在住|出身|のご協力|の協力|知事|主催|後援|共催"
    r"|[一-鿿]{2,6}(?:市長|区長|町長|村長|知事))"
)
_FROM = re.compile(r"\s*(?:\([^)]{2,8}\))?\s*(?:から(?:の|は|、)?|より|による|の)")
_DOES = re.compile(
    r"\s*(?:\([^)]{2,8}\))?\s*(?:[がは][^。]{0,40}?(?:取り?組|実践|進め|挑戦|始め|行っ|生み出)|が「[^」]{2,60}」を)"
)
_PRESENTED = re.compile("発表|報告|紹介|共有|登壇|事例提供|話題提供")
_ALONE = re.compile(r"\s*(?:\([^)]{2,8}\)|[（][^）]{2,8}[）])?\s*(?:さん|様|さま)?\s*$")
_PAPER = re.compile(
    r"\s*(?:の|さんの)?(?:発表|報告|説明)?(?:スライド|資料|レポート|チラシ|メッセージ|PDF)"
)
_OFFICE = re.compile(
    r"[\s　・/]*(?:\([^)]{2,8}\))?[\s　]*[^\s「」。、]{0,24}?"
    r"(?:[課部局室係]|チーム|職員|プロジェクト|有志|委員会|センター)[^「」。]{0,30}$"
)
_NEXT = re.compile(
    r"\s*(?:対話|意見交換|質疑|休憩|交流|懇親|閉会|開会|挨拶|あいさつ|講評|まとめ|基調講演|首長)"
)
_TIME = re.compile(r"\s*\d{1,2}:\d{2}")
_MOST_LINES = 14
"""Lines below a presenter's that are still looked at; a programme's entry has up to eight."""


@dataclass(frozen=True, slots=True)
class Telling:
    """One place of a page that tells of a case."""

    body: Municipality
    block: Block
    line: Line
    """That names the municipality."""
    place: Named
    title: Title | None
    lines: tuple[Line, ...]
    """Its own lines: from the one that names it to the next entry."""
    listed: bool
    """An entry of a programme, not a sentence."""

    @property
    def code(self) -> str:
        """The municipality's code."""
        return str(self.body.code)


def tellings_in(block: Block) -> tuple[Telling, ...]:
    """The places of a block that tell of cases, in order."""
    entries = [
        (index, place)
        for index, line in enumerate(block.lines)
        if line is not block.heading and (place := _presenter(line, block.lines, index))
    ]
    entries = list(_begun(entries, block.lines))
    stops = [index for index, _ in entries[1:]] + [len(block.lines)]
    found = [
        _entry(block, index, place, stop)
        for (index, place), stop in zip(entries, stops, strict=False)
    ]
    listed = {one.line.number for one in found if one.title is not None}
    found = [one for one in found if one.title is not None]
    for line in block.lines:
        if line.number not in listed and line is not block.heading:
            found += _told(block, line)
    return tuple(sorted(found, key=lambda one: (one.line.number, one.place.start)))


# --- entries of a programme --------------------------------------------------------------


def _begun(
    entries: Sequence[tuple[int, Named]], lines: Sequence[Line]
) -> Iterator[tuple[int, Named]]:
    """Entries without those that only go on: a title below the line that names its presenter."""
    last: tuple[int, Named] | None = None
    for index, place in entries:
        if (
            last is not None
            and place.code == last[1].code
            and not QUOTED.search(lines[last[0]].text)
            and all(line.is_blank for line in lines[last[0] + 1 : index])
        ):
            continue
        last = index, place
        yield last


def _presenter(line: Line, lines: Sequence[Line], index: int) -> Named | None:
    """The municipality whose entry a line begins."""
    if not line.towns or "。" in line.text or len(line.text) > 200:
        return None
    for place in line.towns:
        if _NO_PRESENTER.match(line.plain, place.end):
            continue
        before = _before(line, place)
        after = line.plain[place.end :]
        if is_prefix(before) and _begins(after, line, place, lines[index + 1 : index + 6]):
            return place
        if _title_first(line, place):
            return place
    return None


def _before(line: Line, place: Named) -> str:
    """What stands before a place, without marker, label and prefecture."""
    found = label_of(line)
    at = found[1] if found and found[1] <= place.start else 0
    marker = MARKER.match(line.plain, at)
    at = marker.end() if marker and marker.end() <= place.start else at
    return line.plain[at : place.start].strip("\t 　|/")


def _begins(after: str, line: Line, place: Named, below: Sequence[Line]) -> bool:
    if _PAPER.match(after):
        return False
    if QUOTED.search(line.text, place.end) or "\t" in after.rstrip():
        return True
    presents = _FROM.match(after) and _PRESENTED.search(after)
    if presents or _ALONE.match(after) or _OFFICE.match(after) or after[:1] in ":/|":
        title = title_below(below)
        return title is not None or bool(presents) or after[:1] in ":/|"
    return False


def _title_first(line: Line, place: Named) -> bool:
    """「題」 高崎市 企画課, or a cell with a title before that of the municipality."""
    quote = QUOTED.search(line.text, 0, place.start)
    if quote is None:
        return False
    marker = MARKER.match(line.plain)
    lead = line.plain[marker.end() if marker else 0 : quote.start()]
    between = line.plain[quote.end() : place.start].strip("\t 　(（/-~・:|")
    clean = PROVISIONAL.sub("", between).strip("\t 　(（/-~・:|)")
    return is_prefix(lead) and not clean


def _entry(block: Block, index: int, place: Named, stop: int) -> Telling:
    line = block.lines[index]
    own = tuple(_own_lines(block.lines, index, stop, place))
    return Telling(place.body, block, line, place, title_of(line, place, own[1:]), own, True)


def _titles_of(lines: Sequence[Line], index: int) -> list[str]:
    return [q.group(1) for line in lines[index : index + 4] for q in QUOTED.finditer(line.text)]


def _own_lines(lines: Sequence[Line], index: int, stop: int, place: Named) -> Iterator[Line]:
    """The lines of an entry: to the next marker, label or heading."""
    first = lines[index]
    yield first
    style, crossed = _style(first), False
    again = [first.text[place.start : place.end], *_titles_of(lines, index)]
    again = [key for words in again if (key := key_of(words))]
    for line in lines[index + 1 : min(stop, index + 1 + _MOST_LINES)]:
        if line.is_blank:
            crossed = True
            continue
        label = label_of(line)
        if _TIME.match(line.plain):
            return
        # Behind a gap only what names its title or its town again is still its own.
        if crossed and not any(words in key_of(line.text) for words in again):
            return
        if line.source.heading or (label and label[0] is not Label.OTHER):
            return
        if (style and _style(line) == style) or _ends(line):
            return
        yield line


def _style(line: Line) -> str:
    """What kind of marker begins a line: digits, circles and letters each are one."""
    marker = MARKER.match(line.plain)
    if marker is None:
        return ""
    words = marker.group().strip()
    return re.sub(r"[0-9一二三四五六七八九十]+", "1", re.sub("[①-⑳❶-❿]", "①", words))


def _ends(line: Line) -> bool:
    plain = line.plain.lstrip()
    marker = MARKER.match(plain)
    rest = plain[marker.end() :] if marker else plain
    return bool(_NEXT.match(rest)) and len(rest) < 80


# --- sentences ---------------------------------------------------------------------------


def _told(block: Block, line: Line) -> Iterator[Telling]:
    """Municipalities of which a line says that they present."""
    if not line.towns or not _PRESENTED.search(line.plain):
        return
    for at, sentence in line.sentences():
        if not _PRESENTED.search(sentence):
            continue
        for place in line.towns:
            if at <= place.start < at + len(sentence) and _is_told(line, place, at + len(sentence)):
                title = title_told(line, place)
                yield Telling(place.body, block, line, place, title, (line,), False)


def _is_told(line: Line, place: Named, end: int) -> bool:
    after = line.plain[place.end : end]
    if _NO_PRESENTER.match(line.plain, place.end) or _PAPER.match(after):
        return False
    joined = re.match(r"\s*(?:\([^)]{2,8}\))?\s*(?:[・、と,]|及び|および)\s*", after)
    if joined:
        others = [one for one in line.towns if one.start == place.end + joined.end()]
        return bool(others) and _is_told(line, others[0], end)
    if _DOES.match(after):
        return bool(_PRESENTED.search(after))
    if not _FROM.match(after):
        return False
    if after.startswith("の"):
        return bool(DEED.match(after)) and bool(_PRESENTED.search(after))
    return bool(_PRESENTED.search(after))
