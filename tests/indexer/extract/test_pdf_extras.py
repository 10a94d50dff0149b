"""Bookmarks, attachments, form fields and comments, in PDFs written byte by byte."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import pytest
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfpage import PDFPage

from indexer.extract.pdf.added import Frame, with_extras
from indexer.extract.pdf.extras import Extra, front_matter, page_extras
from indexer.extract.pdf.pages import make_page, open_document, page_leaves
from indexer.extracted import BlockKind, ExtractedPage, OutlineEntry

Write = Callable[..., Path]
FIELD, ANNOTATION = BlockKind.FIELD, BlockKind.ANNOTATION


@contextmanager
def opened(path: Path) -> Iterator[PDFDocument]:
    with path.open("rb") as stream:
        yield open_document(stream, "")


def first_page(document: PDFDocument) -> PDFPage:
    leaf = next(page_leaves(document, 10))
    assert leaf is not None
    return make_page(document, leaf)


def utf16(text: str) -> bytes:
    return b"<FEFF" + text.encode("utf-16-be").hex().encode() + b">"


def front(
    write: Write, catalogue: bytes, *more: bytes
) -> tuple[tuple[OutlineEntry, ...], tuple[str, ...]]:
    """Of a document of two pages, objects 3 and 4; `more` begins at 5."""
    path = write(
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalogue,
        b"<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 /MediaBox [0 0 100 100] >>",
        b"<< /Type /Page /Parent 2 0 R >>",
        b"<< /Type /Page /Parent 2 0 R >>",
        *more,
    )
    with opened(path) as document:
        return front_matter(document)


def extras(write: Write, *annotations: bytes, more: tuple[bytes, ...] = ()) -> tuple[Extra, ...]:
    """Of a page with these annotations, objects from 4 on; `more` follows them."""
    numbers = range(4, 4 + len(annotations))
    path = write(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 100 100] >>",
        b"<< /Type /Page /Parent 2 0 R /Annots [%s] >>" % b" ".join(b"%d 0 R" % n for n in numbers),
        *annotations,
        *more,
    )
    with opened(path) as document:
        return page_extras(first_page(document))


def texts(found: tuple[Extra, ...]) -> list[tuple[BlockKind, str]]:
    return [(kind, text) for kind, text, _ in found]


def test_bookmarks_have_levels_and_lead_to_pages(write: Write) -> None:
    found, _ = front(
        write,
        b"/Outlines 5 0 R /Dests << /old [4 0 R /Fit] >> /Names << /Dests 10 0 R >>",
        b"<< /First 6 0 R /Last 9 0 R >>",
        b"<< /Title %s /Dest [3 0 R /Fit] /First 7 0 R /Next 8 0 R >>" % utf16("第一章"),
        b"<< /Title (1.1) /A << /S /GoTo /D (named) >> >>",
        b"<< /Title (2) /Dest /old /Next 9 0 R >>",
        b"<< /Title (elsewhere) /A << /S /URI /URI (https://example.org) >> >>",
        b"<< /Kids [11 0 R 10 0 R] >>",
        b"<< /Limits [(a) (z)] /Names [(named) << /D [4 0 R /Fit] >>] >>",
    )
    assert found == (
        OutlineEntry("第一章", 1, 1),
        OutlineEntry("1.1", 2, 2),
        OutlineEntry("2", 1, 2),
        OutlineEntry("elsewhere", 1, None),
    )


def test_bookmarks_that_go_round_in_circles_end(write: Write) -> None:
    found, _ = front(
        write,
        b"/Outlines 5 0 R",
        b"<< /First 6 0 R >>",
        b"<< /Title (a) /Next 7 0 R /First 6 0 R >>",
        b"<< /Title (b) /Next 6 0 R /First 5 0 R /Dest [99 0 R] >>",
    )
    assert [(entry.title, entry.page) for entry in found] == [("a", None), ("b", None)]


def test_no_more_bookmarks_than_the_limit(write: Write) -> None:
    entries = [b"<< /Title (%d) /Next %d 0 R >>" % (n, n + 7) for n in range(700)]
    found, _ = front(write, b"/Outlines 5 0 R", b"<< /First 6 0 R >>", *entries)
    assert len(found) == 500


def test_a_broken_bookmark_costs_itself_only(write: Write) -> None:
    found, _ = front(
        write,
        b"/Outlines 5 0 R",
        b"<< /First 6 0 R >>",
        b"<< /Title 12 /Next 7 0 R >>",
        b"<< /Title (good) /Dest (unknown) /A 5 >>",
    )
    assert found == (OutlineEntry("good", 1, None),)


def test_attachments_are_named_once_by_their_unicode_name(write: Write) -> None:
    _, found = front(
        write,
        b"/Names << /EmbeddedFiles 5 0 R >> /AF [6 0 R 7 0 R]",
        b"<< /Names [(a) 6 0 R (only-key) << /EF << >> >>] >>",
        b"<< /Type /Filespec /F (shiryo.txt) /UF %s >>" % utf16("資料.txt"),
        b"<< /Type /Filespec /F (plain.csv) >>",
    )
    assert found == ("資料.txt", "only-key", "plain.csv")


def test_a_file_pinned_to_a_page_is_an_attachment(write: Write) -> None:
    path = write(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 100 100] >>",
        b"<< /Type /Page /Parent 2 0 R /Annots [4 0 R 99 0 R 5] >>",
        b"<< /Subtype /FileAttachment /FS << /F (pinned.xlsx) >> /Contents (see file) >>",
    )
    with opened(path) as document:
        assert front_matter(document) == ((), ("pinned.xlsx",))
        assert texts(page_extras(first_page(document))) == [(ANNOTATION, "see file")]


def test_fields_tell_label_and_value(write: Write) -> None:
    found = extras(
        write,
        b"<< /Subtype /Widget /FT /Tx /T (n) /TU %s /V %s /Rect [300 10 20.04 30] >>"
        % (utf16("氏名"), utf16("山田太郎")),
        b"<< /Subtype /Widget /Parent 7 0 R /T (town) >>",
        b"<< /Subtype /Widget /FT /Ch /T (kind) /V (b) /Opt [[(a) (A!)] [(b) %s]] >>"
        % utf16("報告書"),
        more=(b"<< /T (form) /FT /Tx /V (Fukutsu) >>",),
    )
    assert found[0] == (FIELD, "氏名: 山田太郎", (200, 100, 3000, 300))
    assert texts(found)[1:] == [(FIELD, "form.town: Fukutsu"), (FIELD, "kind: 報告書")]
    assert found[1][2] is None


def test_boxes_tell_what_is_ticked(write: Write) -> None:
    found = extras(
        write,
        b"<< /Subtype /Widget /FT /Btn /T (agree) /AS /Yes >>",
        b"<< /Subtype /Widget /FT /Btn /T (refuse) /AS /Off >>",
        b"<< /Subtype /Widget /Parent 8 0 R /AS /Nakano >>",
        b"<< /Subtype /Widget /Parent 8 0 R /AS /Off >>",
        more=(b"<< /FT /Btn /Ff 32768 /T (town) /V /Nakano >>",),
    )
    assert texts(found) == [(FIELD, "agree: ✓"), (FIELD, "town: Nakano")]


@pytest.mark.parametrize(
    "field",
    [
        b"/FT /Tx /Ff 8192 /V (secret)",
        b"/FT /Btn /Ff 65536 /V (push) /AS /On",
        b"/FT /Sig /V << /Contents (x) >>",
        b"/FT /Tx /V ()",
        b"/FT /Tx",
        b"/FT /Tx /V (hidden) /F 2",
        b"/V (no type)",
    ],
)
def test_what_a_field_keeps_to_itself(write: Write, field: bytes) -> None:
    assert extras(write, b"<< /Subtype /Widget /T (t) %s >>" % field) == ()


def test_comments_name_their_author_and_popups_come_once(write: Write) -> None:
    found = extras(
        write,
        b"<< /Subtype /Highlight /Contents %s /T %s /Rect [1 2 3 4] >>"
        % (utf16("要確認"), utf16("元吉")),
        b"<< /Subtype /Popup /Parent 4 0 R /Contents %s >>" % utf16("要確認"),
        b"<< /Subtype /FreeText /Contents (free) >>",
        b"<< /Subtype /Stamp /T (nobody) >>",
        b"<< /Subtype /Link /Contents (a link) >>",
        b"<< /Subtype /Popup /Contents (alone) >>",
    )
    assert found[0] == (ANNOTATION, "元吉: 要確認", (10, 20, 30, 40))
    assert texts(found)[1:] == [(ANNOTATION, "free"), (ANNOTATION, "alone")]


def test_long_comments_and_many_are_cut(write: Write) -> None:
    notes = [
        b"<< /Subtype /Text /Contents %s >>" % utf16(f"{n:04}" + "長" * 3000) for n in range(250)
    ]
    found = extras(write, *notes)
    assert len(found) == 200
    assert {len(text) for _, text, _ in found} == {2000}


def test_broken_annotations_cost_themselves_only(write: Write) -> None:
    found = extras(
        write,
        b"<< /Subtype /Text /Contents 5 >>",
        b"[1 2 3]",
        b"<< /Subtype /Widget /FT /Tx /T (loop) /V (ok) /Parent 6 0 R /Rect [0 (x) 1 2] >>",
        b"<< /Subtype /Text /Contents (kept) /Rect [0 0 1e30 1] >>",
        b"<< /Subtype /Text /Contents 7 0 R >>",
    )
    assert found == ((FIELD, "loop: ok", None), (ANNOTATION, "kept", None))


@pytest.mark.parametrize("annotations", [b"", b"/Annots 99 0 R", b"/Annots 5", b"/Annots []"])
def test_a_page_without_annotations_has_nothing(write: Write, annotations: bytes) -> None:
    path = write(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 100 100] >>",
        b"<< /Type /Page /Parent 2 0 R %s >>" % annotations,
    )
    with opened(path) as document:
        assert page_extras(first_page(document)) == ()
        assert front_matter(document) == ((), ())


def test_a_page_without_annotations_costs_next_to_nothing(write: Write) -> None:
    path = write(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 100 100] >>",
        b"<< /Type /Page /Parent 2 0 R >>",
    )
    with opened(path) as document:
        page = first_page(document)
        times = []
        for _ in range(200):
            start = perf_counter()
            page_extras(page)
            times.append(perf_counter() - start)
    assert min(times) < 100e-6  # 2 measured


SHARED = Path(__file__).parents[3].parent / "shared" / "data" / "truth"


@pytest.mark.shared
def test_a_made_form_tells_all_it_holds() -> None:
    path = SHARED / "form_annot_attach.pdf"
    if not path.exists():
        pytest.skip("the test material is not beside the checkout")
    with opened(path) as document:
        assert front_matter(document) == ((), ("資料.txt",))
        found = page_extras(first_page(document))
    assert [kind for kind, _, _ in found] == [FIELD, ANNOTATION, ANNOTATION]
    assert found[0][1].startswith("氏名: ")
    assert found[0][2] == (500, 7000, 3500, 7240)


def test_a_field_with_a_label_is_two_cells_and_a_comment_is_one() -> None:
    page = ExtractedPage(1, "本文", 600.0, 800.0)
    extras = [
        (FIELD, "氏名: 山田: 太郎", None),
        (FIELD, "名なし", None),
        (ANNOTATION, "A: b", None),
    ]
    whole = with_extras(page, extras, Frame(600.0, 800.0, (1, 0, 0, 1, 0, 0)), 1000)
    assert whole.text == "本文\n氏名: 山田: 太郎\n名なし\nA: b"
    assert [[whole.text[a:b] for a, b in block.spans] for block in whole.blocks] == [
        ["本文"],
        ["氏名:", "山田: 太郎"],
        ["名なし"],
        ["A: b"],
    ]
