"""Each reader of a passed descriptor has a position of its own."""

import os
from collections.abc import Iterator
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.confined.sources import opened

BYTES = bytes(range(256)) * 1000


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    path = tmp_path_factory.mktemp("source") / "file"
    path.write_bytes(BYTES)
    with path.open("rb") as stream:
        yield stream.fileno()


def test_readers_do_not_disturb_each_other(source: int) -> None:
    first, second = opened(source), opened(source)
    first.seek(1000)
    assert second.read(10) == BYTES[:10]
    assert first.read() == BYTES[1000:]
    assert second.read(10) == BYTES[10:20]


@given(
    st.lists(
        st.tuples(
            st.sampled_from([os.SEEK_SET, os.SEEK_CUR, os.SEEK_END]),
            st.integers(-300_000, 300_000),
            st.integers(-1, 70_000),
        )
    )
)
def test_it_reads_what_a_file_reads(source: int, steps: list[tuple[int, int, int]]) -> None:
    with os.fdopen(os.dup(source), "rb") as file:
        file.seek(0)
        ours = opened(source)
        for whence, offset, count in steps:
            assert attempt(ours, whence, offset) == attempt(file, whence, offset)
            assert ours.tell() == file.tell()
            assert ours.read(count) == file.read(count)


def attempt(stream: BinaryIO, whence: int, offset: int) -> int | None:
    try:
        return stream.seek(offset, whence)
    except OSError:
        return None
