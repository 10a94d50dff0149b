"""The analyser: what is a word, and where it stands in the text as it was given."""

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.japanese.tokenise import LONGEST_TOKEN, Analyser, bigrams

ANALYSER = Analyser()


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return ANALYSER


def terms(analyser: Analyser, text: str) -> list[str]:
    return [token.term for token in analyser.words(text)]


@pytest.mark.parametrize("text", ["取組", "取組み", "取り組み", "とりくみ"])
def test_spellings_of_one_word_are_one_term(analyser: Analyser, text: str) -> None:
    assert terms(analyser, text) == ["取り組み"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("カイゼン", "改善"),
        ("ＤＸ", "dx"),
        ("原﨑", "原崎"),
        ("シュミレーション", "シミュレーション"),
    ],
)
def test_query_and_page_meet(analyser: Analyser, one: str, other: str) -> None:
    assert terms(analyser, one) == terms(analyser, other)


def test_words_without_meaning_are_left_out(analyser: Analyser) -> None:
    assert terms(analyser, "改善を、市が。") == ["改善", "市"]


def test_short_units_lie_within_words(analyser: Analyser) -> None:
    analysis = analyser.analyse("行政改革の推進課")
    assert next(t.term for t in analysis.words) == "行政改革"
    assert [t.term for t in analysis.short][:2] == ["行政", "改革"]
    assert all(
        any(w.start <= t.start and t.end <= w.end for w in analysis.words) for t in analysis.short
    )


def test_offsets_are_those_of_the_text_as_given(analyser: Analyser) -> None:
    text = "まちづくり推進課の取\n組"
    spans = [text[token.start : token.end] for token in analyser.words(text)]
    assert spans == ["まちづくり", "推進課", "取\n組"]


def test_long_texts_are_read_whole(analyser: Analyser) -> None:
    text = "福津市の改善。" * 5000
    assert terms(analyser, text).count("改善") == 5000


def test_a_run_without_end_is_cut(analyser: Analyser) -> None:
    assert all(len(token) <= LONGEST_TOKEN for token in bigrams("a" * 1000))
    assert all(len(token.term) <= LONGEST_TOKEN for token in analyser.words("a" * 1000))


def test_bigrams_keep_latin_runs_whole() -> None:
    assert bigrams("DX推進2022年度") == ("dx", "推進", "2022", "年度")
    assert bigrams("改善運動、市") == ("改善", "善運", "運動", "市")


def test_threads_share_one_analyser(analyser: Analyser) -> None:
    found: list[list[str]] = []

    def read() -> None:
        found.extend(terms(analyser, f"福津市の改善{n}") for n in range(50))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 200
    assert all(words[-2] == "改善" for words in found)


def test_the_fingerprint_names_tokeniser_and_dictionary(analyser: Analyser) -> None:
    assert "sudachipy0.7.0" in analyser.fingerprint
    assert "core20261015" in analyser.fingerprint


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_read_and_every_token_stands_in_it(text: str) -> None:
    analysis = ANALYSER.analyse(text)
    for token in (*analysis.words, *analysis.short):
        assert 0 <= token.start < token.end <= len(text)
