"""Numbers within a series: 通信 No10, 第12号, Vol.3."""

import re
import unicodedata
from collections.abc import Iterator

_NUMBER = re.compile(
    r"(?<![A-Za-z])(?:No|Vol)\s?[.,]?\s?(?P<no>\d{1,4})|(?P<go>\d{1,4})\s?号", re.IGNORECASE
)


def series_number(text: str | None) -> int | None:
    """The number that a series number states (No10, 第12号, 3); None when it states none."""
    digits = re.search(r"\d{1,9}", unicodedata.normalize("NFKC", text or ""))
    return int(digits.group()) if digits else None


def series_order(text: str | None) -> int:
    """What series are sorted by: their number, 0 without one."""
    return series_number(text) or 0


def numbers_in(text: str) -> Iterator[int]:
    """The numbers of a series that a question names: 通信 No10 -> 10; never a bare number."""
    for match in _NUMBER.finditer(unicodedata.normalize("NFKC", text)):
        yield int(match["no"] or match["go"])


def without_numbers(text: str) -> tuple[str, ...]:
    """The words of a text that are no number of a series: 通信No10 -> 通信."""
    rest = re.sub(r"第(?=\s?\d)", " ", unicodedata.normalize("NFKC", text))
    return tuple(_NUMBER.sub(" ", rest).split())
