"""Unpacking what lies about itself."""

import io
import struct
import zipfile

import pytest

from indexer.extract.containers import (
    MOST_ENTRIES,
    Archive,
    EntryBroken,
    EntryTooLarge,
    zip_contents,
)
from indexer.extract.office.ooxml import CannotRead, Package
from indexer.extracted import Outcome

DTD = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaa">]><r>&a;</r>'


def packed(*entries: tuple[str, bytes]) -> io.BytesIO:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return stream


def test_an_entry_is_read_up_to_its_limit() -> None:
    archive = Archive(packed(("a.xml", b"x" * 100)))
    assert archive.read("A.XML", 100) == b"x" * 100
    with pytest.raises(EntryTooLarge):
        archive.read("a.xml", 99)
    with pytest.raises(EntryBroken):
        archive.read("b.xml", 99)


def test_all_entries_together_have_a_limit() -> None:
    archive = Archive(packed(("a", b"x" * 60), ("b", b"x" * 60)), most_bytes=100)
    assert archive.read("a", 80)
    with pytest.raises(EntryTooLarge):
        archive.read("b", 80)


def lying(content: bytes, declared: int) -> io.BytesIO:
    """A zip whose directory declares a size of its own for its one entry."""
    raw = bytearray(packed(("a", content)).getvalue())
    at = raw.rfind(b"PK\x01\x02")
    struct.pack_into("<I", raw, at + 24, declared)
    return io.BytesIO(bytes(raw))


def test_a_directory_that_lies_about_a_size_gains_nothing() -> None:
    bomb = lying(bytes(10 * 2**20), 10)
    assert not zip_contents(bomb).bomb
    with pytest.raises(EntryBroken):
        Archive(bomb).read("a", 100)
    assert Archive(lying(b"x" * 10, 2**31)).read("a", 1000) == b"x" * 10


def test_a_torn_entry_is_broken() -> None:
    raw = bytearray(packed(("a", b"improvement" * 50)).getvalue())
    raw[40] ^= 0xFF
    with pytest.raises(EntryBroken):
        Archive(io.BytesIO(bytes(raw))).read("a", 10_000)


@pytest.mark.parametrize(
    "names",
    [("../a",), ("a/../../b",), ("/etc/passwd",), ("C:/a",), ("a\\b",), ("a", "A")],
)
def test_names_that_lead_out_or_stand_twice_are_seen(names: tuple[str, ...]) -> None:
    assert zip_contents(packed(*((name, b"") for name in names))).crooked


def test_ordinary_names_are_not_crooked() -> None:
    assert not zip_contents(packed(("a..b/c.xml", b""), ("ppt/スライド.xml", b""))).crooked


def test_too_many_entries_are_a_bomb() -> None:
    assert zip_contents(packed(*((str(n), b"") for n in range(MOST_ENTRIES + 1)))).bomb


@pytest.mark.parametrize("content", [DTD, DTD.decode().encode("utf-16"), b"\n" * 900 + DTD])
def test_a_document_type_is_refused_wherever_it_stands(content: bytes) -> None:
    with pytest.raises(CannotRead) as caught:
        Package(packed(("unread/custom.xml", content)))
    assert caught.value.fault.outcome is Outcome.REFUSED


def test_a_document_type_behind_a_long_comment_is_refused_when_its_part_is_read() -> None:
    hidden = b"<!--" + b"x" * 5000 + b"-->" + DTD
    package = Package(packed(("a.xml", hidden)))
    with pytest.raises(CannotRead) as caught:
        package.tree("a.xml")
    assert caught.value.fault.outcome is Outcome.REFUSED
    with pytest.raises(CannotRead) as caught:
        list(package.ends("a.xml", "r"))
    assert caught.value.fault.outcome is Outcome.REFUSED


def test_relations_lead_to_parts_of_the_package_only() -> None:
    relations = (
        b'<R><A Id="1" Type="t/image" Target="http://example.com/" TargetMode="External"/>'
        b'<Relationship Id="2" Type="t/image" Target="http://example.com/x.xml"'
        b' TargetMode="External"/>'
        b'<Relationship Id="3" Type="t/Slide" Target="../b.xml"/>'
        b'<Relationship Id="4" Type="t/slide" Target="/A/c%20d.xml"/>'
        b'<Relationship Id="5" Type="t/slide" Target="NULL"/></R>'
    )
    package = Package(
        packed(
            ("a/_rels/x.xml.rels", relations), ("a/x.xml", b""), ("b.xml", b""), ("a/c d.xml", b"")
        )
    )
    assert package.related("a/x.xml", "slide") == ["b.xml", "A/c d.xml"]
    assert set(package.relations("a/x.xml")) == {"3", "4"}
    assert package.relations("b.xml") == {}
