"""The application over a made installation, with made accounts: nothing else of it is a fake.

A module takes the fixtures by importing `app` and `curator`; one that stands on more than an empty
installation defines a `held` of its own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from indexer.installation import Installation
from kb.domain.roles import Role
from kb.settings import from_environment
from kb.web.app import close_app, open_app
from tests.web.fake_accounts import FakeAccounts
from tests.web.signing_in import signed_in


@contextmanager
def opened_site(installation: Installation, **environment: str) -> Iterator[Flask]:
    """The application of an installation, set up by an environment."""
    told = {"KB_DATA_DIR": str(installation.data_dir), **environment}
    opened = open_app(from_environment(told))
    opened.extensions["kb"] = replace(opened.extensions["kb"], accounts=FakeAccounts())
    try:
        yield opened
    finally:
        close_app(opened)


@pytest.fixture
def app(held: Installation) -> Iterator[Flask]:
    with opened_site(held) as opened:
        yield opened


@pytest.fixture
def curator(app: Flask) -> FlaskClient:
    return signed_in(app, Role.CURATOR)
