"""Every route says whom it answers, and answers nobody else; told by a walk over the URL map."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from kb.domain.rights import Audience, Rights, Terms, allowed
from kb.domain.roles import Role
from kb.web import access
from kb.web.csrf import SAFE
from tests.web import nodes
from tests.web.conftest import build
from tests.web.fake_accounts import FakeAccounts
from tests.web.fakes import FakeSearch
from tests.web.signing_in import signed_in, token

WITHOUT_SIGNING_IN = {"accounts.sign_in"}
"""What changes something and is open: the way in."""

IN_A_CLOSED_OFFICE = {"static", "about.alive", "accounts.sign_in", "accounts.sign_in_page"}
SEEN = ("metadata", "index", "snippet_characters", "page_text", "page_image", "view", "download")
"""What a reader meets; feeds and exports are made as for everybody."""
FOREIGN = {"Origin": "https://evil.example"}


def writes(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every route that changes something, with each of its methods."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - SAFE):
            yield rule, method


def address(app: Flask, rule: Rule) -> str:
    """Some address of a route; what it names does not exist."""
    values = {
        name: 1 if type(converter).__name__ == "IntegerConverter" else "none"
        for name, converter in rule._converters.items()
    }
    return app.url_map.bind("localhost").build(rule.endpoint, values, method=None)


def role_of(app: Flask, rule: Rule) -> Role | None:
    found = access.declared(app, rule.endpoint)
    assert found is not None, f"{rule.rule} declares no audience: see kb/web/access.py"
    return found.role


def below(role: Role) -> Role | None:
    """The next lower role."""
    order = list(Role)
    return order[order.index(role) - 1] if role is not Role.READER else None


@pytest.fixture(scope="module")
def clients(built: Flask) -> dict[Role, FlaskClient]:
    return {role: signed_in(built, role) for role in Role}


@pytest.fixture(scope="module")
def built() -> Flask:
    """An application of its own: its people stay signed in."""
    return build(FakeSearch())


def test_every_route_declares_its_audience(built: Flask) -> None:
    silent = [
        rule.rule
        for rule in built.url_map.iter_rules()
        if access.declared(built, rule.endpoint) is None
    ]
    assert silent == [], "declare it: access.requires, open_to_all, always_open or declare"


def test_what_changes_something_requires_a_role(built: Flask) -> None:
    open_ = {rule.endpoint for rule, _ in writes(built) if role_of(built, rule) is None}
    assert open_ == WITHOUT_SIGNING_IN


def test_nothing_is_changed_for_who_has_not_signed_in(built: Flask) -> None:
    client, seen = built.test_client(), 0
    signs = {"csrf_token": token(client)}
    for rule, method in writes(built):
        if rule.endpoint in (*WITHOUT_SIGNING_IN, "accounts.sign_out"):
            continue
        answer = client.open(address(built, rule), method=method, data=signs)
        assert answer.status_code == 401, rule.rule
        assert nodes.read(answer.text).one("h1").text == "サインイン"
        seen += 1
    assert seen > 5


def test_nothing_is_changed_without_the_role(
    built: Flask, clients: dict[Role, FlaskClient]
) -> None:
    seen = 0
    for rule, method in writes(built):
        role = role_of(built, rule)
        lower = below(role) if role else None
        if lower is None:
            continue
        signs = {"csrf_token": token(clients[lower], "/account")}
        answer = clients[lower].open(address(built, rule), method=method, data=signs)
        assert answer.status_code == 403, rule.rule
        assert "の役割をもつ方です" in answer.text
        seen += 1
    assert seen > 5


def test_nothing_is_changed_without_a_token(built: Flask, clients: dict[Role, FlaskClient]) -> None:
    for rule, method in writes(built):
        where = address(built, rule)
        for sent in ({}, {"csrf_token": "made up"}, {"csrf_token": token(built.test_client())}):
            answer = clients[Role.ADMINISTRATOR].open(where, method=method, data=sent)
            assert answer.status_code == 400, (rule.rule, sent)


def test_nothing_is_changed_from_another_origin(
    built: Flask, clients: dict[Role, FlaskClient]
) -> None:
    client = clients[Role.ADMINISTRATOR]
    signs = {"csrf_token": token(client, "/account")}
    for rule, method in writes(built):
        where = address(built, rule)
        for said in (FOREIGN, {"Origin": "null"}, {"Referer": "https://evil.example/page"}):
            answer = client.open(where, method=method, data=signs, headers=said)
            assert answer.status_code == 403, (rule.rule, said)
            assert "別のサイト" in answer.text
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize("own", [{"Origin": "http://localhost"}, {"Referer": "http://localhost/a"}])
def test_what_this_site_sends_is_taken(app: Flask, own: dict[str, str]) -> None:
    client = signed_in(app, Role.READER)
    sent = {"csrf_token": token(client, "/account")}
    assert client.post("/signout", data=sent, headers=own).status_code == 303


def test_behind_tls_the_public_address_is_ones_own(app: Flask) -> None:
    client = signed_in(app, Role.READER)
    sent = {"csrf_token": token(client, "/account")}
    app.config["KB_PUBLIC_URL"] = "https://kb.example.lg.jp/kaizen"
    for port, status in ((":8443", 403), ("", 303)):
        origin = {"Origin": f"https://kb.example.lg.jp{port}"}
        assert client.post("/signout", data=sent, headers=origin).status_code == status


def test_what_asks_for_a_role_leads_to_signing_in(built: Flask) -> None:
    client, seen = built.test_client(), 0
    for rule in built.url_map.iter_rules():
        if "GET" not in (rule.methods or set()) or role_of(built, rule) is None:
            continue
        where = address(built, rule)
        if where.startswith("/api/") or where.endswith(".json"):
            assert client.get(where).status_code == 401, where
        else:
            assert client.get(where).headers["Location"] == f"/signin?next={where}"
        asked = client.get(where, headers={"Accept": "application/json"})
        assert (asked.status_code, asked.mimetype) == (401, "application/problem+json")
        assert "WWW-Authenticate" in asked.headers
        seen += 1
    assert seen > 1


@pytest.mark.parametrize("role", Role)
def test_a_role_sees_as_its_audience(app: Flask, role: Role, search: FakeSearch) -> None:
    client = signed_in(app, role)
    client.get("/search?q=改善")
    assert search.asked[-1].audience is role.audience


@pytest.mark.parametrize(
    ("everybody", "role", "sees"),
    [
        (Audience.STAFF, Role.READER, Audience.STAFF),
        (Audience.STAFF, Role.MEMBER, Audience.STAFF),
        (Audience.STAFF, Role.CURATOR, Audience.CURATOR),
    ],
)
def test_signing_in_never_shows_less(
    app: Flask, search: FakeSearch, everybody: Audience, role: Role, sees: Audience
) -> None:
    app.config["KB_AUDIENCE"] = everybody
    signed_in(app, role).get("/search?q=改善")
    assert search.asked[-1].audience is sees


def test_audiences_are_in_the_order_of_what_they_see() -> None:
    for less, more in zip(access._SEEING, access._SEEING[1:], strict=False):
        for terms in Terms:
            fewer, all_ = allowed(Rights(terms), less), allowed(Rights(terms), more)
            assert all(getattr(fewer, name) <= getattr(all_, name) for name in SEEN)


def test_the_name_in_the_record(app: Flask) -> None:
    for role, said in (
        (Role.CURATOR, "編集担当 山田 花子"),
        (Role.ADMINISTRATOR, "編集担当 管野 五月"),
        (Role.STAFF, "職員 庁内 二葉"),
    ):
        with signed_in(app, role) as client:
            client.get("/account")
            assert access.actor() == said


def test_an_undeclared_route_answers_nobody(accounts: FakeAccounts) -> None:
    app = build(FakeSearch())
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    for client in (app.test_client(), signed_in(app, Role.ADMINISTRATOR)):
        answer = client.get("/forgotten")
        assert answer.status_code == 403
        assert "secret" not in answer.text


# -- a closed office -----------------------------------------------------------------------


@pytest.fixture
def closed(app: Flask) -> Flask:
    app.config["KB_ANONYMOUS"] = False
    return app


def test_a_closed_office_answers_nobody_it_does_not_know(closed: Flask) -> None:
    client = closed.test_client()
    for rule in closed.url_map.iter_rules():
        if "GET" not in (rule.methods or set()) or rule.endpoint in IN_A_CLOSED_OFFICE:
            continue
        where = address(closed, rule)
        answer = client.get(where)
        if where.startswith("/api/") or where.endswith(".json"):
            assert answer.status_code == 401, where
            assert answer.get_json()["title"] == "サインインが必要です"
        else:
            assert answer.headers["Location"].startswith("/signin?next="), where
    assert client.get("/no/such/page").headers["Location"] == "/signin?next=/no/such/page"


def test_a_closed_office_still_lets_people_in(closed: Flask) -> None:
    client = closed.test_client()
    for where in ("/signin", "/healthz"):
        assert client.get(where).status_code == 200
    with client.get("/static/style.css") as style:
        assert style.status_code == 200
    assert "サインインしなくても" not in client.get("/signin").text
    reader = signed_in(closed, Role.READER)
    assert reader.get("/search?q=改善").status_code == 200
