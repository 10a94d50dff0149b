"""Encodings: told apart without being told, and what CP932 lacks is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.catalogue.exchange.encodings import BadTable, cp932_form, decode, lacking_in_cp932

TEXT = "タイトル,対象組織\r\n原﨑市長と髙橋さんの改善①,福津市\r\n"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp932"])
def test_encodings_are_told_apart(encoding: str) -> None:
    decoded = decode(TEXT.encode(encoding))
    assert (decoded.text, decoded.encoding) == (TEXT, encoding)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (TEXT.encode("utf-16"), "UTF-16"),
        (b"PK\x03\x04rest of a workbook", "Excel"),
        ("タイトル\n".encode("euc-jp") + b"\xff\xff", "文字コード"),
    ],
)
def test_what_is_no_text_says_what_to_do(content: bytes, said: str) -> None:
    with pytest.raises(BadTable, match=said) as bad:
        decode(content)
    assert "保存し直して" in str(bad.value)


@given(st.binary())
def test_any_bytes_are_text_or_refused(content: bytes) -> None:
    try:
        decoded = decode(content)
    except BadTable:
        return
    assert decoded.text.encode(decoded.encoding if decoded.text else "utf-8-sig") or not content


def test_every_character_survives_cp932_or_is_told() -> None:
    for code in [*range(0x80, 0xD800), *range(0xE000, 0x10000), 0x1F600, 0x20BB7]:
        form = cp932_form(chr(code))
        assert form.encode("cp932").decode("cp932") == form
        assert (form == "〓" and code != ord("〓")) == bool(lacking_in_cp932(chr(code))), hex(code)
        assert cp932_form(form) == form


def test_waves_and_dashes_are_not_lacking() -> None:
    assert cp932_form("9〜17時 − 𠮷野") == "9～17時 － 〓野"
    assert lacking_in_cp932("9〜17時 − 𠮷野é") == {"𠮷", "é"}
