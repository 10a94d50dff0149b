"""The operators of a content stream: the same as pdfminer's parser finds, paint left out."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfinterp import PDFContentParser
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import PDFStream, stream_value
from pdfminer.psexceptions import PSEOF
from pdfminer.psparser import PSKeyword, PSLiteral, literal_name

from indexer.extract.pdf.operands import Name, operands
from indexer.extract.pdf.tokens import numbers, operations, painted, pieces

PDFS = Path(__file__).parents[3].parent / "shared" / "data" / "pdf"

PAINT = frozenset(
    b"m l c v y re h n W W* S s f F f* B B* b b* w J j M d ri i g G rg RG k K "
    b"cs CS sc SC scn SCN sh gs d0 d1".split()
)

Operation = tuple[bytes, list[Any]]


def ours(data: bytes) -> list[Operation]:
    return [(operator, operands(raw)) for operator, raw in operations(data)]


def theirs(data: bytes) -> Iterator[Operation]:
    parser = PDFContentParser([PDFStream({}, data)])
    held: list[Any] = []
    while True:
        try:
            (_, found) = parser.nextobject()
        except PSEOF:
            return
        if not isinstance(found, PSKeyword):
            held.append(found)
            continue
        if held and isinstance(held[-1], PDFStream):
            yield b"BI", [plain(held[-1].attrs)]
        else:
            yield found.name, [plain(value) for value in held]
        held = []


def plain(value: Any) -> Any:
    if isinstance(value, PSLiteral):
        return Name(literal_name(value))
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    return float(value) if type(value) is int else value


def reduced(found: list[Operation]) -> list[Operation]:
    """Without paint, and without saved states in which nothing but a turn happens."""
    kept: list[Operation] = []
    for operation in found:
        if operation[0] in PAINT:
            continue
        if operation[0] == b"Q":
            place = len(kept)
            while place and kept[place - 1][0] == b"cm":
                place -= 1
            if place and kept[place - 1][0] == b"q":
                del kept[place - 1 :]
                continue
        kept.append(operation)
    return kept


_BLANKS = st.text(" \n\r\t\f", min_size=1, max_size=3).map(str.encode)
_GAPS = st.one_of(_BLANKS, st.just(b" %a comment (with <<\n"))
_NUMBERS = st.one_of(
    st.integers(-99999, 99999).map(lambda n: b"%d" % n),
    st.decimals(-999, 999, places=3).map(lambda n: str(n).encode()),
    st.sampled_from([b".5", b"-.25", b"+3", b"4.", b"0", b"-0.0"]),
)
_NAMES = st.one_of(
    st.from_regex(rb"/[A-Za-z][A-Za-z0-9_.:-]{0,5}", fullmatch=True),
    st.sampled_from([b"/", b"/A#20B", b"/#41"]),
)


def _literal(inside: bytes) -> bytes:
    escaped = inside.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    return b"(" + escaped + b")"


_INSIDE = st.binary(max_size=8).filter(lambda found: b"\r" not in found)
_STRINGS = st.one_of(
    _INSIDE.map(_literal),
    st.sampled_from([b"()", b"(a(b)c)", b"(((deep)))", b"(\\101\\7\\n\\\n)", b"(% no comment)"]),
    st.binary(max_size=6).map(lambda found: b"<" + found.hex().encode() + b">"),
    st.just(b"<41 42\n43>"),
)
_ARRAYS = st.lists(st.one_of(_NUMBERS, _STRINGS), max_size=4).map(
    lambda found: b"[" + b" ".join(found) + b"]"
)
_DICTIONARIES = st.lists(st.tuples(_NAMES, st.one_of(_NUMBERS, _STRINGS)), max_size=3).map(
    lambda found: b"<<" + b" ".join(key + b" " + value for key, value in found) + b" >>"
)
_OPERANDS = st.one_of(
    _NUMBERS, _NAMES, _STRINGS, _ARRAYS, _DICTIONARIES, st.sampled_from([b"true", b"false"])
)
_OPERATORS = st.sampled_from(
    [*sorted(PAINT), *b"BT ET Tf Td TD Tm T* Tj TJ ' \" Tc Tw Tz TL Tr q Q cm Do BDC EMC".split()]
)


@st.composite
def _written(draw: st.DrawFn) -> bytes:
    operands_of = draw(st.lists(_OPERANDS, max_size=4))
    operator = draw(_OPERATORS)
    return b"".join(part + draw(_GAPS) for part in [*operands_of, operator])


_IMAGES = (
    st.binary(max_size=12)
    .filter(lambda found: b"E" not in found)
    .map(lambda found: b"BI /W 2 /H 1 /BPC 8 ID " + found + b"\nEI ")
)
_TURNS = st.sampled_from([b"q ", b"Q ", b"1 0 0 1 5 5 cm ", b"0 0 m 1 1 l S ", b"q 0 g f Q "])
_STREAMS = st.lists(st.one_of(_written(), _TURNS, _IMAGES), max_size=12).map(b"".join)


@given(_STREAMS)
@settings(max_examples=400)
def test_the_same_operators_as_pdfminer_finds(data: bytes) -> None:
    assert reduced(ours(data)) == reduced(list(theirs(data)))


@given(st.binary(max_size=200))
@settings(max_examples=300)
def test_any_bytes_come_to_an_end(data: bytes) -> None:
    found = list(operations(data))
    assert len(found) <= len(data)
    for _, raw in found:
        assert isinstance(operands(raw), list | tuple)
        numbers(raw, 2)
        pieces(raw)


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.skipif(not PDFS.is_dir(), reason=f"no test material at {PDFS}")
def test_the_same_operators_on_real_pages() -> None:
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    compared = 0
    for path in sorted(PDFS.rglob("*.pdf"))[::4]:
        with path.open("rb") as stream:
            pages = PDFPage.create_pages(PDFDocument(PDFParser(stream)))
            for page in [page for page, _ in zip(pages, range(2), strict=False)]:
                for content in page.contents:
                    data = stream_value(content).get_data()
                    assert reduced(ours(data)) == reduced(list(theirs(data))), path.name
                    compared += 1
    assert compared > 20


def test_a_string_that_is_never_closed_ends_with_the_stream() -> None:
    assert ours(b"1 0 0 1 0 0 cm (open BT /F 1 Tf") == [(b"cm", [1.0, 0.0, 0.0, 1.0, 0.0, 0.0])]


def test_stray_delimiters_do_not_hide_what_follows() -> None:
    assert ours(b") ] >> } (a) Tj [(b) 3 TJ") == [(b"Tj", [b"a"]), (b"TJ", [[b"b", 3.0]])]
    assert ours(b"BT\x00(a)\x00Tj") == [(b"BT", []), (b"Tj", [b"a"])]
    assert ours(b"<41 Tj") == []


def test_an_image_that_holds_its_own_end_mark_is_passed_over() -> None:
    data = b"BI /W 4 /H 1 ID \x01 EI \x02\x80\x03 EI (a) Tj"
    assert ours(data) == [(b"BI", [{"W": 4.0, "H": 1.0}]), (b"Tj", [b"a"])]


def test_a_megabyte_of_broken_operands_takes_linear_time() -> None:
    for piece in (b"0 0 m ", b"( ", b"[ ", b"q ", b"<< ", b"q 0 0 m ", b"BI ID ", b"1 1 } "):
        assert sum(1 for _ in operations(piece * 50_000)) <= 100_000


def test_numbers_are_the_last_operands_or_none() -> None:
    assert numbers(b"1 2 3 ", 2) == [2.0, 3.0]
    assert numbers(b"1-2", 2) == [1.0, -2.0]
    assert numbers(b"1 /A ", 2) is None
    assert numbers(b"1 ", 2) is None


def test_pieces_of_an_array() -> None:
    assert pieces(b"[(a\\051) -20.5 <4142>] ") == [b"a)", -20.5, b"AB"]
    assert pieces(b"[(a) % (b)\n 3] ") == [b"a", 3.0]
    assert pieces(b"<4> ") == [b"\x40"]


def test_painted_paths_are_counted() -> None:
    assert painted(b"0 0 1 1 re f\n0 0 m 1 1 l 2 2 l f* q B Q S n (f) Tj") == 4
