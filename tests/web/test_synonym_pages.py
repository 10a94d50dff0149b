"""The pages on synonyms and lists on a made installation, without JavaScript."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from indexer.installation import Installation
from indexer.job_ends import ERROR
from indexer.jobs import JobCrew
from kb.catalogue.entries import Authorship, PersonEntry
from kb.catalogue.writing import writing
from kb.domain.jobs import OPEN, JobKind
from kb.domain.known_question import Expected, KnownQuestion
from kb.domain.rights import Rights, Terms
from kb.domain.roles import Role
from kb.web.curation import synonym_service
from tests.catalogue.drafts import draft
from tests.indexer.test_jobs import until
from tests.web.html import Page
from tests.web.real_site import app, curator
from tests.web.signing_in import signed_in, token

__all__ = ["app", "curator"]

LIST, GROUP, DRAFT = (f"/curation/synonyms{end}" for end in ("", "/group", "/draft"))


def sent(client: FlaskClient, address: str, **fields: str) -> TestResponse:
    return client.post(address, data={"csrf_token": token(client), **fields}, follow_redirects=True)


def text_of(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def field_of(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found
    return found[1]


def add(client: FlaskClient, words: str) -> TestResponse:
    return sent(client, GROUP, do="save", key="", relation="same", head="", words=words)


def held(installation: Installation) -> None:
    """One document that says 福津市の改善, and a question for which it is known."""
    draft(installation, "doc-1", rights=Rights(Terms.OPEN), published=True, draft=False)
    with writing(installation.database, Authorship("test")) as writer:
        writer.questions.record(KnownQuestion("q-1", "ふくふく市", Expected(found=(("doc-1",),))))
    installation.up_to_date()


def totals(client: FlaskClient, word: str) -> int:
    return int(client.get(f"/api/v1/search?q={word}").get_json()["total"])


def test_a_group_is_added_rehearsed_published_and_taken_back(
    installation: Installation, curator: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    held(installation)
    # A machine at work may take longer than a page may.
    monkeypatch.setattr(synonym_service, "AT_ONCE_SECONDS", 60.0)
    assert totals(curator, "ふくふく市") == 0
    page = text_of(add(curator, "ふくふく市、福津市"))
    assert "下書きに入れました" in page
    assert "公開する</button>" not in page
    page = text_of(sent(curator, DRAFT, do="rehearse"))
    assert "1件の質問のうち、1件で結果が変わります" in page
    assert "増える1件、減る0件" in page
    assert "期待に1点近づく" in page
    assert 'href="/documents/doc-1">file doc-1' in page
    page = text_of(
        sent(curator, DRAFT, do="publish", version=field_of(page, "version"), why="愛称")
    )
    assert "1組の変更を公開しました" in page
    assert totals(curator, "ふくふく市") == 1
    [step_back] = re.findall(r'value="(step_back:\d+)"', page)
    page = text_of(sent(curator, DRAFT, do=step_back))
    assert "1組を一つ前に戻しました" in page
    assert totals(curator, "ふくふく市") == 0


def test_a_long_rehearsal_is_left_to_the_worker(
    installation: Installation, curator: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    held(installation)
    monkeypatch.setattr(synonym_service, "AT_ONCE_SECONDS", -1.0)
    add(curator, "ふくふく市、福津市")
    page = text_of(sent(curator, DRAFT, do="rehearse"))
    assert "この画面を開き直す" in page
    job = installation.jobs.take("test")
    assert job is not None
    assert job.kind is JobKind.REHEARSAL
    installation.jobs.end(job, ERROR)
    assert "予行が途中で止まりました。" in text_of(curator.get(LIST))
    assert "この画面を開き直す" in text_of(sent(curator, DRAFT, do="rehearse"))
    crew = JobCrew(installation, 1)
    crew.start()
    try:
        assert until(lambda: installation.jobs.counts().keys().isdisjoint(OPEN))
    finally:
        crew.stop(0)
    assert "1件で結果が変わります" in text_of(curator.get(LIST))


def test_what_is_refused_comes_back_as_it_was_typed(curator: FlaskClient) -> None:
    answer = add(curator, "窓口、まるまる語")
    assert answer.status_code == 422
    page = text_of(answer)
    assert "どちらかの組からこの語を消してください" in page
    assert "窓口、まるまる語</textarea>" in page
    assert sent(curator, GROUP, do="rub", key="").status_code == 400
    assert sent(curator, DRAFT, do="publish").status_code == 422
    assert sent(curator, DRAFT, do="rub").status_code == 400
    assert curator.get(f"{GROUP}?key=same:ない").status_code == 404
    assert sent(curator, GROUP, do="take_back", key="same:ない").status_code == 404


def test_who_comes_second_keeps_what_was_typed(app: Flask, curator: FlaskClient) -> None:
    colleague = signed_in(app, Role.ADMINISTRATOR)
    key = "same:窓口"
    version = field_of(text_of(curator.get(f"{GROUP}?key={key}")), "version")
    sent(colleague, GROUP, do="take_back", key=key, version=version)
    answer = sent(
        curator, GROUP, do="save", key=key, version=version, relation="same", words="窓口、まど"
    )
    assert answer.status_code == 409
    assert "窓口、まど</textarea>" in text_of(answer)
    late = sent(curator, DRAFT, do="publish", version=version)
    assert late.status_code == 409
    page = text_of(sent(curator, DRAFT, do=f"forget:{key}"))
    assert "下書きから1組を消しました" in page


def test_groups_are_listed_searched_and_paged(curator: FlaskClient) -> None:
    page = text_of(curator.get(f"{LIST}?q=首長"))
    assert Page(page).unbalanced == []
    assert "首長 → " in page
    assert "次のページ" in text_of(curator.get(f"{LIST}?show=shipped"))
    assert "この条件にあう組はありません" in text_of(curator.get(f"{LIST}?show=own"))


def test_readings_of_names_are_recorded_and_refused(
    installation: Installation, app: Flask, curator: FlaskClient
) -> None:
    with writing(installation.database, Authorship("test")) as writer:
        writer.record_person(PersonEntry("person-a", "見本太郎", ("見本 太朗",)))
    page = text_of(curator.get("/curation/lists"))
    assert page.count("固定の一覧です") == 3
    assert "人材育成" in page
    readings = "/curation/lists/readings"
    answer = sent(curator, readings, person="person-a", before="", kana="mihon")
    assert (answer.status_code, 'value="mihon"' in text_of(answer)) == (422, True)
    saved = text_of(
        sent(curator, readings, person="person-a", before="", kana="みほん\u3000たろう")
    )
    assert 'value="みほん たろう"' in saved
    late = sent(signed_in(app, Role.CURATOR), readings, person="person-a", before="", kana="みもと")
    assert (late.status_code, "いまの記録: みほん たろう" in text_of(late)) == (409, True)
    assert sent(curator, readings, person="none", before="", kana="み").status_code == 404
    assert installation.catalogue.sequence() > 0
    found = curator.get("/api/v1/search?q=みほんたろう").get_json()
    assert [entity["label"] for entity in found["entities"]] == ["見本太郎"]
