"""The forms that change what is recorded, as a browser without JavaScript uses them."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from indexer.installation import Installation
from kb.catalogue.entries import PersonEntry, RoleEntry
from kb.catalogue.writing import writing
from kb.domain.rights import Rights, Terms
from kb.domain.roles import Role
from tests.catalogue.drafts import AUTHOR, case, draft, event
from tests.web import nodes
from tests.web.html import Page
from tests.web.real_site import app, curator
from tests.web.signing_in import sign_in, signed_in
from tests.web.test_review_pages import form_of, send, text_of

__all__ = ["app", "curator"]

FORMS = {
    "/curation/cases/case-1": "/cases/case-1",
    "/curation/documents/doc-1": "/documents/doc-1",
    "/curation/events/ev-1": "/events/ev-1",
    "/curation/people/p-1": "/people/p-1",
    "/curation/programmes/prog-1": "/programmes/prog-1",
}
"""Form -> what readers see of the same thing."""


@pytest.fixture
def held(installation: Installation) -> Installation:
    """One thing of each kind."""
    event(installation)
    case(installation, "case-1", "改善", event_id="ev-1")
    draft(installation, "doc-1", {}, rights=Rights(Terms.OPEN), published=True, draft=False,
          filled=())  # fmt: skip
    with writing(installation.database, AUTHOR) as writer:
        writer.record_person(PersonEntry("p-1", "試験太郎"))
        writer.record_role(RoleEntry("p-1", "課長", "発表", case_id="case-1"))
    return installation


@pytest.fixture
def colleague(app: Flask) -> FlaskClient:
    return signed_in(app, Role.ADMINISTRATOR)


def test_curators_alone_get_the_forms_and_the_way_to_them(app: Flask, curator: FlaskClient) -> None:
    send(curator, "/curation/programmes/new", "", title="研究会")
    [programme] = app.extensions["kb"].editing.records("programme")
    anybody, staff = app.test_client(), signed_in(app, Role.STAFF)
    for form, page in FORMS.items():
        form, page = (each.replace("prog-1", programme.key) for each in (form, page))
        assert anybody.get(form).status_code == 302, form
        assert staff.get(form).status_code == 403, form
        answer = curator.get(form)
        assert answer.status_code == 200, form
        assert answer.headers["Cache-Control"] == "no-store", form
        assert not Page(text_of(answer)).unbalanced, form
        assert f'href="{page}"' in text_of(answer)
        assert curator.post(form, data={"title": "x"}).status_code == 400, "no token"
        shown = curator.get(page)
        assert f'<a href="{form}">編集</a>' in text_of(shown), page
        assert shown.headers["Cache-Control"] == "private, no-store", page
        for other in (anybody, staff):
            assert "/curation/" not in text_of(other.get(page)), page
    for missing in ("cases", "documents", "events", "people", "programmes"):
        assert curator.get(f"/curation/{missing}/none").status_code == 404


def test_the_second_sees_both_values_and_loses_nothing(
    curator: FlaskClient, colleague: FlaskClient
) -> None:
    address = "/curation/cases/case-1"
    theirs = form_of(text_of(colleague.get(address)))
    sent = {"subtitle": "花子の副題", "themes": "finance", "role-1-gone": "1", "why": "報告書"}
    assert send(curator, address, "", **sent).status_code == 303
    mine = {**theirs, "subtitle": "五月の副題", "summary": "五月の要点", "role-1-title": "部長"}
    answer = colleague.post(address, data=mine)
    page = text_of(answer)
    assert answer.status_code == 409
    for told in ("サブタイトル「花子の副題」", "テーマ「なし」→「財政・資産」",
                 "(理由: 報告書)</li>", "関わった人「試験太郎 課長 発表」→「なし」",
                 "いまの記録: 花子の副題",
                 "消された行に入力してあった内容: 試験太郎、部長、発表"):  # fmt: skip
        assert told in page, told
    again = form_of(page)
    assert (again["subtitle"], again["summary"]) == ("五月の副題", "五月の要点")
    assert again["themes"] == "finance", "what the second has not touched is not put back"
    assert page.count("報告書") == 1
    assert colleague.post(address, data=again).status_code == 303
    after = form_of(text_of(colleague.get(address)))
    assert (after["subtitle"], after["summary"]) == ("五月の副題", "五月の要点")
    assert after["themes"] == "finance"
    history = text_of(curator.get("/curation/history/case/case-1"))
    assert "報告書" in history


def test_what_cannot_be_taken_comes_back_as_typed(curator: FlaskClient) -> None:
    wrong = send(
        curator, "/curation/events/ev-1", "", held_on="あした", title="新しい名前", why="訂正"
    )
    page = text_of(wrong)
    assert wrong.status_code == 422
    assert "「あした」は日付(年-月-日)ではありません。2022-09-03 のように書いてください。" in page
    assert 'aria-describedby="b-held_on-hint b-held_on-wrong"' in page
    assert (form_of(page)["title"], form_of(page)["why"]) == ("新しい名前", "訂正")
    right = curator.post(
        "/curation/events/ev-1", data={**form_of(page), "held_on": "R4.9.3", "why": "訂正"}
    )
    assert right.status_code == 303
    assert "催しを保存しました。" in text_of(curator.get(right.location))
    same = send(curator, "/curation/events/ev-1", "")
    assert "変わった項目はありません。" in text_of(curator.get(same.location))


def test_a_form_whose_session_has_ended_is_kept(curator: FlaskClient) -> None:
    address = "/curation/people/p-1"
    sent = {**form_of(text_of(curator.get(address))), "kana": "しけん たろう"}
    curator.delete_cookie("kb_session")
    answer = curator.post(address, data=sent)
    assert answer.status_code == 401
    field = str(nodes.read(text_of(answer)).one("input[name=kept]")["value"])
    shown = text_of(sign_in(curator, "curator", kept=field))
    listed = [each.text for each in nodes.read(shown).all("li")]
    assert "しけん たろう" in listed
    assert sent["version"] not in listed, "what no form shows is not shown here"
    assert sent["was"] not in listed
    assert curator.post(address, data=form_of(shown)).status_code == 303
    assert form_of(text_of(curator.get(address)))["kana"] == "しけん たろう"


def test_a_person_is_made_and_goes_on_to_the_roles(curator: FlaskClient) -> None:
    address = "/curation/people/new"
    double = send(curator, address, "", name="試験 太郎")
    assert double.status_code == 422
    assert "同じ名前の人が登録されています: p-1" in text_of(double)
    made = send(curator, address, "", name="試験 太郎", same_name="1")
    assert made.status_code == 303
    assert "人を登録しました" in text_of(curator.get(made.location))
    listed = text_of(curator.get("/curation/records?kind=person&q=試験"))
    assert f'href="{made.location}"' in listed
    assert "2件" in listed
    assert curator.get("/curation/records?kind=case").status_code == 404


def test_a_document_that_was_taken_down_is_not_changed(
    held: Installation, curator: FlaskClient
) -> None:
    form = form_of(text_of(curator.get("/curation/documents/doc-1")))
    with writing(held.database, AUTHOR) as writer:
        writer.withdraw("doc-1")
    for sent in ({}, {**form, "title": "別の題"}):
        answer = curator.open(
            "/curation/documents/doc-1", method="POST" if sent else "GET", data=sent
        )
        assert answer.status_code == 303
        assert "先に取り下げを取り消してください" in text_of(curator.get(answer.location))


def test_readers_find_what_was_changed_after_a_sync(
    held: Installation, app: Flask, curator: FlaskClient
) -> None:
    held.up_to_date()
    anybody = app.test_client()

    def found(question: str) -> list[str]:
        answer = anybody.get("/api/v1/search", query_string={"q": question}).get_json()
        return [(r["case"] or r["documents"][0])["id"] for r in answer["results"]]

    words = {"残業": "case-1", "水道料金": "doc-1"}
    assert [found(word) for word in words] == [[], []]
    send(curator, "/curation/cases/case-1", "", outcome="残業が三割減った")
    send(curator, "/curation/documents/doc-1", "", title="水道料金の見直し")
    held.up_to_date()
    assert [found(word) for word in words] == [["case-1"], ["doc-1"]]
    assert "水道料金の見直し" in text_of(anybody.get("/documents/doc-1"))
