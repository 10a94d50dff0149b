"""Running `kb` on the installation of a test."""

from typing import Protocol

from click.testing import CliRunner, Result

from indexer.cli import main as kb
from indexer.installation import Installation


class Run(Protocol):
    """Runs `kb`; settings besides the data folder are given by name."""

    def __call__(self, *arguments: str, **environment: str) -> Result: ...


def runner(installation: Installation) -> Run:
    def invoke(*arguments: str, **environment: str) -> Result:
        given = {"KB_DATA_DIR": str(installation.data_dir), **environment}
        return CliRunner(env=given).invoke(kb, list(arguments))

    return invoke
