"""The papers that a page names: held elsewhere, linked, shown, or only used at an event."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.intake.blocks import Block, BlockKind
from indexer.intake.wording import QUOTED, Line, levelled
from indexer.recognise.kind import recognise_kind
from indexer.recognise.reading import Reading
from indexer.recognise.series import recognise_series
from indexer.recognise.source import Source
from kb.domain.classification import DocumentKind, EventPart
from kb.domain.gazetteer import Gazetteer

_SIZE = re.compile(
    r"[(\[【<]?\s?(?:(?:PDF|pdf|Pdf|PPTX?|pptx?|Word|Excel|DOCX?|XLSX?|ZIP)(?:形式|ファイル|版)?)?\s?[:/、,・]?\s?"
    r"(?P<size>\d{1,5}(?:[.,]\d{1,3})?\s?(?:[KMGkmg]i?B|キロバイト|メガバイト|バイト))\s?[)\]】>]?"
)
_FORMAT = re.compile(r"[(\[【]\s?(?:PDF|pdf|PPTX?|Word|Excel)(?:形式|ファイル|版)?\s?[)\]】]")
_FILE = re.compile(r"(?i)\.(?:pdf|pptx?|docx?|xlsx?|odp|ods|odt|zip)(?:$|[?#])")
_ADDRESS = re.compile(r"https?://[^\s「」()<>、。]+")
_PAPER = (
    "発表スライド|説明スライド|投影スライド|スライド|発表資料|報告資料|配布資料|投影資料|説明資料|講演資料|当日資料"
    "|プレゼン資料|資料|開催レポート|概要レポート|レポート|開催報告書|報告書|チラシ|ちらし|フライヤー|事例集|メッセージ|議事録"
    "|通信|ニュースレター|だより|アンケート結果|アンケート|記録集|冊子"
)
NAMED_PAPER = re.compile(rf"(?:{_PAPER})")
_SHOWN = re.compile(
    r"(?P<owner>[^\s「」『』()、。・|/]{0,16}?)(?P<paper>(?:発表|説明|投影|報告|講演|配布)?(?:スライド|資料))"
    r"(?=\s*(?:$|[、。|/)\]（(]|は?こちら|を?公開))"
)
_FORM = re.compile(
    "(?:シート|チェックリスト|様式|カルテ|ワークブック|調査票|アンケート|診断票|キャンバス)(?:[(（〔][^)）〕]{1,16}[)）〕])?$"
)
_USED = re.compile("使[いっわ用]|用い|活用|記入|もとに|基に|配布|回答|結果")
_EDITION = re.compile(r"[(（〔]([^()（）〔〕]{1,12}[編版用])[)）〕]$")
_GENERIC = re.compile(
    r"(?:詳しく|詳細|資料)?(?:は|を)?"
    r"(?:こちら(?:から)?|ここ|ダウンロード|download|pdf|表示|開く|リンク|見る|一覧)?(?:pdf)?",
    re.I,
)
_LEAD = re.compile(
    r"^[\s　・○●■□▼▶>→*＊※①-⑳]+|^[(（]\d{1,2}[)）]"
    "|^(?:こちらの|こちらに|上記の|下記の|当日の|詳しくは|詳細は|なお、?|また、?)"
)
_NOT_ITS_OWN = re.compile(
    "プライバシー|個人情報|サイトマップ|利用規約|入会|定款|申込書|申し込み用紙"
)
_REFER = re.compile(r"(?:も|を|は)?(?:ご覧|ごらん|参照|ダウンロード|お読み|こちら).*$")
_LONG_LEAD = 12
_TRIM = " 　\t・:：-–>→|/(（【[、,。"


@dataclass(frozen=True, slots=True)
class Paper:
    """One place of a page that names a document."""

    title: str
    kind: DocumentKind
    line: Line
    start: int
    size: str | None = None
    address: str | None = None
    part: EventPart | None = None
    edition: str | None = None
    series: str | None = None
    number: str | None = None


class Papers:
    """Finds the papers of blocks, with one gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer

    def find(self, block: Block) -> tuple[Paper, ...]:
        """The papers that a block names, in order."""
        found: list[Paper] = []
        for line in block.lines:
            if not line.is_blank and (line is not block.heading or line.source.links):
                found += self._of_line(line, block)
        return tuple(found)

    def _of_line(self, line: Line, block: Block) -> Iterator[Paper]:
        linked = list(self._linked(line, block))
        sized = list(self._sized(line, block, linked))
        yield from linked if not sized else _merged(sized, linked)
        if not linked and not sized:
            yield from self._shown(line, block)
        yield from self._used(line)

    def _sized(self, line: Line, block: Block, linked: Sequence[Paper]) -> Iterator[Paper]:
        """Names with a format or a size behind them: 発表資料(PDF形式:2.8MB)."""
        plain, at = line.plain, 0
        marks = sorted(
            [*_SIZE.finditer(plain), *_FORMAT.finditer(plain)], key=lambda mark: mark.start()
        )
        for mark in marks:
            title, start = _title(line.text, at, mark.start())
            address = _address_at(line, at, mark.end())
            at = max(at, mark.end())
            if not title and linked:
                title, start = linked[0].title, linked[0].start
            if title and not _NOT_ITS_OWN.search(title):
                size = mark.groupdict().get("size")
                size = line.text[mark.start("size") : mark.end("size")] if size else None
                yield self._paper(title, line, start, block, size=size, address=address)

    def _linked(self, line: Line, block: Block) -> Iterator[Paper]:
        """Links to files, and links whose words are a paper's."""
        at = 0
        bare = [(address, address) for address in _ADDRESS.findall(line.text)]
        for words, address in (*line.source.links, *bare):
            is_file = bool(_FILE.search(address))
            if not is_file and not (NAMED_PAPER.search(words) and words != address):
                continue
            start = line.text.find(words, at)
            at = start + len(words) if start >= 0 else at
            title = _without_size(words) if words != address else ""
            if _GENERIC.fullmatch(title.strip(_TRIM)):
                title, _ = _title(line.text, 0, max(start, 0) or len(line.text))
            if not title or _NOT_ITS_OWN.search(title):
                continue
            yield self._paper(title, line, max(start, 0), block, address=address)

    def _shown(self, line: Line, block: Block) -> Iterator[Paper]:
        """Slides that an entry of the programme names, with neither link nor size."""
        if "。" in line.text or len(line.text) > 200:
            return
        quotes = list(QUOTED.finditer(line.text))
        for found in _SHOWN.finditer(line.plain):
            inside = any(q.start() < found.start() and found.end() < q.end() for q in quotes)
            owned = any(p.start >= found.start() and p.end <= found.end() for p in line.places)
            quoted = any(q.end() <= found.start("owner") + 1 for q in quotes)
            if inside or not (owned or quoted):
                continue
            before = [q for q in quotes if q.end() == found.start("owner")]
            start = before[0].start() if before else found.start("owner")
            title = line.text[start : found.end()].strip(_TRIM)
            yield self._paper(title, line, start, block)

    def _used(self, line: Line) -> Iterator[Paper]:
        """Forms and surveys in quotation marks that were used, answered or reported."""
        for quote in QUOTED.finditer(line.text):
            title = quote.group(1)
            if not _FORM.search(title) or not _USED.search(line.plain, quote.end()):
                continue
            sheet = re.search("アンケート|調査票", title) is None
            kind = DocumentKind.STEP_UP_SHEET if sheet else DocumentKind.SURVEY
            edition = _EDITION.search(title)
            yield Paper(
                title, kind, line, quote.start(1), part=EventPart.USED,
                edition=edition.group(1) if edition else None,
            )  # fmt: skip

    def _paper(
        self,
        title: str,
        line: Line,
        start: int,
        block: Block,
        *,
        size: str | None = None,
        address: str | None = None,
    ) -> Paper:
        kind = self.kind_of(title)
        series, number = (None, None)
        if kind is DocumentKind.NEWSLETTER:
            names, numbers = recognise_series(self._reading(title))
            series = names[0].value if names else None
            number = numbers[0].value if numbers else None
        part = _part(kind, block)
        return Paper(title, kind, line, start, size, address, part, None, series, number)

    def kind_of(self, title: str) -> DocumentKind:
        """What sort of paper a name tells of; the words in quotation marks are its subject."""
        outside = re.sub(r"\[[^\]]*\]", " ", QUOTED.sub(" ", title)).strip()
        for words in (outside, title):
            found = recognise_kind(self._reading(words)) if words else ()
            if found and found[0].value is not DocumentKind.OTHER:
                return found[0].value
        slides = re.search("資料|スライド", levelled(outside or title))
        return DocumentKind.SLIDES if slides else DocumentKind.OTHER

    def _reading(self, words: str) -> Reading:
        return Reading(Source("", (), metadata_title=words), self._gazetteer)


def _part(kind: DocumentKind, block: Block) -> EventPart | None:
    if kind is DocumentKind.FLYER:
        return EventPart.ANNOUNCES
    tells = kind in (DocumentKind.REPORT, DocumentKind.NEWSLETTER)
    return EventPart.REPORTS if tells and block.kind is BlockKind.REPORT else None


def _title(text: str, start: int, end: int) -> tuple[str, int]:
    """The name of a paper in a stretch of its line, and where it begins."""
    words = text[start:end].rpartition("。")[2]
    at = end - len(words)
    lead = _LEAD.match(words)
    while lead:
        words, at = words[lead.end() :], at + lead.end()
        lead = _LEAD.match(words)
    quote = QUOTED.search(words)
    if quote and quote.start() > _LONG_LEAD:
        # Who presents it stands before its name.
        words, at = words[quote.start() :], at + quote.start()
    trimmed = _REFER.sub("", words).strip(_TRIM)
    if trimmed and words.find(trimmed) > 0:
        at += words.find(trimmed)
    return trimmed, at


def _without_size(title: str) -> str:
    plain = levelled(title)
    for pattern in (_SIZE, _FORMAT):
        found = pattern.search(plain)
        if found:
            title = title[: found.start()] + title[found.end() :]
            plain = levelled(title)
    return title.strip(_TRIM)


def _address_at(line: Line, start: int, end: int) -> str | None:
    """The address of the last link whose words stand in a stretch of a line."""
    found = None
    for words, address in line.source.links:
        if words and start <= line.text.find(words, start) < end:
            found = address
    return found


def _merged(sized: Sequence[Paper], linked: Sequence[Paper]) -> Iterator[Paper]:
    """Papers with a size, and links that are none of them."""
    yield from sized
    taken = {paper.address for paper in sized}
    yield from (paper for paper in linked if paper.address not in taken)
