"""What a PDF says of itself: text strings in their several encodings, and dates."""

import re
from datetime import UTC, date, datetime, timedelta

from pdfminer.utils import PDFDocEncoding

_MOST_CHARACTERS = 500
_EARLIEST = date(1993, 1, 1)
"""The year PDF appeared: an earlier date is a clock that was never set."""

_MARKS = (
    (b"\xfe\xff", "utf-16-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xef\xbb\xbf", "utf-8"),
)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_JAPANESE_PAIR = re.compile("[ぁ-ヿ一-鿿]{2}")
_DATE = re.compile(r"\s*(?:D:)?\s*(\d{4})[-/]?(\d{2})[-/]?(\d{2})")


def text_string(value: object) -> str | None:
    """Return a string of the information dictionary as text; None for nothing readable.

    Byte order marks are honoured (ISO 32000-2, 7.9.2.2). Without one the standard says
    PDFDocEncoding, but Japanese producers write Shift_JIS, and some UTF-8: those are taken
    where the bytes are valid and hold Japanese words.
    """
    if not isinstance(value, bytes):
        return None
    text = " ".join(_CONTROL.sub(" ", _decode(value[: 4 * _MOST_CHARACTERS])).split(" ")).strip()
    return text[:_MOST_CHARACTERS] or None


def _decode(value: bytes) -> str:
    for mark, encoding in _MARKS:
        if value.startswith(mark):
            return value[len(mark) :].decode(encoding, "ignore")
    if not value.isascii():
        for encoding in ("utf-8", "cp932"):
            text = _strictly(value, encoding)
            if text is not None and _JAPANESE_PAIR.search(text):
                return text
    return "".join(PDFDocEncoding[byte] for byte in value)


def _strictly(value: bytes, encoding: str) -> str | None:
    try:
        return value.decode(encoding)
    except UnicodeDecodeError:
        return None


def iso_date(value: object) -> str | None:
    """Return a date such as ``D:20210807093000+09'00'`` as 2021-08-07.

    None for anything that is no date, or one before PDF existed or after tomorrow.
    """
    found = _DATE.match(text_string(value) or "")
    if found is None:
        return None
    try:
        day = date(*(int(number) for number in found.groups()))
    except ValueError:
        return None
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    return day.isoformat() if _EARLIEST <= day <= tomorrow else None
