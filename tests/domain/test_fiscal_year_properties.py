"""Thousands of made notations, whole, embedded and spoilt: none is read wrongly."""

import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import cache
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.domain.fiscal_year import (
    ERAS,
    FIRST_YEAR,
    LAST_YEAR,
    Era,
    FiscalYear,
    YearSpan,
    find_year_ranges,
    find_years,
    find_years_in_name,
    parse_date,
    parse_fiscal_year,
    parse_year_range,
)

EXAMPLES = 2_500
OF_A_SEED = 20
"""Spoilt texts: drawing each by itself takes five times as long as reading it."""
BLOCK = date(2022, 9, 3)
_KANJI = "〇一二三四五六七八九"


def positional(number: int) -> str:
    return "".join(_KANJI[int(digit)] for digit in str(number))


def counted(number: int) -> str:
    tens, units = divmod(number, 10)
    return ("" if tens < 2 else _KANJI[tens]) + "十" * (tens > 0) + _KANJI[units] * (units > 0)


def wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def numbers_of(number: int) -> list[str]:
    """The ways in which a number below 100 is written."""
    plain = [str(number), f"{number:02}", wide(str(number)), counted(number), positional(number)]
    return [*plain, "元"] if number == 1 else plain


def eras_of(year: int) -> list[tuple[Era, int]]:
    """The eras a year is written in, with its number there."""
    found = [(era, year - era.first_year + 1) for era in ERAS]
    return [(era, number) for era, number in found if 1 <= number <= era.last]


@cache
def forms_of(year: int) -> tuple[str, ...]:
    """Every way in which somebody may write a year."""
    western = [str(year), wide(str(year)), *([positional(year)] if year < 3000 else [])]
    forms = [f"{form}{unit}" for form in western for unit in ("", "年", "年度", " 年度")]
    forms += [f"FY{year}", f"fy{year}"]
    if 1970 <= year < 2070:
        forms.append(f"FY{year % 100:02}")
    for era, number in eras_of(year):
        for digits in numbers_of(number):
            forms += [f"{era.name}{digits}{unit}" for unit in ("", "年", "年度")]
            forms += [f"{year}({era.name}{digits})年度", f"{era.name}{digits}年度({year}年度)"]
        forms += [f"{era.initial}{number}{unit}" for unit in ("", "年度")]
        forms += [f"{era.initial}{number:02}", wide(f"{era.initial}{number}")]
        if era.initial in "RHS":
            forms += [f"{era.name[0]}{number}年度", f"{era.name[0]}{counted(number)}年度"]
    fiscal = FiscalYear(year)
    forms += [fiscal.label, fiscal.era_label, fiscal.era_label_long, fiscal.both]
    return tuple(forms)


@st.composite
def notations(draw: st.DrawFn) -> tuple[str, int]:
    """A year as somebody may write it, and the year."""
    year = draw(st.integers(FIRST_YEAR, LAST_YEAR))
    return draw(st.sampled_from(forms_of(year))), year


_PIECES = (
    *"、。の は~-・()\n年月日元度昭RH昨/.第十〇３①㍻Q\u3099\u202e𠮷",
    *("年度", "令和", "平成", "FY", "翌年度", "昨年の", "まで", "から", "9月", "3日", "上半期"),
)
_SEEDS = st.integers(0, 2**32)


def spoilt(seed: int) -> Iterator[str]:
    """Notations run together, with something put in, taken out or doubled."""
    chance = Random(seed)
    for _ in range(OF_A_SEED):
        text = "".join(_part(chance) for _ in range(chance.randint(1, 4)))
        for _ in range(chance.randint(0, 3)):
            at = chance.randint(0, len(text))
            put = chance.choice((chance.choice(_PIECES), ""))
            text = text[:at] + put + text[at + chance.randint(0, 2) :]
        yield text


def _part(chance: Random) -> str:
    """A notation, two that may make a range, or a piece of one."""
    year = chance.randint(FIRST_YEAR, LAST_YEAR)
    later = min(year + chance.randint(1, 5), LAST_YEAR)
    # A place in both lists: years that are near each other are written in the same ways.
    place = chance.random()
    first, last = (forms[int(place * len(forms))] for forms in map(forms_of, (year, later)))
    joined = f"{first}{chance.choice(('~', '-', '〜', 'から', '・'))}{last}"
    return chance.choice((chance.choice(forms_of(year)), joined, chance.choice(_PIECES)))


@cache
def writings(year: int) -> set[str]:
    """Everything that a year may be written with, in plain form."""
    words = {str(year), positional(year), f"{year % 100:02}"}
    for _, number in eras_of(year):
        words |= {unicodedata.normalize("NFKC", digits) for digits in numbers_of(number)}
    return words


def assert_sound(text: str, spans: tuple[YearSpan, ...]) -> None:
    """Spans lie in the text, in order, and each says what stands there."""
    end_before = 0
    for span in spans:
        assert end_before <= span.start < span.end <= len(text)
        assert span.text == text[span.start : span.end]
        assert FIRST_YEAR <= span.year <= LAST_YEAR
        assert span.begins <= span.ends
        plain = unicodedata.normalize("NFKC", span.text).replace("○", "〇")
        assert span.relative or any(words in plain for words in writings(span.year)), span
        end_before = span.end


@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@given(notations())
def test_every_notation_names_its_year(written: tuple[str, int]) -> None:
    text, year = written
    assert parse_fiscal_year(text) == FiscalYear(year)


@settings(max_examples=1_000, suppress_health_check=list(HealthCheck))
@given(notations(), st.sampled_from(["", "、", "これは", "の ", "("]))
def test_notations_are_found_in_text(written: tuple[str, int], before: str) -> None:
    text, year = written
    spans = find_years(f"{before}{text}の取組", bare=True)
    says_so = text.rstrip(")").endswith("年度") or "FY" in text
    assert all(span.year == year for span in spans)
    assert spans or not says_so


@settings(max_examples=EXAMPLES // OF_A_SEED)
@given(_SEEDS)
def test_spoilt_notations_are_read_rightly_or_not_at_all(seed: int) -> None:
    for text in spoilt(seed):
        assert_sound(text, find_years(text, bare=True, on=BLOCK))
        assert_sound(text, find_years_in_name(text))
        year = parse_fiscal_year(text)
        plain = unicodedata.normalize("NFKC", text).replace("○", "〇").replace("◯", "〇")
        assert year is None or any(words in plain for words in writings(year.year)), text


@settings(max_examples=EXAMPLES // 2)
@given(st.text(max_size=40))
def test_any_text_is_safe(text: str) -> None:
    assert_safe(text)


@settings(max_examples=EXAMPLES // OF_A_SEED)
@given(_SEEDS)
def test_any_spoilt_notation_is_safe(seed: int) -> None:
    for text in spoilt(seed):
        assert_safe(text)


def assert_safe(text: str) -> None:
    """Whatever is read stands in the text, and nothing fails."""
    assert_sound(text, find_years(text, era_hint="平成", bare=True, on=BLOCK))
    for found in find_year_ranges(text, on=BLOCK):
        assert found.text == text[found.start : found.end]
        assert found.first < found.last
    assert isinstance(parse_fiscal_year(text, on=BLOCK), FiscalYear | None)
    assert isinstance(parse_date(text, on=BLOCK), date | None)
    assert parse_year_range(text) is None or parse_fiscal_year(text) is None


def test_labels_of_every_year_are_read_back() -> None:
    for number in range(FIRST_YEAR, LAST_YEAR + 1):
        year = FiscalYear(number)
        for label in (year.label, year.era_label, year.era_label_long, year.both):
            read = parse_fiscal_year(label)
            assert read == year
            assert label in (read.label, read.era_label, read.era_label_long, read.both)


@settings(max_examples=500)
@given(st.dates(date(1900, 1, 1), date(2060, 12, 31)))
def test_days_in_every_notation_are_read_back(day: date) -> None:
    era = next(era for era in ERAS if era.starts <= day)
    number = day.year - era.first_year + 1
    written = [
        f"{positional(day.year)}年{counted(day.month)}月{counted(day.day)}日",
        f"{era.name}{counted(number)}年{positional(day.month)}月{positional(day.day)}日",
        wide(f"{era.initial}{number}.{day.month}.{day.day}"),
        f"{day.year}({era.name}{number})年{day.month}月{day.day}日",
    ]
    if era.initial in "RH":
        written.append(f"{era.initial}{number:02}{day.month:02}{day.day:02}")
    assert [parse_date(text) for text in written] == [day] * len(written)
    assert [find_years(text)[0].out_of_era for text in written] == [False] * len(written)
