"""ZIPs: names as every system writes them, passwords, bombs, tricks, torn ones."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.extracted import Limits
from indexer.zipped import NotAZip, Refused, Unpacker
from tests.indexer.zips import encrypted_zip, zip_of


@pytest.fixture(scope="module")
def unpacker() -> Iterator[Unpacker]:
    made = Unpacker(Limits(seconds=20, memory_mb=512))
    yield made
    made.close()


def unpacked(unpacker: Unpacker, path: Path, password: str | None = None) -> dict[str, bytes]:
    return {
        f"{entry.folder}/{entry.name}": entry.stream.read()
        for entry in unpacker.entries(path, password)
    }


def test_files_come_out_with_folder_name_and_bytes(unpacker: Unpacker, tmp_path: Path) -> None:
    long = bytes(range(256)) * 8000
    path = tmp_path / "a.zip"
    path.write_bytes(zip_of({"資料/発表.pdf": long, "空.txt": b"", "資料/深い/b.pdf": b"b"}))
    found = unpacked(unpacker, path)
    assert found == {"資料/発表.pdf": long, "/空.txt": b"", "資料/深い/b.pdf": b"b"}


def test_names_of_windows_in_japan_are_read(unpacker: Unpacker, tmp_path: Path) -> None:
    """The second byte of 予 and 表 is a backslash, which is no folder here."""
    path = tmp_path / "a.zip"
    path.write_bytes(zip_of({"予算表/発表資料.pdf": b"x"}, cp932=True))
    assert unpacked(unpacker, path) == {"予算表/発表資料.pdf": b"x"}


def test_what_systems_put_beside_and_composed_names(unpacker: Unpacker, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    decomposed = "か\u3099.pdf"
    names = ("__MACOSX/._a.pdf", ".DS_Store", "資料/Thumbs.db", "~$a.docx", decomposed)
    path.write_bytes(zip_of(dict.fromkeys(names, b"x")))
    assert unpacked(unpacker, path) == {"/が.pdf": b"x"}


def test_a_file_nobody_reads_is_passed_over(unpacker: Unpacker, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zip_of({"a": b"x" * 500_000, "b": b"y"}))
    entries = unpacker.entries(path, None)
    assert [entry.name for entry in entries] == ["a", "b"]


@pytest.mark.parametrize(
    ("names", "why"),
    [
        (["../a.pdf"], "crooked"),
        (["/etc/passwd"], "crooked"),
        (["C:/a.pdf"], "crooked"),
        (["a/../../b"], "crooked"),
        (["a.pdf", "A.pdf"], "crooked"),
        (["a\nb.pdf"], "crooked"),
    ],
)
def test_names_that_lead_elsewhere_are_refused(
    unpacker: Unpacker, tmp_path: Path, names: list[str], why: str
) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zip_of(dict.fromkeys(names, b"x")))
    with pytest.raises(Refused) as refused:
        unpacked(unpacker, path)
    assert refused.value.why == why


def test_a_bomb_is_refused(unpacker: Unpacker, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zip_of({"a": bytes(40 * 2**20)}))
    with pytest.raises(Refused) as refused:
        unpacked(unpacker, path)
    assert refused.value.why == "bomb"


def test_a_password_opens_and_a_wrong_one_does_not(unpacker: Unpacker, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(encrypted_zip("a.pdf", b"%PDF-1.7 " * 99, b"himitsu"))
    assert unpacked(unpacker, path, "himitsu") == {"/a.pdf": b"%PDF-1.7 " * 99}
    for wrong in (None, "", *(f"no{number}" for number in range(20))):
        with pytest.raises(Refused) as refused:
            unpacked(unpacker, path, wrong)
        assert refused.value.why == "password"


def test_what_is_no_zip_and_what_is_torn(unpacker: Unpacker, tmp_path: Path) -> None:
    other, office, torn = (tmp_path / name for name in ("a.zip", "b.zip", "c.zip"))
    other.write_bytes(b"%PDF-1.7")
    office.write_bytes(zip_of({"[Content_Types].xml": b"x", "word/document.xml": b"x"}))
    for path in (other, office):
        with pytest.raises(NotAZip):
            unpacked(unpacker, path)
    whole = zip_of({"a.pdf": b"x" * 1000, "b.pdf": bytes(range(256)) * 9})
    torn.write_bytes(whole[:-30])
    with pytest.raises(Refused) as refused:
        unpacked(unpacker, torn)
    assert refused.value.why == "torn"


def test_an_entry_that_is_broken_is_told_and_the_others_come(
    unpacker: Unpacker, tmp_path: Path
) -> None:
    path = tmp_path / "a.zip"
    content = bytearray(zip_of({"a.pdf": bytes(range(256)) * 20, "b.pdf": b"whole"}))
    content[60:80] = bytes(20)
    path.write_bytes(content)
    found = {}
    for entry in unpacker.entries(path, None):
        entry.stream.read()
        found[entry.name] = entry.whole
    assert found == {"a.pdf": False, "b.pdf": True}
