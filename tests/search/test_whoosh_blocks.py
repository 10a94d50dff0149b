"""Posting lists as they are written, and as they are read again: by us and by Whoosh."""

import io
import pickle
import pickletools
import zlib
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.search.engine import SearchEngine
from kb.search.query import Stream
from kb.search.whoosh_engine import WhooshEngine, gathering
from kb.search.whoosh_engine.blocks import BLOCK, TermPostings, blocks, packed, unpacked, written
from tests.contract.engine_records import ask, case, clause, page, probe, variant

PLACES = st.lists(st.integers(0, 200_000), max_size=50)


@given(PLACES)
def test_places_come_back_as_they_were(places: list[int]) -> None:
    kept = packed(np.array(places, dtype=np.int64))
    assert unpacked(kept, len(places)).tolist() == places


def test_places_take_as_few_bytes_as_they_can() -> None:
    assert len(packed(np.array([0, 255]))) == 2
    assert len(packed(np.array([0, 65_535]))) == 4
    assert len(packed(np.array([0, 65_536]))) == 8
    assert packed(np.array([], dtype=np.int64)) == b""


class Standing:
    """A matcher that stands before blocks, as Whoosh's does."""

    def __init__(self, *contents: tuple[Any, Any, Any]) -> None:
        self._contents = list(contents)

    def reset(self) -> None:
        self._at = 0

    def is_active(self) -> bool:
        return self._at < len(self._contents)

    def _read_data(self) -> None:
        self._data = self._contents[self._at]

    def _next_block(self) -> None:
        self._at += 1


def content_of(block: bytes) -> tuple[Any, Any, Any]:
    """What Whoosh unpickles of the only block of a list: after its size and what it says of it."""
    stream = io.BytesIO(block[4:])
    compression = pickle.load(stream)[3]
    rest = stream.read()
    found: tuple[Any, Any, Any] = pickle.loads(zlib.decompress(rest) if compression else rest)
    return found


@pytest.mark.parametrize(
    ("docs", "kind"),
    [
        ([3, 9, 70_000], tuple),
        (list(range(5, 500, 3)), "B"),
        ([*range(40), 300], "H"),
        ([*range(40), 200_000], "I"),
    ],
)
def test_documents_come_back_and_stand_as_narrow_as_they_may(docs: list[int], kind: object) -> None:
    counts = [1 + number % 3 for number in range(len(docs))]
    places = np.arange(sum(counts)) * 7
    content = content_of(written(TermPostings("w", b"a", docs, counts, packed(places))))
    assert kind in (type(content[0]), getattr(content[0], "typecode", None))
    assert list(accumulate(content[0])) == docs  # as Whoosh itself reads them
    (block,) = blocks(Standing(content))
    assert block.docs.tolist() == docs
    assert block.counts.tolist() == counts
    assert block.places.tolist() == places.tolist()


def test_places_stand_narrow_in_a_block_and_those_of_older_indexes_are_read() -> None:
    docs, places = list(range(2_000)), np.arange(2_000) % 50
    wide = places.astype("<u2").tobytes()
    content = content_of(written(TermPostings("w", b"a", docs, [1] * 2_000, wide)))
    assert content[2] == packed(places)
    older = [(tuple(content[0]), content[1], kept) for kept in (wide, (zlib.compress(wide),))]
    read = [*blocks(Standing(content, *older))]
    assert [block.places.tolist() for block in read] == [places.tolist()] * 3
    assert [block.docs.tolist() for block in read] == [docs] * 3


@pytest.fixture
def engine(tmp_path: Path) -> SearchEngine:
    return WhooshEngine.create(tmp_path / "index", "f")


def found(engine: SearchEngine, text: str) -> int:
    """How many cases hold the words of `text` next to each other."""
    together = clause(variant(probe(text, Stream.WORDS, phrase=True)))
    return engine.search(ask(together, limit=0)).total


def test_a_word_in_more_records_than_a_block_holds(engine: SearchEngine) -> None:
    size = BLOCK + 5
    engine.apply([case(str(n), f"甲 {'乙' * (n % 2 + 1)} 丙") for n in range(size)], (), 1)
    assert engine.search(ask("甲", limit=0)).total == size
    assert found(engine, "甲 乙 丙") == size - size // 2
    engine.apply([case("x", "甲 乙 丙")], [f"case:{n}" for n in range(0, size, 4)], 2)
    assert found(engine, "甲 乙") == size - size // 2 - len(range(0, size, 4)) + 1


def test_a_word_more_often_than_a_byte_counts_and_beyond_what_two_bytes_place(
    engine: SearchEngine,
) -> None:
    far = ("甲",) * 70_000
    engine.apply([case("a", (*far, "乙", "丙")), case("b", "甲 乙 甲"), case("c", "甲")], (), 1)
    assert found(engine, "甲 乙") == 2
    assert found(engine, "乙 丙") == 1
    scores = {hit.subject: hit.score for hit in engine.search(ask("甲")).hits}
    assert sorted(scores) == ["case:a", "case:b", "case:c"]


def records(first: int, last: int) -> list[Any]:
    cases = [case(str(n), f"甲 w{n % 7} 乙 w{n % 3}", title=f"題 w{n}") for n in range(first, last)]
    return [*cases, *(page(str(n), "d", n + 1, f"頁 w{n % 5} 甲") for n in range(first, last))]


def answers(engine: SearchEngine) -> Sequence[object]:
    questions = [ask("甲", f"w{n}", limit=100) for n in range(7)]
    phrases = [ask(clause(variant(probe(f"乙 w{n}", phrase=True)))) for n in range(3)]
    return [
        *(engine.search(query) for query in (*questions, *phrases)),
        *(engine.pages(query, [f"case:{n}" for n in range(40)], 3) for query in questions),
    ]


def test_what_is_spilled_and_merged_answers_as_what_is_written_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, parts = (WhooshEngine.create(tmp_path / name, "f") for name in ("whole", "parts"))
    whole.apply([*records(0, 20), *records(25, 40)], (), 3)
    monkeypatch.setattr(gathering, "MOST_TOKENS", 50)
    parts.apply(records(0, 25), (), 1)
    parts.apply(records(25, 40), [r.key for r in records(20, 25)], 3)
    assert answers(parts) == answers(whole)
    assert parts.holdings() == whole.holdings()
    assert list(parts.verify()) == []
    assert list((tmp_path / "parts").rglob("*.run")) == []


def test_the_table_of_contents_names_classes_of_whoosh_only(
    tmp_path: Path, engine: SearchEngine
) -> None:
    """What is pickled there by module path must be there when another version opens it."""
    engine.apply([case("a", "甲")], (), 1)
    (toc,) = (tmp_path / "index").rglob("*.toc")
    content = toc.read_bytes()
    named = set()
    for at in (at for at in range(len(content)) if content[at] == 0x80):
        try:
            named |= {arg for op, arg, _ in pickletools.genops(content[at:]) if op.name == "GLOBAL"}
        except ValueError:  # not the beginning of a pickle
            continue
    assert named
    assert all(str(name).startswith(("whoosh.", "copy_reg", "__builtin__")) for name in named)
