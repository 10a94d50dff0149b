"""Objects: the same as pdfminer reads them, whatever the file."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfparser import PDFParser, PDFStreamParser
from pdfminer.pdftypes import PDFObjRef, PDFStream, resolve1
from pdfminer.psparser import PSLiteral

from indexer.extract.pdf.extractor import extract
from indexer.extract.pdf.objects import QuickDocument, Unusual, read_object
from indexer.extracted import Limits, Outcome

SHARED = Path(__file__).parents[3].parent / "shared" / "data"
Draw = Callable[..., Path]


def plain(value: Any) -> Any:
    if isinstance(value, PDFObjRef):
        return ("R", value.objid)
    if isinstance(value, PDFStream):
        return ("stream", plain(value.attrs), value.get_rawdata())
    if isinstance(value, PSLiteral):
        return ("/", value.name)
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    return (type(value).__name__, value)


def objects(document: PDFDocument) -> Iterator[tuple[int, Any]]:
    for xref in document.xrefs:
        for number in xref.get_objids():
            yield number, plain(document.getobj(number))


def both(path: Path) -> tuple[dict[int, Any], dict[int, Any]]:
    with path.open("rb") as one, path.open("rb") as other:
        quick = dict(objects(QuickDocument(PDFParser(one))))
        return quick, dict(objects(PDFDocument(PDFParser(other))))


def test_the_same_objects_as_pdfminer_reads(draw: Draw) -> None:
    def work(canvas: Any) -> None:
        canvas.setTitle("改善(事例)\\")
        canvas.drawString(50, 700, "一")
        canvas.bookmarkPage("here")
        canvas.addOutlineEntry("見出し", "here")

    ours, theirs = both(draw(work))
    assert ours == theirs
    assert len(ours) > 5


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.skipif(not SHARED.is_dir(), reason=f"no test material at {SHARED}")
def test_the_same_objects_in_real_files() -> None:
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    compared = 0
    for path in sorted((SHARED / "pdf").rglob("*.pdf"))[::9]:
        if path.stat().st_size < 500_000:
            ours, theirs = both(path)
            assert ours == theirs, path.name
            compared += len(ours)
    assert compared > 500


_VALUES = st.recursive(
    st.one_of(
        st.integers(-9999, 9999).map(lambda n: b"%d" % n),
        st.sampled_from([b"1.5", b"-.5", b"4.", b"true", b"false", b"7 0 R", b"12 3 R"]),
        st.sampled_from([b"/Name", b"/", b"/A#20B", b"(text)", b"(a(b)c)", b"(\\(\\051\\n)"]),
        st.binary(max_size=5).map(lambda found: b"<" + found.hex().encode() + b">"),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(lambda found: b"[" + b" ".join(found) + b"]"),
        st.lists(inner, max_size=3).map(
            lambda found: b"<<" + b"".join(b"/K%d %s " % pair for pair in enumerate(found)) + b">>"
        ),
    ),
    max_leaves=8,
)


@given(_VALUES)
@settings(max_examples=300)
def test_the_same_values_as_pdfminer_reads(data: bytes) -> None:
    within = b"[" + data + b"] "
    document: Any = None
    ours, theirs = read_object(within, 0, document)[0], PDFStreamParser(within).nextobject()[1]
    assert plain(ours) == plain(theirs)


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason=f"no test material at {SHARED}")
def test_what_lacks_a_key_by_its_bytes_has_none_when_read() -> None:
    lacking = having = 0
    for path in sorted(SHARED.glob("pdf/**/*.pdf"))[::5]:
        with path.open("rb") as stream:
            document = QuickDocument(PDFParser(stream))
            numbers = {number for xref in document.xrefs for number in xref.get_objids()}
            lack = {number for number in numbers if document.lacks(number, b"/StructParents")}
            found = {number: resolve1(PDFObjRef(document, number)) for number in numbers}
        have = {
            n for n, each in found.items() if isinstance(each, dict) and "StructParents" in each
        }
        assert not lack & have
        lacking, having = lacking + len(lack), having + len(have)
    assert lacking > 100
    assert having > 10


def test_null_is_nothing_and_an_entry_that_is_null_is_absent() -> None:
    document: Any = None
    assert read_object(b"[null <</A null /B 1>>] ", 0, document)[0] == [None, {"B": 1}]


def test_references_in_a_circle_lead_nowhere(write: Draw) -> None:
    path = write(b"<< /Type /Catalog /Pages 2 0 R /Loop 3 0 R >>", b"null", b"4 0 R", b"3 0 R")
    with path.open("rb") as file:
        document = QuickDocument(PDFParser(file))
        assert resolve1(document.catalog["Loop"]) is None


@pytest.mark.parametrize("data", [b"", b"<< /A", b"[1 2", b"<</A 1]", b"]", b"<</A>>", b"(open"])
def test_what_is_broken_is_left_to_pdfminer(data: bytes) -> None:
    document: Any = None
    with pytest.raises(Unusual):
        read_object(data, 0, document)


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason=f"no test material at {SHARED}")
def test_crypt_filters_that_pdfminer_does_not_open() -> None:
    folder = SHARED / "hostile" / "pdfjs"
    assert extract(folder / "issue7665.pdf", Limits()).pages[0].text == "Issue 7665"
    asked = extract(folder / "bug1782186.pdf", Limits())
    assert [fault.outcome for fault in asked.faults] == [Outcome.NEEDS_PASSWORD]
    opened = extract(folder / "bug1782186.pdf", Limits(), password="Hello")
    assert len(opened.pages) == 1
