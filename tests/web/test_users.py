"""The administrators' page of accounts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kb.domain.roles import Role
from tests.web import html, nodes
from tests.web.fake_accounts import FIRST_PASSWORD, FakeAccounts
from tests.web.signing_in import post, sign_in, signed_in


@pytest.fixture
def boss(app: Flask) -> FlaskClient:
    return signed_in(app, Role.ADMINISTRATOR)


def test_a_new_account_gets_a_password_that_is_shown_once(
    app: Flask, boss: FlaskClient, accounts: FakeAccounts
) -> None:
    made = post(boss, "/curation/users", login="hanako", name="鈴木花子", role="curator")
    assert nodes.read(made.text).one("p.one-time").text == FIRST_PASSWORD
    assert made.headers["Cache-Control"] == "no-store"
    assert FIRST_PASSWORD not in boss.get("/curation/users").text
    assert (accounts.held["hanako"].name, accounts.held["hanako"].role) == (
        "鈴木花子",
        Role.CURATOR,
    )
    assert sign_in(app.test_client(), "hanako", FIRST_PASSWORD).status_code == 200


def test_without_a_name_to_show_the_login_name_is_shown(
    boss: FlaskClient, accounts: FakeAccounts
) -> None:
    post(boss, "/curation/users", login="jiro", name=" ", role="reader")
    assert accounts.held["jiro"].name == "jiro"


def test_what_cannot_be_made_keeps_what_was_typed(boss: FlaskClient) -> None:
    answer = post(boss, "/curation/users", login="reader", name="別の人", role="member")
    page = nodes.read(answer.text)
    assert answer.status_code == 400
    assert "使われています" in page.one("#form-message").text
    assert page.one("#f-name")["value"] == "別の人"
    chosen = [o["value"] for o in page.one("#f-role").all("option") if o["selected"]]
    assert chosen == ["member"]


def test_accounts_are_changed_in_the_administrators_name(
    boss: FlaskClient, accounts: FakeAccounts
) -> None:
    for what, fields in (
        ("role", {"role": "staff"}), ("lock", {}), ("unlock", {}), ("remove", {}),
    ):  # fmt: skip
        answer = post(boss, f"/curation/users/1/{what}", **fields)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/curation/users")
    assert {actor for actor, _ in accounts.changes} == {"編集担当 管野 五月"}
    assert [what for _, what in accounts.changes] == [
        "reader ['role']", "reader ['locked']", "reader ['locked']", "reader ['active']",
    ]  # fmt: skip
    assert "読谷 一郎(reader)" in boss.get("/curation/users").text
    assert post(boss, "/curation/users/1/lock").status_code == 404


@pytest.mark.parametrize(
    ("address", "fields", "status"),
    [
        ("/curation/users/99/lock", {}, 404),
        ("/curation/users/99/password", {}, 404),
        ("/curation/users/1/role", {"role": "emperor"}, 400),
        ("/curation/users", {"login": "x", "role": ""}, 400),
        ("/curation/users/5/role", {"role": "reader"}, 400),
    ],
)
def test_what_does_not_exist_cannot_be_changed(
    boss: FlaskClient, accounts: FakeAccounts, address: str, fields: dict[str, str], status: int
) -> None:
    answer = post(boss, address, **fields)
    assert answer.status_code == status
    assert "選びなおしてください" in answer.text or "管理者がひとりもいなく" in answer.text
    assert accounts.changes == []


def test_what_is_locked_can_be_unlocked(boss: FlaskClient, accounts: FakeAccounts) -> None:
    soon = datetime.now(UTC) + timedelta(minutes=5)
    accounts.held["reader"] = replace(accounts.held["reader"], locked_until=soon)
    page = boss.get("/curation/users").text
    assert "間違いが続いて止まっています" in page
    assert 'action="/curation/users/1/unlock"' in page
    assert 'action="/curation/users/2/unlock"' not in page


def test_the_pages_of_accounts_have_no_faults(app: Flask, boss: FlaskClient) -> None:
    pages = [boss.get("/curation/users"), boss.get("/account"), app.test_client().get("/signin")]
    assert [html.faults(page.text) for page in pages] == [[], [], []]
