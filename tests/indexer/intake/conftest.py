"""A desk over an empty installation."""

from pathlib import Path

import pytest

from indexer.gazetteer import gazetteer_of
from indexer.installation import Installation
from indexer.intake.desk import IntakeDesk
from kb.domain.gazetteer import Gazetteer
from tests.conftest import installation_in


@pytest.fixture(scope="session")
def every_place(_prepared: Path) -> Gazetteer:
    """The gazetteer of an empty installation (0.4 s, so once)."""
    opened = installation_in(_prepared)
    gazetteer = gazetteer_of(opened.database)
    opened.close()
    return gazetteer


@pytest.fixture
def desk(installation: Installation, every_place: Gazetteer) -> IntakeDesk:
    return IntakeDesk(installation.database, every_place)
