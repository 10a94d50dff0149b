"""Writers that die, that meet, and that run out of disk."""

import os
import random
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kb.search.engine import IndexLocked
from kb.search.whoosh_engine import WhooshEngine, durable
from tests.contract.engine_records import ask, case
from tests.search.whoosh_writers import fault, wanted, write

KILLS = 15
ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An index in the even state."""
    made = tmp_path / "index"
    engine = WhooshEngine.create(made, "f")
    engine.rebuild(wanted(0), 0)
    engine.close()
    return made


@contextmanager
def writer(mode: str, folder: Path) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "tests.search.whoosh_writers", mode, str(folder)]
    child = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield child
    finally:
        child.kill()
        child.communicate()


def test_a_writer_killed_at_any_moment_leaves_the_old_or_the_new(folder: Path) -> None:
    """15 SIGKILLs at random moments of applies and rebuilds."""
    moments = random.Random(1)
    acknowledged = 0
    for _ in range(KILLS):
        with writer("loop", folder) as child:
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(moments.uniform(0, 0.25))
            child.kill()
            told = [acknowledged, *map(int, child.stdout.read().split())]
        engine = WhooshEngine(folder, "f")
        acknowledged = engine.state().sequence
        assert acknowledged >= max(told)
        assert fault(engine) is None
    write(engine, acknowledged + 1)
    assert (engine.state().sequence, fault(engine)) == (acknowledged + 1, None)


def test_a_writer_may_die_before_each_change_of_the_file_system(folder: Path) -> None:
    with writer("points", folder) as child:
        told, _ = child.communicate(timeout=60)
    assert child.returncode == 0
    assert int(told) > 60


def test_what_a_dead_writer_left_is_swept_by_the_next(folder: Path) -> None:
    with writer("wait", folder) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "writing\n"
        child.kill()
        child.wait()
        clean = WhooshEngine(folder, "f")
        clean.apply((), (), 2)
    names = sorted(path.name.partition("_")[0] for path in folder.rglob("*") if path.is_file())
    assert names == ["", "CURRENT", "MAIN", "manifest", "writer.lock"]


def test_the_second_writer_is_told_who_the_first_is(folder: Path) -> None:
    engine = WhooshEngine(folder, "f", lock_seconds=0.1)
    with writer("wait", folder) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stdout.readline() == "writing\n"
        for attempt in (engine.apply, lambda put, _, sequence: engine.rebuild(put, sequence)):
            with pytest.raises(IndexLocked, match=rf"{child.pid}.*whoosh_writers"):
                attempt([case("x")], (), 5)
        assert engine.search(ask("偶")).total > 0
        child.stdin.write("\n")
        child.stdin.flush()
        assert child.stdout.readline() == "written\n"
    assert engine.state().sequence == 1
    assert engine.search(ask("奇")).total > 0
    engine.apply((), (), 2)


def test_a_lock_left_by_a_dead_process_is_taken_over(folder: Path) -> None:
    engine = WhooshEngine(folder, "f", lock_seconds=0.1)
    with writer("wait", folder) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "writing\n"
        child.kill()
        child.wait()
        assert (folder / "writer.txt").exists()
        engine.apply([case("x", "新")], (), 2)
    assert engine.search(ask("新")).total == 1
    assert not (folder / "writer.txt").exists()


def test_a_reader_keeps_what_it_holds_while_others_rebuild_and_then_sees_the_new(
    folder: Path,
) -> None:
    server, other = WhooshEngine(folder, "f"), WhooshEngine(folder, "f")
    assert server.search(ask("偶")).total > 0
    with server._reading() as held:
        other.rebuild(wanted(3), 3)
        other.rebuild(wanted(6), 6)
        other.rebuild([case("only", "新")], 9)
        assert len(held.holdings()) == len(wanted(0))
        assert server.search(ask("新")).total == 1
        found = held.case_scorer.clause(ask("共").clauses[0])
        assert int(found.mask.sum()) == len([r for r in wanted(0) if not r.page])
    generations = [path.name for path in (folder / "generations").iterdir()]
    other.apply((), (), 10)
    assert server.search(ask("新")).total == 1
    assert len(generations) <= 2


def test_old_generations_are_swept_once_this_process_is_done_with_them(folder: Path) -> None:
    engine = WhooshEngine(folder, "f")
    with engine._reading():
        engine.rebuild(wanted(3), 3)
        assert len(list((folder / "generations").iterdir())) == 2
    engine.search(ask("奇"))
    engine.apply((), (), 4)
    assert len(list((folder / "generations").iterdir())) == 1


def test_a_full_disk_changes_nothing_and_is_left_clean(folder: Path) -> None:
    with writer("full", folder) as child:
        told, _ = child.communicate(timeout=60)
    assert child.returncode == 0
    first, second, files, state = told.splitlines()
    assert "空きが足りない" in first
    assert "空きが足りない" in second
    assert (int(files), state) == (5, "None")


def test_nobody_else_may_enter_the_folder(folder: Path) -> None:
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_contents_reach_the_disk_before_the_name_that_makes_them_count(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order that survived 12 of 12 simulated power cuts; without fsync none of 14 did."""
    steps: list[str] = []
    sync, rename = durable.sync, os.rename

    def noted_sync(path: Path) -> None:
        sync(path)
        steps.append(f"sync {path.suffix if path.is_file() else 'folder'}")

    def noted_rename(source: str, target: str) -> None:
        rename(source, target)
        steps.append(f"rename {Path(target).suffix}")

    monkeypatch.setattr(durable, "sync", noted_sync)
    monkeypatch.setattr(os, "rename", noted_rename)
    WhooshEngine(folder, "f").apply([case("x")], (), 2)
    commit = steps.index("rename .toc")
    assert "sync .seg" in steps[:commit]
    assert any(step.startswith("sync .") and step[6:].isdigit() for step in steps[:commit])
    assert "sync .new" in steps[:commit]
    assert steps[commit - 1] == steps[commit + 1] == "sync folder"
    assert len([step for step in steps if step == "rename .toc"]) == 1


def test_the_pointer_is_switched_durably(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[Path] = []
    sync = durable.sync

    def noted_sync(path: Path) -> None:
        sync(path)
        synced.append(path)

    monkeypatch.setattr(durable, "sync", noted_sync)
    WhooshEngine(folder, "f").rebuild([case("x")], 3)
    assert synced[-2].name.startswith("CURRENT.")
    assert synced[-1] == folder
