"""The wheel carries everything that the program opens at run time."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
    )
    return zipfile.ZipFile(next(folder.glob("*.whl")))


@pytest.mark.parametrize(
    ("place", "packed"),
    [
        ("templates", "kb/web/templates"),
        ("static", "kb/web/static"),
        ("kb", "kb"),
        ("indexer", "indexer"),
    ],
)
def test_every_file_is_in_the_wheel(wheel: zipfile.ZipFile, place: str, packed: str) -> None:
    names = set(wheel.namelist())
    files = [p for p in (ROOT / place).rglob("*") if p.is_file() and p.suffix != ".pyc"]
    assert files
    missing = [
        p for p in files if f"{packed}/{p.relative_to(ROOT / place).as_posix()}" not in names
    ]
    assert missing == []


def test_the_wheel_holds_neither_tests_nor_the_sample(wheel: zipfile.ZipFile) -> None:
    tops = {name.partition("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"kb", "indexer"}


def test_the_requirements_name_no_registry() -> None:
    for path in sorted(Path(ROOT / "requirements").glob("*.txt")):
        text = path.read_text("utf-8")
        assert "--hash=sha256:" in text
        assert "://" not in text
        assert "--index-url" not in text
        assert "--find-links" not in text
