"""Pages of municipalities for the fakes: of today and once, with and without wards."""

from dataclasses import replace
from datetime import date

from kb.catalogue.place_views import (
    CaseYear,
    FormerNameView,
    MunicipalityPage,
    NameChange,
    PlaceCount,
)
from kb.catalogue.views import CaseLink, MunicipalityView
from kb.domain.size_class import SizeClass
from tests.web.sample import (
    EVENTS,
    FUKUTSU,
    FUKUTSU_LINK,
    LATER_LINK,
    NAKANO,
    ROLE,
    UMINARI,
    UMINARI_LINK,
)

FUKUTSU_CITY = replace(FUKUTSU, size_class=SizeClass.CITY)
FUKUMA = MunicipalityView(
    "403628",
    "福間町",
    "ふくままち",
    "",
    "town",
    "福岡県",
    abolished_on=date(2005, 1, 24),
    successor_code="402249",
    size_class=SizeClass.TOWN,
)
MERGER = NameChange(
    date(2005, 1, 24),
    "新設合併",
    (
        FormerNameView("福間町", "ふくままち", "403628", has_page=True),
        FormerNameView("津屋崎町", "つやざきまち", "403636", has_page=True),
    ),
    FormerNameView("福津市", "", "402249", has_page=True),
)
KITAKYUSHU = MunicipalityView(
    "401005",
    "北九州市",
    "きたきゅうしゅうし",
    "Kitakyushu-shi",
    "city",
    "福岡県",
    size_class=SizeClass.DESIGNATED_CITY,
)
KOKURA = MunicipalityView(
    "401064",
    "北九州市小倉北区",
    "きたきゅうしゅうしこくらきたく",
    "Kitakyushu-shi Kokurakita-ku",
    "designated_ward",
    "福岡県",
    parent_code="401005",
    size_class=SizeClass.DESIGNATED_WARD,
)
FUKUOKA = MunicipalityView(
    "400009",
    "福岡県",
    "ふくおかけん",
    "Fukuoka-ken",
    "prefecture",
    "福岡県",
    size_class=SizeClass.PREFECTURE,
)
EARLIER = replace(FUKUTSU_LINK, id="case-uminari", title="前の年度の組織目標", implemented_in=2020)
UNDATED = replace(FUKUTSU_LINK, title="年度の分からない取り組み", implemented_in=None)
ALIKE = tuple(
    PlaceCount(replace(FUKUTSU_CITY, code=code, name=name, prefecture=prefecture), cases)
    for code, name, prefecture, cases in (
        ("402036", "久留米市", "福岡県", 3),
        ("412015", "佐賀市", "佐賀県", 12),
        ("252123", "高島市", "滋賀県", 1),
    )
)


def _years(*links: CaseLink) -> tuple[CaseYear, ...]:
    return tuple(CaseYear(link.implemented_in, (link,)) for link in links)


_FUKUTSU_PAGE = MunicipalityPage(
    FUKUTSU_CITY,
    timeline=(MERGER,),
    prefecture=FUKUOKA,
    years=_years(FUKUTSU_LINK, EARLIER, UNDATED),
    lineages=((EARLIER, FUKUTSU_LINK),),
    events=EVENTS,
    roles=(ROLE,),
    documents=2,
    neighbours=ALIKE,
)

PAGES = {
    page.municipality.code: page
    for page in (
        _FUKUTSU_PAGE,
        MunicipalityPage(
            FUKUMA,
            timeline=(MERGER,),
            successors=(FUKUTSU_CITY,),
            years=_years(FUKUTSU_LINK),
        ),
        MunicipalityPage(
            replace(NAKANO, size_class=SizeClass.SPECIAL_WARD), years=_years(LATER_LINK)
        ),
        MunicipalityPage(UMINARI, years=_years(UMINARI_LINK), events=EVENTS),
        MunicipalityPage(
            KITAKYUSHU,
            years=_years(FUKUTSU_LINK),
            wards=(
                PlaceCount(KOKURA, 2),
                PlaceCount(replace(KOKURA, code="401072", name="北九州市小倉南区"), 0),
            ),
        ),
        MunicipalityPage(KOKURA, parent=KITAKYUSHU),
        MunicipalityPage(FUKUOKA, members=(PlaceCount(FUKUTSU_CITY, 3), PlaceCount(KITAKYUSHU, 1))),
    )
}
"""By code."""
