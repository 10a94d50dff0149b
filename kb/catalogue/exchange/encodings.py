"""How the bytes of a CSV file become text and back: UTF-8 with or without a mark, and CP932.

CP932 is what Excel for Windows writes as plain "CSV". It lacks many characters (𠮷, emoji,
é); what it lacks is written as 〓, as printers did, and an import knows how to take that back.
"""

from dataclasses import dataclass

CP932 = "cp932"
MISSING = "〓"
"""The geta mark: stands where a character is missing."""

_SAME_IN_CP932 = str.maketrans("〜−‖—¢£¬¥‾", "～－∥―￠￡￢￥￣")
"""One JIS character each, which Microsoft's table maps to another Unicode one."""
_WORKBOOK = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


class BadTable(ValueError):
    """A file cannot be read as a table; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text and what it was written in."""

    text: str
    encoding: str
    """``utf-8-sig``, ``utf-8`` or ``cp932``."""


def decode(content: bytes) -> Decoded:
    """Tell the encodings apart: a mark, then UTF-8 where it is without a fault, then CP932.

    Japanese text in CP932 is never faultless UTF-8: the first bytes of its kana (0x82, 0x83)
    cannot begin a character there.

    Raises:
        BadTable: it is none of them.
    """
    if content.startswith(_WORKBOOK):
        raise BadTable("Excelのブックです。「CSV UTF-8」形式で保存し直してください。")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadTable("UTF-16のテキストです。「CSV UTF-8」形式で保存し直してください。")
    marked = content.startswith(b"\xef\xbb\xbf")
    faults: list[UnicodeDecodeError] = []
    for codec, encoding in (("utf-8-sig", "utf-8-sig" if marked else "utf-8"), (CP932, CP932)):
        try:
            return Decoded(content.decode(codec), encoding)
        except UnicodeDecodeError as error:
            faults.append(error)
    # The encoding that it was written in goes further than the other.
    fault = max(faults, key=lambda each: each.start)
    line = content.count(b"\n", 0, fault.start) + 1
    if fault is faults[0] and fault.reason == "unexpected end of data":
        raise BadTable(
            f"ファイルが{line}行目の途中で切れています。もう一度保存して、送り直してください。"
        ) from fault
    raise BadTable(
        f"文字コードがUTF-8でもCP932(Shift_JIS)でもありません({line}行目のあたり)。"
        "「CSV UTF-8」形式で保存し直してください。"
    ) from fault


def cp932_form(text: str) -> str:
    """`text` as it comes back from a CP932 file."""
    kept = text.translate(_SAME_IN_CP932)
    if not _is_lacking(kept):
        return kept
    return "".join(MISSING if _is_lacking(character) else character for character in kept)


def lacking_in_cp932(text: str) -> frozenset[str]:
    """The characters of `text` that a CP932 file cannot hold."""
    kept = text.translate(_SAME_IN_CP932)
    return frozenset(c for c in set(kept) if _is_lacking(c)) if _is_lacking(kept) else frozenset()


def _is_lacking(text: str) -> bool:
    """Whether CP932 lacks any character of `text`."""
    if text.isascii():
        return False
    try:
        # Some code points of Microsoft's table come back as another character.
        return text.encode(CP932).decode(CP932) != text
    except UnicodeEncodeError:
        return True
