"""The two years of a document."""

from datetime import date

import pytest

from indexer.extracted import ExtractedPage
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


@pytest.mark.parametrize(
    ("cover", "year", "rule"),
    [
        ("令和3年度の取組", 2021, "year_of_work"),
        ("2021年度 チーム経営研究会 実践の記録", 2021, "year_of_work"),
        ("令和三年度 業務改善プロジェクト", 2021, "cohort"),
        ("実施年度\n令和3年度", 2021, "label"),
        ("実施期間 令和3年5月~令和4年2月", 2021, "period"),
        ("取組期間\n2021年10月から2022年9月まで", 2021, "period"),
    ],
)
def test_the_cover_says_when_the_work_was_done(
    recognise: Recognise, cover: str, year: int, rule: str
) -> None:
    found = recognise(f"職場力を高める\n福津市 総務課\n{cover}\n令和4年9月3日\n{PROSE}")
    assert values(found, "implemented_in")[0] == year
    assert rule in {proposal.rule for proposal in found["implemented_in"]}
    assert values(found, "presented_in")[0] == 2022


@pytest.mark.parametrize(
    "cover", ["2022年度 改善事例発表会", "令和4年度実践報告会", "令和4年度セミナー 事例発表"]
)
def test_a_gathering_on_the_cover_is_not_the_work(recognise: Recognise, cover: str) -> None:
    found = recognise(f"職場力を高める\n福津市 総務課\n{cover}\n令和4年9月3日\n{PROSE}")
    assert values(found, "implemented_in") == []


def test_a_sentence_on_the_cover_is_no_label(recognise: Recognise) -> None:
    text = f"予算の見直し\n福津市\n2009年度の437から、事業は増えつづけた。\n令和4年9月3日\n{PROSE}"
    assert all(one.confidence < 0.6 for one in recognise(text)["implemented_in"])


def test_of_a_range_the_beginning_counts(recognise: Recognise) -> None:
    title = "令和元年度〜令和3年度の取組"
    found = recognise(f"{title}\n{PROSE}", title=title)["implemented_in"]
    assert [(one.value, one.rule) for one in found] == [(2019, "range")]


@pytest.mark.parametrize(
    ("sentence", "year"),
    [
        ("一昨年の10月に、窓口の調査を実施しました。", 2020),
        ("昨年の9月から、係長のチームで取り組みました。", 2021),
        ("今年度は、係長のチームで取り組んできました。", 2022),
        ("昨年3月に見直しを行いました。", 2020),
    ],
)
def test_relative_words_count_from_the_documents_day(
    recognise: Recognise, sentence: str, year: int
) -> None:
    found = recognise(f"職場力を高める\n令和4年9月3日\n{PROSE}{sentence}")
    assert values(found, "implemented_in") == [year]


def test_without_a_day_relative_words_say_nothing(recognise: Recognise) -> None:
    text = f"職場力を高める\n{PROSE}昨年度、係長のチームで取り組みました。"
    assert values(recognise(text), "implemented_in") == []


def test_this_year_is_the_year_that_ends(recognise: Recognise) -> None:
    told = f"{PROSE}\nこの一年に交わした約束は六十四でした。"
    march = recognise(f"えんがわ会議\n霧ヶ沢村\n平成29年3月31日\n{told}")
    assert values(march, "implemented_in") == [2016]
    autumn = recognise(f"えんがわ会議\n霧ヶ沢村\n平成29年10月31日\n{told}")
    assert values(autumn, "implemented_in") == []


def slides(*texts: str, day: str = "令和3年11月20日") -> tuple[ExtractedPage, ...]:
    cover = page(f"観光の台帳\n{day}", title="観光の台帳", wide=True)
    rest = (page(text, number, wide=True) for number, text in enumerate(texts, 2))
    return (cover, *rest)


def test_a_chart_of_results_ends_with_the_year_of_the_work(recognise: Recognise) -> None:
    chart = "苦情\n2018\t68\n2019\t73\n2020\t8"
    late = recognise(pages=slides("課題", "方法", chart, "終わりに"))["implemented_in"]
    assert [(one.value, one.rule) for one in late] == [(2020, "compared_bare")]
    early = recognise(pages=slides(chart, "課題", "方法", "終わりに", "まとめ"))
    assert values(early, "implemented_in") == []
    counts = "件数\n2018\n2011\n2035"
    assert values(recognise(pages=slides("課題", counts)), "implemented_in") == []


def test_months_of_one_year_tell_it(recognise: Recognise) -> None:
    chart = "結果\n2019年5\n月\n30分\n7月\n25分\n2020年2\n月\n20分"
    found = recognise(pages=slides("課題", chart))["implemented_in"]
    assert [(one.value, one.rule) for one in found] == [(2019, "compared_months")]
    over = "結果\n2019年5月\n30分\n2020年5月\n25分"
    assert values(recognise(pages=slides("課題", over)), "implemented_in") == []


def test_tables_that_end_in_different_years_tell_none(recognise: Recognise) -> None:
    tables = "時間\n2018年度\n2019年度\n時間\n率\n2019年度\n2020年度"
    assert values(recognise(pages=slides("課題", tables)), "implemented_in") == []


def test_a_record_of_several_years_is_of_the_first(recognise: Recognise) -> None:
    title = "枠配分の3年間の記録"
    first = page(f"{title}\n令和4年3月31日", title=title, wide=True)
    table = page("結果\n2019年度\n2020年度\n2021年度", 2, wide=True)
    found = recognise(pages=(first, table))["implemented_in"]
    assert [(one.value, one.rule) for one in found] == [(2019, "years_of_work")]


def test_a_plan_for_a_year_that_was_over_ends_the_year_before(recognise: Recognise) -> None:
    pages = slides("課題", "方法", "これから\n2021年度は全28課で行う", day="令和4年11月20日")
    found = recognise(pages=pages)["implemented_in"]
    assert [(one.value, one.rule) for one in found] == [(2020, "plan_follows")]


def test_the_day_on_a_form_is_less_sure(recognise: Recognise) -> None:
    form = recognise("改善シート\n福津市 総務課\n記入日\n平成28年3月15日")["presented_in"]
    assert form[0].rule == "form_date"
    assert form[0].confidence < 0.75


def test_a_date_in_an_address_is_not_the_documents(recognise: Recognise) -> None:
    text = "改善の集い\nhttps://example.jp/2020/05/21/index.html"
    assert values(recognise(text), "presented_in") == []


def test_the_event_tells_what_last_year_was(recognise: Recognise) -> None:
    text = f"職場力を高める\n福津市 総務課\n{PROSE}昨年度、係長のチームで取り組みました。"
    event = EventContext(date(2022, 9, 3), ("402249",), "自治体改善ステップアップセミナー")
    assert values(recognise(text, event=event), "implemented_in") == [2021]
    assert values(recognise(text), "implemented_in") == []
