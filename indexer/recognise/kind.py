"""What sort of document it is: by its title, its file, the form of its pages, its manner."""

import re
from collections import defaultdict
from collections.abc import Iterator

from indexer.recognise.evidence import (
    Evidence,
    Recognised,
    best_first,
    either,
    evidence_beside,
)
from indexer.recognise.fiscal_year import is_meeting
from indexer.recognise.reading import Reading
from indexer.recognise.series import SERIES_NAME
from kb.domain.classification import DocumentKind
from kb.japanese.fold import fold_text

LEAST = 0.4

_TITLES: tuple[tuple[DocumentKind, float, str], ...] = (
    (DocumentKind.SURVEY, 0.92, "アンケート|意識調査|意向調査|満足度調査|調査票"),
    (DocumentKind.CASEBOOK, 0.95, "事例集|取組集|好事例"),
    (DocumentKind.FLYER, 0.95, "チラシ|ちらし|フライヤー|参加者募集|開催案内|開催のお知らせ"),
    (DocumentKind.STEP_UP_SHEET, 0.93, "(?:ステップアップ|見直し|改善|ワーク|振り返り)シート"),
    (
        DocumentKind.NEWSLETTER,
        0.9,
        rf"(?:{SERIES_NAME}).{{0,12}}(?:第?\d+号|[Nn][Oo]\.?\d+|[Vv]ol)",
    ),
    (DocumentKind.MESSAGE, 0.9, "メッセージ|に寄せて|ごあいさつ|挨拶|祝辞"),
    (DocumentKind.SLIDES, 0.9, "スライド|発表資料|プレゼン資料|報告資料"),
    (DocumentKind.REPORT, 0.9, "(?:報告書|レポート|(?:開催|実施|検証)報告|開催記録|の記録)"),
    (DocumentKind.REPORT, 0.9, "(?:報告|記録|まとめ)$"),
    (DocumentKind.REPORT, 0.75, "結果|概要|しおり|手引|報告|白書"),
    (DocumentKind.ARTICLE, 0.85, "インタビュー|取材|コラム|寄稿|連載"),
)
_BOOKS = re.compile("予算|決算書|条例|規則|要綱|議案|施政方針|計画書|仕様書|マニュアル|基準")
_WEB_FILES = (".html", ".htm", ".mhtml")
_SLIDE_FILES = (".pptx", ".ppt", ".odp", ".key")
_FILE_WORDS: tuple[tuple[DocumentKind, str], ...] = (
    (DocumentKind.SLIDES, "slides?|presentation|happyou|happyo"),
    (DocumentKind.REPORT, "report|houkoku|hokoku"),
    (DocumentKind.SURVEY, "survey|enquete|questionnaire|anke-?to"),
    (DocumentKind.FLYER, "flyer|flier|leaflet|chirashi"),
    (DocumentKind.NEWSLETTER, "newsletter|tsushin|tsuushin|dayori"),
    (DocumentKind.MESSAGE, "message"),
    (DocumentKind.CASEBOOK, "casebook|jireishu|jireishuu"),
    (DocumentKind.STEP_UP_SHEET, "step-?up-?sheet"),
)
_FILE_WORD = 0.5
"""What a Latin word in the file's name counts: names are given carelessly."""
_SHEET_WORDS = re.compile(
    r"記入日|記入者|うまくいかなかったこと|困っていること|次に取り組むこと|試したこと"
)
_SPOKEN = re.compile(
    "[」と](?:と?、[^。]{0,16})?(?:話す|語る|振り返る|言う|笑う|打ち明け)|という。|」と(?:話|語|言)"
)
_NUMBERED = re.compile(r"^[\s　]*[1-9１-９][.．、)）]?[\s　]+\D")
_SECTIONS = re.compile("結果|成果|まとめ|おわりに|今後|課題|考察")
_SHORT_PAPER = 6
_SLIDE_LENGTH = 450
"""Mean characters of a slide; pages of landscape reports have over 700."""


def recognise_kind(reading: Reading) -> tuple[Recognised[DocumentKind], ...]:
    """What sort of document it is, from the closed list."""
    weights: dict[DocumentKind, dict[str, tuple[float, Evidence]]] = defaultdict(dict)
    for kind, rule, weight, evidence in _grounds(reading):
        if weight > weights[kind].get(rule, (0.0, evidence))[0]:
            weights[kind][rule] = weight, evidence
    found = []
    for kind, rules in weights.items():
        best = max(rules, key=lambda rule: rules[rule][0])
        evidence_of = tuple(evidence for _, evidence in rules.values())
        confidence = either((weight for weight, _ in rules.values()), 0.97)
        found.append(Recognised(kind, round(confidence, 3), evidence_of, best))
    return best_first(found, LEAST)


_Ground = tuple[DocumentKind, str, float, Evidence]


def _grounds(reading: Reading) -> Iterator[_Ground]:
    yield from _by_title(reading)
    yield from _by_file(reading)
    yield from _by_form(reading)
    yield from _by_manner(reading)


def _titles(reading: Reading) -> Iterator[tuple[str, float, Evidence]]:
    """Words that name the document, with the share that counts of what they say."""
    if reading.title:
        yield reading.title, 1.0, reading.title_lines[0].whole
    named = reading.source.metadata_title
    if named:
        yield (
            fold_text(named),
            0.9 if not reading.title else 0.5,
            evidence_beside("metadata", named),
        )
    name = fold_text(reading.source.file_name.rpartition(".")[0])
    yield name, 0.7, evidence_beside("file", reading.source.file_name)
    if not reading.title:
        for line in reading.cover[:4]:
            yield fold_text(line.text), 0.8, line.whole


def _by_title(reading: Reading) -> Iterator[_Ground]:
    for words, share, evidence in _titles(reading):
        for kind, weight, pattern in _TITLES:
            if re.search(pattern, words):
                yield kind, "title", weight * share, evidence
                break
        else:
            if _BOOKS.search(words):
                yield DocumentKind.OTHER, "official_paper", 0.7 * share, evidence
    if is_meeting(reading) and reading.cover:
        yield DocumentKind.OTHER, "meeting", 0.9, reading.cover[0].whole


def _by_file(reading: Reading) -> Iterator[_Ground]:
    name = reading.source.file_name
    evidence = evidence_beside("file", name)
    if name.lower().endswith(_WEB_FILES):
        yield DocumentKind.WEB_PAGE, "file_form", 0.93, evidence
    if name.lower().endswith(_SLIDE_FILES):
        yield DocumentKind.SLIDES, "file_form", 0.93, evidence
    stem = name.rpartition(".")[0].lower().replace("_", " ")
    for kind, words in _FILE_WORDS:
        if re.search(rf"(?<![a-z])(?:{words})(?![a-z])", stem):
            yield kind, "file_word", _FILE_WORD, evidence


def _by_form(reading: Reading) -> Iterator[_Ground]:
    """Landscape pages of few words, several of them, are slides."""
    pages = reading.pages
    sized = [page for page in pages if page.width and page.height]
    if len(pages) < 3 or len(sized) < len(pages):
        return
    ratios = [page.width / page.height for page in pages]
    mean = sum(len(page.text) for page in pages) / len(pages)
    if min(ratios) >= 1.25 and mean <= _SLIDE_LENGTH and reading.lines:
        like_screen = all(1.3 < ratio < 1.36 or 1.7 < ratio < 1.8 for ratio in ratios)
        yield DocumentKind.SLIDES, "form", 0.9 if like_screen else 0.75, reading.lines[0].whole


def _by_manner(reading: Reading) -> Iterator[_Ground]:
    """Forms ask, journalists quote."""
    asked = {m.group(): line for line in reading.lines for m in _SHEET_WORDS.finditer(line.text)}
    if len(asked) >= 3:
        yield DocumentKind.STEP_UP_SHEET, "form_words", 0.7, next(iter(asked.values())).whole
    if reading.lines and len(reading.pages) <= _SHORT_PAPER:
        joined = "".join(line.text.strip() for line in reading.lines)
        if len(_SPOKEN.findall(joined)) >= 2:
            yield DocumentKind.ARTICLE, "quotes", 0.65, reading.lines[0].whole
        numbered = [line for line in reading.lines if _NUMBERED.match(line.text)]
        upright = all(page.height >= page.width for page in reading.pages)
        if len(numbered) >= 3 and upright and _SECTIONS.search(joined):
            yield DocumentKind.REPORT, "sections", 0.6, numbered[0].whole
