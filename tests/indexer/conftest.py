"""What the tests of commands share."""

import pytest

from indexer.installation import Installation
from tests.indexer.commands import Run, runner


@pytest.fixture
def run(installation: Installation) -> Run:
    """`kb` on the installation of the test."""
    return runner(installation)
