"""Titles as one token: what is kept of them, and what of a question may be one."""

import pytest

from kb.japanese.tokenise import Analyser
from kb.search.whole_titles import MOST_TITLES, title_tokens, typed_titles


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return Analyser()


@pytest.mark.parametrize(
    ("title", "typed"),
    [
        ("窓口の待ち時間", "窓口の待ち時間"),
        ("窓口の待ち時間", "窓口 待ち時間"),
        ("窓口の待ち時間", "改善　窓口の待ち時間。短縮"),
        ("ＤＸ 報告会", "dx 報告会"),
        ("おくやみ窓口 ― 遺族の手続", "「おくやみ窓口」 人数"),
        ("おくやみ窓口 ― 遺族の手続", "おくやみ窓口 遺族 手続"),
    ],
)
def test_a_title_typed_whole_is_known(title: str, typed: str, analyser: Analyser) -> None:
    assert set(title_tokens([title], analyser)) & set(typed_titles(typed, analyser))


@pytest.mark.parametrize(
    ("title", "typed"),
    [
        ("窓口の待ち時間", "窓口"),
        ("窓口の待ち時間", "待ち時間 窓口"),
        ("教育", "教育委員会"),
        ("おくやみ窓口 ― 遺族の手続", "遺族 手続"),
    ],
)
def test_part_of_a_title_or_of_a_word_is_no_title(
    title: str, typed: str, analyser: Analyser
) -> None:
    assert not set(title_tokens([title], analyser)) & set(typed_titles(typed, analyser))


def test_nothing_to_say_is_no_title_and_a_long_question_names_few(analyser: Analyser) -> None:
    assert title_tokens(["", "。"], analyser) == typed_titles("。 、", analyser) == ()
    assert len(typed_titles("甲 乙 丙 丁 戊 己 庚 辛 壬 癸", analyser)) == MOST_TITLES
