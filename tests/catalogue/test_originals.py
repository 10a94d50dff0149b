"""Originals: whole or not at all, and never altered."""

import hashlib
import os
import time
from pathlib import Path

import pytest

from kb.catalogue.originals import Originals, digest


@pytest.fixture
def originals(tmp_path: Path) -> Originals:
    return Originals(tmp_path / "originals")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "資料.pdf"
    path.write_bytes(b"%PDF- sample" * 1000)
    return path


def test_a_file_is_kept_under_its_digest(originals: Originals, file: Path) -> None:
    sha256 = originals.store(file)
    assert sha256 == hashlib.sha256(file.read_bytes()).hexdigest() == digest(file)
    with originals.open(sha256) as kept:
        assert kept.read() == file.read_bytes()
    assert list(originals.kept()) == [sha256]


def test_storing_twice_keeps_one(originals: Originals, file: Path) -> None:
    first = originals.path(originals.store(file)).stat()
    second = originals.path(originals.store(file)).stat()
    assert first.st_ino == second.st_ino


def test_a_kept_original_cannot_be_written(originals: Originals, file: Path) -> None:
    assert originals.path(originals.store(file)).stat().st_mode & 0o222 == 0


def test_what_a_broken_write_left_is_found_later(originals: Originals, file: Path) -> None:
    sha256 = originals.store(file)
    left = originals.path(sha256).parents[1] / ".incoming-x"
    left.write_bytes(b"half")
    assert originals.unfinished() == ()
    os.utime(left, (time.time() - 7200,) * 2)
    assert originals.unfinished() == (left,)
    assert list(originals.kept()) == [sha256]


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "a" * 63, "G" * 64])
def test_only_a_digest_is_a_name(originals: Originals, name: str) -> None:
    with pytest.raises(ValueError, match="sha256"):
        originals.path(name)


def test_a_missing_original_is_told(originals: Originals) -> None:
    with pytest.raises(FileNotFoundError):
        originals.open("0" * 64)
