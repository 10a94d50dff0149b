"""Readers asked in turn: a replacement is taken only where it is better, and says so."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.extracted import ExtractedDocument, ExtractedPage, Fault, Outcome
from indexer.reading.reader import DocumentReader, ReadDocument
from kb.japanese.tokenise import Analyser

GOOD = "福津市の係長たちは、組織目標を話し合いで決めた。" * 3
PDF = "application/pdf"
FILE = Path("資料.pdf")
ANALYSER = Analyser()


def page(number: int, text: str = GOOD, **more: object) -> ExtractedPage:
    return ExtractedPage(number, text, 595.0, 842.0, **more)  # type: ignore[arg-type]


class FakeExtractor:
    """Opens for one password, if it asks for any."""

    def __init__(self, document: ExtractedDocument, password: str = "") -> None:
        self.document = document
        self.password = password
        self.tried: list[str] = []

    def extract(self, path: Path, *, password: str = "") -> ExtractedDocument:
        self.tried.append(password)
        if password != self.password:
            locked = Fault(Outcome.NEEDS_PASSWORD, "パスワードが必要です。")
            return ExtractedDocument(PDF, faults=(locked,))
        return self.document


class FakeSecond:
    """Sees the pages it was given; None: it cannot open the file."""

    def __init__(self, seen: Mapping[int, ExtractedPage] | None) -> None:
        self.seen = seen
        self.asked: list[int] = []

    def page_count(self, path: Path, password: str) -> int | None:
        return None if self.seen is None else max(self.seen, default=0)

    def pages(self, path: Path, numbers: list[int], password: str) -> Mapping[int, ExtractedPage]:
        self.asked = numbers
        return {
            n: replace(p, reader="second") for n, p in (self.seen or {}).items() if n in numbers
        }


class FakeRecogniser:
    """Recognises the same on every page."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def pages(
        self, path: Path, pages: list[ExtractedPage], password: str
    ) -> Mapping[int, ExtractedPage]:
        self.asked = [page.number for page in pages]
        return {n: page(n, reader="ocr", confidence=0.95) for n in self.asked}


def read(
    *pages: ExtractedPage,
    faults: tuple[Fault, ...] = (),
    second: FakeSecond | None = None,
    recogniser: FakeRecogniser | None = None,
) -> ReadDocument:
    extractor = FakeExtractor(ExtractedDocument(PDF, pages, len(pages), faults))
    return DocumentReader(extractor, ANALYSER, second, recogniser).read(FILE)


def test_good_pages_are_left_as_they_are() -> None:
    second = FakeSecond({1: page(1, "ちがう本文です。"), 2: page(2)})
    found = read(page(1), page(2), second=second)
    assert [p.page.text for p in found.pages] == [GOOD, GOOD]
    assert second.asked == []
    assert found.extracted.faults == ()


def test_a_page_that_failed_is_taken_from_the_second_reader() -> None:
    torn = Fault(Outcome.DAMAGED, "途中で読めなくなりました。", 2)
    found = read(page(1), page(2, ""), faults=(torn,), second=FakeSecond({1: page(1), 2: page(2)}))
    assert [p.page.reader for p in found.pages] == ["", "second"]
    assert found.extracted.faults == ()


def test_a_second_reader_that_does_no_better_changes_nothing() -> None:
    torn = Fault(Outcome.DAMAGED, "途中で読めなくなりました。", 1)
    found = read(page(1, ""), faults=(torn,), second=FakeSecond({1: page(1, "")}))
    assert found.extracted.faults == (torn,)


def test_pages_that_were_silently_lost_are_found() -> None:
    seen = {number: page(number) for number in range(1, 6)}
    found = read(page(1), second=FakeSecond(seen))
    assert [p.page.number for p in found.pages] == [1, 2, 3, 4, 5]
    assert found.extracted.faults == ()


def test_pages_that_nobody_can_read_are_told() -> None:
    class CountsOnly(FakeSecond):
        def page_count(self, path: Path, password: str) -> int | None:
            return 99

    found = read(page(1), second=CountsOnly({}))
    (fault,) = found.extracted.faults
    assert fault.outcome is Outcome.INDEXED_PARTLY
    assert "99ページ" in fault.detail


def test_a_scan_is_recognised_and_no_longer_waits() -> None:
    waiting = Fault(Outcome.NEEDS_OCR, "文字認識が必要です。")
    recogniser = FakeRecogniser()
    scan = page(1, "", images=1, needs_ocr=True)
    found = read(scan, page(2), faults=(waiting,), recogniser=recogniser)
    assert recogniser.asked == [1]
    assert found.pages[0].page.confidence == pytest.approx(0.95)
    assert found.extracted.faults == ()


def test_without_a_recogniser_a_scan_waits() -> None:
    waiting = Fault(Outcome.NEEDS_OCR, "文字認識が必要です。")
    found = read(page(1, "", images=1, needs_ocr=True), faults=(waiting,))
    assert found.extracted.faults == (waiting,)


def test_passwords_are_tried_in_turn_only_where_one_is_asked_for() -> None:
    document = ExtractedDocument(PDF, (page(1),), 1)
    locked = FakeExtractor(document, "ひらけごま")
    reader = DocumentReader(locked, ANALYSER)
    assert len(reader.read(FILE, ("違う", "ひらけごま", "使わない")).pages) == 1
    assert locked.tried == ["", "違う", "ひらけごま"]
    free = FakeExtractor(document)
    DocumentReader(free, ANALYSER).read(FILE, ("使わない",))
    assert free.tried == [""]


def test_a_locked_file_is_not_shown_to_the_second_reader() -> None:
    locked = FakeExtractor(ExtractedDocument(PDF, (page(1),), 1), "ひみつ")
    found = DocumentReader(locked, ANALYSER, FakeSecond({1: page(1)})).read(FILE, ("違う",))
    assert found.pages == ()
    assert found.extracted.faults[0].outcome is Outcome.NEEDS_PASSWORD
