"""Same file, same text, another edition; and what is none of these."""

import random
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.likeness import (
    FEWEST,
    SIGNATURE_VERSION,
    Fingerprint,
    Likeness,
    VersionsDiffer,
    alike,
    fingerprint,
    signature,
    similarity,
    text_digest,
)

KANJI = [chr(code) for code in range(0x4E00, 0x5200)]
WORDS = st.text("市町村民課係窓口改善事業計画報告書あいうえおかきくけこ0123456789", min_size=1)
TEXTS = st.lists(WORDS, min_size=20).map("".join).filter(lambda text: len(text) >= FEWEST)


def sentences(count: int, seed: int = 1) -> list[str]:
    """Sentences of 30 characters that have next to nothing in common."""
    chance = random.Random(seed)
    return ["".join(chance.choices(KANJI, k=29)) + "。" for _ in range(count)]


def pages(text: list[str], each: int = 10) -> list[str]:
    """The sentences, ten to a page, a line each."""
    return ["\n".join(text[start : start + each]) for start in range(0, len(text), each)]


def replaced(old: list[str], share: float) -> list[str]:
    """A share of the sentences exchanged for new ones, spread over the text."""
    new = list(old)
    places = random.Random(3).sample(range(len(old)), round(share * len(old)))
    for place, sentence in zip(places, sentences(len(places), seed=2), strict=True):
        new[place] = sentence
    return new


def kinds(new: list[str], old: list[str]) -> list[Likeness]:
    """What a new text is to an old one."""
    return [match.likeness for match in alike(fingerprint(new), [("old", fingerprint(old))])]


def signed(text: list[str]) -> bytes:
    """The signature of a text that is long enough to have one."""
    made = signature(text)
    assert made is not None
    return made


@given(TEXTS)
def test_a_text_is_wholly_like_itself(text: str) -> None:
    assert similarity(signed([text]), signed([text])) == 1.0


@given(TEXTS, TEXTS)
def test_likeness_does_not_depend_on_who_is_asked_first(one: str, other: str) -> None:
    a, b = signed([one]), signed([other])
    assert similarity(a, b) == similarity(b, a)
    assert 0.0 <= similarity(a, b) <= 1.0


@given(TEXTS)
def test_pages_lines_and_widths_do_not_change_the_digest(text: str) -> None:
    wide = text.translate({ord("0") + n: ord("０") + n for n in range(10)})
    lines = "、\n".join(text[start : start + 7] for start in range(0, len(text), 7))
    middle = len(text) // 2
    assert (
        text_digest([wide]) == text_digest([lines]) == text_digest([text[:middle], text[middle:]])
    )


@given(TEXTS, st.integers(0, 99))
def test_another_character_is_another_text(text: str, place: int) -> None:
    other = "森" + text[1:] if place == 0 else text[:place] + "森" + text[place + 1 :]
    assert text_digest([text]) != text_digest([other])


def test_pages_in_another_order_stay_similar() -> None:
    whole = pages(sentences(100))
    assert similarity(signed(whole), signed(whole[::-1])) > 0.9
    assert text_digest(whole) != text_digest(whole[::-1])


def test_short_texts_have_no_fingerprint() -> None:
    assert text_digest(["市" * (FEWEST - 1), "。\n"]) is None
    assert signature(["市" * (FEWEST - 1)]) is None
    assert text_digest(["市" * FEWEST]) is not None
    assert fingerprint([]) == Fingerprint(None, None, None)


def test_estimates_are_near_the_truth() -> None:
    """With a share p of all sentences replaced, (1 - p) / (1 + p) is in common."""
    old = sentences(400)
    for share in (0.05, 0.2, 0.4):
        estimate = similarity(signed(pages(old)), signed(pages(replaced(old, share))))
        assert estimate == pytest.approx((1 - share) / (1 + share), abs=0.1)


def test_an_edition_with_a_fifth_of_its_sentences_replaced_is_found() -> None:
    for count in (15, 400):
        old = sentences(count)
        assert kinds(pages(replaced(old, 0.2)), pages(old)) == [Likeness.NEW_EDITION]


def test_two_issues_of_one_newsletter_are_no_editions() -> None:
    """A third of each page is the form: masthead, rubrics, address."""
    for size in (10, 100):
        form, one, other = sentences(size, 7), sentences(2 * size, 8), sentences(2 * size, 9)
        assert kinds(pages(form + one), pages(form + other)) == []


def test_an_excerpt_is_found_from_either_side() -> None:
    whole = sentences(200)
    (match,) = alike(fingerprint(whole[:60]), [("whole", fingerprint(whole))])
    assert match.likeness is Likeness.NEW_EDITION
    assert match.similarity == pytest.approx(0.3, abs=0.12)
    assert match.containment >= 0.85
    assert kinds(whole, whole[:60]) == [Likeness.NEW_EDITION]


def test_the_best_come_first() -> None:
    text = pages(sentences(60))
    known = [
        ("edition", fingerprint(pages(replaced(sentences(60), 0.1)), "c")),
        ("other", fingerprint(pages(sentences(60, seed=5)), "d")),
        ("text", fingerprint(text, "b")),
        ("bytes", fingerprint(text, "a")),
    ]
    found = alike(fingerprint(text, "a"), known)
    assert [(match.document_id, match.likeness) for match in found] == [
        ("bytes", Likeness.SAME_BYTES),
        ("text", Likeness.SAME_TEXT),
        ("edition", Likeness.NEW_EDITION),
    ]
    assert all(match.likeness.label for match in found)


def test_signatures_of_other_versions_are_never_compared() -> None:
    text = pages(sentences(60))
    ours = fingerprint(text)
    assert ours.signature is not None
    theirs = b"\0\0\0\0" + ours.signature[4:]
    with pytest.raises(VersionsDiffer):
        similarity(ours.signature, theirs)
    assert alike(ours, [("old", Fingerprint(None, None, theirs))]) == []
    assert alike(ours, [("old", Fingerprint(None, None, ours.signature[:20]))]) == []


def test_a_lone_surrogate_is_no_obstacle() -> None:
    assert signature(["\ud800市" * FEWEST]) is not None
    assert text_digest(["\ud800市" * FEWEST]) is not None


def test_another_process_makes_the_same_signature() -> None:
    asked = (
        "import sys; from indexer.likeness import SIGNATURE_VERSION, signature;"
        "print(SIGNATURE_VERSION, signature([sys.argv[1]]).hex())"
    )
    text = "".join(sentences(30))
    said = [
        subprocess.run(
            [sys.executable, "-c", asked, text],
            capture_output=True,
            check=True,
            text=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        ).stdout.split()
        for seed in ("1", "2")
    ]
    assert said == [[SIGNATURE_VERSION, signed([text]).hex()]] * 2


def test_ten_thousand_known_documents_cost_one_pass() -> None:
    """Not a time: that the known ones are read once, one after the other, and not kept."""
    text = pages(sentences(60))
    same = fingerprint(text)
    asked = iter([(str(number), same) for number in range(10_000)])
    assert len(alike(fingerprint(text), asked)) == 10_000
    assert next(asked, None) is None
