"""Sentences on the use of papers, and which papers of their block they stand under."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.extracted import ExtractedPage
from indexer.intake.blocks import Block, is_small_print
from indexer.intake.documents import Paper
from indexer.intake.wording import Line
from indexer.recognise.reading import Reading
from indexer.recognise.rights_statement import recognise_rights_statement
from indexer.recognise.source import Source
from kb.domain.classification import DocumentKind, EventPart
from kb.domain.gazetteer import Gazetteer

MOST = 20
"""Of a block."""

_MAY_STATE = re.compile(
    "複写|複製|転用|転載|転送|二次利用|再配布|撮影|引用|限り|部外秘|注意|クリエイティブ|CC|オープンデータ|自由に"
    "|(?i:reserved|copyright)|©"
)
_OF_THE_PAGE = re.compile(
    "(?i)reserved|copyright|©|当サイト|本サイト|このサイト|当ホームページ|本ホームページ|[当本]ページ|このページ|掲載(?:の|された)?(?:記事|写真|文章|画像)"
)
_BELOW = re.compile("以下の|下記の|次の")
_KINDS = tuple(
    (kind, re.compile(words))
    for kind, words in (
        (DocumentKind.SLIDES, "(?:発表|報告|投影|説明|講演)(?:者の)?資料|スライド"),
        (DocumentKind.CASEBOOK, "事例集"),
        (DocumentKind.FLYER, "チラシ|ちらし"),
        (DocumentKind.SURVEY, "アンケート"),
        (DocumentKind.MESSAGE, "メッセージ"),
        (DocumentKind.REPORT, "レポート|報告書|記録"),
        (DocumentKind.NEWSLETTER, "通信|ニュース|だより"),
        (DocumentKind.STEP_UP_SHEET, "シート|様式"),
    )
)
_REPORTS = re.compile("レポート|報告書|記録")


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence on use, verbatim."""

    words: str
    line: Line
    of_page: bool
    """It speaks of the page itself."""


def statements_in(block: Block, gazetteer: Gazetteer) -> Iterator[Statement]:
    """The statements of a block, each once, with the line where it begins."""
    seen: set[str] = set()
    for index, line in enumerate(block.lines):
        if len(seen) == MOST or not _MAY_STATE.search(line.text):
            continue
        around = [one for one in block.lines[max(0, index - 1) : index + 2] if not one.is_blank]
        text = "\n".join(one.text[:1000] for one in around)
        page = ExtractedPage(1, text, 0.0, 0.0)
        for found in recognise_rights_statement(Reading(Source("", (page,)), gazetteer)):
            where = _line_of(around, found.evidence[0].start or 0)
            key = "".join(found.value.split())
            if where is line and key not in seen:
                seen.add(key)
                of_page = bool(_OF_THE_PAGE.search(found.value)) or is_small_print(line)
                words = line.text.strip() if of_page else found.value.strip()
                yield Statement(words, line, of_page)


def _line_of(lines: Sequence[Line], start: int) -> Line:
    """The line that a character of the joined text stands in."""
    at = 0
    for line in lines:
        at += len(line.text[:1000]) + 1
        if start < at:
            return line
    return lines[-1]


def papers_under(statement: Statement, papers: Sequence[Paper]) -> tuple[Paper, ...]:
    """The papers of its block that a statement speaks of: those above it, of the kind it names."""
    if statement.of_page:
        return ()
    number = statement.line.number
    above = [paper for paper in papers if paper.line.number <= number]
    below = [paper for paper in papers if paper.line.number >= number]
    meant = below if _BELOW.search(statement.words) or not above else above
    if not _REPORTS.search(statement.words):
        own = [paper for paper in meant if paper.part is not EventPart.REPORTS]
        meant = [paper for paper in own if paper.part is not EventPart.USED]
    kinds = {kind for kind, words in _KINDS if words.search(statement.words)}
    named = [paper for paper in meant if paper.kind in kinds]
    return tuple(named or meant)
