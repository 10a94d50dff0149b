import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.distributed.commands import ROOT, Place
from tests.distributed.processes import adopting


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of these start processes; they read /proc to see what becomes of them."""
    here = Path(__file__).parent
    linux = pytest.mark.skipif(sys.platform != "linux", reason="reads Linux's /proc")
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.slow)
            item.add_marker(linux)


@pytest.fixture(autouse=True)
def _adopting() -> Iterator[None]:
    with adopting():
        yield


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A data folder that is not there yet."""
    return Place(tmp_path / "var")


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A data folder with the sample corpus; to be copied, not changed."""
    made = Place(tmp_path_factory.mktemp("corpus") / "var")
    made.run("ingest", ROOT / "corpus", "--quiet")
    return made


@pytest.fixture
def sample(corpus: Place, place: Place) -> Place:
    """A copy of the folder with the sample corpus, for this test alone."""
    shutil.copytree(corpus.data_dir, place.data_dir)
    return place
