"""Points in time as a spreadsheet shows them, Japanese eras too."""

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from indexer.extract.office.format_code import Section, Token, is_elapsed, literal

_ERAS = (
    (date(2019, 5, 1), "令和", "R"),
    (date(1989, 1, 8), "平成", "H"),
    (date(1926, 12, 25), "昭和", "S"),
    (date(1912, 7, 30), "大正", "T"),
    (date(1868, 1, 25), "明治", "M"),
)
_WEEKDAYS = "月火水木金土日"
_ENGLISH_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ENGLISH_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_LAST_DAY = 2_958_466
"""The serial number of 10000-01-01, which no spreadsheet knows."""


def moment_of(value: float, *, from_1904: bool) -> datetime | None:
    """Return the time of a serial number (days), None for one that no calendar has."""
    if not 0 <= value < _LAST_DAY:
        return None
    if from_1904:
        start = datetime(1904, 1, 1)
    else:
        # The spreadsheet's 1900 has a 29th of February, its day 60.
        start = datetime(1899, 12, 31) if value < 60 else datetime(1899, 12, 30)
    seconds = int(Decimal(repr(value * 86400)).quantize(Decimal(1), ROUND_HALF_UP))
    try:
        return start + timedelta(seconds=seconds)
    except OverflowError:
        return None


def dated(section: Section, moment: datetime, value: float) -> str:
    """Return a time as a section shows it; `value` is its serial number, for time passed."""
    noon = any(token.kind == "noon" for token in section)
    pieces: list[str] = []
    for index, token in enumerate(section):
        if is_elapsed(token):
            unit = {"h": 24, "m": 1440, "s": 86400}[token.text[0].lower()]
            pieces.append(str(int(value * unit + 1e-6)).zfill(len(token.text)))
        elif token.kind == "noon":
            pieces.append("AM" if moment.hour < 12 else "PM")
        elif token.kind == "date":
            letters = token.text.lower()
            if letters[0] == "m" and _is_minute(section, index):
                letters = letters.replace("m", "n")
            pieces.append(_date_piece(letters, moment, noon=noon))
        elif token.kind != "digit":
            pieces.append("" if _is_point_of_seconds(section, index) else literal(token))
    return "".join(pieces)


def _is_point_of_seconds(section: Section, index: int) -> bool:
    following = section[index + 1].kind if index + 1 < len(section) else ""
    return section[index] == ("mark", ".") and following == "digit"


def _is_minute(section: Section, index: int) -> bool:
    """Tell whether an m stands after hours or before seconds."""

    def unit(token: Token) -> str:
        return token.text[0].lower() if token.kind == "date" or is_elapsed(token) else ""

    before = next((unit(token) for token in reversed(section[:index]) if unit(token)), "")
    after = next((unit(token) for token in section[index + 1 :] if unit(token)), "")
    return before == "h" or after == "s"


def _date_piece(letters: str, moment: datetime, *, noon: bool) -> str:
    letter, width = letters[0], len(letters)
    if letter in "ger":
        return _era_piece(letter, width, moment.date())
    if letter == "y":
        return f"{moment.year:04}" if width > 2 else f"{moment.year % 100:02}"
    if letter == "a":
        return _WEEKDAYS[moment.weekday()] + ("曜日" if width > 3 else "")
    if letter in "md" and width > 2:
        month, day = _ENGLISH_MONTHS[moment.month - 1], _ENGLISH_DAYS[moment.weekday()]
        name = month if letter == "m" else day
        return name[:3] if width == 3 else name
    hour = (moment.hour % 12 or 12) if noon else moment.hour
    number = {
        "m": moment.month,
        "d": moment.day,
        "h": hour,
        "n": moment.minute,
        "s": moment.second,
    }[letter]
    return str(number).zfill(min(width, 2))


def _era_piece(letter: str, width: int, day: date) -> str:
    for start, name, initial in _ERAS:
        if day >= start:
            year = str(day.year - start.year + 1)
            if letter == "e":
                return year.zfill(min(width, 2))
            if letter == "r":
                return name + year.zfill(2) if width > 1 else initial + year
            return {1: initial, 2: name[0]}.get(width, name)
    return "" if letter == "g" else str(day.year)
