"""Numbers as a spreadsheet shows them."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.extract.office.number_format import built_in, plain, shown, shown_text

WAREKI = '[$-411]ggge"年"m"月"d"日"'


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (45366, "yyyy/m/d", "2024/3/15"),
        (45366, "yyyy/mm/dd", "2024/03/15"),
        (45366, WAREKI, "令和6年3月15日"),
        (43585, WAREKI, "平成31年4月30日"),
        (43586, WAREKI, "令和1年5月1日"),
        (32515, WAREKI, "昭和64年1月7日"),
        (45366, "[$-411]ge.m.d", "R6.3.15"),
        (45366, '[$-ja-JP]gge"年度"', "令6年度"),
        (45366, 'm"月"d"日"(aaa)', "3月15日(金)"),
        (45366, "aaaa", "金曜日"),
        (45366, "d-mmm-yy", "15-Mar-24"),
        (45366.5625, "yyyy/m/d h:mm", "2024/3/15 13:30"),
        (45366.5625, 'h"時"mm"分"', "13時30分"),
        (0.5625, "h:mm AM/PM", "1:30 PM"),
        (1.75, "[h]:mm", "42:00"),
        (60, "yyyy/m/d", "1900/2/28"),
        (1, "yyyy/m/d", "1900/1/1"),
        (-1, "yyyy/m/d", "-1"),
        (1e12, "yyyy/m/d", "1000000000000"),
        (0.235, "0%", "24%"),
        (0.235, "0.0%", "23.5%"),
        (1234567, "#,##0", "1,234,567"),
        (1234.5, "¥#,##0", "¥1,235"),
        (1234, "[$¥-411]#,##0", "¥1,234"),
        (-12.3, "#,##0.0;▲#,##0.0", "▲12.3"),
        (-12.3, "#,##0.0;[Red]-#,##0.0", "-12.3"),
        (0, '#,##0;-#,##0;"なし"', "なし"),
        (12345678, "#,##0,", "12,346"),
        (8000001, "000-0000", "800-0001"),
        (1640001, "[<=999]000;[<=9999]000-00;000-0000", "164-0001"),
        (1640, "[<=999]000;[<=9999]000-00;000-0000", "016-40"),
        (5, '"第"0"回"', "第5回"),
        (7, "00", "07"),
        (1.5, "0.0##", "1.5"),
        (2, "0.0##", "2.0"),
        (0.005, "0.00", "0.01"),
        (12, 'General"件"', "12件"),
        (1234, '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', "1,234"),
        (0, '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', "-"),
        (0.5, "# ?/?", "0.5"),
        (12345, "0.00E+00", "1.23E+4"),
        (0.1 + 0.2, "General", "0.3"),
        (3, "@", "3"),
        (float("inf"), "0.00", "inf"),
    ],
)
def test_a_number_is_shown_by_its_format(value: float, code: str, text: str) -> None:
    assert shown(value, code) == text


def test_text_is_shown_by_the_part_of_a_format_for_text() -> None:
    assert shown_text("山田", '@"様"') == "山田様"
    assert shown_text("山田", '0;0;0;"氏名:"@') == "氏名:山田"
    assert shown_text("山田", "0.00") == "山田"


def test_the_built_in_formats_of_the_japanese_locale() -> None:
    assert shown(45366, built_in(14)) == "2024/3/15"
    assert shown(45366, built_in(27)) == "R6.3.15"
    assert shown(45366, built_in(28)) == "令和6年3月15日"
    assert shown(1234.5, built_in(4)) == "1,234.50"
    assert shown(12.5, built_in(163)) == "12.5"


@given(st.dates(datetime.date(1900, 3, 1), datetime.date(2100, 1, 1)))
def test_every_day_is_shown_as_itself(day: datetime.date) -> None:
    serial = (day - datetime.date(1899, 12, 30)).days
    assert shown(serial, "yyyy-mm-dd") == day.isoformat()


@given(st.integers(-(10**14), 10**14))
def test_whole_numbers_are_grouped_as_python_groups_them(number: int) -> None:
    assert shown(number, "#,##0") == f"{number:,}"


@given(st.floats(-1e300, 1e300))
def test_a_plain_number_is_the_number(value: float) -> None:
    assert float(plain(value)) == pytest.approx(value, rel=1e-14)


@given(st.floats(), st.text('0#?.,%@/;"\\[]ymdhsgeraEG+-_* 年', max_size=30))
def test_any_code_shows_something_or_nothing_but_never_fails(value: float, code: str) -> None:
    assert isinstance(shown(value, code), str)
