"""A file may do anything to its child; the parent keeps what was read and names the end."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import indexer.sandbox as sandbox_module
from indexer.extracted import ExtractedDocument, Limits, Outcome
from indexer.sandbox import Sandbox, extract_safely
from kb.confined import processes

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
LIMITS = Limits(seconds=20, memory_mb=512)


def pdf(path: Path, *contents: bytes, filtered: bytes = b"") -> Path:
    """Write a PDF with a page for each content stream."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * n) for n in range(len(contents)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(contents)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, content in enumerate(contents):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * number)
        )
        objects.append(
            b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), filtered, content)
        )
    body, places = b"%PDF-1.7\n", []
    for number, written in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, written)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n"
    path.write_bytes(body + end % (size, table, size) + b"startxref\n%d\n%%%%EOF\n" % len(body))
    return path


def words(text: bytes) -> bytes:
    return b"BT /F1 12 Tf 10 50 Td (%s) Tj ET" % text


ENDLESS = b"q 1 0 0 1 0 0 cm " * 400_000
"""Two seconds of work and more for the interpreter."""


def outcomes(document: ExtractedDocument) -> list[Outcome]:
    return [fault.outcome for fault in document.faults]


def sandbox_processes() -> set[int]:
    """Return the template and child processes below this one."""
    below = {os.getpid()}
    found: set[int] = set()
    # Parents have not always the smaller number, so look until nothing new turns up.
    grown = True
    while grown:
        new = {pid for pid, parent in _parents().items() if parent in below} - below
        below |= new
        found |= {pid for pid in new if _is_sandbox(pid)}
        grown = bool(new)
    return found


def _parents() -> dict[int, int]:
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):  # it ended while we looked
                stat = (entry / "stat").read_text()
                parents[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
    return parents


def _is_sandbox(pid: int) -> bool:
    try:
        return b"indexer.sandbox_child" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def gone(pids: set[int], seconds: float = 30.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not any(_is_sandbox(pid) for pid in pids):
            return True
        time.sleep(0.05)
    return False


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(LIMITS) as made:
        yield made


def test_a_good_file_is_read(sandbox: Sandbox, tmp_path: Path) -> None:
    document = sandbox.extract(pdf(tmp_path / "a.pdf", words(b"first"), words(b"second")))
    assert [page.text for page in document.pages] == ["first", "second"]
    assert (document.media_type, document.declared_pages) == ("application/pdf", 2)
    assert document.faults == ()


def test_one_file_alone_needs_no_sandbox_of_its_own(tmp_path: Path) -> None:
    before = sandbox_processes()
    document = extract_safely(pdf(tmp_path / "a.pdf", words(b"alone")), LIMITS)
    assert document.pages[0].text == "alone"
    assert gone(sandbox_processes() - before)


def test_a_file_that_is_not_there_is_a_fault(sandbox: Sandbox, tmp_path: Path) -> None:
    document = sandbox.extract(tmp_path / "nowhere.pdf")
    assert outcomes(document) == [Outcome.DAMAGED]
    assert "FileNotFoundError" in document.faults[0].detail


def test_a_file_with_mode_0600_of_another_user_is_read(sandbox: Sandbox, tmp_path: Path) -> None:
    path = pdf(tmp_path / "a.pdf", words(b"mine"))
    path.chmod(0o600)
    if os.getuid() == 0:
        os.chown(path, 12345, 12345)
    assert sandbox.extract(path).pages[0].text == "mine"


def test_pages_read_before_a_time_out_are_kept(tmp_path: Path) -> None:
    path = pdf(tmp_path / "a.pdf", words(b"first"), ENDLESS)
    began = time.monotonic()
    with Sandbox(Limits(seconds=1, memory_mb=512)) as short:
        document = short.extract(path)
    assert time.monotonic() - began < 30
    assert [page.text for page in document.pages] == ["first"]
    assert outcomes(document) == [Outcome.TIMED_OUT]
    assert document.declared_pages == 2


def test_memory_ends_at_its_limit_and_costs_the_page(tmp_path: Path) -> None:
    bomb = zlib.compress(bytes(200 * 2**20), 1)
    path = pdf(tmp_path / "a.pdf", bomb, filtered=b"/Filter /FlateDecode")
    with Sandbox(Limits(seconds=20, memory_mb=160)) as small:
        document = small.extract(path)
    assert Outcome.OUT_OF_MEMORY in outcomes(document)


def test_threads_share_one_template_and_do_not_wait_for_each_other(tmp_path: Path) -> None:
    paths = [pdf(tmp_path / f"{n}.pdf", words(b"file %d" % n)) for n in range(12)]
    before = sandbox_processes()
    with Sandbox(LIMITS) as shared, ThreadPoolExecutor(4) as pool:
        texts = [document.pages[0].text for document in pool.map(shared.extract, paths)]
        assert len(sandbox_processes() - before) == 1
    assert texts == [f"file {n}" for n in range(12)]


def test_the_template_outlives_the_thread_that_started_it(tmp_path: Path) -> None:
    path = pdf(tmp_path / "a.pdf", words(b"still here"))
    with Sandbox(LIMITS) as shared:
        first = threading.Thread(target=shared.extract, args=(path,))
        first.start()
        first.join()
        assert shared.extract(path).pages[0].text == "still here"


def test_close_ends_template_and_children_and_another_call_starts_anew(tmp_path: Path) -> None:
    before = sandbox_processes()
    path = pdf(tmp_path / "a.pdf", ENDLESS)
    shared = Sandbox(Limits(seconds=60))
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(shared.extract, path)
        while len(sandbox_processes() - before) < 2:
            time.sleep(0.02)
        shared.close()
        assert outcomes(running.result(timeout=10)) == [Outcome.DAMAGED]
    assert gone(sandbox_processes() - before)
    assert shared.extract(pdf(tmp_path / "b.pdf", words(b"again"))).pages[0].text == "again"
    shared.close()


def test_a_template_killed_from_outside_is_replaced(tmp_path: Path) -> None:
    path = pdf(tmp_path / "a.pdf", words(b"back"))
    before = sandbox_processes()
    with Sandbox(LIMITS) as shared:
        shared.extract(path)
        (template,) = sandbox_processes() - before
        os.kill(template, signal.SIGKILL)
        while _is_sandbox(template):
            time.sleep(0.02)
        assert shared.extract(path).pages[0].text == "back"


def test_a_parent_killed_with_kill_9_takes_everything_along(tmp_path: Path) -> None:
    path = pdf(tmp_path / "a.pdf", ENDLESS)
    before = sandbox_processes()
    program = (
        "import sys; from pathlib import Path; from indexer.extracted import Limits;"
        "from indexer.sandbox import extract_safely;"
        "extract_safely(Path(sys.argv[1]), Limits(seconds=60))"
    )
    parent = subprocess.Popen([sys.executable, "-c", program, str(path)], cwd=ROOT)
    end = time.monotonic() + 10
    while len(sandbox_processes() - before) < 2 and time.monotonic() < end:
        time.sleep(0.02)
    started = sandbox_processes() - before
    assert len(started) == 2
    parent.kill()
    parent.wait()
    assert gone(started)


def test_a_child_does_not_outlive_a_killed_template(tmp_path: Path) -> None:
    path = pdf(tmp_path / "a.pdf", ENDLESS)
    before = sandbox_processes()
    with Sandbox(Limits(seconds=20)) as shared, ThreadPoolExecutor(1) as pool:
        running = pool.submit(shared.extract, path)
        while len(sandbox_processes() - before) < 2:
            time.sleep(0.02)
        started = sandbox_processes() - before
        (template,) = {pid for pid in started if _parents()[pid] == os.getpid()}
        os.kill(template, signal.SIGKILL)
        assert outcomes(running.result(timeout=10)) == [Outcome.DAMAGED]
        assert gone(started - {template})


def test_children_that_end_while_their_leash_is_let_go_do_no_harm(tmp_path: Path) -> None:
    path = pdf(tmp_path / "a.pdf", *[words(b"x")] * 20)
    before = sandbox_processes()
    # About as long as the file takes, so that some end just as their time is up.
    with Sandbox(Limits(seconds=0.015)) as shared:
        for _ in range(30):
            document = shared.extract(path)
            assert set(outcomes(document)) <= {Outcome.TIMED_OUT}
        assert len(sandbox_processes() - before) == 1


def test_what_is_no_file_is_a_fault(sandbox: Sandbox, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe"):
        assert outcomes(sandbox.extract(path)) == [Outcome.DAMAGED]


def test_an_absurd_password_does_no_harm(sandbox: Sandbox, tmp_path: Path) -> None:
    path = pdf(tmp_path / "a.pdf", words(b"open"))
    assert sandbox.extract(path, password="改" * 100_000).pages[0].text == "open"


def test_a_flood_of_results_is_cut_off(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox_module, "MOST_RESULT_BYTES", 2000)
    path = pdf(tmp_path / "a.pdf", *[words(b"page %d" % n) for n in range(100)])
    document = sandbox.extract(path)
    assert outcomes(document)[0] is Outcome.TOO_LARGE
    assert set(outcomes(document)) <= {Outcome.TOO_LARGE, Outcome.INDEXED_PARTLY}
    assert len(document.pages) < 100


def resident_mb() -> float:
    """Return this process's resident memory now, in MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def files(folder: str) -> list[Path]:
    return sorted(
        path for path in (DATA / folder).rglob("*") if path.is_file() and path.suffix != ".csv"
    )


def read_all(paths: list[Path], limits: Limits) -> dict[Path, ExtractedDocument]:
    with Sandbox(limits) as shared:
        return {path: shared.extract(path) for path in paths}


needs_material = pytest.mark.skipif(not DATA.is_dir(), reason=f"no test material at {DATA}")


@pytest.mark.shared
@pytest.mark.slow
@needs_material
def test_every_hostile_file_ends_with_a_name_within_its_limits() -> None:
    limits = Limits(seconds=5, memory_mb=512)
    before, began = sandbox_processes(), resident_mb()
    with Sandbox(limits) as shared:
        for path in files("hostile"):
            start = time.monotonic()
            document = shared.extract(path)
            assert time.monotonic() - start < limits.seconds + 10, path.name
            assert document.pages or document.faults, path.name
            assert not any("(cid:" in page.text for page in document.pages), path.name
    assert resident_mb() - began < 100
    assert gone(sandbox_processes() - before)


@pytest.mark.shared
@pytest.mark.slow
@needs_material
def test_every_real_file_is_read_whole() -> None:
    for path, document in read_all(files("pdf"), Limits()).items():
        assert document.faults == (), path.name
        assert len(document.pages) == document.declared_pages, path.name


def test_a_line_that_is_no_part_ends_the_reading(
    tmp_path: Path, fake_child: Callable[[bytes], None]
) -> None:
    fake_child(b'{"part":"ExtractedPage","number":-1}\n')
    with Sandbox(LIMITS) as shared:
        document = shared.extract(pdf(tmp_path / "a.pdf", words(b"x")))
    assert outcomes(document) == [Outcome.DAMAGED]


@pytest.fixture
def fake_child(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    """Return a function that puts a child in place that writes what it is told."""

    def put(written: bytes) -> None:
        def fork(_: object, request: bytes, source: int) -> tuple[int, object]:
            results, theirs = os.pipe()
            os.write(theirs, written)
            os.close(theirs)
            leash, end = socket.socketpair()
            end.send(b"0")
            end.close()
            return results, leash

        monkeypatch.setattr(processes._Template, "fork", fork)

    return put
