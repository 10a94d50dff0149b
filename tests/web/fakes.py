"""Stand-ins for the services, over the invented holding of sample.py."""

import base64
import io
import re
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from kb.catalogue.people_views import PersonPage, ProgrammePage, SeriesPage, SeriesView
from kb.catalogue.place_views import MunicipalityPage
from kb.catalogue.views import (
    CaseLink,
    CaseView,
    Count,
    DocumentView,
    EventPage,
    EventView,
    HomeView,
    PageView,
)
from kb.domain.classification import DepartmentFunction, DocumentKind, Theme
from kb.domain.offerable import OfferKind
from kb.domain.rights import Audience, allowed
from kb.pdfium.page_images import PageImageUnavailable
from kb.search.engine import BadQuery, SearchUnavailable
from kb.search.explanation import Explanation, Part, RecordParts
from kb.search.query import (
    Asked,
    CaseRef,
    DocumentHit,
    DocumentReading,
    Entity,
    EventRef,
    Facet,
    FacetCount,
    MunicipalityRef,
    Named,
    Passage,
    ResultPage,
    SearchHit,
    Suggestion,
    Understood,
)
from kb.search.suggesting import Offer
from tests.web import sample, sample_people, sample_places

MARKED = ("改善", "カイゼン")
OFFERS = (
    Offer(OfferKind.MUNICIPALITY, "402249", "福津市", "福津市", "福岡県 ふくつし"),
    Offer(OfferKind.MUNICIPALITY, "402249", "福津市", "福間町", "旧町名 福間町 (2005-01-24 合併)"),
    Offer(OfferKind.THEME, "efficiency", "業務改善・効率化", "業務改善・効率化", "事例3件"),
    Offer(OfferKind.WORD, "", "改善運動", "改善運動", ""),
    Offer(
        OfferKind.CASE,
        "case-a",
        "業務改善と<組織>の対話",
        "業務改善と<組織>の対話",
        "福津市 2021年度",
    ),
)
IMAGE = base64.b64decode("UklGRiYAAABXRUJQVlA4TBkAAAAvD8ACAA9wsP97/D/1f/7jAfMf0f8YAAAAAA==")
"""A WebP of 16 by 12 pixels: white paper with a blue edge."""
PREFECTURES = re.findall(
    "北海道|(?:京都|東京|大阪|神奈川|和歌山|鹿児島|..)[都府県]",
    "北海道青森県岩手県宮城県秋田県山形県福島県茨城県栃木県群馬県埼玉県千葉県東京都神奈川県新潟県富山県"
    "石川県福井県山梨県長野県岐阜県静岡県愛知県三重県滋賀県京都府大阪府兵庫県奈良県和歌山県鳥取県島根県"
    "岡山県広島県山口県徳島県香川県愛媛県高知県福岡県佐賀県長崎県熊本県大分県宮崎県鹿児島県沖縄県",
)
COUNTED = {13: 17, 22: 4, 40: 11, 24: 7, 1: 2}


def marks(text: str) -> tuple[tuple[int, int], ...]:
    """Where the words of :data:`MARKED` stand, line ends between their characters ignored."""
    found = [
        (start, start + len(word))
        for word in MARKED
        for start in range(len(text))
        if text.startswith(word, start)
    ]
    return tuple(sorted(found))


@dataclass
class FakeSearch:
    """Scripted answers; `unavailable` makes every question fail."""

    unavailable: bool = False
    total: int = 45
    asked: list[Asked] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)

    def search(self, asked: Asked) -> ResultPage:
        self.asked.append(asked)
        if self.unavailable:
            raise SearchUnavailable("索引がありません")
        for value in asked.filters.get(Facet.MUNICIPALITY, ()):
            if value not in ("402249", "131148", "990019", "中野区", "福津市", "海鳴町"):
                raise BadQuery(f"「{value}」という自治体は登録されていません。")
        if "ドローン" in asked.text:
            return _empty(asked)
        start = (asked.page - 1) * asked.page_size
        hits = _hits() if start < self.total else ()
        if asked.explain:
            hits = tuple(replace(hit, explanation=_explanation(hit)) for hit in hits)
        return replace(_found(asked), total=self.total, results=hits)

    def read(
        self, document_id: str, page: int, typed: str, audience: Audience
    ) -> DocumentReading | None:
        if self.unavailable:
            raise SearchUnavailable("索引がありません")
        document = sample.DOCUMENTS[document_id]
        if not allowed(document.rights, audience).page_text:
            return DocumentReading("", (), {}, ())
        if sample.page_of(document_id, page) is None:
            return None
        pages = {n: sample.page_of(document_id, n) for n in range(1, document.pages + 1)}
        texts = {n: stored.text for n, stored in pages.items() if stored}
        if "ない語" in typed:
            return DocumentReading(texts.get(page, ""), (), {}, ())
        if typed in texts.get(page, "") and typed not in MARKED:
            at = texts[page].index(typed)
            return DocumentReading(texts[page], ((at, at + len(typed)),), {page: 1}, (typed,))
        counts = {n: len(marks(text)) for n, text in texts.items() if marks(text)}
        text = texts.get(page, "")
        return DocumentReading(text, marks(text), counts, MARKED)

    def similar(self, case: CaseView, audience: Audience) -> tuple[CaseLink, ...]:
        if self.unavailable:
            raise SearchUnavailable("索引がありません")
        return sample.SIMILAR.get(case.id, ())

    def suggest(self, typed: str, audience: Audience) -> tuple[Offer, ...]:
        if self.unavailable:
            raise SearchUnavailable("索引がありません")
        self.typed.append(typed)
        return tuple(offer for offer in OFFERS if typed and typed in offer.label + offer.why)

    def ready(self) -> str | None:
        return "索引を作り直しています" if self.unavailable else None


def _ref(case: CaseView) -> CaseRef:
    event = case.event
    return CaseRef(
        id=case.id,
        title=case.title,
        provisional_title=case.provisional_title,
        municipalities=tuple(
            MunicipalityRef(m.code, m.name, m.prefecture, m.specimen) for m in case.municipalities
        ),
        implemented_in=case.implemented_in,
        presented_in=case.presented_in,
        event=EventRef(event.id, event.title, str(event.held_on)) if event else None,
        themes=tuple(Named(theme.value, theme.label) for theme in case.themes),
        departments=case.departments,
        summary=case.narrative.get("summary"),
        specimen=case.specimen,
    )


def _passage(page: int, text: str, confidence: float | None = None) -> Passage:
    return Passage(page, text, marks(text), confidence)


def _document(document: DocumentView, matched: int, *passages: Passage) -> DocumentHit:
    return DocumentHit(
        id=document.id,
        title=document.title,
        kind=document.kind.value,
        holding=document.holding.value,
        pages=document.pages,
        pages_matched=matched,
        rights=document.rights,
        source_url=document.sources[0].url if document.sources else None,
        passages=passages,
        media_type=document.media_type,
    )


def _hits() -> tuple[SearchHit, ...]:
    slides = _document(
        sample.SLIDES,
        6,
        _passage(
            5, "出た案はその日のうちに試し、改善ボードに結果を書く。<b>係長</b>が採否を決める。"
        ),
        _passage(8, "続いた理由は、改善案の採否を係長がその場で決めたこと。", 0.87),
    )
    short = _document(sample.RESTRICTED, 1, _passage(1, "組織目標の改善について"))
    located = _document(sample.LOCATED, 0, _passage(0, "福津市スライド 改善"))
    unknown = _document(sample.UNKNOWN, 2)
    report = "福津市からの報告と、改善の進め方をめぐる話し合いの記録。"
    lone = _document(sample.LONE, 2, _passage(1, report))
    event = EventRef("ev-2022", "改善発表会2022", "2022-09-03")
    return (
        SearchHit(8.1, _ref(sample.FUKUTSU_CASE), (short, located, unknown)),
        SearchHit(6.0, _ref(sample.UMINARI_CASE), (slides,)),
        SearchHit(4.2, _ref(sample.BARE_CASE), ()),
        SearchHit(3.0, None, (lone,), event=event),
    )


def _explanation(hit: SearchHit) -> Explanation:
    """Half of a case's score by itself, half by its best page; all of a lone document's."""
    rest = (hit.score / 2 if hit.case else hit.score) - 0.5
    clauses = (
        Part("カイゼン", "改善", "words", ("改善",), False, (3,), 1.0, 1.2, rest),
        Part("福津市", "福津市", None, ("402249",), False, (), 0.4, 0.0, 0.4),
    )
    hint = Part("", "改善運動", "short", ("改善", "運動"), True, (1,), 0.2, 2.4, 0.1)
    two = ("組織", "目標")
    several = Part("組織 目標", "組織 目標", "title", two, False, (1, 2), 2.0, 2.4, 0.0)
    document = hit.documents[0].id if hit.documents else "doc-elsewhere"
    page = RecordParts(document, 5, (clauses[0], several), (hint,) * 4, 0.5)
    page_weight = hit.score / 2 / page.score
    return Explanation(
        subject=f"case:{hit.case.id}" if hit.case else f"document:{document}",
        case=RecordParts("", 0, clauses, (hint,), 1.0),
        best_page=page if hit.case else None,
        page_weight=page_weight,
        standing=1.0,
        score=hit.score,
        year="2021" if hit.case else None,
        equals=0 if hit.case else 2,
    )


def _counts(asked: Asked, facet: Facet, *values: tuple[str, str, int]) -> tuple[FacetCount, ...]:
    typed = asked.filters.get(facet, ())
    return tuple(FacetCount(v, label, n, v in typed or label in typed) for v, label, n in values)


def _found(asked: Asked) -> ResultPage:
    many = [(t.value, t.label, 9 - i % 9) for i, t in enumerate(Theme)]
    bodies = [("402249", "福津市", 3), ("990019", "海鳴町", 3), ("131148", "中野区", 2)]
    year_values = [(str(year), f"{year}年度", 2030 - year) for year in range(2022, 2014, -1)]
    return ResultPage(
        query=asked.text,
        total=0,
        page=asked.page,
        page_size=asked.page_size,
        took_ms=8.24,
        results=(),
        understood=_understood(asked.text),
        facets={
            Facet.MUNICIPALITY: _counts(asked, Facet.MUNICIPALITY, *bodies),
            Facet.IMPLEMENTED_IN: _counts(asked, Facet.IMPLEMENTED_IN, *year_values),
            Facet.PRESENTED_IN: _counts(asked, Facet.PRESENTED_IN, *year_values[:2]),
            Facet.THEME: _counts(asked, Facet.THEME, *many),
            Facet.DEPARTMENT: _counts(asked, Facet.DEPARTMENT, ("policy", "企画", 6)),
            Facet.KIND: _counts(asked, Facet.KIND, ("slides", "発表スライド", 8)),
        },
        entities=_entities(asked.text),
        suggestions=_suggestions(asked.text),
        notices=("一部のことばを含むものを表示しています。",) if "一部" in asked.text else (),
    )


def _suggestions(text: str) -> tuple[Suggestion, ...]:
    known = {
        "打破": Suggestion("did_you_mean", "福間町 打開", "打開"),
        "中野": Suggestion("choose_place", "長野県中野市", "中野市(長野県)"),
        "一部": Suggestion("drop_word", "改善", "一部"),
    }
    return tuple(suggestion for word, suggestion in known.items() if word in text)


def _understood(text: str) -> tuple[Understood, ...]:
    known = (
        Understood("福間町", "place", ("福津市",), "旧町名", text.replace("福間町", "'福間町'")),
        Understood(
            "カイゼン", "spelling", ("改善",), "も検索", text.replace("カイゼン", "'カイゼン'")
        ),
        Understood(
            "打破", "missing", (), "どの資料にもありません", text.replace("打破", "").strip()
        ),
    )
    return tuple(each for each in known if each.typed in text)


def _entities(text: str) -> tuple[Entity, ...]:
    if "福間町" not in text:
        return ()
    why = "福間町は、2005年1月24日に津屋崎町と合併して福津市になりました。"
    return (
        Entity("municipality", "402249", "福津市", why),
        Entity("event", "ev-2022", "改善発表会2022", "この催しの資料に書かれています"),
        Entity("document_series", "改善発表会 事例集", "改善発表会 事例集", "シリーズの名前です"),
    )


def _empty(asked: Asked) -> ResultPage:
    return replace(
        _found(asked),
        entities=(),
        understood=(
            Understood("ドローン", "missing", (), "どの資料にもありません", "避難所"),
            Understood("避難所", "variant", ("避難場所",), "も検索", "ドローン"),
        ),
        suggestions=(
            Suggestion("did_you_mean", "ドロー 避難所", "ドロー 避難所"),
            Suggestion("drop_word", "避難所", "ドローン"),
        ),
    )


class FakeCatalogue:
    """Reads sample.py; leaves the documents of a case to the routes' own rights check."""

    def home(self, audience: Audience) -> HomeView:
        codes = enumerate(PREFECTURES, start=1)
        return HomeView(
            cases=186,
            documents=412,
            pages=6830,
            specimen_cases=1,
            prefectures=tuple(Count(f"{c:02}", n, COUNTED.get(c, 0)) for c, n in codes),
            years=self.years(audience),
            themes=self.themes(audience),
            kinds=tuple(Count(k.value, k.label, 9 - i % 9) for i, k in enumerate(DocumentKind)),
            newest=sample.LINKS,
            events=sample.EVENTS,
        )

    def case(self, case_id: str, audience: Audience) -> CaseView | None:
        return sample.CASES.get(case_id)

    def document(self, document_id: str, audience: Audience) -> DocumentView | None:
        return sample.DOCUMENTS.get(document_id)

    def document_page(self, document_id: str, number: int) -> PageView | None:
        return sample.page_of(document_id, number)

    def event(self, event_id: str, audience: Audience) -> EventPage | None:
        found = {each.id: each for each in sample.EVENTS}.get(event_id)
        if found is None:
            return None
        other = sample.EARLIER_EVENT if found is sample.EVENT else None
        with_parts = (sample.CASEBOOK, sample.LOCATED)
        documents = tuple(d for d in sample.DOCUMENTS.values() if d not in with_parts)
        parts = sample_people.PARTS if found is sample.EVENT else ()
        chains = (sample_people.CHAIN,) if found is sample.EVENT else ()
        roles = (sample.ROLE,)
        return EventPage(found, sample.LINKS, documents, roles, other, None, parts, chains)

    def events(self, audience: Audience) -> tuple[EventView, ...]:
        return sample.EVENTS

    def municipality(self, code: str, audience: Audience) -> MunicipalityPage | None:
        return sample_places.PAGES.get(code)

    def municipalities(self, audience: Audience) -> tuple[Count, ...]:
        return (
            Count("131148", "東京都中野区", 2),
            Count("402249", "福岡県福津市", 3),
            Count("990019", "見本県海鳴町", 1),
        )

    def years(self, audience: Audience) -> tuple[Count, ...]:
        return tuple(
            Count(str(year), f"{year}年度", 40 - year % 17) for year in range(2023, 2013, -1)
        )

    def themes(self, audience: Audience) -> tuple[Count, ...]:
        return tuple(Count(t.value, t.label, 45 - 4 * i) for i, t in enumerate(Theme))

    def departments(self, audience: Audience) -> tuple[Count, ...]:
        return tuple(Count(d.value, d.label, i) for i, d in enumerate(DepartmentFunction))

    def cases(
        self,
        audience: Audience,
        *,
        theme: Theme | None = None,
        department: DepartmentFunction | None = None,
        implemented_in: int | None = None,
        prefecture: str | None = None,
    ) -> tuple[CaseLink, ...]:
        return tuple(
            link
            for link in sample.LINKS
            if theme in (None, *link.themes) and implemented_in in (None, link.implemented_in)
        )

    def person(self, person_id: str, audience: Audience) -> PersonPage | None:
        return sample_people.PERSON if person_id == "p-1" else None

    def programme(self, programme_id: str, audience: Audience) -> ProgrammePage | None:
        return sample_people.PROGRAMME if programme_id == "prog" else None

    def series(self, name: str, audience: Audience) -> SeriesPage | None:
        return sample_people.SERIES.get(name)

    def series_list(self, audience: Audience) -> tuple[SeriesView, ...]:
        return tuple(page.series for page in sample_people.SERIES.values())


class FakeOriginals:
    """Holds one file's bytes under every digest but that of doc-lone."""

    def open(self, sha256: str) -> BinaryIO:
        if sha256 == sample.LONE.sha256:
            raise FileNotFoundError(sha256)
        return io.BytesIO(sample.FILE_BYTES)


@dataclass
class FakePageImages:
    """Draws every page but the 13th; an image of a restricted page holds the canary."""

    drawn: list[tuple[str, int, int]] = field(default_factory=list)

    def image(self, sha256: str, page: int, width: int) -> bytes:
        self.drawn.append((sha256, page, width))
        if page == 13:
            raise PageImageUnavailable("このページは画像にできませんでした。")
        restricted = sha256 == sample.RESTRICTED.sha256
        return IMAGE + sample.CANARY.encode() if restricted else IMAGE
