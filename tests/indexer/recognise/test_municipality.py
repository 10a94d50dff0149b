"""Whose document it is, and when nobody can tell."""

import pytest

from indexer.recognise.recognise import EventContext
from tests.indexer.recognise.conftest import Recognise, page, values

FUKUTSU, NAKANO_KU, NOBEOKA = "402249", "131148", "452033"
PROSE = "この資料では、取組の経過と結果を、担当した職員の言葉でまとめています。" * 8


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("職場力を高める\n福津市 総務課・人事課\n2022年9月3日", "owner_line"),
        ("施政方針\n福津市長 原﨑 智仁", "head"),
        ("福津市\n一般会計予算書", "owner_line"),
        ("団体・部署\t福津市 総務課\t記入日", "form_label"),
    ],
)
def test_an_owner_on_the_cover_is_recognised(recognise: Recognise, text: str, rule: str) -> None:
    found = recognise(text)["municipality"]
    assert [proposal.value for proposal in found] == [FUKUTSU]
    assert found[0].rule == rule
    assert found[0].confidence >= 0.85
    assert "福津市" in found[0].evidence[0].text


def test_the_title_names_whose_it_is(recognise: Recognise) -> None:
    text = f"第８回延岡市議会(定例会)での議案審査等結果\n{PROSE}"
    found = recognise(text, title="第８回延岡市議会(定例会)での議案審査等結果")
    assert values(found, "municipality") == [NOBEOKA]


def test_author_and_header_are_strong(recognise: Recognise) -> None:
    assert values(recognise(PROSE, author="延岡市"), "municipality") == [NOBEOKA]
    headed = page(f"福津市 見本\n{PROSE}", running="福津市 見本")
    assert values(recognise(pages=(headed,)), "municipality") == [FUKUTSU]


def test_web_and_postal_addresses_name_the_sender(recognise: Recognise) -> None:
    web = f"{PROSE}\nhttps://www.city.nobeoka.miyazaki.jp/"
    assert values(recognise(web), "municipality") == [NOBEOKA]
    postal = f"{PROSE}\n〒882-8686 宮崎県延岡市東本小路2番地1"
    assert values(recognise(postal), "municipality") == [NOBEOKA]


@pytest.mark.parametrize("file", ["402249_slides.pdf", "福津市スライド.pdf", "fukutsu-shi.pdf"])
def test_the_file_name_names_it(recognise: Recognise, file: str) -> None:
    assert values(recognise(PROSE, file=file), "municipality") == [FUKUTSU]


def test_bare_romaji_needs_another_ground(recognise: Recognise) -> None:
    assert values(recognise(PROSE, file="nobeoka_budget.pdf"), "municipality") == []
    text = f"{PROSE}延岡市議会と延岡市職員、延岡市一般会計について述べる。"
    assert values(recognise(text, file="nobeoka_budget.pdf"), "municipality") == [NOBEOKA]


@pytest.mark.parametrize(
    "text",
    [
        f"先進地の調べ方\n{PROSE}\n昨年、視察した福津市では係長が集まっていた。福津市の係長は語る。",
        "福津市視察報告\n研修を終えて",
        "改善の集い\n会場\n中野区役所9階会議室\n主催 改善の会",
        f"改善の集い\n会場 中野区役所\n{PROSE}",
        "全国の取組\n福津市 総務課\n中野区 企画課\n延岡市 財政課\n高島市 人事課",
        "総務省\n地方公共団体の行政改革の取組\n福津市の取組、中野区の取組、延岡市の取組",
        "人口の比較\n" + "\n".join(f"{name} 1,234" for name in ("福津市", "中野区", "延岡市")),
        "LaTeX入門\n中野賢\n1997年8月8日",
    ],
)
def test_mentions_venues_and_lists_are_no_owners(recognise: Recognise, text: str) -> None:
    assert values(recognise(text), "municipality") == []


def test_joint_authors_in_one_line_are_all_recognised(recognise: Recognise) -> None:
    found = recognise(f"共同の事例集\n福津市・中野区・延岡市\n{PROSE}")
    assert set(values(found, "municipality")) == {FUKUTSU, NAKANO_KU, NOBEOKA}


def test_namesakes_are_told_apart_by_the_prefecture_or_not_at_all(recognise: Recognise) -> None:
    assert values(recognise("府中市 総務課\n改善の記録"), "municipality") == []
    told = recognise("府中市 総務課\n改善の記録\n広島県の東部から")
    assert values(told, "municipality") == ["342084"]


def test_a_former_town_leads_to_its_successor(recognise: Recognise) -> None:
    assert values(recognise("福間町 企画課\n平成12年3月"), "municipality") == [FUKUTSU]


def test_a_ward_of_a_city_is_taken_where_it_is_the_one_named(recognise: Recognise) -> None:
    found = values(recognise("横浜市青葉区 区政推進課\n改善の記録"), "municipality")
    assert found == ["141178"]
    assert values(recognise("横浜市 財政課\n改善の記録"), "municipality") == ["141003"]


def test_a_prefecture_needs_more_than_its_name(recognise: Recognise) -> None:
    assert values(recognise("福岡県\n改善の集い"), "municipality") == []
    assert values(recognise("福岡県 市町村課\n改善の集い"), "municipality") == ["400009"]


def test_the_event_decides_only_where_nobody_else_presented(recognise: Recognise) -> None:
    alone = EventContext(None, (FUKUTSU,), "セミナー")
    assert values(recognise(PROSE, event=alone), "municipality") == [FUKUTSU]
    two = EventContext(None, (FUKUTSU, NAKANO_KU), "セミナー")
    assert values(recognise(PROSE, event=two), "municipality") == []
