"""The shapes in which years, months and days are written, as regular expressions.

All of them expect text in NFKC with plain hyphens and tildes. What the numbers mean, and whether
there is such a day, is for :mod:`kb.domain.year_reading` to say. Group names are shared: `era`
with `number`, `western`, `fy` or `hinted` give the year, `also`, `later_also` or `joined` the same
year again in brackets or after a stroke, `m1` or `m2` the month, `d1` or `d2` the day, `part` a
half or a quarter; `says` is there when the text says 年度 or FY.
"""

import re

from kb.domain.numerals import KANJI

_K = rf"[十{KANJI}]"
_NUMBER = rf"元|\d{{1,2}}|{_K}{{1,3}}"
_MONTH_NUMBER = rf"\d{{1,2}}|{_K}{{1,2}}"
_DAY_NUMBER = rf"\d{{1,2}}|{_K}{{1,3}}"
# Headings are spaced out: 令 和 4 年 度.
_NAMES = r"令\s?和|平\s?成|昭\s?和|大\s?正|明\s?治"
_NENDO = r"\s?年\s?度"
# A single kanji is an era only where no other stands before it: 最大3年, 水平3年 name none.
_MARKS = (
    rf"{_NAMES}|(?<![一-鿿])[令平昭]|(?<![一-鿿])[大明](?=\.?\s?[元\d])|(?<![A-Za-z0-9])[RHSTM]"
)
_ERA_YEAR = rf"(?P<era>{_MARKS})\.?\s?(?P<number>{_NUMBER})"
_FOUR = rf"\d{{4}}|(?<!{_K})[一二][{KANJI}]{{3}}(?!{_K})"
_WESTERN = rf"(?<![\d.,])(?P<western>{_FOUR})"
_YEAR = rf"(?:{_ERA_YEAR}|{_WESTERN})"
_FY = r"(?<![A-Za-z])[Ff][Yy]\s?'?(?P<fy>\d{4}|\d{2})(?!\d)"
# 2年度にわたり and 3年度目 count years; they name none.
_COUNTED = r"(?!\s?(?:[目間分毎]|に(?:わた|また|亘)|連続|続け|以[上内]|ぶり|ごと|ずつ))"
_HINTED = rf"(?<![\d.,一-鿿])(?P<hinted>{_NUMBER})"
_ALSO = r"\s?\(\s?(?P<also>[^()]{1,9})\)\s?"
_LATER_ALSO = r"\s?\(\s?(?P<later_also>[^()]{1,9})\)"
_JOINED = rf"\s?[/・=]\s?(?P<joined>(?:{_NAMES}|[RHSTM令平昭])\.?\s?(?:{_NUMBER}))"
_NO_MORE = r"(?!\d|[./]\d)"
_NO_MONTH = rf"(?!\s?(?:{_MONTH_NUMBER})\s?月)"
_COUNTERS = "件円人名番号室条項万億千百個回本台歳%"
_PART_WORDS = r"[上下](?:半期|期)|第?[1-4一二三四]四半期|[1-4]Q(?![A-Za-z])|Q[1-4](?!\d)"
_PART = rf"(?:[の\s]?(?P<part>{_PART_WORDS}))?"

EXACT = re.compile(
    rf"(?:{_FY}|{_YEAR}|{_HINTED})\s?(?:年(?:\s?度)?)?(?:(?:{_ALSO}|{_JOINED})(?:年(?:\s?度)?)?)?{_PART}"
)
DATE = re.compile(
    rf"{_YEAR}(?:(?:{_ALSO})?\s?年(?:{_LATER_ALSO})?\s?(?P<m1>{_MONTH_NUMBER})\s?月"
    rf"\s?(?P<d1>{_DAY_NUMBER})\s?日"
    rf"|(?P<separator>[./\-])\s?(?P<m2>\d{{1,2}})(?P=separator)\s?(?P<d2>\d{{1,2}}){_NO_MORE})"
)
COMPACT_DATE = re.compile(
    rf"(?:(?<![A-Za-z\-])(?<![\d.,])(?P<western>\d{{4}})"
    rf"|(?<![A-Za-z0-9\-])(?P<era>[RH])(?P<number>\d\d))"
    rf"(?P<m1>\d\d)(?P<d1>\d\d)(?![A-Za-z,\-]){_NO_MORE}"
)
FISCAL = re.compile(rf"(?P<says>{_FY}(?:{_NENDO})?|{_YEAR}(?:{_ALSO}|{_JOINED})?{_NENDO}){_PART}")
FISCAL_HINTED = re.compile(rf"(?P<says>{_HINTED}{_NENDO}){_COUNTED}{_PART}")
JOINED = re.compile(rf"{_ERA_YEAR}{_JOINED}(?![A-Za-z0-9年月日./\-])")
"""H31/R1: one year in two eras."""
MONTH = re.compile(
    rf"{_YEAR}(?:{_ALSO})?\s?年(?:{_LATER_ALSO})?\s?(?P<m1>{_MONTH_NUMBER})\s?月"
    rf"(?!\s?(?:{_DAY_NUMBER})\s?日)"
)
DOTTED_MONTH = re.compile(
    rf"(?P<era>{_NAMES}|(?<![A-Za-z0-9])[RH])(?P<number>\d{{1,2}})"
    rf"\.(?P<m1>\d{{1,2}}){_NO_MORE}"
)
CALENDAR = re.compile(rf"{_YEAR}(?:{_ALSO})?\s?年(?!\s?度){_NO_MONTH}")
# Without 年, S3, T1 and M2 are too often something else; R4 and H30 in these papers are years.
UNMARKED = re.compile(
    rf"(?P<era>{_NAMES}|(?<![一-鿿])令|(?<![A-Za-z0-9])[RH])(?P<number>元|\d{{1,2}})"
    rf"(?![A-Za-z0-9年月日条項号./]|-(?!(?:{_NAMES}|[RH])(?:元|\d)))"
)
BARE = re.compile(
    rf"(?<![A-Za-z\d.,/\-])(?P<western>19[5-9]\d|20[0-5]\d)(?![A-Za-z\d年月.,/\-{_COUNTERS}])"
)

_JOINT = r"[~\-ー→・、,/]|及び|および|から|より|ないし|と"
_SEVERAL = (
    rf"(?:(?:{_MARKS})\.?\s?(?:{_NUMBER})|(?<![\d.,])(?:{_FOUR}))"
    rf"(?:\s?(?:{_JOINT})\s?(?:(?:{_NAMES}|[RHS令平昭])\.?\s?(?:{_NUMBER})|{_FOUR}|\d{{1,2}}|{_K}{{1,3}}))+"
)
SEVERAL = re.compile(rf"(?P<years>{_SEVERAL})\s?(?P<unit>年\s?度|年{_NO_MONTH})")
"""Several years that share one 年度: 令和3・4年度, 平成30~令和2年度, 2020-22年度."""
FY_SEVERAL = re.compile(
    rf"(?<![A-Za-z])[Ff][Yy]\s?(?P<years>\d{{4}}(?:\s?(?:{_JOINT})\s?(?:\d{{4}}|\d\d))+)"
    r"(?P<unit>)(?!\d)"
)
"""FY2020-2022."""
ITEM = re.compile(
    rf"(?:(?P<era>{_NAMES}|[RHSTM令平昭大明])\.?\s?)?(?P<number>{_NUMBER})(?![\d{KANJI}])"
    rf"|(?P<western>{_FOUR})"
)
"""One of them."""
BETWEEN = re.compile(r"\s?(?:\([^()]{1,9}\))?\s?(?:年度?)?\s?(?:~|-|ー|→|から|より|ないし)\s?")
"""What makes a range of the years on either side."""
AND = re.compile(r"\s?(?:[・、,/]|と|や|及び|および|または|又は|もしくは)\s?")
"""What lists the years on either side."""
UP_TO = re.compile(r"(?:\s?[(（](?=[^()（）]*[\d元])[^()（）]{1,9}[)）])?(?:\s?(?:まで|迄))?")

RELATIVE = re.compile(
    rf"(?P<fiscal>(?:一昨|前々|昨|前|(?<!該)当|(?<![日基資])本|今|再来|(?<![従再以将])来|次|翌々|翌)年度)"
    rf"{_PART}"
    r"|(?P<calendar>一昨年|おととし|昨年|(?<!過)去年|(?<!昨)今年|(?<![日基資])本年(?![金表報齢限])"
    r"|再来年|(?<![従再以将])来年|(?<!対)前年|翌年)(?![度来]|[比並]|同[月期])"
    rf"(?:の?\s?(?P<m1>{_MONTH_NUMBER})\s?月(?:\s?(?P<d1>{_DAY_NUMBER})\s?日)?)?"
)
"""昨年度, 翌年度上半期, 昨年の9月, おととし."""
