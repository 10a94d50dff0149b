from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from indexer.installation import Installation
from kb.domain.rights import Audience
from kb.web.app import create_app
from kb.web.services import Services
from tests.web.fake_accounts import FakeAccounts
from tests.web.fakes import FakeCatalogue, FakeOriginals, FakePageImages, FakeSearch


def build(
    search: FakeSearch,
    audience: Audience = Audience.ANONYMOUS,
    images: FakePageImages | None = None,
) -> Flask:
    """The application over fakes, errors answered as they are outside tests."""
    images = images or FakePageImages()
    services = Services(search, FakeCatalogue(), FakeOriginals(), images, accounts=FakeAccounts())
    return create_app(services, public_url=None, secret_key="test", audience=audience)


@pytest.fixture(scope="session")
def built() -> Flask:
    """One application for all tests: compiling its templates takes a tenth of a second."""
    return build(FakeSearch())


@pytest.fixture
def search() -> FakeSearch:
    return FakeSearch()


@pytest.fixture
def accounts() -> FakeAccounts:
    return FakeAccounts()


@pytest.fixture
def images() -> FakePageImages:
    return FakePageImages()


@pytest.fixture
def app(
    built: Flask, search: FakeSearch, images: FakePageImages, accounts: FakeAccounts
) -> Iterator[Flask]:
    """The application with fresh services; its settings are put back afterwards."""
    settings = dict(built.config)
    built.extensions["kb"] = Services(
        search, FakeCatalogue(), FakeOriginals(), images, accounts=accounts
    )
    built.extensions["kb.limiter"].reset()
    yield built
    built.config.clear()
    built.config.update(settings)


@pytest.fixture
def held(installation: Installation) -> Installation:
    """What the application of tests/web/real_site.py holds; modules hold more."""
    return installation


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def curator() -> FlaskClient:
    return build(FakeSearch(), Audience.CURATOR).test_client()
