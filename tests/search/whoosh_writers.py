"""Writers that are made to die; run as ``python -m tests.search.whoosh_writers MODE FOLDER``.

An index of these tests is always in one of two states, by the parity of its sequence: the
even one and the odd one hold different records. What is neither is torn.
"""

import os
import resource
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from kb.search.engine import IndexRecord, SearchUnavailable
from kb.search.whoosh_engine import WhooshEngine
from tests.contract.engine_records import ask, case, page

RECORDS = 24
FULL_BYTES = 30_000


def wanted(sequence: int) -> list[IndexRecord]:
    """The records an index at `sequence` holds."""
    word = "偶" if sequence % 2 == 0 else "奇"
    cases = [case(str(n), f"共 {word} w{n}") for n in range(sequence % 2, RECORDS, 2)]
    return [*cases, *(page("0", "d", n, f"{word} 頁") for n in range(1, 4))]


def write(
    engine: WhooshEngine, sequence: int, records: Iterator[IndexRecord] | None = None
) -> None:
    """Bring the index to the state of `sequence`; every third time by a rebuild."""
    put = records or iter(wanted(sequence))
    if sequence % 3 == 0:
        engine.rebuild(put, sequence)
    else:
        engine.apply(put, set(engine.holdings()) - {r.key for r in wanted(sequence)}, sequence)


def fault(engine: WhooshEngine) -> str | None:
    """What is torn about the index; None when it is wholly in the state it says it is in."""
    state = engine.state()
    expected = {record.key: record.version for record in wanted(state.sequence)}
    if engine.holdings() != expected or state.records != len(expected):
        return f"{state}: holds {sorted(engine.holdings())}"
    found = engine.search(ask("共", limit=1000))
    if found.total != RECORDS // 2:
        return f"{state}: finds {found.total}"
    return " ".join(engine.verify()) or None


def loop(folder: Path) -> None:
    """Write for ever; say each sequence once its write has returned."""
    engine = WhooshEngine(folder, "f")
    sequence = engine.state().sequence
    while True:
        sequence += 1
        write(engine, sequence)
        print(sequence, flush=True)


def wait(folder: Path) -> None:
    """Begin a write, say so, and finish it when told to."""

    def slowly() -> Iterator[IndexRecord]:
        print("writing", flush=True)
        sys.stdin.readline()
        yield from wanted(engine.state().sequence + 1)

    engine = WhooshEngine(folder, "f")
    write(engine, engine.state().sequence + 1, slowly())
    print("written", flush=True)


def full(folder: Path) -> None:
    """Write to a disk that is full; then to one that is not."""
    engine = WhooshEngine(folder, "f")
    before = engine.state()
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (FULL_BYTES, hard))
    large = [case(str(n), tuple(f"{n}-{i}" for i in range(3000))) for n in range(20)]
    for anew in (False, True):
        try:
            engine.rebuild(large, 77) if anew else engine.apply(large, (), 77)
        except SearchUnavailable as error:
            print(error)
        assert engine.state() == before
        assert fault(engine) is None
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    print(sum(1 for path in folder.rglob("*") if path.is_file()))
    write(engine, before.sequence + 1)
    print(fault(engine))


def points(folder: Path) -> None:
    """Die before each change of the file system in turn; say how many deaths there were.

    Each death is one of a forked child, without any tidying up, as by SIGKILL.
    """
    deaths = 0
    for sequence in (1, 2, 3):  # the third is a rebuild
        step = 0
        while _dies(lambda: write(WhooshEngine(folder, "f"), sequence), step):  # noqa: B023
            step, deaths = step + 1, deaths + 1
            torn = fault(WhooshEngine(folder, "f"))
            assert torn is None, f"death {step} of write {sequence}: {torn}"
        engine = WhooshEngine(folder, "f")
        assert (engine.state().sequence, fault(engine)) == (sequence, None)
    print(deaths)


CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod"}


def _dies(act: Callable[[], None], step: int) -> bool:
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    left = step

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal left
        mode = arguments[1] if event == "open" else None
        if event in CHANGES or (isinstance(mode, str) and mode[:1] in "wax"):
            left -= 1
            if left < 0:
                os._exit(9)

    sys.addaudithook(hook)
    act()
    os._exit(0)


if __name__ == "__main__":
    {"loop": loop, "wait": wait, "full": full, "points": points}[sys.argv[1]](Path(sys.argv[2]))
