"""What is filed under a body of the past is found by its names and codes, and by today's."""

from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient

from indexer.installation import Installation
from indexer.reindex import Reindexer
from kb.catalogue.entries import Authorship, CaseEntry, DocumentEntry
from kb.catalogue.names import NameReader
from kb.catalogue.synonyms.records import SynonymReader
from kb.catalogue.writing import writing
from kb.domain.classification import DocumentKind, Theme
from kb.domain.municipality import BodyName
from kb.domain.rights import Rights, Terms
from kb.search.connect import connect
from kb.search.naming import VocabularySource
from kb.search.query import Asked, Entity, Facet, ResultPage
from kb.search.service import SearchService
from kb.settings import from_environment
from kb.web.answer import Writer
from kb.web.app import close_app, open_app

AUTHOR = Authorship("編集担当", "試験")
FUKUTSU, FUKUMA, NAKANO, KAMIKUISHIKI = "402249", "403628", "131148", "193411"
FUCHU_TOKYO, FUCHU_HIROSHIMA = "132063", "342084"


def case(id_: str, *codes: str, year: int = 2003, theme: Theme = Theme.FINANCE) -> CaseEntry:
    return CaseEntry(id_, f"{id_}の記録", codes, implemented_in=year, themes=(theme,))


@pytest.fixture(scope="module")
def held(another: Callable[[], Installation]) -> Iterator[Installation]:
    installation = another()
    with writing(installation.database, AUTHOR) as writer:
        writer.record_case(case("fukuma", FUKUMA))
        writer.record_case(case("fukutsu", FUKUTSU, year=2021))
        writer.record_case(case("divided", KAMIKUISHIKI))
        writer.record_case(case("nakano", NAKANO, year=2021))
        writer.record_case(case("musashi", FUCHU_TOKYO, year=2021))
        writer.record_case(case("bingo", FUCHU_HIROSHIMA, year=2021))
        writer.record_document(
            DocumentEntry(
                "doc-fukuma", "広報の綴り", DocumentKind.OTHER, Rights(Terms.OPEN),
                municipality_codes=(FUKUMA,),
            )
        )  # fmt: skip
    installation.reindexer.sync()
    yield installation
    installation.close()


@pytest.fixture(scope="module", params=["whoosh:", "memory:"])
def service(held: Installation, request: pytest.FixtureRequest) -> Iterator[SearchService]:
    database, analyser = held.database, held.analyser
    engine = connect(request.param, held.fingerprint, data_dir=held.data_dir)
    names = VocabularySource(NameReader(database), SynonymReader(database))
    Reindexer(database, engine, analyser).sync()
    yield SearchService(held.catalogue, engine, analyser, names)
    engine.close()


@pytest.fixture(scope="module")
def client(held: Installation) -> Iterator[FlaskClient]:
    app = open_app(from_environment({"KB_DATA_DIR": str(held.data_dir)}))
    yield app.test_client()
    close_app(app)


def ask(service: SearchService, text: str = "", **filters: str) -> ResultPage:
    return service.search(Asked(text, {Facet(name): (value,) for name, value in filters.items()}))


def found(page: ResultPage) -> set[str]:
    return {hit.case.id if hit.case else hit.documents[0].id for hit in page.results}


OF_FUKUMA = {"fukuma", "doc-fukuma"}
OF_FUKUTSU = {*OF_FUKUMA, "fukutsu"}


@pytest.mark.parametrize(
    "text", ["福間町", "福津市", FUKUTSU, FUKUMA, "ふくつ", "ふくままち", "fukuma", "自治体:福間町"]
)
def test_a_question_finds_it_by_every_name_of_either_body(
    service: SearchService, text: str
) -> None:
    assert found(ask(service, text)) == OF_FUKUTSU


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (FUKUTSU, OF_FUKUTSU),
        ("福津市", OF_FUKUTSU),
        ("福間町", OF_FUKUTSU),
        (FUKUMA, OF_FUKUMA),
        ("40362", OF_FUKUMA),
        ("福岡県福間町", OF_FUKUTSU),
        ("甲府市", {"divided"}),
        ("富士河口湖町", {"divided"}),
        ("上九一色村", {"divided"}),
        (KAMIKUISHIKI, {"divided"}),
        ("403636", set()),
    ],
)
def test_a_filter_by_name_finds_all_and_by_a_code_of_the_past_its_own(
    service: SearchService, value: str, expected: set[str]
) -> None:
    assert found(ask(service, municipality=value)) == expected


def test_the_facet_counts_it_under_today(service: SearchService) -> None:
    counts = {c.value: (c.label, c.count) for c in ask(service).facets[Facet.MUNICIPALITY]}
    assert counts == {
        FUKUTSU: ("福津市", 3),
        NAKANO: ("中野区", 1),
        FUCHU_TOKYO: ("府中市(東京都)", 1),
        FUCHU_HIROSHIMA: ("府中市(広島県)", 1),
        "192015": ("甲府市", 1),
        "194301": ("富士河口湖町", 1),
    }
    prefectures = {c.label: c.count for c in ask(service).facets[Facet.PREFECTURE]}
    assert prefectures["福岡県"] == 3
    assert prefectures["山梨県"] == 1


def test_a_code_of_the_past_that_is_chosen_is_counted_and_told_of(service: SearchService) -> None:
    page = ask(service, municipality=FUKUMA)
    chosen = [c for c in page.facets[Facet.MUNICIPALITY] if c.selected]
    assert [(c.value, c.label, c.count) for c in chosen] == [(FUKUMA, "福間町(現 福津市)", 2)]
    (notice,) = page.notices
    assert "福間町(2005-01-24 合併、現 福津市)" in notice
    assert FUKUTSU in notice


def test_a_result_names_the_body_and_what_it_is_today(service: SearchService) -> None:
    page = ask(service, "福間町")
    cases = {hit.case.id: hit.case for hit in page.results if hit.case}
    (body,) = cases["fukuma"].municipalities
    assert (body.code, body.name, body.now) == (FUKUMA, "福間町", (BodyName(FUKUTSU, "福津市"),))
    written = Writer(Asked("福間町")).answer(page)
    told = {
        hit["case"]["id"]: hit["case"]["municipalities"]
        for hit in written["results"]
        if hit["case"]
    }
    assert told["fukuma"][0]["now"] == [{"code": FUKUTSU, "name": "福津市"}]
    assert "now" not in told["fukutsu"][0]


# --- a filter that means several ----------------------------------------------------------------


def test_a_filter_that_two_towns_go_by_takes_both_and_says_so(service: SearchService) -> None:
    page = ask(service, municipality="府中市")
    assert found(page) == {"musashi", "bingo"}
    (notice,) = page.notices
    assert "自治体は2団体あり(東京都府中市、広島県府中市)" in notice
    assert "「東京都府中市」のように" in notice
    assert Writer(Asked()).answer(page)["notices"] == [notice]


@pytest.mark.parametrize("value", ["東京都府中市", FUCHU_TOKYO, "福津市", "福間町", "fukutsu"])
def test_a_filter_that_means_one_is_taken_without_a_word(
    service: SearchService, value: str
) -> None:
    page = ask(service, municipality=value)
    assert page.total
    assert page.notices == ()


def test_a_filter_by_a_short_name_says_which_it_took(service: SearchService) -> None:
    page = ask(service, municipality="中野")
    assert found(page) == {"nakano"}
    (notice,) = page.notices
    assert "「中野」を東京都中野区として" in notice
    assert "長野県中野市" in notice


# --- cards --------------------------------------------------------------------------------------


def card(page: ResultPage, kind: str) -> Entity:
    return next(entity for entity in page.entities if entity.kind == kind)


@pytest.mark.parametrize(
    ("text", "kind", "count"),
    [("福間町", "municipality", 2), ("福岡県", "municipality", 2), ("久留米市", "municipality", 0),
     ("財政・資産", "theme", 6)],
)  # fmt: skip
def test_a_card_counts_the_cases(service: SearchService, text: str, kind: str, count: int) -> None:
    page = ask(service, text)
    assert card(page, kind).count == count
    written = Writer(Asked(text)).answer(page)["entities"]
    assert count in [entity.get("count") for entity in written]


# --- pages --------------------------------------------------------------------------------------


def html(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.get_data(as_text=True)


def test_pages_name_the_old_body_with_todays(client: FlaskClient) -> None:
    today = '(現 <a href="/municipalities/402249">福津市</a>)'
    for address in ("/cases/fukuma", "/search?q=福間町", "/documents/doc-fukuma"):
        page = html(client, address)
        assert '<a href="/municipalities/403628">福間町</a>' in page, address
        assert today in page, address
    assert "事例 2件" in html(client, "/search?q=福間町")


def test_the_page_of_a_body_of_the_past_links_to_all_that_it_shows(client: FlaskClient) -> None:
    page = html(client, "/municipalities/403628")
    assert "fukutsuの記録" in page
    assert "/search?municipality=%E7%A6%8F%E5%B2%A1%E7%9C%8C%E7%A6%8F%E9%96%93%E7%94%BA" in page
    assert "福間町" in html(client, "/municipalities/402249")


def test_the_page_of_a_prefectures_card_leads_to_its_cases(client: FlaskClient) -> None:
    assert "/search?prefecture=40" in html(client, "/search?q=福岡県")
    assert "府中市(広島県)" in html(client, "/search?municipality=府中市")


@pytest.mark.parametrize("query", ["q=旭町", "q=ざれごと", "q=福間町&kind=flyer"])
def test_an_empty_page_offers_something_under_every_heading(
    client: FlaskClient, query: str
) -> None:
    page = html(client, f"/search?{query}")
    lists = page.split('<ul class="steps-list">')[1:]
    assert lists
    assert all("<a href=" in each.partition("</ul>")[0] for each in lists)
