"""The analyser: what is a word, and where it stands in the text as it was given."""

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sudachipy import Dictionary, SplitMode

from kb.japanese import tokenise
from kb.japanese.fold import fold_text
from kb.japanese.tokenise import LONGEST_TOKEN, Analyser, bigrams
from tests.conftest import SHARED

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


TEXTS = (
    "国家公務員法と行政改革推進課、サーーービスの一二三四円、1,234人。",
    "行った人が行った。生物と生物学、市立図書館の図書館員。",
    "コンピューター・システムのｼｽﾃﾑ化、㍻30年度ＤＸ推進計画",
)


def both_passes(text: str) -> list[list[tuple[str, int, int]]]:
    """Terms and ranges in a folded text by two passes of Sudachi, modes C and A."""
    tokenizer = Dictionary(dict="core").tokenizer()
    return [
        [
            (m.normalized_form().casefold()[:LONGEST_TOKEN], m.begin(), m.end())
            for m in tokenizer.tokenize(text, mode)
            if m.part_of_speech()[0] not in {"助詞", "助動詞", "補助記号", "記号", "空白"}
        ]
        for mode in (SplitMode.C, SplitMode.A)
    ]


def one_pass(analyser: Analyser, text: str) -> list[list[tuple[str, int, int]]]:
    analysis = analyser.analyse(text)
    return [[tuple(token) for token in tokens] for tokens in (analysis.words, analysis.short)]


@pytest.mark.parametrize("text", TEXTS)
def test_one_pass_says_what_two_would(analyser: Analyser, text: str) -> None:
    folded = fold_text(text)
    for _ in range(2):  # learnt, and known
        assert one_pass(analyser, folded) == both_passes(folded)


@pytest.mark.shared
def test_one_pass_says_what_two_would_on_a_real_page(analyser: Analyser) -> None:
    page = SHARED / "data" / "seed" / "seminar-page.txt"
    if not page.exists():
        pytest.skip("no test material beside the checkout")
    folded = fold_text(page.read_text(encoding="utf-8"))[:10_000]
    assert one_pass(analyser, folded) == both_passes(folded)


def test_what_is_learnt_is_bounded_and_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokenise, "_MOST_LEARNT", 3)
    forgetful = Analyser()
    for text in TEXTS:
        folded = fold_text(text)
        assert one_pass(forgetful, folded) == both_passes(folded)
    assert 0 < len(forgetful._known) <= 3


GOOD = "窓口の待ち時間を短くするため、職員が自ら手順を見直し、市民の満足度を高めた。"


def test_the_share_of_unknown_words_tells_text_from_what_was_decoded_wrongly(
    analyser: Analyser,
) -> None:
    assert analyser.analyse(GOOD).unknown < 0.1
    mojibake = GOOD.encode().decode("cp932", errors="replace")
    assert analyser.analyse(mojibake).unknown > 0.3


@pytest.mark.parametrize("text", ["", "ニャホニャホタマクロー", "no Japanese at all, whatever"])
def test_of_a_short_text_nothing_is_called_unknown(analyser: Analyser, text: str) -> None:
    assert analyser.analyse(text).unknown == 0


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


@settings(max_examples=100)
@given(st.text(max_size=80))
def test_any_text_is_read_and_every_token_stands_in_it(text: str) -> None:
    analysis = ANALYSER.analyse(text)
    for token in (*analysis.words, *analysis.short):
        assert 0 <= token.start < token.end <= len(text)
