"""The life of one file: every end is named, and nothing is lost or taken in twice."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest

from indexer.extracted import ExtractedDocument, ExtractedPage, Fault, Outcome
from indexer.gazetteer import gazetteer_of
from indexer.ingest import Ingested, Ingester, Intake, files_under
from indexer.installation import Installation
from indexer.known_texts import KnownTexts
from indexer.proposals import Proposer
from indexer.reading.reader import DocumentReader
from indexer.recognise.recognise import Recognisers
from kb.catalogue import models as m
from kb.catalogue.entries import DocumentEntry
from kb.catalogue.likeness import LikenessReader
from kb.domain.classification import DocumentKind
from kb.domain.rights import Audience, Rights, Terms

PAGE = ExtractedPage(1, "福津市の取組を改\n善する。", 595.0, 842.0, title="組織目標の作り方")
READ = ExtractedDocument("application/pdf", (PAGE,), 1, extractor="fake 1")


class FakeExtractor:
    """Gives what it was told to give."""

    def __init__(self, extracted: ExtractedDocument) -> None:
        self.extracted = extracted
        self.passwords: list[str] = []

    def extract(self, path: Path, *, password: str = "") -> ExtractedDocument:
        self.passwords.append(password)
        return self.extracted


def ingester_of(installation: Installation, extractor: FakeExtractor) -> Ingester:
    reader = DocumentReader(extractor, installation.analyser)
    known = KnownTexts(LikenessReader(installation.database))
    proposer = Proposer(Recognisers(gazetteer_of(installation.database)))
    return Ingester(installation.database, installation.originals, reader, known, proposer)


def ingest(
    installation: Installation,
    path: Path,
    extracted: ExtractedDocument,
    intake: Intake | None = None,
) -> Ingested:
    ingester = ingester_of(installation, FakeExtractor(extracted))
    return ingester.ingest(path, intake or Intake())


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    path = tmp_path / "資料_最終版.pdf"
    path.write_bytes(b"%PDF-1.7 one")
    return path


def test_a_readable_file_is_recorded_with_pages_and_tokens(
    installation: Installation, pdf: Path
) -> None:
    result = ingest(installation, pdf, READ)
    assert (result.outcome, result.pages) == (Outcome.INDEXED, 1)
    assert result.recognised["title"]["value"] == "組織目標の作り方"
    document = installation.catalogue.document(str(result.document), Audience.ANONYMOUS)
    assert document is not None
    assert document.rights == Rights(Terms.UNKNOWN)
    page = installation.catalogue.document_page(document.id, 1)
    assert page is not None
    assert page.text == PAGE.text
    key = (document.id, 1)
    fingerprint = installation.analyser.fingerprint
    tokens = installation.catalogue.page_tokens([key], fingerprint)[key]
    words = tokens.words
    assert [PAGE.text[a:b] for a, b in zip(words.starts, words.ends, strict=True)] == [
        "福津市", "取組", "改\n善", "する",
    ]  # fmt: skip
    with installation.originals.open(str(result.sha256)) as kept:
        assert kept.read() == pdf.read_bytes()


def test_the_same_bytes_are_taken_in_once(installation: Installation, pdf: Path) -> None:
    first = ingest(installation, pdf, READ)
    again = ingest(installation, pdf, READ)
    assert again.outcome is Outcome.DUPLICATE
    assert again.document == first.document


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome.DAMAGED, Outcome.NEEDS_PASSWORD, Outcome.UNSUPPORTED, Outcome.TIMED_OUT,
        Outcome.OUT_OF_MEMORY, Outcome.REFUSED, Outcome.NEEDS_OCR, Outcome.EMPTY,
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_kept_with_its_reason(
    installation: Installation, pdf: Path, outcome: Outcome
) -> None:
    failed = ExtractedDocument("application/pdf", faults=(Fault(outcome, "理由です。"),))
    result = ingest(installation, pdf, failed)
    assert (result.outcome, result.detail) == (outcome, "理由です。")
    assert installation.originals.path(str(result.sha256)).is_file()
    seen = installation.catalogue.document(str(result.document), Audience.ANONYMOUS)
    assert (seen is not None) == (outcome is Outcome.NEEDS_OCR)
    curated = installation.catalogue.document(str(result.document), Audience.CURATOR)
    assert curated is not None
    assert curated.outcome == outcome


def test_a_page_that_failed_leaves_the_others(installation: Installation, pdf: Path) -> None:
    fault = Fault(Outcome.DAMAGED, "字形がありません。", page=2)
    result = ingest(installation, pdf, replace(READ, declared_pages=2, faults=(fault,)))
    assert result.outcome is Outcome.INDEXED_PARTLY
    assert "2ページ目" in str(result.detail)


def test_doubtful_recognition_still_waits(installation: Installation, pdf: Path) -> None:
    blurred = replace(PAGE, needs_ocr=True, confidence=0.3, reader="tesseract 5 jpn")
    fault = Fault(Outcome.NEEDS_OCR, "画像だけです。")
    result = ingest(installation, pdf, replace(READ, pages=(blurred,), faults=(fault,)))
    assert result.outcome is Outcome.NEEDS_OCR
    assert "文字認識をしましたが" in str(result.detail)


def test_another_try_with_a_password_opens_the_document(
    installation: Installation, pdf: Path
) -> None:
    locked = ExtractedDocument("application/pdf", faults=(Fault(Outcome.NEEDS_PASSWORD, "要"),))
    first = ingest(installation, pdf, locked)
    assert installation.catalogue.document(str(first.document), Audience.ANONYMOUS) is None
    second = ingest(installation, pdf, READ, Intake(passwords=("ひらけ",)))
    assert (second.outcome, second.document) == (Outcome.INDEXED, first.document)
    assert installation.catalogue.document(str(first.document), Audience.ANONYMOUS) is not None


def test_a_draft_stays_one_when_it_opens_later(installation: Installation, pdf: Path) -> None:
    locked = ExtractedDocument("application/pdf", faults=(Fault(Outcome.NEEDS_PASSWORD, "要"),))
    ingest(installation, pdf, locked, Intake(draft=True))
    opened = ingest(installation, pdf, READ)
    assert opened.outcome is Outcome.INDEXED
    assert installation.catalogue.document(str(opened.document), Audience.ANONYMOUS) is None


def test_an_original_is_read_again_in_place(installation: Installation, pdf: Path) -> None:
    first = ingest(installation, pdf, READ)
    better = replace(
        READ, pages=(replace(PAGE, text="もっと良く読めた本文。"),), extractor="fake 2"
    )
    ingester = ingester_of(installation, FakeExtractor(better))
    original = installation.originals.path(str(first.sha256))
    again = ingester.read_again(original, str(first.document), pdf.name, Intake())
    assert (again.outcome, again.document) == (Outcome.INDEXED, first.document)
    page = installation.catalogue.document_page(str(first.document), 1)
    assert page is not None
    assert page.text == "もっと良く読めた本文。"


def test_a_text_held_already_is_offered_and_nothing_is_decided(
    installation: Installation, pdf: Path, tmp_path: Path
) -> None:
    long = replace(READ, pages=(replace(PAGE, text=PAGE.text * 20),))
    first = ingest(installation, pdf, long)
    other = tmp_path / "別の保存.pdf"
    other.write_bytes(b"%PDF-1.7 two")
    second = ingest(installation, other, long)
    assert second.outcome is Outcome.INDEXED
    assert [(a.document_id, a.likeness) for a in second.alike] == [(first.document, "same_text")]
    (pair,) = LikenessReader(installation.database).pairs()
    assert (pair.document_id, pair.other_id, pair.decision) == (
        second.document,
        first.document,
        None,
    )


def test_a_draft_is_not_shown(installation: Installation, pdf: Path) -> None:
    result = ingest(installation, pdf, READ, Intake(Rights(Terms.OPEN), draft=True))
    assert installation.catalogue.document(str(result.document), Audience.ANONYMOUS) is None


def test_a_file_too_large_is_not_read(installation: Installation, pdf: Path) -> None:
    result = ingest(installation, pdf, READ, Intake(most_bytes=4))
    assert (result.outcome, result.document) == (Outcome.TOO_LARGE, None)
    assert list(installation.originals.kept()) == []


def test_a_file_that_cannot_be_opened_is_told(installation: Installation, tmp_path: Path) -> None:
    result = ingest(installation, tmp_path / "none.pdf", READ)
    assert result.outcome is Outcome.DAMAGED
    assert "開けません" in str(result.detail)


@pytest.mark.parametrize(
    ("title", "called"),
    [
        ("令和4年度 報告", "令和4年度 報告"),
        ("Microsoft PowerPoint - x.pptx", "資料 最終版"),
        (None, "資料 最終版"),
    ],
)
def test_a_document_without_a_heading_is_named_by_what_it_has(
    installation: Installation, pdf: Path, title: str | None, called: str
) -> None:
    plain = replace(READ, pages=(replace(PAGE, title=None),), title=title)
    assert ingest(installation, pdf, plain).recognised["title"]["value"] == called


def test_folders_are_walked_in_order_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b/2.pdf", "b/1.pdf", "a.pdf", ".hidden/3.pdf", "b/.x.pdf"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    found = [p.relative_to(tmp_path).as_posix() for p in files_under([tmp_path])]
    assert found == ["a.pdf", "b/1.pdf", "b/2.pdf"]


def test_one_file_described_twice_at_once_is_kept_once(
    installation: Installation, pdf: Path
) -> None:
    """The second transaction finds what the first has done since it looked."""

    def entry(name: str) -> DocumentEntry:
        return DocumentEntry(name, "資料", DocumentKind.REPORT, Rights())

    meeting = Barrier(2)

    class Waiting(FakeExtractor):
        def extract(self, path: Path, *, password: str = "") -> ExtractedDocument:
            meeting.wait(30)
            return super().extract(path, password=password)

    ingester = ingester_of(installation, Waiting(READ))
    with ThreadPoolExecutor(2) as pool:
        ended = pool.map(lambda n: ingester.ingest(pdf, Intake(), entry(n)), ["doc-a", "doc-b"])
        outcomes = sorted(result.outcome for result in ended)
    assert outcomes == [Outcome.DUPLICATE, Outcome.INDEXED]


def test_a_torn_file_without_text_is_damaged_and_not_a_scan(
    installation: Installation, pdf: Path
) -> None:
    faults = (
        Fault(Outcome.NEEDS_OCR, "画像だけです。"),
        Fault(Outcome.INDEXED_PARTLY, "途中で切れています。"),
    )
    empty = replace(PAGE, text="", title=None, needs_ocr=True)
    result = ingest(installation, pdf, replace(READ, pages=(empty,), faults=faults))
    assert (result.outcome, result.detail) == (Outcome.DAMAGED, "途中で切れています。")


def test_what_is_recognised_is_told_and_kept_with_its_evidence(
    installation: Installation, pdf: Path
) -> None:
    cover = replace(PAGE, text="組織目標の作り方\n福津市総務課\n令和4年度の取組報告\n", title=None)
    result = ingest(installation, pdf, replace(READ, pages=(cover,)))
    municipality = result.recognised["municipality"]
    assert municipality["value"] == "402249"
    (evidence,) = municipality["evidence"]
    assert (evidence["page"], cover.text[evidence["start"] : evidence["end"]]) == (1, "福津市")
    with installation.database.reading() as session:
        kept = session.get_one(m.DocumentRow, result.document)
    assert kept.recognised == json.loads(json.dumps(result.recognised))
