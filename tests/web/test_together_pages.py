"""The page on which a batch is settled together, as a browser without JavaScript uses it."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from indexer.installation import Installation
from kb.catalogue.review.views import Review, RightsWish, State, Wishes
from kb.catalogue.writing import writing
from kb.domain.rights import Rights, Terms
from kb.domain.roles import Role
from kb.domain.settled import Field
from tests.catalogue.drafts import AUTHOR, UNSURE, batch, case, draft
from tests.web.html import Page
from tests.web.real_site import app, curator
from tests.web.signing_in import signed_in, token

__all__ = ["app", "curator"]

PAGE = "/curation/uploads/up-1/together"


@pytest.fixture
def held(installation: Installation) -> Installation:
    for name in ("doc-1", "doc-2", "doc-3"):
        draft(installation, name, UNSURE)
    batch(installation, "up-1", "doc-1", "doc-2", "doc-3")
    return installation


def text_of(answer: TestResponse) -> str:
    page = answer.get_data(as_text=True)
    assert not Page(page).unbalanced
    return page


def send(client: FlaskClient, do: str, **fields: object) -> TestResponse:
    return client.post(PAGE, data={"csrf_token": token(client, PAGE), "do": do, **fields})


def carried(page: str) -> dict[str, object]:
    """What the page that shows a plan sends on: its hidden fields, and the ticks."""
    main = page[page.index("<main") :]
    tags = re.findall(r'<input type="(?:hidden|checkbox)"[^>]*>', main)
    found: dict[str, object] = {"document": []}
    for tag in tags:
        name, value = (re.search(rf'{a}="([^"]*)"', tag) for a in ("name", "value"))
        assert name
        assert value
        text = unescape(value[1])
        if name[1] == "document":
            found["document"] = [*found["document"], text]  # type: ignore[misc] # a list
        else:
            found[name[1]] = text
    statement = re.search(r'<textarea name="statement" hidden>(.*?)</textarea>', main)
    return found | ({"statement": unescape(statement[1])} if statement else {})


def review_of(app: Flask, document: str) -> Review:
    found = app.extensions["kb"].curation.review(document, "x")
    assert isinstance(found, Review)
    return found


def test_six_actions_settle_and_publish_all_that_is_likely(
    app: Flask, curator: FlaskClient
) -> None:
    """Open it; tick the proposals, choose the terms, tick publication; look; do it."""
    assert "題名3点、テーマ3点" in re.sub("<.*?>", "", text_of(curator.get(PAGE)))
    wanted = {"likely": "1", "terms": "no_copy", "statement": "複写しないでください"}
    page = text_of(send(curator, "show", publish="1", **wanted))
    assert "3点を公開します" in page
    assert "公開したときの、この条件での見え方" in page
    assert "テーマ「財政・資産」" in page
    assert "福岡県福津市" in page
    assert review_of(app, "doc-1").state is State.DRAFT
    form = carried(page)
    documents = form["document"]
    assert isinstance(documents, list)
    answer = curator.post(PAGE, data={**form, "do": "settle", "document": documents[:2]})
    assert answer.location == PAGE
    after = text_of(curator.get(PAGE))
    assert "2点の資料に保存しました。そのうち2点を公開しました" in after
    assert "確認を待っている1点が対象" in after
    states = [review_of(app, f"doc-{number}").state for number in (1, 2, 3)]
    assert states == [State.PUBLISHED, State.PUBLISHED, State.DRAFT]
    stated = Rights(Terms.NO_COPY, "複写しないでください")
    assert review_of(app, "doc-1").rights.rights == stated


def test_the_case_that_becomes_public_too_is_named(
    app: Flask, curator: FlaskClient, held: Installation
) -> None:
    case(held, "case-1", "窓口の改善")
    with writing(held.database, AUTHOR) as writer:
        writer.review.hold_back("case-1")
        writer.review.attach("doc-1", "case-1", None)
    wanted = {"likely": "1", "terms": "no_copy"}
    assert "窓口の改善" not in text_of(send(curator, "show", **wanted))
    assert "事例「窓口の改善」も公開する" in text_of(send(curator, "show", publish="1", **wanted))
    assert review_of(app, "doc-1").state is State.IN_REVIEW


def test_what_is_typed_comes_back_and_goes_along(app: Flask, curator: FlaskClient) -> None:
    typed = {"value-series": "通信", "value-themes": ["digital", "finance"]}
    page = text_of(send(curator, "show", **typed))
    assert "シリーズ「通信」" in page
    again = text_of(curator.post(PAGE, data={**carried(page), "do": "edit"}))
    assert 'value="通信"' in again
    assert 'name="how-series" value="same" checked' in again
    wrong = send(curator, "show", **{"value-municipality": "府中市", "value-series": "通信"})
    told = text_of(wrong)
    assert wrong.status_code == 422
    assert 'aria-invalid="true"' in told
    assert "東京都府中市" in told
    assert 'value="通信"' in told
    assert review_of(app, "doc-1").settlement.decisions == {}


def test_refusals_say_what_to_do(app: Flask, curator: FlaskClient) -> None:
    nothing = send(curator, "show")
    assert (nothing.status_code, "どれかを選んでください" in text_of(nothing)) == (422, True)
    none = send(curator, "settle", publish="1")
    assert (none.status_code, "印を付けてください" in text_of(none)) == (422, True)
    assert send(curator, "nonsense").status_code == 400
    assert curator.get("/curation/uploads/up-none/together").status_code == 404
    gone = text_of(send(curator, "show", event="ev-none", publish="1"))
    assert "ev-none は登録されていません" in gone
    assert signed_in(app, Role.STAFF).get(PAGE).status_code == 403
    assert review_of(app, "doc-1").state is State.DRAFT


def test_who_comes_second_is_shown_it_anew(app: Flask, curator: FlaskClient) -> None:
    form = carried(text_of(send(curator, "show", terms="open")))
    desk = app.extensions["kb"].curation
    version = review_of(app, "doc-2").version
    desk.save("doc-2", Wishes(version, rights=RightsWish(Terms.INTERNAL, None)), "別の人")
    answer = curator.post(PAGE, data={**form, "do": "settle"})
    page = text_of(answer)
    assert answer.status_code == 409
    assert "1点の内容が変わりました。まだ何も保存していません" in page
    assert "利用条件(利用条件が決まっている)" in page
    assert review_of(app, "doc-1").rights.rights.terms is Terms.UNKNOWN
    assert curator.post(PAGE, data={**carried(page), "do": "settle"}).status_code == 303
    assert review_of(app, "doc-1").rights.rights.terms is Terms.OPEN
    assert review_of(app, "doc-2").rights.rights.terms is Terms.INTERNAL


def test_the_terms_of_one_are_offered_for_the_others(
    app: Flask, curator: FlaskClient, held: Installation
) -> None:
    draft(held, "doc-9", UNSURE)
    batch(held, "up-2", "doc-9")
    desk = app.extensions["kb"].curation
    stated = RightsWish(Terms.NO_COPY, "複写しないでください")
    desk.save("doc-1", Wishes(review_of(app, "doc-1").version, rights=stated), "別の人")
    opened = text_of(curator.get("/curation/review/doc-1"))
    way = f"{PAGE}?like=doc-1"
    assert f'<a href="{way}">同じ取り込みのほかの2点とまとめて確定</a>' in opened
    assert way in text_of(curator.get("/curation/review/doc-2?after=doc-1"))
    for other in ("doc-9", "doc-none"):
        after_others = text_of(curator.get(f"/curation/review/doc-2?after={other}"))
        assert f'href="{PAGE}?like=doc-2"' in after_others
    page = text_of(curator.get(way))
    assert "「福津市の改善」と同じ利用条件を選んであります" in page
    assert 'name="terms" value="no_copy" checked' in page
    assert ">複写しないでください</textarea>" in page
    unsaid = text_of(curator.get(f"{PAGE}?like=doc-2"))
    assert 'name="terms" value="" checked' in unsaid
    assert "選んであります" not in unsaid
    upload = text_of(curator.get("/curation/uploads/up-1"))
    assert "3点をまとめて確定する" in upload
    assert 'href="/curation/review/doc-1">1点目から確認する' in upload
    assert review_of(app, "doc-2").settlement.values(Field.SERIES) == ()
