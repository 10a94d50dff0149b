"""Files on their way in: piece by piece, torn, wrong, too large, swept."""

import io
import os
from pathlib import Path

import pytest

from kb.catalogue.jobs.incoming import Incoming, WrongOffset, WrongSum

FILE = "up-1/0123abcd"


@pytest.fixture
def incoming(tmp_path: Path) -> Incoming:
    return Incoming(tmp_path / "incoming")


def test_pieces_follow_each_other_and_are_kept_whole(incoming: Incoming) -> None:
    assert incoming.held(FILE) == 0
    assert incoming.add(FILE, 0, b"abc") == 3
    with pytest.raises(WrongOffset) as wrong:
        incoming.add(FILE, 5, b"x")
    assert wrong.value.offset == 3
    incoming.add(FILE, 3, b"def")
    assert incoming.held(FILE) == 6
    first = incoming.complete(FILE)
    assert incoming.complete(FILE, first) == first
    assert incoming.path(FILE).read_bytes() == b"abcdef"


def test_a_sum_that_does_not_fit_throws_the_file_away(incoming: Incoming) -> None:
    incoming.add(FILE, 0, b"abc")
    with pytest.raises(WrongSum):
        incoming.complete(FILE, "0" * 64)
    assert incoming.held(FILE) == 0
    with pytest.raises(FileNotFoundError):
        incoming.complete(FILE)


def test_a_stream_is_kept_up_to_a_size(incoming: Incoming) -> None:
    kept = incoming.keep(FILE, io.BytesIO(b"abc"), 3)
    assert kept is not None
    assert kept[0] == 3
    assert incoming.keep("up-1/other", io.BytesIO(b"abcd"), 3) is None
    assert list(incoming.files()) == [FILE]
    again = incoming.keep(FILE, io.BytesIO(b"xy"), 3)
    assert again is not None
    assert incoming.path(FILE).read_bytes() == b"xy"


@pytest.mark.parametrize(
    "name", ["../up-1/x", "up-1", "up-1/../x", "up-1/x.part", "/etc/passwd", "up-1/a/b"]
)
def test_no_name_leads_out(incoming: Incoming, name: str) -> None:
    with pytest.raises(ValueError, match="not the name"):
        incoming.path(name)


def test_old_ones_are_told_and_empty_folders_go(incoming: Incoming) -> None:
    incoming.add(FILE, 0, b"abc")
    incoming.add("up-2/0123", 0, b"abc")
    part = incoming.path(FILE).with_name("0123abcd.part")
    os.utime(part, (0, 0))
    assert list(incoming.files(older_than=60)) == [FILE]
    incoming.remove(FILE)
    incoming.remove_empty(older_than=0)
    assert [folder.name for folder in part.parent.parent.iterdir()] == ["up-2"]
