"""Several words in one box: as people type them, and nothing lost in between."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.domain.word_lists import join_words, split_words

WORDS = st.lists(
    st.text("窓口a 　、，,;；\"＂“”「」・'", max_size=8).map(str.strip).filter(bool), unique=True
)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("窓口、対話", ("窓口", "対話")),
        ("窓口,対話; 改善；人事\n財政、窓口", ("窓口", "対話", "改善", "人事", "財政")),
        ('"企画、財政課"、人事課', ("企画、財政課", "人事課")),
        ("窓口、 ”企画、財政課” ", ("窓口", "企画、財政課")),
        ('"見える化"の取組、"5分"会議', ('"見える化"の取組', '"5分"会議')),
        ("「三方よし」、対話", ("「三方よし」", "対話")),
        ('"企画、財政課', ('"企画', "財政課")),
        (" 、\n", ()),
    ],
)
def test_lists_are_read_as_people_type_them(typed: str, words: tuple[str, ...]) -> None:
    assert split_words(typed) == words


def test_plain_words_are_written_as_ever() -> None:
    assert join_words(("窓口", "「三方よし」", 'A"B')) == '窓口、「三方よし」、A"B'
    assert join_words(("企画、財政課", "人事課")) == '"企画、財政課"、人事課'


@given(WORDS)
def test_no_word_is_lost_or_split_between_writing_and_reading(words: list[str]) -> None:
    assert split_words(join_words(words)) == tuple(words)
