"""Years in the names of files: r4_seminar.pdf, 2022nendo.xlsx, R040903.pdf, 2020-03.pdf."""

import re
from collections.abc import Sequence

from kb.domain import year_patterns
from kb.domain.year_reading import claimed, plain
from kb.domain.year_spans import YearKind, YearSpan

_WESTERN = r"(?<!\d)(?P<western>19[89]\d|20\d\d)"
_ERA = r"(?<![A-Z0-9])(?P<era>令和|平成|昭和|[RH令平])(?P<number>元|\d{1,2})"
_DAY = rf"{_WESTERN}(?P<between>[-. ]?)(?P<m1>0[1-9]|1[0-2])(?P=between)(?P<d1>[0-2]\d|3[01])(?!\d)"
_NENDO = r"[ \-]?(?:年度|NENDO)"
_PATTERNS = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        (YearKind.DATE, _DAY),
        (YearKind.DATE, rf"{_WESTERN}[-.](?P<m1>\d{{1,2}})[-.](?P<d1>\d{{1,2}})(?![\d.])"),
        (
            YearKind.DATE,
            r"(?<![A-Z0-9])(?P<era>[RH])(?P<number>\d\d)(?P<m1>\d\d)(?P<d1>\d\d)(?![A-Z0-9])",
        ),
        (YearKind.DATE, year_patterns.DATE.pattern),
        (YearKind.FISCAL_YEAR, rf"(?P<says>{_WESTERN}{_NENDO})"),
        (YearKind.FISCAL_YEAR, rf"(?P<says>{_ERA}{_NENDO})"),
        (YearKind.FISCAL_YEAR, year_patterns.FISCAL.pattern),
        (YearKind.MONTH, rf"{_WESTERN}[-. 年](?P<m1>\d{{1,2}})(?![\d年])"),
        (YearKind.MONTH, rf"{_ERA}[-.年](?P<m1>\d{{1,2}})(?![\d年])"),
        (YearKind.FISCAL_YEAR, rf"{_ERA}(?![A-Z0-9年])"),
        (YearKind.CALENDAR_YEAR, rf"{_WESTERN}(?![\d度])"),
    )
)
"""For names in capitals with blanks for underscores."""
_CAPITALS = str.maketrans("abcdefghijklmnopqrstuvwxyz_", "ABCDEFGHIJKLMNOPQRSTUVWXYZ ")


def find_years_in_name(name: str) -> tuple[YearSpan, ...]:
    """The years, months and days in a file's name, in order, without overlaps.

    More is taken for a year than in running text: four digits alone (a calendar year), an era's
    letter in either case, nendo. The ending (.pdf) is left alone.

    Args:
        name: without folders.
    """
    stem = name.rpartition(".")[0] or name
    simple = plain(stem)
    text = simple.text.translate(_CAPITALS)
    found: list[YearSpan] = []
    for kind, pattern in _PATTERNS:
        found += claimed(text, kind, pattern, found)
    return _in_order([simple.restored(span) for span in found])


def _in_order(spans: Sequence[YearSpan]) -> tuple[YearSpan, ...]:
    return tuple(sorted(spans, key=lambda span: span.start))
