"""How a test signs in: `signed_in(app, Role.CURATOR)`, then `post(client, address, ...)`."""

import re

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kb.domain.roles import Role
from tests.web.fake_accounts import PASSWORD

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def token(client: FlaskClient, address: str = "/signin") -> str:
    """A token of the client's session, from a page that has a form; also for `X-CSRFToken`."""
    page = client.get(address, follow_redirects=True).get_data(as_text=True)
    found = _TOKEN.search(page)
    assert found, f"{address} has no form"
    return found[1]


def sign_in(
    client: FlaskClient, login: str, password: str = PASSWORD, **fields: str
) -> TestResponse:
    """What is answered to a name and a password."""
    sent = {"login": login, "password": password, "csrf_token": token(client), **fields}
    return client.post("/signin", data=sent)


def signed_in(app: Flask, role: Role, *, password: str = PASSWORD) -> FlaskClient:
    """A browser in which somebody of that role has signed in; the login name is the role's."""
    client = app.test_client()
    assert sign_in(client, role.value, password).status_code in (200, 303)
    return client


def post(client: FlaskClient, address: str, **fields: object) -> TestResponse:
    """What is answered to a form with the token of the session."""
    return client.post(address, data={"csrf_token": token(client, "/account"), **fields})
