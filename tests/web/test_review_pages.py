"""The review pages on a made installation, as a browser without JavaScript uses them."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from indexer.installation import Installation
from kb.catalogue.entries import Authorship
from kb.catalogue.review.views import Review, State
from kb.catalogue.writing import writing
from kb.domain.rights import Audience, Permissions, Rights, Terms, allowed
from kb.domain.roles import Role
from kb.domain.settled import Basis, Field
from kb.web.curation import rights_effect
from tests.catalogue.drafts import SURE, UNSURE, case, draft, event, proposal
from tests.web.html import Page
from tests.web.real_site import app, curator, opened_site
from tests.web.signing_in import signed_in, token

__all__ = ["app", "curator"]

DOCUMENT = "/curation/review/doc-1"


@pytest.fixture
def colleague(app: Flask) -> FlaskClient:
    return signed_in(app, Role.ADMINISTRATOR)


def text_of(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def form_of(page: str) -> dict[str, object]:
    """What a browser would send of the first form that carries a version, untouched."""
    [form] = [f for f in re.findall(r"(?s)<form.*?</form>", page) if 'name="version"' in f][:1]
    sent: dict[str, object] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = (re.search(rf'{a}="([^"]*)"', tag) for a in ("name", "value"))
        if name and (
            ('type="radio"' not in tag and 'type="checkbox"' not in tag) or "checked" in tag
        ):
            sent[name[1]] = unescape(value[1]) if value else ""
    for name, value in re.findall(r'(?s)<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form):
        sent[name] = unescape(value)
    for name, options in re.findall(r'(?s)<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form):
        chosen = re.search(r'value="([^"]*)" selected', options)
        sent[name] = chosen[1] if chosen else ""
    return sent


def send(client: FlaskClient, address: str, do: str, **changes: object) -> TestResponse:
    form = form_of(text_of(client.get(address)))
    return client.post(address, data={**form, "do": do, **changes})


def review_of(app: Flask, document: str = "doc-1") -> Review:
    found = app.extensions["kb"].curation.review(document, "x")
    assert isinstance(found, Review)
    return found


# --- who, and what is shown -----------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["/curation/review", DOCUMENT, f"{DOCUMENT}/case", f"{DOCUMENT}/rights",
                "/curation/cases/case-1"],
)  # fmt: skip
def test_only_curators_and_only_with_a_token(
    installation: Installation, app: Flask, curator: FlaskClient, address: str
) -> None:
    draft(installation, "doc-1")
    case(installation, "case-1", "改善")
    assert app.test_client().get(address).status_code in (302, 401)
    assert signed_in(app, Role.STAFF).get(address).status_code == 403
    answer = curator.get(address)
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert not Page(text_of(answer)).unbalanced
    if address != "/curation/review":
        assert curator.post(address, data={"do": "save"}).status_code == 400
        assert app.test_client().post(address, data={"do": "save"}).status_code in (400, 401)


def test_the_queue_tells_how_far_each_is(installation: Installation, curator: FlaskClient) -> None:
    draft(installation, "doc-1", UNSURE)
    page = text_of(curator.get("/curation/review"))
    for told in ("要確認2項目", "題名", "確かな自動判定3項目", "利用条件が未確認", "たぶん 65%"):
        assert told in page
    assert "この条件にあう資料はありません" in text_of(
        curator.get("/curation/review?state=published")
    )
    assert curator.get("/curation/review?state=nonsense").status_code == 400
    assert curator.get("/curation/review?page=99").status_code == 200
    assert curator.get("/curation/review/doc-none").status_code == 404


def test_a_file_that_could_not_be_read_is_told_with_what_to_do(
    installation: Installation, curator: FlaskClient
) -> None:
    draft(installation, "doc-1", outcome="damaged")
    assert "本文なし: 壊れている" in text_of(curator.get("/curation/review"))
    page = text_of(curator.get(DOCUMENT))
    assert "本文を読めませんでした(壊れている)。" in page
    assert f'要らないものは<a href="{DOCUMENT}/rights">取り下げて</a>' in page
    send(curator, f"{DOCUMENT}/rights", "withdraw", why="要らない")
    assert "本文なし" not in text_of(curator.get("/curation/review?state=withdrawn"))


def test_every_field_stands_with_confidence_and_evidence(
    installation: Installation, curator: FlaskClient
) -> None:
    draft(installation, "doc-1", UNSURE)
    page = text_of(curator.get(DOCUMENT))
    assert "確か 97%" in page
    assert "たぶん 70%" in page
    assert "福岡県福津市" in page
    assert re.search(r'name="look" value="1-1">.*?1ページ目</button>「福津市」', page)
    assert '<mark id="hit-1">福津市の改善</mark>' in page
    assert "番号は項目の根拠です: 1 自治体、2 実践年度、5 題名、6 テーマ、8 部署" in page
    assert 'value="2021年度(令和3年度)"' in page


def test_evidence_leads_to_its_page_and_keeps_what_is_typed(
    installation: Installation, app: Flask, curator: FlaskClient
) -> None:
    draft(installation, "doc-1")
    sent = {**form_of(text_of(curator.get(DOCUMENT))), "value-series": "書きかけ"}
    answer = curator.post(DOCUMENT, data={**sent, "look": "1-2"})
    page = text_of(answer)
    assert answer.status_code == 200
    assert 'value="書きかけ"' in page
    assert '<mark id="hit-2" class="now">令和3年度</mark>' in page
    assert review_of(app).settlement.decisions == {}


def test_a_long_document_is_leafed_through(
    installation: Installation, curator: FlaskClient
) -> None:
    draft(installation, "doc-1", pages=30)
    page = text_of(curator.get(f"{DOCUMENT}?page=7"))
    assert '<h2 id="h-sheet" tabindex="-1">7ページ目</h2>' in page
    assert 'value="6-0">前のページ' in page
    sent = {**form_of(page), "look": "goto", "goto": "30"}
    last = text_of(curator.post(DOCUMENT, data=sent))
    assert "30ページ目" in last
    assert "次のページ" not in last
    assert "30ページ目" in text_of(curator.get(f"{DOCUMENT}?page=99"))


# --- settling -------------------------------------------------------------------------------


def test_an_untouched_form_changes_nothing(
    installation: Installation, app: Flask, curator: FlaskClient
) -> None:
    stated = proposal("複写はご遠慮ください", 0.95, "複写はご遠慮ください", "refusal")
    draft(installation, "doc-1", {**UNSURE, "rights_statement": stated})
    before = review_of(app).version
    answer = send(curator, DOCUMENT, "save")
    assert answer.status_code == 303
    assert review_of(app).version == before
    assert "変わった項目はありません" in text_of(curator.get(answer.location))


def test_a_choice_and_what_is_typed_without_one_are_both_meant(
    installation: Installation, app: Flask, curator: FlaskClient
) -> None:
    draft(installation, "doc-1", UNSURE)
    changes = {"do-title": "set", "value-series": "通信", "do-departments": "none",
               "value-themes": ["finance", "digital"]}  # fmt: skip
    answer = send(curator, DOCUMENT, "save", **changes)
    assert "4項目を保存しました" in text_of(curator.get(answer.location))
    settlement = review_of(app).settlement
    assert settlement.text(Field.TITLE) == "福津市の改善"
    assert settlement.text(Field.SERIES) == "通信"
    assert settlement.values(Field.DEPARTMENTS) == ()
    assert settlement.values(Field.THEMES) == ("finance", "digital")
    assert settlement.standing[Field.MUNICIPALITY].basis is Basis.PROPOSED
    assert settlement.decisions[Field.TITLE].by == "編集担当 山田 花子"


def test_a_name_of_several_towns_is_asked_back(
    installation: Installation, app: Flask, curator: FlaskClient
) -> None:
    draft(installation, "doc-1")
    typed = {"value-municipality": "福津市、府中市", "value-series": "通信"}
    answer = send(curator, DOCUMENT, "save", **typed)
    page = text_of(answer)
    assert answer.status_code == 422
    assert 'value="通信"' in page
    assert 'aria-invalid="true"' in page
    assert 'name="pick-municipality" value="福津市、広島県府中市"' in page
    again = {**form_of(page), "do": "save", "pick-municipality": "福津市、広島県府中市"}
    assert curator.post(DOCUMENT, data=again).status_code == 303
    assert review_of(app).settlement.values(Field.MUNICIPALITY) == ("402249", "342084")
    assert review_of(app).settlement.text(Field.SERIES) == "通信"


def test_who_comes_second_sees_both_and_sends_again(
    installation: Installation, app: Flask, curator: FlaskClient, colleague: FlaskClient
) -> None:
    draft(installation, "doc-1")
    theirs = form_of(text_of(colleague.get(DOCUMENT)))
    assert send(curator, DOCUMENT, "save", **{"value-title": "花子の題"}).status_code == 303
    mine = {**theirs, "value-title": "五月の題", "value-series": "通信", "do": "save"}
    answer = colleague.post(DOCUMENT, data=mine)
    page = text_of(answer)
    assert answer.status_code == 409
    assert "編集担当 山田 花子: 確定 題名「福津市の改善」→「花子の題」" in page
    assert "いまの記録: 花子の題" in page
    assert form_of(page)["value-title"] == "五月の題"
    assert review_of(app).settlement.text(Field.TITLE) == "花子の題"
    assert colleague.post(DOCUMENT, data={**form_of(page), "do": "save"}).status_code == 303
    assert review_of(app).settlement.text(Field.TITLE) == "五月の題"
    assert review_of(app).settlement.text(Field.SERIES) == "通信"


# --- publishing -----------------------------------------------------------------------------


def test_three_actions_publish_a_document_whose_fields_are_sure(
    installation: Installation, app: Flask, curator: FlaskClient
) -> None:
    """Open it, choose the terms, press the button; the next one opens by itself."""
    draft(installation, "doc-1")
    draft(installation, "doc-2")
    answer = send(curator, DOCUMENT, "sure-publish", terms="unknown")
    assert answer.location == "/curation/review/doc-2?after=doc-1"
    assert "公開しました。検索で見つかるまで、数秒" in text_of(curator.get(answer.location))
    found = review_of(app)
    assert found.state is State.PUBLISHED
    assert len(found.settlement.decisions) == len(SURE)
    assert app.test_client().get("/documents/doc-1").status_code == 200
    assert send(curator, DOCUMENT, "retract").status_code == 303
    assert app.test_client().get("/documents/doc-1").status_code == 404


def test_what_was_passed_over_comes_last_and_not_again_each_time(
    installation: Installation, curator: FlaskClient
) -> None:
    for number in range(1, 4):
        draft(installation, f"doc-{number}")
    opened = [f"/curation/review/doc-{number}" for number in (2, 3, 1)]
    for now, following in zip(opened, [*opened[1:], "/curation/review"], strict=True):
        answer = send(curator, now, "sure-publish", terms="unknown")
        assert answer.location.partition("?")[0] == following


def test_publication_is_refused_with_reasons(
    installation: Installation, app: Flask, curator: FlaskClient
) -> None:
    draft(installation, "doc-1", UNSURE)
    answer = send(curator, DOCUMENT, "sure-publish")
    page = text_of(curator.get(answer.location))
    assert "まだ公開していません" in page
    assert "題名が確かではありません" in page
    assert "利用条件が決まっていません" in page
    assert review_of(app).state is State.IN_REVIEW


def test_two_people(installation: Installation) -> None:
    draft(installation, "doc-1", rights=Rights(Terms.OPEN))
    with opened_site(installation, KB_TWO_PERSON="on") as opened:
        one, other = (signed_in(opened, role) for role in (Role.CURATOR, Role.ADMINISTRATOR))
        send(one, DOCUMENT, "sure-publish")
        assert review_of(opened).state is State.IN_REVIEW
        assert "別の人" in text_of(one.get(DOCUMENT))
        send(other, DOCUMENT, "sure-publish")
        assert review_of(opened).state is State.PUBLISHED


# --- cases ----------------------------------------------------------------------------------


def test_a_document_gets_a_case_from_the_list_or_a_new_one(
    installation: Installation, app: Flask, curator: FlaskClient
) -> None:
    event(installation)
    case(installation, "case-1", "福津市の改善", implemented_in=2021)
    draft(installation, "doc-1")
    address = f"{DOCUMENT}/case"
    assert "題名が似ています、同じ自治体、同じ実践年度" in text_of(curator.get(address))
    send(curator, address, "attach:case-1", document_event="ev-1")
    assert review_of(app).document.case_id == "case-1"
    assert review_of(app).own_event_id == "ev-1"
    send(curator, address, "detach")
    assert review_of(app).document.case_id is None
    wrong = send(curator, address, "make", municipalities="府中市", title="わたしの題")
    assert wrong.status_code == 422
    assert "東京都府中市" in text_of(wrong)
    assert "わたしの題" in text_of(wrong)
    send(curator, address, "make", title="新しい事例", themes=["finance"])
    made = review_of(app).document
    assert made.case_title == "新しい事例"
    assert app.test_client().get(f"/cases/{made.case_id}").status_code == 404
    assert send(curator, address, "attach:case-none").status_code == 422
    assert send(curator, address, "nonsense").status_code == 400


def test_two_curators_change_one_case(
    installation: Installation, curator: FlaskClient, colleague: FlaskClient
) -> None:
    case(installation, "case-1", "改善", implemented_in=2021)
    address = "/curation/cases/case-1"
    theirs = form_of(text_of(colleague.get(address)))
    assert send(curator, address, "", title="改善の歩み").status_code == 303
    answer = colleague.post(address, data={**theirs, "departments": "総務課"})
    page = text_of(answer)
    assert answer.status_code == 409
    assert "題名「改善」→「改善の歩み」" in page
    again = form_of(page)
    assert (again["title"], again["departments"]) == ("改善の歩み", "総務課")
    assert colleague.post(address, data=form_of(page)).status_code == 303
    after = form_of(text_of(colleague.get(address)))
    assert (after["title"], after["departments"]) == ("改善の歩み", "総務課")
    assert colleague.post(address, data={**after, "implemented_in": "x"}).status_code == 422
    assert colleague.get("/curation/cases/none").status_code == 404


# --- rights ---------------------------------------------------------------------------------


@pytest.mark.parametrize("terms", Terms)
def test_the_preview_is_what_the_rule_says(terms: Terms) -> None:
    names = ("metadata", "index", "snippet_characters", "page_text", "page_image", "view",
             "download", "api_text", "feed", "export")  # fmt: skip
    assert set(names) == set(Permissions.__slots__)
    assert len(rights_effect.COLUMNS) == len(names)
    rows = rights_effect.effect(Rights(terms))
    assert [row.audience for row in rows] == list(Audience)
    for row in rows:
        may = allowed(Rights(terms), row.audience)
        for name, cell in zip(names, row.cells, strict=True):
            given = getattr(may, name)
            wanted = f"{given}字まで" if given and given is not True else "○" if given else "×"
            assert cell == wanted, (row.audience, name)


def test_rights_are_corrected_permitted_and_ended(
    installation: Installation, app: Flask, curator: FlaskClient
) -> None:
    draft(installation, "doc-1")
    address = f"{DOCUMENT}/rights"
    without = send(curator, address, "correct", terms="no_copy", statement="転載禁止")
    assert without.status_code == 422
    assert "訂正する理由を書いてください" in text_of(without)
    assert ">転載禁止</textarea>" in text_of(without)
    why = {"terms": "no_copy", "statement": "転載禁止", "why": "原本"}
    assert send(curator, address, "correct", **why).status_code == 303
    assert review_of(app).rights.rights == Rights(Terms.NO_COPY, "転載禁止")
    given = {"permitted": "open", "allowed_by": "福津市総務課", "allowed_on": "R2.4.1"}
    late = send(curator, address, "permit", **given, valid_until="R1.4.1")
    assert late.status_code == 422
    assert "期限" in text_of(late)
    assert send(curator, address, "permit", **given).status_code == 303
    held = review_of(app).rights
    assert held.rights.effective is Terms.OPEN
    number = held.permissions[0].id
    assert send(curator, address, f"end:{number}", why="終わり").status_code == 303
    assert review_of(app).rights.rights.effective is Terms.NO_COPY
    page = text_of(curator.get(address))
    for told in ("利用条件の訂正: 原本", "許諾の終了: 終わり", "に終了"):
        assert told in page
    assert send(curator, address, "end:x", why="x").status_code == 422
    assert send(curator, address, "nonsense").status_code == 400


def test_takedown_in_one_step_and_back(
    installation: Installation, app: Flask, curator: FlaskClient
) -> None:
    case(installation, "case-1", "改善")
    for name in ("doc-1", "doc-2"):
        draft(installation, name, rights=Rights(Terms.OPEN), case_id="case-1", published=True)
    address = f"{DOCUMENT}/rights"
    assert send(curator, address, "withdraw").status_code == 422
    answer = send(curator, address, "withdraw", scope="case", why="作成者の申し出")
    assert "2点の資料を取り下げました" in text_of(curator.get(answer.location))
    assert app.test_client().get("/documents/doc-2").status_code == 404
    page = text_of(curator.get(DOCUMENT))
    assert "取り下げた資料です" in page
    assert "令和3年度" not in page
    send(curator, address, "restore", scope="case", why="取り消し")
    assert app.test_client().get("/documents/doc-2").status_code == 200


def test_a_stale_rights_form_is_told_and_kept(
    installation: Installation, curator: FlaskClient, colleague: FlaskClient
) -> None:
    draft(installation, "doc-1")
    address = f"{DOCUMENT}/rights"
    theirs = form_of(text_of(colleague.get(address)))
    with writing(installation.database, Authorship("編集担当 山田 花子", "訂正")) as writer:
        writer.rights.correct("doc-1", Terms.INTERNAL, None)
    sent = {**theirs, "terms": "open", "statement": "自由に", "why": "見た", "do": "correct"}
    answer = colleague.post(address, data=sent)
    assert answer.status_code == 409
    assert "利用条件「利用条件は確認できていません」→「庁内限り」" in text_of(answer)
    assert ">自由に</textarea>" in text_of(answer)
    assert token(colleague, address)
