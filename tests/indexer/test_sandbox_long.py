"""A long file is read by several children; a page that ends its child costs that page."""

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import indexer.sandbox as sandbox_module
from indexer.extract import ranges
from indexer.extract.parts import to_line
from indexer.extract.pdf.verdict import PAGES_LOST
from indexer.extracted import ExtractedDocument, ExtractedPage, Fault, Limits, Outcome
from indexer.sandbox import MOST_DEATHS, Sandbox
from kb.confined import End, Ending
from kb.confined import Limits as ChildLimits

PDF = "application/pdf"


@pytest.fixture(autouse=True)
def _soon_worth_dividing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranges, "WORTH_SECONDS", 0.02)


class FakeConfined:
    """Children that read pages named by their numbers, at a pace, and die at some."""

    def __init__(self, pages: int, declared: int | None = None) -> None:
        self.pages = pages
        self.declared = pages if declared is None else declared
        self.media_type = PDF
        self.dies: dict[int, Ending] = {}
        self.torn: set[int] = set()
        self.lost: set[int] = set()
        self.seconds = 0.0
        self.asked: list[tuple[int, int | None]] = []
        self.whole_fault: Fault | None = None

    def __call__(self, module: str, environment: Mapping[str, str]) -> "FakeConfined":
        return self

    def run(
        self, request: dict[str, Any], source: int, limits: ChildLimits
    ) -> Iterator[bytes | Ending]:
        first, last = request["pages"]
        self.asked.append((first, last))
        yield to_line(ExtractedDocument(self.media_type, declared_pages=self.declared))
        if self.whole_fault is not None:
            yield to_line(self.whole_fault)
        for number in range(first, min(last or self.pages, self.pages) + 1):
            time.sleep(self.seconds)
            if number in self.dies:
                yield self.dies[number]
                return
            if number in self.torn:
                yield b"{}\n"
            elif number in self.lost:
                yield to_line(Fault(Outcome.DAMAGED, "壊れている", number))
            else:
                yield to_line(ExtractedPage(number, f"{number}ページ", 595, 842))
        yield Ending(End.DONE, 0)

    def load(self) -> None:
        """Have nothing to load."""

    def close(self) -> None:
        """Have nothing to close."""


CRASH = Ending(End.CRASHED, -11)


def extracted(
    fake: FakeConfined,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    limits: Limits | None = None,
    workers: int = 1,
) -> ExtractedDocument:
    monkeypatch.setattr(sandbox_module, "Confined", fake)
    path = tmp_path / "a.pdf"
    path.touch()
    with Sandbox(limits or Limits(), workers=workers) as sandbox:
        return sandbox.extract(path)


def numbers(document: ExtractedDocument) -> list[int]:
    return [page.number for page in document.pages]


def test_one_worker_reads_a_long_file_with_one_child(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fake = FakeConfined(300)
    document = extracted(fake, monkeypatch, tmp_path)
    assert numbers(document) == [*range(1, 301)]
    assert (fake.asked, document.faults) == ([(1, None)], ())


@pytest.mark.parametrize("workers", [2, 4])
def test_idle_workers_share_a_long_file_and_its_pages_come_in_order(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, workers: int
) -> None:
    fake = FakeConfined(300)
    fake.seconds = 0.005
    fake.lost = {7, 290}
    fake.whole_fault = Fault(Outcome.INDEXED_PARTLY, "壊れていたため、読める部分だけ")
    document = extracted(fake, monkeypatch, tmp_path, workers=workers)
    assert numbers(document) == [n for n in range(1, 301) if n not in fake.lost]
    assert len(fake.asked) >= workers
    # Said by every child, kept once; the faults of pages stand before those of the whole.
    assert [fault.page for fault in document.faults] == [7, 290, None, None]
    assert document.faults[2] == fake.whole_fault
    assert document.faults[3].detail == PAGES_LOST.format(declared=300, read=298)


def test_short_and_other_files_are_read_by_one_child_whatever_is_idle(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for pages, media_type in ((60, PDF), (300, "text/html")):
        fake = FakeConfined(pages)
        fake.seconds = 0.002
        fake.media_type = media_type
        assert numbers(extracted(fake, monkeypatch, tmp_path, workers=4)) == [*range(1, pages + 1)]
        assert len(fake.asked) == 1


@pytest.mark.parametrize(
    ("ending", "outcome"),
    [(CRASH, Outcome.DAMAGED), (Ending(End.OUT_OF_MEMORY, 71), Outcome.OUT_OF_MEMORY)],
)
def test_a_page_that_ends_its_child_costs_that_page(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ending: Ending, outcome: Outcome
) -> None:
    fake = FakeConfined(100)
    fake.dies = {1: ending, 50: ending, 100: ending}
    document = extracted(fake, monkeypatch, tmp_path)
    assert numbers(document) == [n for n in range(1, 101) if n not in fake.dies]
    assert [(f.outcome, f.page) for f in document.faults[:3]] == [
        (outcome, 1),
        (outcome, 50),
        (outcome, 100),
    ]
    assert document.faults[0].detail.startswith("1ページは読めませんでした。")
    assert document.faults[3].detail == PAGES_LOST.format(declared=100, read=97)
    assert fake.asked == [(1, None), (2, None), (51, None)]


def test_a_line_that_is_no_part_costs_its_page(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fake = FakeConfined(100)
    fake.torn = {30}
    document = extracted(fake, monkeypatch, tmp_path)
    assert numbers(document) == [n for n in range(1, 101) if n != 30]
    assert (document.faults[0].outcome, document.faults[0].page) == (Outcome.DAMAGED, 30)


def test_a_file_that_ends_child_after_child_is_given_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fake = FakeConfined(100)
    fake.dies = dict.fromkeys(range(20, 101), CRASH)
    document = extracted(fake, monkeypatch, tmp_path)
    assert numbers(document) == [*range(1, 20)]
    assert len(fake.asked) == MOST_DEATHS
    given_up = document.faults[MOST_DEATHS - 1]
    assert given_up.detail.startswith("24ページから100ページまでは読めませんでした。")


@pytest.mark.parametrize(
    ("end", "outcome"), [(End.TIMED_OUT, Outcome.TIMED_OUT), (End.GONE, Outcome.DAMAGED)]
)
def test_what_another_child_cannot_better_is_not_tried_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, end: End, outcome: Outcome
) -> None:
    fake = FakeConfined(100)
    fake.dies = {50: Ending(end)}
    document = extracted(fake, monkeypatch, tmp_path)
    assert numbers(document) == [*range(1, 50)]
    assert len(fake.asked) == 1
    assert document.faults[0].outcome is outcome
    assert document.faults[0].detail.startswith("50ページから100ページまでは")


def test_a_page_that_hangs_leaves_the_rest_to_idle_workers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Hangs(FakeConfined):
        def run(
            self, request: dict[str, Any], source: int, limits: ChildLimits
        ) -> Iterator[bytes | Ending]:
            for piece in super().run(request, source, limits):
                if isinstance(piece, bytes) and b'"number":50,' in piece:
                    time.sleep(max(0.0, limits.seconds))
                    yield Ending(End.TIMED_OUT)
                    return
                yield piece

    fake = Hangs(400)
    document = extracted(fake, monkeypatch, tmp_path, Limits(seconds=2), workers=2)
    lost = set(range(1, 401)) - set(numbers(document))
    assert lost
    assert lost <= set(range(50, 90))
    assert Outcome.TIMED_OUT in {fault.outcome for fault in document.faults}


def test_a_file_that_declares_more_pages_than_it_has_is_not_searched_forever(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fake = FakeConfined(100, declared=1_000_000)
    fake.seconds = 0.003
    document = extracted(fake, monkeypatch, tmp_path, workers=2)
    assert numbers(document) == [*range(1, 101)]
    assert len(fake.asked) < 20
    assert [fault.outcome for fault in document.faults] == [Outcome.INDEXED_PARTLY]


def test_pages_behind_the_last_one_declared_are_read_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fake = FakeConfined(120, declared=80)
    fake.seconds = 0.003
    assert numbers(extracted(fake, monkeypatch, tmp_path, workers=2)) == [*range(1, 121)]


def test_results_of_all_children_are_capped_together(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sandbox_module, "MOST_RESULT_BYTES", 20_000)
    fake = FakeConfined(500)
    fake.seconds = 0.001
    document = extracted(fake, monkeypatch, tmp_path, workers=3)
    assert Outcome.TOO_LARGE in {fault.outcome for fault in document.faults}
    assert 20 < len(document.pages) < 150


@pytest.mark.shared
@pytest.mark.slow
def test_a_real_long_file_reads_the_same_whoever_reads_it(shared: Path) -> None:
    (path,) = (shared / "data" / "pdf").rglob("*jlshort.pdf")
    with Sandbox(Limits(), workers=1) as alone, Sandbox(Limits(), workers=3) as several:
        assert several.extract(path) == alone.extract(path)
