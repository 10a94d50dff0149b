"""The two years of a document."""

from datetime import date

import pytest

from indexer.recognise.recognise import EventContext
from tests.indexer.recognise.conftest import Recognise, page, values

PROSE = "この資料では、取組の経過と結果を、担当した職員の言葉でまとめている。" * 8


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("令和6年度\n富士市\n一般会計予算書", 2024),
        ("令和８年度\n施政方針・予算説明\n令和８年２月16日\n延岡市長 三浦 久知", 2026),
        ("実践年度 2021年度\n発表年度 2022年度", 2021),
        (f"改善の報告\n{PROSE}2020年5月から10月まで、在宅勤務を試行した。", 2020),
    ],
)
def test_the_year_of_the_work(recognise: Recognise, text: str, year: int) -> None:
    assert values(recognise(text), "implemented_in")[0] == year


def test_a_budget_printed_in_february_has_two_years(recognise: Recognise) -> None:
    found = recognise("令和８年度\n施政方針・予算説明\n令和８年２月16日\n延岡市長 三浦 久知")
    assert values(found, "implemented_in") == [2026]
    assert values(found, "presented_in")[0] == 2025


def test_a_presentation_date_says_nothing_of_the_work(recognise: Recognise) -> None:
    found = recognise("職場力を高める\n福津市 総務課\n令和4年9月3日")
    assert values(found, "presented_in") == [2022]
    assert values(found, "implemented_in") == []


def test_a_meeting_is_of_the_year_it_was_held_in(recognise: Recognise) -> None:
    title = "第12回延岡市議会(定例会)での議案審議等結果"
    text = f"{title}\n(会期：令和３年２月24日～３月24日)\n議案第113号 令和３年度延岡市一般会計予算"
    found = recognise(text, title=title, file="2021-03.pdf", created="2021-03-24")
    assert values(found, "implemented_in") == [2020]
    assert values(found, "presented_in")[0] == 2020


def test_an_undated_meeting_is_dated_by_its_file(recognise: Recognise) -> None:
    title = "第６回延岡市議会(定例会)での議案審査等結果"
    text = f"{title}\n議案第90号 令和２年度延岡市一般会計予算 原案可決 ３月18日"
    found = recognise(text, title=title, file="2020-03.pdf", created="2020-03-19")
    assert values(found, "implemented_in") == [2019]
    assert found["implemented_in"][0].confidence < 0.9


def test_last_year_is_counted_from_the_documents_date(recognise: Recognise) -> None:
    text = f"職場力を高める\n令和4年9月3日\n{PROSE}昨年度、係長のチームで取り組みました。"
    assert values(recognise(text), "implemented_in") == [2021]
    text = f"職場力を高める\n令和4年9月3日\n{PROSE}一昨年度から実施しています。"
    assert values(recognise(text), "implemented_in") == [2020]


@pytest.mark.parametrize(
    ("file", "year"),
    [
        ("r8_policy.pdf", 2026),
        ("R06-budget.pdf", 2024),
        ("h30keikaku.pdf", None),
        ("h30-keikaku.pdf", 2018),
        ("令和4年度計画.pdf", 2022),
    ],
)
def test_years_in_file_names(recognise: Recognise, file: str, year: int | None) -> None:
    assert values(recognise(PROSE, file=file), "implemented_in") == ([year] if year else [])


def test_the_event_dates_the_presentation(recognise: Recognise) -> None:
    event = EventContext(date(2022, 9, 3), (), "2022年度セミナー")
    found = recognise("職場力を高める\n福津市", event=event)["presented_in"]
    assert [proposal.value for proposal in found] == [2022]
    assert found[0].confidence >= 0.95
    assert found[0].evidence[0].source == "event"


def test_a_letter_is_dated_below_in_kanji(recognise: Recognise) -> None:
    found = recognise(f"発表会に寄せて\n{PROSE}\n令和五年一一月一八日\n三浦久知(延岡市長)")
    assert values(found, "presented_in") == [2023]


def test_a_seminar_of_a_year_is_not_work_of_that_year(recognise: Recognise) -> None:
    title = "2022年度自治体改善ステップアップセミナー"
    found = recognise(f"{title}\n{PROSE}", title=title)
    assert values(found, "presented_in") == [2022]
    assert values(found, "implemented_in") == []


def test_results_by_year_end_with_the_year_of_the_work(recognise: Recognise) -> None:
    first = page("移住相談の窓口\n令和3年11月20日", title="移住相談の窓口", wide=True)
    table = page("結果\n項目\n2018年度\n2019年度\n相談の件数\n85件\n213件", 2, wide=True)
    found = recognise(pages=(first, table))["implemented_in"]
    assert [proposal.value for proposal in found] == [2019]
    assert found[0].confidence < 0.6
