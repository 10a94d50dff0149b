"""Bytes of unknown encoding become text: the encodings that Japanese offices write.

A byte order mark decides; then valid UTF-8; then ISO-2022-JP by its escapes; then the better
of Shift_JIS (cp932) and EUC-JP. UTF-16 without a mark is told by its NULs.
"""

import codecs
import re
from dataclasses import dataclass

MOST_LOST = 0.005
"""Share of characters that may be unreadable before bytes are no text at all."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# The wider of Python's tables: they have the circled numbers that Windows put there.
_LEGACY = ("cp932", "euc_jis_2004")
_ISO_2022 = "iso2022_jp_ext"
_ESCAPES = re.compile(rb"\x1b(?:\$[@B]|\([BJI]|\$\(D)")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_USUAL = re.compile("[\u3040-\u309f\u30a0-\u30ff\u3000-\u3002\u4e00-\u9fff\uff01-\uff5e\n\r\t -~]")
_ODD = re.compile("[\uff61-\uff9f\ue000-\uf8ff\u0370-\u04ff\u0080-\u009f]")
_LOST = "\ufffd"
_SAMPLE = 65_536


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, and how it was read."""

    text: str
    encoding: str
    """Python's name of it."""
    lost: int = 0
    """How many places could not be read."""


def decode(content: bytes, hint: str = "") -> Decoded | None:
    """Return bytes as text; None when they are none.

    `hint` is the encoding that the file names itself; it is tried before guessing, and holds
    only if all bytes agree.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _checked(content[len(mark) :], encoding)
    if b"\0" in content[:_SAMPLE]:
        wide = _wide_encoding(content[:_SAMPLE])
        return _checked(content, wide) if wide else None
    if _ESCAPES.search(content) and content.isascii():
        return _checked(content, _ISO_2022)
    for encoding in ("utf-8", _known(hint)):
        text = _strictly(content, encoding) if encoding else None
        if text is not None:
            return None if _is_rubbish(text, 0) else Decoded(text, encoding)
    candidates = [_checked(content, encoding) for encoding in ("utf-8", *_LEGACY)]
    readable = [candidate for candidate in candidates if candidate is not None]
    return max(readable, key=_likelihood, default=None)


def is_text(head: bytes, *, cut: bool) -> bool:
    """Tell whether the first bytes of a file are text; `cut` when there are more behind them."""
    if cut:
        # A character cut in two by the end of the head is no evidence against an encoding.
        return any(decode(head[: len(head) - less]) is not None for less in range(4))
    return decode(head) is not None


def _known(hint: str) -> str:
    try:
        name = codecs.lookup(hint.strip()).name if hint.isascii() else ""
    except (LookupError, ValueError):
        return ""
    # What calls itself Shift_JIS or EUC-JP is written with Windows' wider table.
    return {"shift_jis": "cp932", "euc_jp": "euc_jis_2004", "iso2022_jp": _ISO_2022}.get(name, name)


def _strictly(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except (UnicodeError, LookupError):
        # LookupError: a codec that is not of text, such as base64.
        return None


def _checked(content: bytes, encoding: str) -> Decoded | None:
    text = content.decode(encoding, "replace")
    lost = text.count(_LOST)
    return None if _is_rubbish(text, lost) else Decoded(text, encoding, lost)


def _is_rubbish(text: str, lost: int) -> bool:
    odd = lost + len(_CONTROL.findall(text, 0, _SAMPLE))
    # Two are allowed in the shortest text: a stray byte is no reason to refuse it.
    return odd > max(2 if len(text) > 20 else 0, MOST_LOST * len(text))


def _likelihood(candidate: Decoded) -> float:
    """Return how much a text looks like Japanese: wrong tables give half-width kana, Greek."""
    sample = candidate.text[:_SAMPLE]
    usual, odd = len(_USUAL.findall(sample)), len(_ODD.findall(sample))
    return (usual - 4 * odd - 20 * sample.count(_LOST)) / max(1, len(sample))


def _wide_encoding(sample: bytes) -> str:
    """Return the UTF-16 that text with NULs may be, or nothing."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    encoding = "utf-16-le" if odd >= even else "utf-16-be"
    text = sample[: len(sample) // 2 * 2].decode(encoding, "replace")
    usual = len(_USUAL.findall(text))
    return encoding if usual >= 0.9 * len(text) else ""
