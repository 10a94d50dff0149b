"""From SEARCH_URL to an engine."""

from pathlib import Path

import pytest

from kb.search.connect import connect
from kb.search.engine import SearchUnavailable
from kb.search.memory_engine import MemoryEngine


def test_whoosh_lies_in_the_data_folder_unless_told_otherwise(tmp_path: Path) -> None:
    connect("whoosh:", "f", data_dir=tmp_path, create=True).close()
    assert (tmp_path / "index" / "CURRENT").exists()
    connect(f"whoosh:{tmp_path / 'other'}", "f", data_dir=tmp_path, create=True).close()
    assert (tmp_path / "other" / "CURRENT").exists()


def test_a_missing_index_is_made_only_when_told_to(tmp_path: Path) -> None:
    engine = connect("whoosh:", "f", data_dir=tmp_path)
    with pytest.raises(SearchUnavailable, match="kb init"):
        engine.state()
    assert not (tmp_path / "index").exists()


def test_creating_again_keeps_what_is_there(tmp_path: Path) -> None:
    first = connect("whoosh:", "f", data_dir=tmp_path, create=True)
    first.apply((), (), 5)
    assert connect("whoosh:", "f", data_dir=tmp_path, create=True).state() == first.state()


def test_memory(tmp_path: Path) -> None:
    assert isinstance(connect("memory:", "f", data_dir=tmp_path), MemoryEngine)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["opensearch+http://localhost:9200/kb", "solr:", ""])
def test_anything_else_is_refused_in_japanese(url: str, tmp_path: Path) -> None:
    with pytest.raises(SearchUnavailable, match="SEARCH_URL"):
        connect(url, "f", data_dir=tmp_path)
