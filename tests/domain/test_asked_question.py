"""Which questions look as if they told of a person, and which only have numbers in them."""

import pytest

from kb.domain.asked_question import tells_of_somebody


@pytest.mark.parametrize(
    "text",
    [
        "taro@example.jp の問い合わせ",
        "090-1234-5678",
        "電話 090 1234 5678",
        "03(1234)5678",
        "(03) 2011-2022",
        "+81 90 1234 5678",
        "09012345678",
        "090ー1234ー5678",
        "0312-345678",
        "1234 5678 9012 の人",
        "1234-5678-9012",
        "123456789012",
        "2021 03-1234-5678",
        "0 9 0 1 2 3 4 5 6 7 8",
        "〇九〇一二三四五六七八",
        "口座 1234567",
        "164-0001",
        "中野4-8-1",
        "中央1丁目2番3号",
        "大字手光1番地",
        "https://example.jp/?session=abc",
    ],
)
def test_what_may_tell_of_a_person_is_told_apart(text: str) -> None:
    assert tells_of_somebody(text)


@pytest.mark.parametrize(
    "text",
    [
        "中野区 チーム経営",
        "402249",
        "131148 402249",
        "13114",
        "r4.9.3",
        "r4-9-3",
        "令和4-9-3",
        "2022/9/3",
        "2022-09-03",
        "20220903",
        "2020 2021 2022",
        "2019-2022 2021",
        "2021年度 改善 3つ",
        "第10号 no.10",
        "10 20 30",
        "1丁目の窓口",
        "平成30年7月29日",
        "一課一改善 三方よし",
        "rpa 23業務",
    ],
)
def test_years_dates_codes_and_counts_tell_of_nobody(text: str) -> None:
    assert not tells_of_somebody(text)
