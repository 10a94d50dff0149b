"""Double cases and casebooks on a made installation, as a browser without JavaScript uses them."""

from flask import Flask
from flask.testing import FlaskClient

from indexer.installation import Installation
from kb.catalogue.entries import DocumentEntry, ExcerptEntry
from kb.catalogue.writing import writing
from kb.domain.classification import DocumentKind
from kb.domain.page_ranges import PageRanges
from kb.domain.rights import Rights, Terms
from tests.catalogue.drafts import AUTHOR, case, draft
from tests.web.html import Page
from tests.web.signing_in import post
from tests.web.test_review_pages import app, curator, form_of, text_of

__all__ = ["app", "curator"]

START = "/curation/cases/case-a/merge"
PAIR = f"{START}?other=case-b"
BOOK = "/curation/documents/book/pages"
SHOWN = {"published": True, "draft": False, "rights": Rights(Terms.OPEN)}


def two(installation: Installation) -> None:
    case(installation, "case-a", "窓口の改善", implemented_in=2021, subtitle="待たせない")
    case(installation, "case-b", "窓口改善の取組", implemented_in=2021, subtitle="書かせない")
    for name in ("a", "b"):
        draft(installation, f"doc-{name}", case_id=f"case-{name}", **SHOWN)


def test_two_cases_become_one_and_two_again(
    installation: Installation, app: Flask, curator: FlaskClient
) -> None:
    two(installation)
    assert "窓口改善の取組" in text_of(curator.get(START))
    page = text_of(curator.get(PAIR))
    assert not Page(page).unbalanced
    sent = form_of(page)
    assert (sent["take-title"], sent["take-subtitle"]) == ("kept", "kept")
    assert "take-implemented_in" not in sent
    done = curator.post(START, data={**sent, "take-subtitle": "other", "do": "merge"})
    assert (done.status_code, done.location) == (303, START)
    installation.up_to_date()
    reader = app.test_client()
    gone = reader.get("/cases/case-b?q=改善")
    assert gone.status_code == 301
    assert gone.location == "/cases/case-a?q=%E6%94%B9%E5%96%84"
    assert curator.get("/curation/cases/case-b").location == "/curation/cases/case-a"
    shown = text_of(reader.get("/cases/case-a"))
    assert "書かせない" in shown
    assert "/documents/doc-b" in shown
    found = reader.get("/api/v1/search?q=窓口&page_size=100").get_json()
    assert [each["case"]["id"] for each in found["results"]] == ["case-a"]
    assert {each["id"] for each in found["results"][0]["documents"]} == {"doc-a", "doc-b"}
    assert "統合した事例" in text_of(curator.get(START))
    assert post(curator, START, do="split:case-b").status_code == 303
    assert reader.get("/cases/case-b").status_code == 200
    assert "待たせない" in text_of(reader.get("/cases/case-a"))


def test_the_way_on_is_told_only_to_whoever_may_see_where_it_leads(
    installation: Installation, app: Flask, curator: FlaskClient
) -> None:
    two(installation)
    curator.post(START, data={**form_of(text_of(curator.get(PAIR))), "do": "merge"})
    with writing(installation.database, AUTHOR) as writer:
        writer.rights.withdraw_case("case-a")
    assert app.test_client().get("/cases/case-b").status_code == 404
    assert curator.get("/cases/case-b").location == "/cases/case-a"
    assert curator.get("/cases/case-none").status_code == 404
    assert post(curator, "/curation/cases/case-b", do="save").status_code == 404
    refused = post(curator, START, do="split:case-b")
    assert refused.status_code == 422
    assert "変わりました" in text_of(refused)


def test_what_cannot_be_merged_comes_back_with_the_reason(
    installation: Installation, curator: FlaskClient
) -> None:
    two(installation)
    sent = form_of(text_of(curator.get(PAIR)))
    case(installation, "case-b", "窓口改善の取組(改)")
    late = curator.post(START, data={**sent, "take-title": "other", "do": "merge"})
    assert late.status_code == 409
    page = text_of(late)
    assert "ほかの人が変えました" in page
    assert form_of(page)["take-title"] == "other"
    assert curator.post(START, data={**form_of(page), "do": "merge"}).status_code == 303
    assert curator.get(PAIR).status_code == 422
    assert "登録されていません" in text_of(curator.get(f"{START}?other=case-none"))
    assert curator.get("/curation/cases/case-none/merge").status_code == 404
    assert post(curator, START, do="nonsense").status_code == 400


# --- casebooks ------------------------------------------------------------------------------


def book(installation: Installation) -> None:
    for name, title in (("a", "窓口の改善"), ("b", "財政の改善"), ("c", "防災の改善")):
        case(installation, f"case-{name}", title)
    draft(installation, "book", pages=9, **SHOWN)
    ranges = (ExcerptEntry("case-a", 2, 4), ExcerptEntry("case-b", 4, 6))
    entry = DocumentEntry("book", "事例集", DocumentKind.CASEBOOK, Rights(Terms.OPEN),
                          excerpts=ranges)  # fmt: skip
    with writing(installation.database, AUTHOR) as writer:
        writer.record_document(entry)


def ranges_of(app: Flask) -> dict[str, str]:
    form = app.extensions["kb"].casebooks.form("book")
    return {each.id: str(each.pages) for each in form.cases}


def test_ranges_are_changed_added_and_removed_and_the_index_follows(
    installation: Installation, app: Flask, curator: FlaskClient
) -> None:
    book(installation)
    page = text_of(curator.get(BOOK))
    assert not Page(page).unbalanced
    for told in (">2〜3ページ<", ">4ページ<", ">5〜6ページ<", "どの事例でもない"):
        assert told in page
    sent = {**form_of(page), "pages-case-a": "２〜３、６", "remove-case-b": "1",
            "add-case": "防災", "add-pages": "8"}  # fmt: skip
    assert curator.post(BOOK, data={**sent, "do": "save"}).status_code == 303
    assert ranges_of(app) == {"case-a": "2-3, 6", "case-c": "8"}
    page = text_of(curator.get(BOOK))
    assert not Page(page).unbalanced
    for told in ('value="2-3, 6"', ">6ページ<", "窓口の改善 (2〜3、6ページ)"):
        assert told in page
    installation.up_to_date()
    found = app.test_client().get("/api/v1/search?q=令和3年度&page_size=100").get_json()
    pages = {each["case"]["id"]: each["documents"][0]["pages_matched"]
             for each in found["results"] if each["case"]}  # fmt: skip
    assert pages == {"case-a": 3, "case-c": 1}


def test_pages_go_from_one_case_to_another(
    installation: Installation, app: Flask, curator: FlaskClient
) -> None:
    book(installation)

    def move(source: str, target: str, pages: str) -> tuple[int, str]:
        sent = {"move-from": source, "move-to": target, "move-pages": pages}
        version = form_of(text_of(curator.get(BOOK)))
        answer = curator.post(BOOK, data={**version, **sent, "do": "move"})
        return answer.status_code, text_of(answer)

    assert move("case-a", "case-b", "3-4")[0] == 303
    assert ranges_of(app) == {"case-a": "2", "case-b": "3-6"}
    assert move("case-b", "case-a", "５、６")[0] == 303
    assert ranges_of(app) == {"case-a": "2, 5-6", "case-b": "3-4"}
    for wrong, why in (
        (("case-a", "case-b", "4-5"), "2, 5-6ページの中だけです(4ページは違います)"),
        (("case-b", "case-b", "3"), "別々に"),
        (("case-b", "case-a", "x"), "番号ではありません"),
        (("case-b", "case-a", " "), "書いてください"),
    ):
        status, page = move(*wrong)
        assert (status, why in page) == (422, True), why
    assert move("case-a", "case-b", "2, 5-6")[0] == 303
    assert ranges_of(app) == {"case-b": "2-6"}
    history = "/curation/history/document/book"
    page = text_of(curator.get(history))
    assert "窓口の改善(2、5〜6ページ)" in page
    newest = page.partition('name="number" value="')[2].partition('"')[0]
    assert post(curator, history, number=newest).status_code == 303
    assert ranges_of(app) == {"case-a": "2, 5-6", "case-b": "3-4"}


def test_ranges_that_cannot_be_are_told_by_field(
    installation: Installation, app: Flask, curator: FlaskClient
) -> None:
    book(installation)
    before, sent = ranges_of(app), form_of(text_of(curator.get(BOOK)))
    wrong = {"pages-case-a": "五", "pages-case-b": "6-5", "add-case": "改善",
             "add-pages": "1"}  # fmt: skip
    answer = curator.post(BOOK, data={**sent, **wrong, "do": "save"})
    page = text_of(answer)
    assert answer.status_code == 422
    for told in ("「五」はページの番号ではありません", "6-5ページは範囲になりません",
                 "あう事例が3件あります", 'value="五"'):  # fmt: skip
        assert told in page
    beyond = curator.post(BOOK, data={**sent, "pages-case-b": "4-6、12", "do": "save"})
    assert "9ページを超えています" in text_of(beyond)
    with writing(installation.database, AUTHOR) as writer:
        writer.casebooks.record("book", {"case-c": PageRanges(((1, 1),))})
    late = curator.post(BOOK, data={**sent, "do": "save"})
    assert late.status_code == 409
    assert "改善(1ページ)" in text_of(late), "a case is called by its title"
    assert ranges_of(app) == {"case-c": "1"} != before


def test_lists_that_were_left_alone_are_those_of_who_was_quicker(
    installation: Installation, app: Flask, curator: FlaskClient
) -> None:
    book(installation)
    sent = form_of(text_of(curator.get(BOOK)))
    with writing(installation.database, AUTHOR) as writer:
        writer.casebooks.record(
            "book", {"case-a": PageRanges(((2, 3),)), "case-b": PageRanges(((3, 6),))}
        )
    late = curator.post(BOOK, data={**sent, "pages-case-b": "3-7", "do": "save"})
    assert late.status_code == 409
    again = form_of(text_of(late))
    assert (again["pages-case-a"], again["pages-case-b"]) == ("2-3", "3-7")
    assert curator.post(BOOK, data={**again, "do": "save"}).status_code == 303
    assert ranges_of(app) == {"case-a": "2-3", "case-b": "3-7"}


def test_a_document_that_is_one_case_has_no_lists(
    installation: Installation, curator: FlaskClient
) -> None:
    case(installation, "case-a", "改善")
    draft(installation, "doc-whole", case_id="case-a")
    whole = text_of(curator.get("/curation/documents/doc-whole/pages"))
    assert "この資料は全体が事例" in whole
