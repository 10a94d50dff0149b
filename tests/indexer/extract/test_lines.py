"""Runs become lines: by their places alone, in drawing order."""

import pytest

from indexer.extract.pdf.lines import PageLines, joint
from indexer.extract.pdf.run import Run, Stretch
from indexer.extract.pdf.title import page_title


def run(text: str, x: float, y: float, size: float = 10.0, wide: float | None = None) -> Run:
    width = len(text) * size if wide is None else wide
    return Run(text, x, y, x + width, y, 1.0, 0.0, size)


def read(*runs: Run, most: int = 1000) -> str:
    lines = PageLines(most)
    for each in runs:
        lines.add(each)
    return lines.finish()


def test_runs_that_touch_are_one_word_and_a_new_baseline_is_a_new_line() -> None:
    assert read(run("改善", 0, 100), run("活動", 20, 100), run("報告", 0, 85)) == "改善活動\n報告"


@pytest.mark.parametrize(
    ("before", "after", "gap", "between"),
    [
        ("City", "Hall", 0.3, " "),
        ("City", "Hall", 0.1, ""),
        ("City ", "Hall", 0.3, ""),
        ("令和", "5", 0.3, ""),
        ("2.2", "網掛け", 1.0, " "),
        ("改", "善", 1.5, ""),
        ("氏名", "所属", 2.5, "\n"),
    ],
)
def test_what_stands_in_a_gap(before: str, after: str, gap: float, between: str) -> None:
    assert joint(before, after, gap) == between


def test_a_superscript_stays_in_its_line() -> None:
    assert read(run("面積", 0, 100), run("2", 20, 104, size=6), run("平方", 26, 100)) == "面積2平方"


def test_a_run_drawn_twice_a_hair_apart_is_bold_and_counts_once() -> None:
    assert read(run("見出し", 0, 100), run("見出し", 0.4, 100)) == "見出し"


def test_the_same_words_in_two_cells_count_twice() -> None:
    assert read(run("改善", 0, 100), run("改善", 100, 100)) == "改善\n改善"


def test_a_blank_run_between_words_is_kept_and_one_drawn_elsewhere_is_not() -> None:
    assert read(run("a", 0, 0, wide=5), run(" ", 5, 0, wide=3), run("b", 8, 0, wide=5)) == "a b"
    assert read(run("第1", 0, 0), run("\u3000", 40, 0), run("章", 22, 0)) == "第1章"


def test_ruby_before_its_word_leaves_the_sentence_whole() -> None:
    text = read(run("主題は", 0, 100), run("かいぜん", 30, 110, size=5), run("改善の定着", 30, 100))
    assert text == "主題は改善の定着\nかいぜん"


def test_ruby_as_large_as_its_word_is_known_by_the_line_that_goes_on() -> None:
    text = read(run("主題は", 0, 100), run("かいぜん", 30, 110), run("改善", 45, 100))
    assert text == "主題は改善\nかいぜん"


def test_ruby_after_its_word_leaves_the_sentence_whole() -> None:
    text = read(run("主題は改善", 0, 100), run("かいぜん", 30, 110, size=5), run("の定着", 50, 100))
    assert text == "主題は改善の定着\nかいぜん"


def test_a_line_of_kana_is_a_line() -> None:
    assert (
        read(run("ひらがな", 0, 100), run("だけ", 0, 85), run("の行", 0, 70))
        == "ひらがな\nだけ\nの行"
    )


def test_a_last_line_of_kana_is_not_lost() -> None:
    assert read(run("改善", 0, 100), run("おわり", 0, 80)) == "改善\nおわり"


def test_single_characters_below_each_other_are_one_vertical_line() -> None:
    column = [run(character, 50, 100 - 10 * row) for row, character in enumerate("縦書き")]
    number = run("18", 50, 70, wide=10)
    rest = [run("分", 50, 60), run("次", 30, 100)]
    assert read(*column, number, *rest) == "縦書き18分\n次"


def test_digits_below_each_other_are_cells_of_a_table() -> None:
    assert read(run("1", 0, 100, wide=5), run("2", 0, 88, wide=5)) == "1\n2"


def test_senseless_sizes_do_no_harm() -> None:
    for size in (0.0, float("inf"), float("nan")):
        lines = PageLines(1000)
        for number, word in enumerate(("かな", "改善", "よみ", "報告")):
            lines.add(run(word, 0, 20 * number, size=size, wide=5))
        assert set("".join(lines.finish().split())) == set("かな改善よみ報告")
        assert page_title(lines.stretches) in (None, "かな改善よみ報告")


def test_text_beyond_the_limit_is_cut_and_said_so() -> None:
    lines = PageLines(5)
    lines.add(run("一二三", 0, 100))
    lines.add(run("四五六", 30, 100))
    assert lines.finish() == "一二三四五"
    assert lines.cut


def test_the_title_is_the_largest_text_that_reads_like_one() -> None:
    body = Stretch(10, "\n" + "本文" * 30)
    assert page_title([Stretch(40, "1"), Stretch(20, "\n窓口の"), Stretch(20, "\n改善"), body]) == (
        "窓口の改善"
    )
    assert page_title([Stretch(12, "少し大きい"), body]) is None
    assert page_title([Stretch(20, "あ" * 121), body]) is None
    assert page_title([Stretch(30, "2.2"), Stretch(12, "少し"), body]) is None
    assert page_title([]) is None
