"""Names and years that the end of a line breaks in two."""

import pytest

from tests.indexer.recognise.conftest import Recognise, values

FUKUTSU, MINAMIISE = "402249", "244724"
PROSE = "この資料では、取組の経過と結果を、担当した職員の言葉でまとめている。" * 8


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("職場力を高める\n福津\n市 総務課\n2022年9月3日", FUKUTSU),
        ("若者の定住\n南伊\n勢町 総務課\n2021年8月7日", MINAMIISE),
        ("職場力を高める\n福津　\n 市長 原﨑 智仁", FUKUTSU),
    ],
)
def test_a_name_over_two_lines_is_read(recognise: Recognise, text: str, code: str) -> None:
    found = recognise(text)["municipality"]
    assert [proposal.value for proposal in found] == [code]
    evidence = found[0].evidence[0]
    assert evidence.start is not None
    assert evidence.end is not None
    assert "\n" in text[evidence.start : evidence.end]
    assert text[evidence.start] in "福南"
    assert text[evidence.end - 1] in "市町"


@pytest.mark.parametrize(
    "text",
    [
        f"{PROSE}福津\n\n\n\n市民の声",
        "福津\n会の記録\n市民の声",
        "改善の会\n市民の声\n町内の声",
    ],
)
def test_what_does_not_go_on_is_no_name(recognise: Recognise, text: str) -> None:
    assert values(recognise(text), "municipality") == []


def test_the_longer_name_is_taken(recognise: Recognise) -> None:
    found = recognise("改善の記録\n横浜市青\n葉区 区政推進課")
    assert values(found, "municipality") == ["141178"]


@pytest.mark.parametrize("year", ["2021年\n度", "令和\n3年度", "2021\n年度", "令\n和3年度"])
def test_a_year_over_two_lines_is_read(recognise: Recognise, year: str) -> None:
    found = recognise(f"職場力を高める\n{year}の取組\n{PROSE}")["implemented_in"]
    assert found[0].value == 2021


def test_numbers_in_two_lines_are_no_date(recognise: Recognise) -> None:
    assert values(recognise(f"職場力を高める\n2010\n1112\n{PROSE}"), "presented_in") == []
