"""The shapes in which years, months and days are written, as regular expressions.

All of them expect text in NFKC with plain hyphens. What the numbers mean, and whether there is
such a day, is for :mod:`kb.domain.fiscal_year` to say. Group names are shared: `era` with
`number`, `western`, `fy` or `hinted` give the year, `also` the same year again in brackets,
`m1` or `m2` the month, `d1` or `d2` the day; `says` is there when the text says 年度 or FY.
"""

import re

_NUMBER = r"元|\d{1,2}|[一二三四五六七八九十]{1,3}"
# A single kanji is an era only where no other stands before it: 最大3年, 水平3年 name none.
_ERA_YEAR = (
    r"(?P<era>令和|平成|昭和|大正|明治|(?<![一-鿿])[令平昭大明]|(?<![A-Za-z0-9])[RHSTM])"
    rf"\.?\s?(?P<number>{_NUMBER})"
)
_WESTERN = r"(?<![\d.,])(?P<western>\d{4})"
_YEAR = rf"(?:{_ERA_YEAR}|{_WESTERN})"
_FY = r"(?<![A-Za-z])[Ff][Yy]\s?'?(?P<fy>\d{4}|\d{2})(?!\d)"
_HINTED = rf"(?<![\d.,一-鿿])(?P<hinted>{_NUMBER})"
_ALSO = r"\s?\(\s?(?P<also>[^()]{1,9})\)\s?"
_NO_MORE = r"(?!\d|[./]\d)"
_COUNTERS = "件円人名番号室条項万億千百個回本台歳%"

EXACT = re.compile(rf"(?:{_FY}|{_YEAR}|{_HINTED})\s?(?:年度?)?(?:{_ALSO}(?:年度?)?)?")
DATE = re.compile(
    rf"{_YEAR}(?:\s?年\s?(?P<m1>\d{{1,2}})\s?月\s?(?P<d1>\d{{1,2}})\s?日"
    rf"|(?P<separator>[./\-])\s?(?P<m2>\d{{1,2}})(?P=separator)\s?(?P<d2>\d{{1,2}}){_NO_MORE})"
)
COMPACT_DATE = re.compile(
    rf"(?<![A-Za-z\-]){_WESTERN}(?P<m1>\d\d)(?P<d1>\d\d)(?![A-Za-z,\-]){_NO_MORE}"
)
FISCAL = re.compile(rf"(?P<says>{_FY}(?:\s?年度)?|{_YEAR}(?:{_ALSO})?\s?年度)")
FISCAL_HINTED = re.compile(rf"(?P<says>{_HINTED}\s?年度)")
MONTH = re.compile(rf"{_YEAR}\s?年\s?(?P<m1>\d{{1,2}})\s?月(?!\s?\d{{1,2}}\s?日)")
DOTTED_MONTH = re.compile(
    rf"(?P<era>令和|平成|昭和|(?<![A-Za-z0-9])[RH])(?P<number>\d{{1,2}})"
    rf"\.(?P<m1>\d{{1,2}}){_NO_MORE}"
)
CALENDAR = re.compile(rf"{_YEAR}(?:{_ALSO})?\s?年(?!度|\s?\d{{1,2}}\s?月)")
# Without 年, S3, T1 and M2 are too often something else; R4 and H30 in these papers are years.
UNMARKED = re.compile(
    r"(?P<era>令和|平成|昭和|大正|明治|(?<![A-Za-z0-9])[RH])(?P<number>元|\d{1,2})"
    r"(?![A-Za-z0-9年月日./\-])"
)
BARE = re.compile(
    rf"(?<![A-Za-z\d.,/\-])(?P<western>19[5-9]\d|20[0-5]\d)(?![A-Za-z\d年月.,/\-{_COUNTERS}])"
)
