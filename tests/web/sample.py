"""A small invented holding for the fakes: every state that a page must be able to draw."""

from dataclasses import replace
from datetime import UTC, date, datetime

from kb.catalogue.relation_views import ContainedCase, EventPartView
from kb.catalogue.views import (
    CaseLink,
    CaseView,
    DocumentView,
    EventView,
    HistoryView,
    MunicipalityView,
    PageLayout,
    PageView,
    RoleView,
    SourceView,
    TextBlock,
)
from kb.domain.classification import DocumentKind, EventPart, EventState, Holding, Theme
from kb.domain.page_ranges import PageRanges
from kb.domain.rights import Rights, Terms

CANARY = "カナリア黄色四十二号"
"""Stands on every page that anonymous readers may not read."""

INTERNAL_TITLE = "庁内だけの打合せ資料"
STATEMENT = "(見本の原文:この資料の転載はご遠慮ください。)"
FILE_BYTES = b"%PDF-1.7\n" + bytes(range(256)) * 4

FUKUTSU = MunicipalityView("402249", "福津市", "ふくつし", "Fukutsu-shi", "city", "福岡県")
NAKANO = MunicipalityView("131148", "中野区", "なかのく", "Nakano-ku", "special_ward", "東京都")
UMINARI = MunicipalityView(
    "990019", "海鳴町", "うみなりちょう", "Uminari-cho", "town", "見本県", specimen=True
)

SOURCE = SourceView("https://example.jp/seminar", "催しの案内ページ", date(2022, 9, 10), None)
UNSAFE_SOURCE = SourceView("javascript:alert(1)", "あやしい出典", None, None)

EVENT = EventView(
    id="ev-2022",
    title="改善発表会2022",
    series="改善発表会",
    edition="第5回",
    state=EventState.REPORTED,
    held_on=date(2022, 9, 3),
    starts_at="13:00",
    ends_at="15:30",
    place="中野区役所",
    mode="会場とオンライン",
    capacity=30,
    attendance=40,
    attendance_text="40人、うち会場11人",
    fee="1,000円",
    summary="2つの自治体が報告した。",
    programme_id="prog",
    programme_title="見本の研究会",
    sources=(SOURCE, UNSAFE_SOURCE),
    presented_in=2022,
)
EARLIER_EVENT = replace(
    EVENT,
    id="ev-2019",
    title="改善発表会2019",
    state=EventState.CANCELLED,
    held_on=date(2019, 7, 14),
    place=None,
    capacity=None,
    attendance=None,
    attendance_text=None,
    presented_in=2019,
)
EVENTS = (EVENT, EARLIER_EVENT)

OPEN = Rights(Terms.OPEN)
NO_COPY = Rights(Terms.NO_COPY, STATEMENT)

SLIDES = DocumentView(
    id="doc-slides",
    title="海鳴町 発表資料 <朝の会> & 窓口",
    kind=DocumentKind.SLIDES,
    holding=Holding.HELD,
    rights=OPEN,
    pages=14,
    media_type="application/pdf",
    sha256="a" * 64,
    size=len(FILE_BYTES),
    declared_size=None,
    file_name="発表 資料.pdf",
    outcome="indexed",
    outcome_detail=None,
    extractor="pdf 1",
    series=None,
    series_number=None,
    edition=None,
    case_id="case-uminari",
    case_title="朝10分の改善ミーティングで窓口の待ち時間を半分に",
    event_id="ev-2022",
    event_title=EVENT.title,
    event_held_on=EVENT.held_on,
    municipalities=(UMINARI,),
    presented_in=2022,
    sources=(),
    keywords=("窓口", "改善"),
    note=None,
    published=True,
    specimen=True,
)
RESTRICTED = replace(
    SLIDES,
    id="doc-nocopy",
    title="福津市 発表スライド",
    rights=NO_COPY,
    pages=3,
    sha256="b" * 64,
    case_id="case-fukutsu",
    case_title="職場力を高める組織目標とは?",
    municipalities=(FUKUTSU,),
    sources=(SOURCE,),
    specimen=False,
)
LOCATED = replace(
    RESTRICTED,
    id="doc-located",
    title="福津市スライド(掲載元のみ)",
    holding=Holding.LOCATED,
    pages=0,
    media_type=None,
    sha256=None,
    size=None,
    declared_size="2.8MB",
    file_name=None,
    outcome=None,
)
UNKNOWN = replace(
    RESTRICTED, id="doc-unknown", title="概要レポート", kind=DocumentKind.REPORT, rights=Rights()
)
INTERNAL = replace(
    RESTRICTED,
    id="doc-internal",
    title=INTERNAL_TITLE,
    rights=Rights(Terms.INTERNAL, "庁内のみで使います。"),
)
WITHDRAWN = replace(
    RESTRICTED, id="doc-withdrawn", title="取り下げた資料", rights=Rights(Terms.WITHDRAWN)
)
LONE = replace(
    SLIDES,
    id="doc-lone",
    title="改善発表会2022 開催報告",
    kind=DocumentKind.WEB_PAGE,
    pages=2,
    media_type="text/html",
    sha256="c" * 64,
    file_name=None,
    case_id=None,
    case_title=None,
    municipalities=(),
    specimen=False,
)
REPORT = replace(
    SLIDES,
    id="doc-report",
    title="窓口の待ち時間の調査報告",
    kind=DocumentKind.REPORT,
    pages=3,
    sha256="d" * 64,
    file_name=None,
    case_id=None,
    case_title=None,
    outline=(
        (1, "調査の <あらまし>", 1),
        (3, "結果の表", 1),
        (2, "聞き取り", 2),
        (1, "付録", 99),
        (1, " ", None),
    ),
    attachments=("集計<1>.xlsx",),
)
"""Read in every way a file can be: in blocks, by character recognition, by another reader."""

UMINARI_PAGES = PageRanges(((2, 5), (8, 8)))
CASEBOOK = replace(
    SLIDES,
    id="doc-casebook",
    title="改善発表会2022 事例集",
    kind=DocumentKind.CASEBOOK,
    pages=9,
    sha256="e" * 64,
    file_name=None,
    case_id=None,
    case_title=None,
    series="改善発表会 事例集",
    series_number="第5号",
    contains=(
        ContainedCase("case-uminari", "朝10分の改善ミーティング", ("海鳴町",), UMINARI_PAGES),
        ContainedCase(
            "case-fukutsu", "職場力を高める組織目標とは?", ("福津市",), PageRanges(((5, 5),))
        ),
    ),
    event_parts=(EventPartView("ev-2022", EVENT.title, EVENT.held_on, EventPart.REPORTS),),
)
"""One document, two cases, which share a page."""

THICK = replace(SLIDES, id="doc-thick", title="見本の予算書", pages=120, case_id=None)
"""Too many pages for a picture of each."""

DOCUMENTS = {
    each.id: each
    for each in (
        SLIDES, RESTRICTED, LOCATED, UNKNOWN, INTERNAL, WITHDRAWN, LONE, REPORT, THICK, CASEBOOK,
    )
}  # fmt: skip

SLIDE_TEXT = """朝10分の改善
ミーティング

始業前の10分に絞り、前日の困りごとを1人1つ出し合う。出た案はその日のうちに試し、改善ボードに結果を書く。
うまくいかなかった案も消さずに残す。<script>alert("x")</script> & 続ける。

週に1度、カイゼン案を課の全員で見直す。
出された改善案 年12件から年146件へ"""
SLIDE_TITLE = "朝10分の改善ミーティング"
SLIDE_LAYOUT = PageLayout(
    starts=(0, 8, 16, 125),
    ends=(7, 14, 70, 145),
    lefts=(400, 1050, 400, 4000),
    tops=(220, 220, 1270, 400),
    rights=(1030, 1590, 8600, 4200),
    bottoms=(310, 310, 1500, 3400),
    directions=(0, 0, 0, 1),
    advances=((90, 180, 250, 400, 550, 780, 1000), (), (), ()),
)
"""Some of its lines, one of them vertical; the last mark of the page stands on none."""

REPORT_PIECES = (
    ("running", "調査報告 第3号"),
    ("heading", "窓口の待ち時間"),
    ("paragraph", "待ち時間の改善は、3年目に入った。出された改"),
    ("paragraph", "善案は年146件、試したものは88件である。"),
    ("reading", "まちぐち"),
    ("heading", "調べたこと"),
    ("row", "項目"), ("row", "始める前"), ("row", "1年後"),
    ("row", "平均の待ち時間"), ("row", "18分"), ("row", "9分"),
    ("row", "改善案"), ("row", "年12件"), ("row", "年146件"),
    ("field", "記入者"), ("field", "窓口係"),
    ("note", "改善の数え方は前年と同じ。"),
    ("annotation", "<b>ここを直す</b>"),
    ("paragraph", "右の段。改善の続き。"),
    ("running", "1"),
)  # fmt: skip
"""Kind and text, in the order of the file; the right column comes last there."""


def _report() -> tuple[str, PageLayout]:
    """The text of :data:`REPORT_PIECES`, one piece a line, and its blocks in reading order."""
    spans, at = [], 0
    for _, piece in REPORT_PIECES:
        spans.append((at, at + len(piece)))
        at += len(piece) + 1
    groups = [(0,), (1,), (2, 3), (4,), (19,), (5,), (6, 7, 8), (9, 10, 11), (12, 13, 14),
              (15, 16), (17,), (18,), (20,)]  # fmt: skip
    blocks = tuple(
        TextBlock(REPORT_PIECES[group[0]][0], tuple(spans[number] for number in group))
        for group in groups
    )
    count = len(spans)
    layout = PageLayout(
        starts=tuple(start for start, _ in spans),
        ends=tuple(end for _, end in spans),
        lefts=(600,) * count,
        tops=tuple(500 + 300 * row for row in range(count)),
        rights=tuple(600 + 110 * (end - start) for start, end in spans),
        bottoms=tuple(620 + 300 * row for row in range(count)),
        directions=(0,) * count,
        blocks=blocks,
    )
    return "\n".join(piece for _, piece in REPORT_PIECES), layout


REPORT_TEXT, REPORT_LAYOUT = _report()
A4 = (595.3, 841.9)


def _report_page(number: int) -> PageView:
    if number == 1:
        return PageView(
            "doc-report", 1, REPORT_TEXT, "窓口の待ち時間", False, None, *A4, layout=REPORT_LAYOUT
        )
    if number == 2:
        return PageView(
            "doc-report", 2, "聞き取りの記録\n改善のくふう", None, False, None, 841.9, 595.3,
            reader="tesseract 5.5", confidence=0.923,
        )  # fmt: skip
    return PageView(
        "doc-report", 3, "読み直したページ", None, False, None, *A4, reader="PDFium 141"
    )


def page_of(document_id: str, number: int) -> PageView | None:
    """A page's text; None where the fake holds none."""
    document = DOCUMENTS.get(document_id)
    if document is None or number > document.pages or (document_id, number) == ("doc-slides", 13):
        return None
    if document.rights.terms is not Terms.OPEN:
        return PageView(document_id, number, f"改善 {CANARY} の本文", None, False, None)
    if document is REPORT:
        return _report_page(number)
    if number == 5:
        return PageView(
            document_id, 5, SLIDE_TEXT, SLIDE_TITLE, False, None, 960.0, 720.0, layout=SLIDE_LAYOUT
        )
    if number == 6:
        return PageView(document_id, number, "", None, True, None, 960.0, 720.0)
    if number == 7:
        return PageView(document_id, number, "", None, False, "文字の並びが壊れています。")
    text = "改善の記録を続ける。" if number % 3 == 0 else "窓口のようすを数えた表。"
    return PageView(document_id, number, text, None, False, None, 960.0, 720.0)


LATER_LINK = CaseLink(
    "case-nakano",
    "新しい基本構想・基本計画の実現に向けた経営手法の改善",
    (NAKANO,),
    2021,
    2022,
    (Theme.PLANNING,),
    specimen=False,
)
UMINARI_LINK = CaseLink(
    "case-uminari",
    "朝10分の改善ミーティングで窓口の待ち時間を半分に",
    (UMINARI,),
    2021,
    2022,
    (Theme.COUNTER, Theme.EFFICIENCY),
    specimen=True,
    why="テーマが2つ同じ",
)
FUKUTSU_LINK = CaseLink(
    "case-fukutsu",
    "職場力を高める組織目標とは?",
    (FUKUTSU,),
    2021,
    2022,
    (Theme.OBJECTIVES, Theme.PEOPLE),
    specimen=False,
)
LINKS = (FUKUTSU_LINK, LATER_LINK, UMINARI_LINK)

ROLE = RoleView(
    person_id="p-1",
    person_name="原﨑智仁",
    title="福津市長",
    part="対談",
    on=date(2022, 9, 3),
    event_id="ev-2022",
    document_id="doc-lone",
    case_id="case-fukutsu",
    event_title=EVENT.title,
    event_held_on=EVENT.held_on,
    document_title=LONE.title,
    case_title="職場力を高める組織目標とは?",
)

FUKUTSU_CASE = CaseView(
    id="case-fukutsu",
    title="職場力を高める組織目標とは?",
    subtitle=None,
    provisional_title="職場力を高める組織目標とは?(仮)",
    implemented_in=2021,
    presented_in=2022,
    municipalities=(FUKUTSU,),
    departments=("総務課", "まちづくり推進課"),
    department_functions=("general-affairs", "policy"),
    themes=(Theme.OBJECTIVES, Theme.PEOPLE),
    keywords=("組織目標", "課長"),
    narrative={
        "summary": "3人の課長が、職場の課題から新しい組織目標を考えた。",
        "reason": "縦割りになりやすい部門どうしが対話するため。\n管理職の役割を考え合うため。",
        "adoption": "月2回、約半年のオンラインの話し合いを重ねた。",
    },
    related_url="javascript:alert(2)",
    contact=None,
    published_on=date(2024, 2, 1),
    updated_on=date(2024, 2, 1),
    specimen=False,
    event=EVENT,
    programme_id="prog",
    programme_title="見本の研究会",
    cohort=2021,
    documents=(RESTRICTED, LOCATED, UNKNOWN, INTERNAL, WITHDRAWN),
    roles=(ROLE,),
    earlier=(replace(UMINARI_LINK, implemented_in=2020, why="前年度の取組"),),
    later=(),
    history=(
        HistoryView(datetime(2024, 2, 1, 9, 0, tzinfo=UTC), "編集担当", "recorded", "原文と照合"),
    ),
)
SIMILAR = {FUKUTSU_CASE.id: (LATER_LINK, UMINARI_LINK)}
"""Case -> those like it."""
UMINARI_CASE = replace(
    FUKUTSU_CASE,
    id="case-uminari",
    title=UMINARI_LINK.title,
    provisional_title=None,
    municipalities=(UMINARI,),
    departments=("住民課窓口係",),
    themes=(Theme.COUNTER, Theme.EFFICIENCY),
    documents=(SLIDES, replace(CASEBOOK, excerpt=UMINARI_PAGES)),
    specimen=True,
    related_url="https://example.jp/asa",
    earlier=(),
)
BARE_CASE = replace(
    FUKUTSU_CASE,
    id="case-nakano",
    title=LATER_LINK.title,
    municipalities=(NAKANO,),
    provisional_title="新しい総合計画の推進に向けた管理部門の結束",
    implemented_in=None,
    presented_in=None,
    departments=(),
    department_functions=(),
    themes=(),
    keywords=(),
    narrative={},
    event=None,
    programme_id=None,
    programme_title=None,
    documents=(),
    roles=(),
    earlier=(),
    history=(),
    published_on=None,
    updated_on=None,
)
CASES = {each.id: each for each in (FUKUTSU_CASE, UMINARI_CASE, BARE_CASE)}
