"""A page of a casebook is found, counted and shown as the case it tells of, on every engine."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import update

from indexer import checking
from indexer.installation import Installation
from indexer.reindex import Reindexer
from kb.catalogue import models as m
from kb.catalogue.entries import ExcerptEntry
from kb.catalogue.names import NameReader
from kb.catalogue.synonyms.records import SynonymReader
from kb.domain.rights import Audience, Rights, Terms
from kb.search.connect import connect
from kb.search.engine import SearchEngine
from kb.search.naming import VocabularySource
from kb.search.query import Asked, Facet, ResultPage, SearchHit
from kb.search.service import SearchService
from kb.web.answer import Writer
from tests.search.casebooks import BOOK, change_book, record_book

ALONE = "-"
"""Stands for the casebook itself among the identifiers of cases."""


@dataclass
class House:
    """An installation with a casebook, and a search over it."""

    installation: Installation
    engine: SearchEngine
    reindexer: Reindexer
    service: SearchService

    def ask(self, typed: str, audience: Audience = Audience.ANONYMOUS, **facets: str) -> ResultPage:
        filters = {Facet(name): (value,) for name, value in facets.items()}
        return self.service.search(Asked(typed, filters, audience=audience))

    def found(self, typed: str, audience: Audience = Audience.ANONYMOUS, **facets: str) -> set[str]:
        page = self.ask(typed, audience, **facets)
        return {hit.case.id if hit.case else ALONE for hit in page.results}


ENGINES = ("whoosh:", "memory:")


@contextmanager
def built(installation: Installation, engine_url: str) -> Iterator[House]:
    """The casebook recorded in an empty installation, and indexed."""
    record_book(installation)
    database, analyser = installation.database, installation.analyser
    engine = connect(engine_url, installation.fingerprint, data_dir=installation.data_dir)
    names = VocabularySource(NameReader(database), SynonymReader(database))
    service = SearchService(installation.catalogue, engine, analyser, names)
    house = House(installation, engine, Reindexer(database, engine, analyser), service)
    house.reindexer.sync()
    yield house
    engine.close()


@pytest.fixture(scope="module", params=ENGINES)
def house(another: Callable[[], Installation], request: pytest.FixtureRequest) -> Iterator[House]:
    """To be asked by many tests, and not changed."""
    with closing(another()) as opened, built(opened, request.param) as house:
        yield house


@pytest.fixture(params=ENGINES)
def changing(installation: Installation, request: pytest.FixtureRequest) -> Iterator[House]:
    """For one test, which changes it."""
    with built(installation, request.param) as house:
        yield house


def pages_of(hit: SearchHit) -> list[int]:
    return [passage.page for document in hit.documents for passage in document.passages]


@pytest.mark.parametrize(
    ("word", "subjects"),
    [
        ("潮位", {"case-a"}), ("羅針盤", {"case-a", "case-b"}), ("提灯", {ALONE}),
        ("灯籠", {ALONE}), ("風車", {"case-a", "case-b"}),
    ],
)  # fmt: skip
def test_a_page_belongs_to_its_cases_or_stays_with_the_book(
    house: House, word: str, subjects: set[str]
) -> None:
    assert house.found(word) == subjects


def test_a_case_quotes_its_own_pages_only(house: House) -> None:
    by_case = {hit.case.id: pages_of(hit) for hit in house.ask("風車").results if hit.case}
    assert by_case == {"case-a": [2], "case-b": [5]}


def test_a_result_names_the_casebook_and_where_it_tells_of_the_case(house: House) -> None:
    [hit] = house.ask("潮位").results
    [book] = hit.documents
    assert (book.title, str(book.excerpt), book.pages, book.pages_matched) == (
        BOOK.title, "2-4", 7, 1,
    )  # fmt: skip
    told = Writer(Asked("潮位")).answer(house.ask("潮位"))["results"][0]["documents"][0]
    assert told["excerpt"] == {
        "first_page": 2, "last_page": 4, "ranges": [{"first_page": 2, "last_page": 4}],
    }  # fmt: skip
    assert told["passages"][0]["url"].startswith("/documents/doc-book/pages/3")


def test_words_must_stand_together_in_one_case_not_in_the_book(house: House) -> None:
    assert house.found("潮位 羅針盤") == {"case-a"}
    assert not house.ask("潮位 羅針盤").notices
    assert house.ask("潮位 提灯").notices


def test_the_kind_of_the_book_finds_the_cases_in_it(house: House) -> None:
    assert house.found("", kind="casebook") == {"case-a", "case-b", ALONE}
    counts = {c.value: c.count for c in house.ask("").facets[Facet.KIND]}
    assert counts["casebook"] == 3


def test_the_title_of_the_book_finds_book_and_cases(house: House) -> None:
    assert house.found("海辺の事例集") == {"case-a", "case-b", ALONE}


def test_places_of_one_case_do_not_find_the_other(house: House) -> None:
    assert house.found("潮位", municipality="131148") == set()
    assert house.found("潮位", municipality="402249") == {"case-a"}


def test_hits_of_a_document_are_counted_over_all_its_cases(house: House) -> None:
    read = house.service.read("doc-book", 2, "風車", Audience.ANONYMOUS)
    assert read is not None
    assert dict(read.hits_by_page) == {2: 1, 5: 1}


def test_the_rights_of_the_book_hold_for_every_excerpt(changing: House) -> None:
    change_book(changing.installation, rights=Rights(Terms.INTERNAL))
    changing.reindexer.sync()
    assert changing.found("潮位") == set()
    assert changing.found("潮位", Audience.STAFF) == {"case-a"}
    assert changing.found("", kind="casebook") == set()
    [case] = [h for h in changing.ask("朝の点検").results if h.case and h.case.id == "case-a"]
    assert case.documents == ()


def test_a_taken_down_book_leaves_no_word_of_its_excerpts(changing: House) -> None:
    change_book(changing.installation, rights=Rights(Terms.WITHDRAWN))
    changing.reindexer.sync()
    held = [key for key in changing.engine.holdings() if key.startswith("page:doc-book:")]
    assert all(key.startswith("page:doc-book:0") for key in held)
    assert not changing.found("潮位", Audience.CURATOR)
    assert changing.found("海辺の事例集") == set()


def test_a_sync_follows_changed_ranges_and_agrees_with_a_rebuild(changing: House) -> None:
    shorter = (replace(BOOK.excerpts[0], last_page=3), BOOK.excerpts[1])
    assert change_book(changing.installation, excerpts=shorter)
    report = changing.reindexer.sync()
    assert 0 < report.put < len(changing.engine.holdings())
    assert changing.found("羅針盤") == {"case-b"}
    synced = dict(changing.engine.holdings())
    assert changing.reindexer.differences() == ((), ())
    changing.reindexer.rebuild()
    assert dict(changing.engine.holdings()) == synced


def test_pages_that_lie_apart_are_all_found_and_nothing_between_them(changing: House) -> None:
    apart = (*BOOK.excerpts, ExcerptEntry("case-a", 6, 6))
    assert change_book(changing.installation, excerpts=apart)
    changing.reindexer.sync()
    assert changing.found("提灯") == changing.found("潮位") == {"case-a"}
    assert changing.found("奥付") == {ALONE}
    by_case = {hit.case.id: pages_of(hit) for hit in changing.ask("風車").results if hit.case}
    assert by_case == {"case-a": [2], "case-b": [5]}
    [hit] = changing.ask("提灯").results
    told = Writer(Asked("提灯")).answer(changing.ask("提灯"))["results"][0]["documents"][0]
    assert pages_of(hit) == [6]
    assert [r["first_page"] for r in told["excerpt"]["ranges"]] == [2, 6]
    assert changing.reindexer.differences() == ((), ())


def test_pages_of_a_case_that_is_not_published_stay_with_the_book(changing: House) -> None:
    with changing.installation.database.writing() as session:
        hidden = m.CaseRow.id == "case-a"
        session.execute(update(m.CaseRow).where(hidden).values(published=False))
    changing.reindexer.sync()
    assert changing.found("潮位") == {ALONE}
    assert changing.found("羅針盤") == {"case-b"}


def test_check_agrees_with_an_index_of_excerpts(installation: Installation) -> None:
    record_book(installation)
    installation.reindexer.sync()
    problems = checking.check(installation).problems
    assert problems == ("doc-book: 原本がありません(555555555555)。",)


def test_many_cases_on_one_page_are_all_found(changing: House) -> None:
    both = tuple(ExcerptEntry(each.case_id, 1, 7) for each in BOOK.excerpts)
    change_book(changing.installation, excerpts=both)
    changing.reindexer.sync()
    assert changing.found("提灯") == {"case-a", "case-b"}
    assert changing.found("海辺の事例集") == {"case-a", "case-b", ALONE}
