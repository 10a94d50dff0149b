"""Files that are damaged, missing or of another version."""

import shutil
from pathlib import Path

import pytest

from kb.search.engine import IndexDamaged, IndexOutOfDate, SearchEngine, SearchUnavailable
from kb.search.whoosh_engine import WhooshEngine
from tests.contract.engine_records import ask, case, page

RECORDS = [case("a", "甲 乙"), case("b", "甲"), page("a", "d", 1, "甲 乙 丙")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "index"
    WhooshEngine.create(made, "f").apply(RECORDS, (), 3)
    return made


def opened(folder: Path) -> WhooshEngine:
    return WhooshEngine(folder, "f", lock_seconds=0.1)


def files(folder: Path) -> list[Path]:
    """The files of the live generation: a segment, a TOC, a manifest."""
    return sorted(path for path in (folder / "generations").rglob("*") if path.is_file())


def mended(engine: SearchEngine) -> bool:
    engine.rebuild(RECORDS, 4)
    return engine.search(ask("甲")).total == 2 and list(engine.verify()) == []


def test_a_missing_index_names_the_command_that_makes_one(tmp_path: Path) -> None:
    engine = opened(tmp_path / "none")
    uses = (
        lambda: engine.search(ask()),
        lambda: engine.pages(ask(), [], 1),
        engine.holdings,
        engine.state,
        lambda: engine.apply((), (), 1),
    )
    for use in uses:
        with pytest.raises(SearchUnavailable, match="kb init"):
            use()
    assert ["kb init" in sentence for sentence in engine.verify()] == [True]
    assert not (tmp_path / "none").exists()


def test_the_index_may_be_deleted_at_any_time_and_rebuilt(folder: Path) -> None:
    engine = opened(folder)
    assert engine.search(ask("甲")).total == 2
    shutil.rmtree(folder)
    with pytest.raises(SearchUnavailable, match="kb init"):
        engine.search(ask("甲"))
    assert mended(engine)


def test_another_fingerprint_is_said_aloud_and_never_opened(folder: Path) -> None:
    other = WhooshEngine(folder, "辞書が新しい")
    uses = (
        lambda: other.search(ask()),
        lambda: other.pages(ask(), [], 1),
        other.holdings,
        lambda: other.apply((), (), 9),
    )
    for use in uses:
        with pytest.raises(IndexOutOfDate, match="kb rebuild"):
            use()
    assert (other.state().fingerprint, other.state().sequence) == ("f", 3)
    assert mended(other)
    with pytest.raises(IndexOutOfDate):
        opened(folder).search(ask())


@pytest.mark.parametrize("which", range(3))
def test_verify_finds_one_flipped_byte_in_any_file(folder: Path, which: int) -> None:
    path = files(folder)[which]
    content = bytearray(path.read_bytes())
    for at in range(0, len(content), max(1, len(content) // 40)):
        content[at] ^= 0x20
        path.write_bytes(content)
        sentences = list(opened(folder).verify())
        assert len(sentences) == 1
        assert "kb rebuild" in sentences[0]
        content[at] ^= 0x20
    path.write_bytes(content)
    assert list(opened(folder).verify()) == []


@pytest.mark.parametrize("which", range(3))
@pytest.mark.parametrize("share", [0, 0.5, 0.99])
def test_a_truncated_file_is_never_searched(folder: Path, which: int, share: float) -> None:
    path = files(folder)[which]
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    engine = opened(folder)
    with pytest.raises(IndexDamaged, match="kb rebuild"):
        engine.search(ask("甲"))
    assert engine.verify()
    assert mended(engine)


@pytest.mark.parametrize("which", range(3))
def test_a_missing_file_is_never_searched(folder: Path, which: int) -> None:
    files(folder)[which].unlink()
    engine = opened(folder)
    with pytest.raises(IndexDamaged, match="kb rebuild"):
        engine.search(ask("甲"))
    assert engine.verify()
    assert mended(engine)


def test_damaged_bytes_raise_our_exception_or_change_no_answer(folder: Path) -> None:
    """Flips that no size betrays: Whoosh may raise anything, callers see our names only."""
    path = next(path for path in files(folder) if path.suffix == ".seg")
    content, raised = bytearray(path.read_bytes()), 0
    for at in range(0, len(content), max(1, len(content) // 60)):
        content[at] ^= 0xFF
        path.write_bytes(content)
        try:
            opened(folder).search(ask("甲"))
        except SearchUnavailable:
            raised += 1
        content[at] ^= 0xFF
    assert raised > 5


@pytest.mark.parametrize("text", ["", "0009-00000000", "../../etc", "\x00\xff"])
def test_a_broken_pointer_is_damage(folder: Path, text: str) -> None:
    (folder / "CURRENT").write_text(text, encoding="latin-1")
    engine = opened(folder)
    with pytest.raises(IndexDamaged, match="kb rebuild"):
        engine.search(ask("甲"))
    assert engine.verify()
    assert mended(engine)


def test_damage_is_not_blessed_by_the_next_commit(folder: Path) -> None:
    big = [case(str(n), f"甲 w{n}") for n in range(40)]
    opened(folder).apply(big, (), 4)
    path = max(files(folder), key=lambda file: file.stat().st_size)
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 0x01
    engine = opened(folder)
    engine.search(ask("甲"))
    path.write_bytes(content)
    engine.apply([case("new", "丁")], (), 5)
    assert [path.name in sentence for sentence in engine.verify()] == [True]


def test_an_open_engine_sees_commits_of_another(folder: Path) -> None:
    reader, writer = opened(folder), opened(folder)
    assert reader.search(ask("丁")).total == 0
    writer.apply([case("c", "丁")], (), 4)
    assert reader.search(ask("丁")).total == 1
    writer.rebuild([case("d", "丁"), case("e", "丁")], 5)
    assert reader.search(ask("丁")).total == 2
    assert reader.state() == writer.state()


def test_segments_stay_few_and_the_dead_are_cleared_away(folder: Path) -> None:
    engine = opened(folder)
    for n in range(40):
        engine.apply([case(str(n), "甲 乙 丙")], (), n)
    assert len([path for path in files(folder) if path.suffix == ".seg"]) <= 6
    engine.apply((), [key for key in engine.holdings() if key != "case:7"], 99)
    assert len([path for path in files(folder) if path.suffix == ".seg"]) <= 1
    assert engine.search(ask("丙")).total == 1
    assert engine.search(ask("丙")).hits[0].subject == "case:7"
