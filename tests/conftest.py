"""What many tests stand on: an empty installation, and one that holds the sample corpus.

Properties are tried on the same examples in every run, so that a change is judged by what it
changes; `make fuzz` tries new ones (docs/decisions.md). No example has a deadline: on a shared
machine a slow one says nothing of the code.
"""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from hypothesis import settings as hypothesis_settings
from jinja2 import FileSystemBytecodeCache

from indexer import taking_in
from indexer.extracted import Limits
from indexer.ingest import Intake
from indexer.installation import Installation
from kb.search.service import SearchService, open_service
from kb.settings import from_environment
from kb.web.app import close_app, open_app

if TYPE_CHECKING:
    from playwright.sync_api import Browser

hypothesis_settings.register_profile("same", derandomize=True, deadline=None)
hypothesis_settings.register_profile("new", print_blob=True, deadline=None)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def pytest_collection_finish() -> None:
    """Look seldom through everything in memory, and never through what was collected.

    That lives until the end: with 7,700 tests it took 0.8 s of CPU, several times a minute.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(700, 10, 100)


def installation_in(folder: Path) -> Installation:
    """An installation with everything in one folder, not yet prepared."""
    return Installation(
        data_dir=folder,
        database_url=f"sqlite:///{folder / 'catalogue.sqlite'}",
        search_url="whoosh:",
        originals_dir=folder / "originals",
        limits=Limits(seconds=60, memory_mb=1024),
        most_bytes=50 * 1024 * 1024,
        # What is installed beside the project must not change what the tests see.
        ocr=False,
    )


@pytest.fixture(scope="session", autouse=True)
def _compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Every application of a test run draws with the templates that another one has compiled.

    An application compiles what it draws (20 ms of CPU a template), and most tests open their own.
    """
    with pytest.MonkeyPatch.context() as patch:
        kept = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))
        patch.setattr(Flask, "jinja_options", {"bytecode_cache": kept})
        yield


@pytest.fixture(scope="session")
def _prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prepared")
    opened = installation_in(folder)
    opened.prepare()
    opened.close()
    return folder


@pytest.fixture(scope="session")
def another(
    _prepared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], Installation]:
    """Makes an empty installation for a module that fills it; whoever asks for it closes it."""

    def make() -> Installation:
        folder = tmp_path_factory.mktemp("another") / "data"
        shutil.copytree(_prepared, folder)
        return installation_in(folder)

    return make


@pytest.fixture
def installation(_prepared: Path, tmp_path: Path) -> Iterator[Installation]:
    """An empty installation, prepared as `kb init` does (1 s, so once, and copied)."""
    shutil.copytree(_prepared, tmp_path / "data")
    opened = installation_in(tmp_path / "data")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def sample(another: Callable[[], Installation]) -> Iterator[Installation]:
    """An installation that holds corpus/; shared by all tests, so never change it."""
    opened = another()
    list(taking_in.files(opened, [ROOT / "corpus"], Intake(), workers=2).results)
    opened.reindexer.sync()
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def service(sample: Installation) -> SearchService:
    """The search service over the sample corpus."""
    return open_service(sample.database, sample.search_url, data_dir=sample.data_dir)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The test material beside the checkout; skips where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the test material (../shared) is not beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def site_app(sample: Installation) -> Iterator[Flask]:
    """The application over the sample corpus, as `kb serve` opens it."""
    app = open_app(from_environment({"KB_DATA_DIR": str(sample.data_dir)}))
    yield app
    close_app(app)


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """Chromium, started once: Playwright refuses a second start in one process."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed (apt-get install chromium)")
    # 5 seconds by default: too few beside other work on a small machine.
    sync_api.expect.set_options(timeout=20_000)
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()
