"""Numbers as a spreadsheet shows them: dates, Japanese eras, percentages, thousands.

Source: ECMA-376 Part 1, 18.8.30 and 18.8.31 (numFmt, numFmts), with the built-in formats of
the Japanese locale. Fractions (``# ?/?``), fill and alignment are not followed: such numbers
are shown plain.
"""

import math
import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from indexer.extract.office.date_format import dated, moment_of
from indexer.extract.office.format_code import Section, is_elapsed, literal, sections_of

GENERAL = "General"

_WAREKI = '[$-411]ggge"年"m"月"d"日"'
_SHORT_WAREKI = "[$-411]ge.m.d"
_BUILT_IN = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    **dict.fromkeys((5, 6, 7, 8, 37, 38), "#,##0;-#,##0"),
    39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00",
    48: "##0.0E+0",
    49: "@",
    14: "yyyy/m/d",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    22: "yyyy/m/d h:mm",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss",
    30: "m/d/yy",
    **dict.fromkeys((27, 36, 50, 57), _SHORT_WAREKI),
    **dict.fromkeys((28, 29, 51, 54, 58), _WAREKI),
    31: 'yyyy"年"m"月"d"日"',
    32: 'h"時"mm"分"',
    33: 'h"時"mm"分"ss"秒"',
    **dict.fromkeys((34, 52, 55), 'yyyy"年"m"月"'),
    **dict.fromkeys((35, 53, 56), 'm"月"d"日"'),
}
# Together fewer digits than decimal's own precision of 28.
_MOST_DECIMALS = 12
_MOST_WHOLE = Decimal("1e15")
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)")


def built_in(number: int) -> str:
    """Return the code of a built-in format; General for one that has none."""
    return _BUILT_IN.get(number, GENERAL)


def shown(value: float, code: str, *, from_1904: bool = False) -> str:
    """Return a number as its format shows it; plain where the format is not understood."""
    if not math.isfinite(value):
        return str(value)
    section, magnitude = _chosen(sections_of(code), value)
    kinds = {token.kind for token in section}
    if "date" in kinds or any(is_elapsed(token) for token in section):
        moment = moment_of(value, from_1904=from_1904)
        return plain(value) if moment is None else dated(section, moment, value)
    if "digit" not in kinds:
        if not kinds & {"quoted", "escaped", "other", "general"}:
            return plain(magnitude)
        return "".join(
            plain(magnitude) if token.kind == "general" else literal(token) for token in section
        )
    if any(token.kind == "mark" and token.text == "/" for token in section):
        return plain(value)
    return _numbered(section, magnitude)


def shown_text(text: str, code: str) -> str:
    """Return a text as its format shows it: ``@"様"`` puts 様 behind it."""
    sections = sections_of(code)
    section = sections[3] if len(sections) > 3 else sections[-1]
    if not any(token == ("mark", "@") for token in section):
        return text
    return "".join(text if token == ("mark", "@") else literal(token) for token in section)


def plain(value: float) -> str:
    """Return a number without a format: as many digits as a spreadsheet keeps (15)."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.15g}"


def _chosen(sections: Sequence[Section], value: float) -> tuple[Section, float]:
    """Return the section for a value, and the value that it formats: without its sign in a
    section of its own.
    """
    numeric = sections[:3]
    if any(_condition(section) for section in numeric):
        for section in numeric:
            condition = _condition(section)
            if condition is None or _holds(condition, value):
                return section, value
        return numeric[-1], value
    if value < 0 and len(numeric) > 1:
        return numeric[1], abs(value)
    if value == 0 and len(numeric) > 2:
        return numeric[2], value
    return numeric[0], value


def _condition(section: Section) -> re.Match[str] | None:
    for token in section:
        found = _CONDITION.fullmatch(token.text) if token.kind == "bracket" else None
        if found is not None:
            return found
    return None


def _holds(condition: re.Match[str], value: float) -> bool:
    bound = float(condition[2])
    below, equal = value < bound, value == bound
    return {
        "<": below,
        "<=": below or equal,
        ">": not below and not equal,
        ">=": not below,
        "=": equal,
        "<>": not equal,
    }[condition[1]]


def _numbered(section: Section, value: float) -> str:
    marks = [token.text for token in section if token.kind == "mark"]
    scaled = Decimal(repr(value)) * Decimal(100) ** marks.count("%")
    point = next((i for i, t in enumerate(section) if t == ("mark", ".")), len(section))
    last = max(i for i, token in enumerate(section) if token.kind == "digit")
    first = min(i for i, token in enumerate(section) if token.kind == "digit")
    commas = [i for i, token in enumerate(section) if token == ("mark", ",")]
    scaled /= Decimal(1000) ** sum(i > last for i in commas)
    grouped = any(first < i < last for i in commas)
    exponent = next((i for i, t in enumerate(section) if t.kind == "exponent"), None)
    decimals = "".join(t.text for t in section[point:exponent] if t.kind == "digit")[
        :_MOST_DECIMALS
    ]
    if exponent is not None:
        return f"{scaled:.{len(decimals)}E}"
    if abs(scaled) >= _MOST_WHOLE:
        return plain(value)
    digits = str(abs(scaled).quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP))
    whole, _, part = digits.partition(".")
    sign = "-" if scaled < 0 and digits.strip("0.") else ""
    filled = _filled(section[:point], whole.lstrip("0"), grouped=grouped)
    return sign + filled + _fraction(decimals, part) + _rest(section[point:])


def _filled(section: Section, digits: str, *, grouped: bool) -> str:
    """Put the digits into their places from the right; the leftmost takes all that remain."""
    pieces: list[str] = []
    places = sum(token.kind == "digit" for token in section)
    put = 0
    for token in reversed(section):
        if token.kind != "digit":
            pieces.append("" if token == ("mark", ",") else literal(token))
            continue
        places -= 1
        taken = digits[-1:] if places else digits
        digits = digits[: len(digits) - len(taken)]
        for digit in reversed(taken or ("0" if token.text == "0" else "")):
            pieces.append("," if grouped and put and put % 3 == 0 else "")
            pieces.append(digit)
            put += 1
    return "".join(reversed(pieces))


def _fraction(pattern: str, digits: str) -> str:
    kept = digits[: len(pattern)]
    while kept and pattern[len(kept) - 1] != "0" and kept.endswith("0"):
        kept = kept[:-1]
    return "." + kept if kept else ""


def _rest(section: Section) -> str:
    return "".join("" if token.text in (".", ",") else literal(token) for token in section)
