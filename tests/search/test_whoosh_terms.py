"""The table of terms: what we write, Whoosh finds."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.filetables import OrderedHashReader

from kb.search.whoosh_engine.schema import term, term_bytes
from kb.search.whoosh_engine.terms import TermTable


def written(folder: Path, pairs: dict[bytes, bytes]) -> OrderedHashReader:
    storage = FileStorage(str(folder))
    table = TermTable(storage.create_file("terms"))
    table.add_all(sorted(pairs.items()))
    table.close()
    return OrderedHashReader(storage.open_file("terms"), storage.file_length("terms"))


@pytest.mark.parametrize("count", [0, 1, 7, 300, 20_000])
def test_every_pair_is_found_by_its_key_and_in_its_order(tmp_path: Path, count: int) -> None:
    drawn = random.Random(count)
    pairs = {drawn.randbytes(drawn.randint(1, 9)): drawn.randbytes(5) for _ in range(count)}
    reader = written(tmp_path, pairs)
    try:
        assert list(reader.items()) == sorted(pairs.items())
        assert all(reader[key] == value for key, value in pairs.items())
        absent = (drawn.randbytes(10) for _ in range(300))
        assert not any(key in reader for key in absent)
    finally:
        reader.close()


def test_a_key_out_of_order_finds_the_next_greater(tmp_path: Path) -> None:
    reader = written(tmp_path, {b"b": b"1", b"d": b"2"})
    try:
        assert [reader.closest_key(key) for key in (b"a", b"b", b"c", b"e")] == [
            *(b"b", b"b", b"d"),
            None,
        ]
    finally:
        reader.close()


def test_keys_must_grow(tmp_path: Path) -> None:
    storage = FileStorage(str(tmp_path))
    table = TermTable(storage.create_file("terms"))
    with pytest.raises(ValueError, match="must grow"):
        table.add_all([(b"b", b""), (b"a", b"")])
    table.close()


@settings(max_examples=200)
@given(st.lists(st.text(max_size=3) | st.sampled_from(["", "\0", "\0甲", "\ud800", "長" * 201])))
def test_terms_made_at_once_are_those_made_one_by_one(tokens: list[str]) -> None:
    assert term_bytes(tokens) == [term(token).encode() for token in tokens]
