"""Signing in and out, one's own account, and the form that was being filled meanwhile."""

import io
import time
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kb.catalogue.accounts.sign_ins import MOST_WRONG
from kb.domain.roles import Role
from kb.web import kept, sessions
from kb.web.accounts import pages as account_pages
from tests.web import nodes
from tests.web.fake_accounts import FIRST_PASSWORD, PASSWORD, FakeAccounts
from tests.web.signing_in import post, sign_in, signed_in, token

NEW = "asagohan ni nori to tamago"
ADDED = {"login": "hanako", "name": "鈴木<花子>", "role": "curator"}


def cookie(client: FlaskClient) -> str:
    found = client.get_cookie("kb_session")
    assert found is not None
    return found.value


def test_one_comes_back_to_where_one_was(app: Flask) -> None:
    client = app.test_client()
    wanted = client.get("/curation/users?x=改善").headers["Location"]
    page = nodes.read(client.get(wanted).text)
    goal = page.one("input[name=next]")["value"]
    answer = sign_in(client, "administrator", next=goal)
    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        f"/curation/users?x={quote('改善')}",
    )
    assert client.get(wanted).status_code == 302


def test_the_link_of_a_page_leads_back_to_it(app: Flask) -> None:
    client = app.test_client()
    for referer, goal in (
        ("http://localhost/cases/case-fukutsu?q=改善", "/cases/case-fukutsu?q=改善"),
        ("http://localhost/signin?next=/x", "/"),
        ("https://elsewhere.example/cases/x", "/"),
    ):
        page = client.get("/signin", headers={"Referer": referer})
        assert nodes.read(page.text).one("input[name=next]")["value"] == goal


@pytest.mark.parametrize(
    "typed",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "/a\\b", "javascript:x", "x",
     "/\t/evil.example", "/\n", "", "///evil.example"],
)  # fmt: skip
def test_nobody_is_led_off_the_site(app: Flask, typed: str) -> None:
    assert account_pages.goal_of(typed) == "/"
    answer = sign_in(app.test_client(), "reader", next=typed)
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("login", ["reader", "nobody", ""])
def test_a_wrong_password_says_never_which(app: Flask, login: str) -> None:
    answer = sign_in(app.test_client(), login, "wrong", next="/events")
    page = nodes.read(answer.text)
    assert answer.status_code == 401
    assert "名前かパスワードが違います" in page.one("#form-message").text
    assert page.one("input[name=next]")["value"] == "/events"
    assert page.one("#f-login")["value"] == login
    assert page.one("#f-password")["value"] == ""
    assert answer.headers["Cache-Control"] == "no-store"


def test_signing_in_gives_a_new_session_and_forgets_the_old(app: Flask) -> None:
    client = app.test_client()
    with client.session_transaction() as before:
        before.update(kb_id="planted", csrf_token="planted", other="planted")
    planted = cookie(client)
    client.post("/signin", data={"login": "reader", "password": PASSWORD})
    with client.session_transaction() as still:
        assert still["kb_id"] == "planted"
    sign_in(client, "reader")
    with client.session_transaction() as after:
        first = dict(after)
    assert "other" not in first
    assert first["kb_id"] != "planted"
    assert cookie(client) != planted
    other = app.test_client()
    sign_in(other, "reader")
    with other.session_transaction() as second:
        assert second["kb_id"] != first["kb_id"]


def test_a_copied_cookie_ends_with_the_session(app: Flask) -> None:
    client, thief = signed_in(app, Role.CURATOR), app.test_client()
    thief.set_cookie("kb_session", cookie(client))
    assert thief.get("/account").status_code == 200
    assert post(client, "/signout").headers["Location"] == "/"
    assert client.get("/account").status_code == 302
    assert thief.get("/account").status_code == 302


def test_a_session_belongs_to_one_browser_at_one_address(app: Flask) -> None:
    client, other = signed_in(app, Role.CURATOR), app.test_client()
    other.set_cookie("kb_session", cookie(client))
    assert other.get("/account", headers={"User-Agent": "another"}).status_code == 302


def test_an_idle_session_ends_and_a_used_one_does_not(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, idle = signed_in(app, Role.CURATOR), signed_in(app, Role.CURATOR)
    start, step = time.time(), sessions.IDLE.total_seconds() * 0.6
    for number in (1, 2):
        monkeypatch.setattr(time, "time", lambda number=number: start + number * step)
        assert client.get("/account").status_code == 200
    assert idle.get("/account").status_code == 302


def test_cookies_are_for_this_site_and_for_no_script(app: Flask) -> None:
    app.config["SESSION_COOKIE_SECURE"] = False
    client = app.test_client()
    set_ = sign_in(client, "reader").headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Lax"} <= set(set_.split("; "))
    assert "Expires" not in set_
    assert "Secure" not in set_


@pytest.mark.parametrize(("public", "secure"), [("https://kb.example", True), (None, False)])
def test_cookies_are_secure_where_the_site_is(public: str | None, secure: bool) -> None:
    app = Flask("x")
    app.config["KB_PUBLIC_URL"] = public
    sessions.register(app, lambda *_: None)
    assert app.config["SESSION_COOKIE_SECURE"] is secure


def test_the_eleventh_wrong_password_for_one_name_is_not_looked_at(app: Flask) -> None:
    client = app.test_client()
    for number in range(MOST_WRONG):
        spread = {"REMOTE_ADDR": f"10.0.0.{number}"}
        sent = {"login": "Reader", "password": "wrong", "csrf_token": token(client)}
        assert client.post("/signin", data=sent, environ_base=spread).status_code == 401
    answer = sign_in(client, "reader")
    assert answer.status_code == 429
    assert "(日本時間)まで受け付けません" in answer.text
    assert 0 < int(answer.headers["Retry-After"]) <= 15 * 60
    assert sign_in(client, "curator").status_code == 303


def test_the_eleventh_wrong_password_from_one_address_is_not_looked_at(app: Flask) -> None:
    client = app.test_client()
    for number in range(MOST_WRONG):
        assert sign_in(client, f"nobody{number}", "wrong").status_code == 401
    assert sign_in(client, "reader").status_code == 429
    sent = {"login": "reader", "password": PASSWORD, "csrf_token": token(client)}
    elsewhere = client.post("/signin", data=sent, environ_base={"REMOTE_ADDR": "10.0.0.1"})
    assert elsewhere.status_code == 303


def test_who_came_in_begins_anew_with_counting(app: Flask) -> None:
    for _ in range(3):
        client = app.test_client()
        sign_in(client, "reader", "wrong")
        assert sign_in(client, "reader").status_code == 303


def test_a_stopped_account_is_told_so(app: Flask, accounts: FakeAccounts) -> None:
    client = signed_in(app, Role.READER)
    post(signed_in(app, Role.ADMINISTRATOR), "/curation/users/1/lock")
    assert client.get("/account").status_code == 302
    answer = sign_in(app.test_client(), "reader")
    assert (answer.status_code, "使えないようにしています" in answer.text) == (403, True)
    assert accounts.changes == [("編集担当 管野 五月", "reader ['locked']")]


# -- one's own account ---------------------------------------------------------------------


def test_a_password_for_once_has_to_be_replaced_first(app: Flask, accounts: FakeAccounts) -> None:
    post(signed_in(app, Role.ADMINISTRATOR), "/curation/users/4/password")
    client = app.test_client()
    first = sign_in(client, "curator", FIRST_PASSWORD, next="/events")
    assert "一度だけ使えるパスワードでサインインしました" in first.text
    assert client.get("/events").headers["Location"] == "/account"
    assert client.get("/api/v1/search").status_code == 403
    goal = nodes.read(first.text).one("input[name=next]")["value"]
    changed = post(
        client,
        "/account/password",
        old_password=FIRST_PASSWORD, new_password=NEW, new_password_again=NEW, next=goal,
    )  # fmt: skip
    assert (changed.status_code, changed.headers["Location"]) == (303, "/events")
    assert client.get("/events").status_code == 200
    assert accounts.changes[-1][0] == "編集担当 山田 花子"


@pytest.mark.parametrize(
    ("old", "new", "again", "said"),
    [
        ("wrong", NEW, NEW, "いまのパスワードが違います"),
        (PASSWORD, "short", "short", "12文字以上"),
        (PASSWORD, NEW, NEW + "x", "1回目と2回目が違います"),
    ],
)
def test_a_password_that_is_not_changed_says_why(
    app: Flask, old: str, new: str, again: str, said: str
) -> None:
    client = signed_in(app, Role.READER)
    answer = post(
        client, "/account/password", old_password=old, new_password=new, new_password_again=again
    )
    assert answer.status_code == 400
    assert said in nodes.read(answer.text).one("#form-message").text
    assert nodes.read(answer.text).one("#f-new_password")["value"] == ""
    assert sign_in(app.test_client(), "reader").status_code == 303


def test_a_new_password_keeps_this_session_and_ends_others(app: Flask) -> None:
    client, other = signed_in(app, Role.READER), signed_in(app, Role.READER)
    changed = post(
        client, "/account/password", old_password=PASSWORD, new_password=NEW, new_password_again=NEW
    )
    assert changed.headers["Location"] == "/account?changed=1"
    assert "パスワードを変えました" in client.get("/account?changed=1").text
    assert other.get("/account").status_code == 302


def test_the_frame_tells_who_has_signed_in(app: Flask) -> None:
    page = nodes.read(signed_in(app, Role.CURATOR).get("/").text)
    own = page.one("ul.own")
    assert "山田 花子" in own.text
    assert "サインアウト" in own.text
    assert "編集" in own.text
    assert "編集" not in nodes.read(signed_in(app, Role.READER).get("/").text).one("ul.own").text
    assert nodes.read(app.test_client().get("/").text).one("ul.own").text.strip() == "サインイン"


def test_signing_out_without_a_session_is_no_mistake(app: Flask) -> None:
    assert app.test_client().post("/signout").headers["Location"] == "/"


# -- what is kept of a form ----------------------------------------------------------------


def resend(client: FlaskClient, page: nodes.Node) -> object:
    """Send the form of the page 「書きかけの内容」 as a browser would."""
    form = page.one("form.kept-form")
    sent = {area["name"]: area.text for area in form.all("textarea")}
    sent["csrf_token"] = form.one("input[name=csrf_token]")["value"]
    return client.post(form["action"], data=sent)


def test_a_form_survives_the_end_of_its_session(app: Flask, accounts: FakeAccounts) -> None:
    client = signed_in(app, Role.ADMINISTRATOR)
    sent = {**ADDED, "note": "\n一行目\n二行目", "csrf_token": token(client, "/account")}
    client.delete_cookie("kb_session")
    asked = client.post("/curation/users?from=menu", data=sent)
    assert asked.status_code == 401
    assert "書きかけの内容をもう一度送れます" in asked.text
    field = nodes.read(asked.text).one("input[name=kept]")["value"]
    again = sign_in(client, "administrator", "wrong", kept=field)
    field = nodes.read(again.text).one("input[name=kept]")["value"]
    shown = nodes.read(sign_in(client, "administrator", kept=field).text)
    assert shown.one("h1").text == "書きかけの内容"
    assert shown.one("form.kept-form")["action"] == "/curation/users?from=menu"
    assert "鈴木<花子>" in shown.one("ul.typed").text
    assert "hanako" not in accounts.held
    resend(client, shown)
    assert accounts.held["hanako"].name == "鈴木<花子>"


def test_a_form_with_an_old_token_can_be_sent_again(app: Flask, accounts: FakeAccounts) -> None:
    client = signed_in(app, Role.ADMINISTRATOR)
    answer = client.post("/curation/users", data={**ADDED, "csrf_token": "old"})
    assert answer.status_code == 400
    assert "hanako" not in accounts.held
    resend(client, nodes.read(answer.text))
    assert "hanako" in accounts.held


def test_passwords_and_tokens_are_not_kept(app: Flask) -> None:
    client = app.test_client()
    sent = {**ADDED, "old_password": "himitsu", "csrf_token": "old"}
    field = nodes.read(client.post("/curation/users", data=sent).text).one("input[name=kept]")
    with app.test_request_context("/"):
        form = kept.unsealed(str(field["value"]))
    assert form is not None
    assert dict(form.fields) == ADDED


def test_files_are_not_kept_and_that_is_said(app: Flask) -> None:
    client = app.test_client()
    only = client.post("/curation/users", data={"file": (io.BytesIO(b"x"), "x.pdf")})
    assert "ファイルは預かれません" in only.text
    both = {"file": (io.BytesIO(b"x"), "x.pdf"), "note": "覚え書き"}
    field = nodes.read(client.post("/curation/users", data=both).text).one("input[name=kept]")
    shown = sign_in(client, "administrator", kept=str(field["value"]))
    assert "ファイルは預かれませんでした" in shown.text


def test_what_is_too_large_is_not_kept_and_that_is_said(app: Flask) -> None:
    client = app.test_client()
    for size in (kept.MOST_BYTES + 1, app.config["MAX_CONTENT_LENGTH"] + 1):
        answer = client.post("/curation/users", data={"note": "x" * size})
        assert answer.status_code == 401
        assert "大きいため" in answer.text
    fits = client.post("/curation/users", data={"note": "あ" * (kept.MOST_BYTES // 3 - 10)})
    assert "もう一度送れます" in fits.text


def test_nobody_can_make_up_a_kept_form(app: Flask) -> None:
    with app.test_request_context("/"):
        sealed = kept.sealed(kept.KeptForm("/x", (("a", "b"),), files=False))
        assert kept.unsealed(sealed) is not None
        # Not its last letter, of which some bits count for nothing.
        assert kept.unsealed(sealed[:-2] + ("A" if sealed[-2] != "A" else "B") + sealed[-1]) is None
    assert sign_in(app.test_client(), "reader", kept="made up").status_code == 303


def test_a_kept_form_is_forgotten_after_a_day(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.test_request_context("/"):
        sealed = kept.sealed(kept.KeptForm("/x", (("a", "b"),), files=False))
        now = time.time()
        monkeypatch.setattr(time, "time", lambda: now + kept.HOURS * 3600 + 5)
        assert kept.unsealed(sealed) is None


def test_an_old_page_to_sign_in_asks_again_and_keeps_what_it_carries(app: Flask) -> None:
    sent = {"login": "reader", "password": PASSWORD, "next": "/events"}
    answer = app.test_client().post("/signin", data=sent)
    page = nodes.read(answer.text)
    assert answer.status_code == 400
    assert page.one("#f-login")["value"] == "reader"
    assert page.one("input[name=next]")["value"] == "/events"


def test_programs_are_told_in_json(app: Flask) -> None:
    asked = {"Accept": "application/json"}
    anonymous = app.test_client().post("/curation/users", headers=asked)
    assert (anonymous.status_code, anonymous.mimetype) == (401, "application/problem+json")
    signed = signed_in(app, Role.ADMINISTRATOR).post("/curation/users", headers=asked)
    assert (signed.status_code, signed.mimetype) == (400, "application/problem+json")


# -- caches --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "where",
    ["/", "/search?q=改善", "/api/v1/search?q=改善", "/api/v1/suggest?q=福", "/cases/case-fukutsu",
     "/documents/doc-internal/pages/1.webp?width=240", "/documents/doc-nocopy/file", "/account"],
)  # fmt: skip
def test_what_is_shown_to_who_signed_in_is_kept_by_no_cache(app: Flask, where: str) -> None:
    answer = signed_in(app, Role.CURATOR).get(where)
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Cookie" in answer.headers["Vary"]
    answer.close()


def test_what_everybody_may_see_may_be_asked_for_again(app: Flask) -> None:
    address = "/documents/doc-slides/pages/1.webp?width=240"
    seen = [client.get(address) for client in (signed_in(app, Role.CURATOR), app.test_client())]
    assert {answer.headers["Cache-Control"] for answer in seen} == {"private, no-cache"}
    assert {answer.headers["Vary"] for answer in seen} == {"Cookie"}


def test_style_sheets_vary_with_nobody(app: Flask) -> None:
    with signed_in(app, Role.CURATOR).get("/static/style.css?v=1") as answer:
        assert "Vary" not in answer.headers
        assert "Set-Cookie" not in answer.headers
        assert "public" in answer.headers["Cache-Control"]
