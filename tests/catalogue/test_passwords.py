"""What may be chosen as a password, and how it is kept."""

import pytest

from kb.catalogue.accounts.passwords import (
    COMMON,
    LEAST,
    BadPassword,
    Cost,
    Passwords,
    one_time,
    refuse_same,
    refuse_weak,
)

CHEAP = Passwords(Cost(1, 8, 1))


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("12文字より短い", "12文字以上"),
        ("x" * 201, "200文字まで"),
        ("Password1234", "推測されます"),
        ("ｐａｓｓｗｏｒｄ１２３４", "推測されます"),
        ("ababababababab", "推測されます"),
        ("yamada_yamada_1", "ご自分の名前"),
        ("山田花子山田花子山田花子", "推測されます|ご自分の名前"),
        ("Yamada_山田花子です", "ご自分の名前"),
    ],
)
def test_what_is_guessed_first_is_refused(password: str, said: str) -> None:
    with pytest.raises(BadPassword, match=said):
        refuse_weak(password, "yamada_", "山田花子")


@pytest.mark.parametrize(
    "password", ["朝の駅前で海苔巻きを買う", "yamada no neko 3", "aB3$efgh1jkl"]
)
def test_length_is_enough(password: str) -> None:
    assert refuse_weak(password, "yamada", "山田花子") is None  # type: ignore[func-returns-value]


def test_every_common_one_is_long_enough_to_be_listed() -> None:
    assert len(COMMON) > 50
    assert all(len(word) >= LEAST and word == word.casefold() for word in COMMON)


def test_the_old_one_is_no_new_one() -> None:
    with pytest.raises(BadPassword, match="同じです"):
        refuse_same("パスワードらしくない語", "ﾊﾟｽﾜｰﾄﾞらしくない語")


def test_one_password_fits_in_every_width() -> None:
    kept = CHEAP.kept("ﾈｺは縁側でabc")
    assert CHEAP.fits(kept, "ネコは縁側でａｂｃ")
    assert not CHEAP.fits(kept, "ネコは縁側で")
    assert kept != CHEAP.kept("ﾈｺは縁側でabc")


def test_nobodys_password_never_fits() -> None:
    assert not CHEAP.fits(None, "")
    assert not CHEAP.fits("no hash at all", "no hash at all")


def test_another_cost_is_told() -> None:
    kept = CHEAP.kept("なんでもよい長い語句")
    assert not CHEAP.outdated(kept)
    assert Passwords(Cost(2, 8, 1)).outdated(kept)


def test_a_password_for_once_is_long_readable_and_new() -> None:
    made = {one_time() for _ in range(50)}
    assert len(made) == 50
    assert all(len(each) == 19 and not set(each) & set("il01o") for each in made)
    assert all(refuse_weak(each, "admin") is None for each in made)  # type: ignore[func-returns-value]
