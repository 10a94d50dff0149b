"""The page on which curators see what was asked and how the known questions fare."""

from urllib.parse import urlencode

import pytest

from kb.domain.roles import Role
from tests.web.fake_questions import NOTHING_YET, SCORE, FakeQuestions, site_of
from tests.web.html import Page, faults
from tests.web.signing_in import signed_in


def shown(questions: FakeQuestions, address: str = "/curation/questions") -> str:
    answer = signed_in(site_of(questions), Role.CURATOR).get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_it_shows_the_score_the_failures_and_the_report() -> None:
    page = shown(FakeQuestions())
    assert "2件のうち1件が、期待どおりの結果でした。" in page
    assert "使っている質問: 2件(登録3件)" in page
    assert "2026年11月22日 0時04分に確認" in page
    assert SCORE.failed[0].reasons[0] in page
    assert faults(page) == []
    assert "のべ1234回" in page
    assert "新庁舎 &lt;b&gt;" in page
    assert "テーマ: dx、同じページ内" in page
    assert "見える化、可視化" in page
    for heading in ("何も見つからなかった質問", "どの資料にもなかったことば", "よく検索された質問"):
        assert heading in page


def test_a_question_can_be_asked_again_under_its_filters() -> None:
    links = [str(link["href"]) for link in Page(shown(FakeQuestions())).all("a")]
    again = "/search?q=%E6%96%B0%E5%BA%81%E8%88%8E+%3Cb%3E&theme=dx&scope=page"
    assert links.count(again) == 1
    # What was cut, or is of another version, is asked without its filters.
    assert f"/search?{urlencode({'q': '長い絞り込み', 'theme': '…'})}" in links
    assert f"/search?{urlencode({'q': '別の版の絞り込み'})}" in links


def test_a_period_can_be_chosen_and_no_other() -> None:
    questions = FakeQuestions()
    client = signed_in(site_of(questions), Role.CURATOR)
    assert client.get("/curation/questions?days=7").status_code == 200
    assert client.get("/curation/questions").status_code == 200
    assert client.get("/curation/questions?days=8").status_code == 400
    assert questions.days == [7, 90]


def test_before_anything_was_asked_it_says_what_to_do() -> None:
    page = shown(NOTHING_YET)
    assert "kb questions add" in page
    assert page.count("この期間には、ありません。") == 3
    assert faults(page) == []
    assert "いまは検索を記録していません" in page


def test_questions_that_were_not_asked_yet_are_told() -> None:
    assert "まだ採点していません" in shown(FakeQuestions(last=None))


@pytest.mark.parametrize("role", [Role.READER, Role.STAFF, Role.MEMBER])
def test_nobody_but_curators_sees_it(role: Role) -> None:
    app = site_of(FakeQuestions())
    assert signed_in(app, role).get("/curation/questions").status_code == 403
    anonymous = app.test_client().get("/curation/questions")
    assert anonymous.status_code in (302, 303, 401)
    assert "新庁舎" not in anonymous.get_data(as_text=True)


def test_where_nothing_is_kept_there_is_no_page() -> None:
    assert signed_in(site_of(None), Role.CURATOR).get("/curation/questions").status_code == 404
