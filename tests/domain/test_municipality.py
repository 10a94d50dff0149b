"""Codes check themselves; bodies and their kinds are what they say."""

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.domain.municipality import (
    BadMunicipalityCode,
    MunicipalityCode,
    MunicipalityKind,
    check_digit,
)

WEIGHTS = (6, 5, 4, 3, 2)
prefectures = st.sampled_from([*range(1, 48), 98, 99])
codes = st.builds("{:02d}{:03d}".format, prefectures, st.integers(0, 999))


def remainder(code5: str) -> int:
    return sum(w * int(d) for w, d in zip(WEIGHTS, code5, strict=True)) % 11


@pytest.mark.parametrize(
    ("code5", "digit"), [("13114", "8"), ("40224", "9"), ("01100", "2"), ("24472", "4")]
)
def test_check_digits_are_those_in_force(code5: str, digit: str) -> None:
    assert check_digit(code5) == digit


@pytest.mark.parametrize("text", ["402249", "40224", "４０２２４９", "４０２２４", " 402249 "])
def test_a_code_is_read_with_or_without_its_check_digit(text: str) -> None:
    code = MunicipalityCode.from_text(text)
    assert code == "402249"
    assert (code.code5, code.prefecture_code, code.is_specimen) == ("40224", "40", False)


def test_specimens_have_prefectures_of_their_own() -> None:
    assert MunicipalityCode.from_text("98001").is_specimen
    assert MunicipalityCode.from_text("99201").is_specimen


@pytest.mark.parametrize(
    "text", ["", "4022", "402248", "福津市", "4022491", "000000", "48100", "R4"]
)
def test_what_is_no_code_is_refused_in_japanese(text: str) -> None:
    with pytest.raises(BadMunicipalityCode, match="団体コード"):
        MunicipalityCode.from_text(text)


def test_check_digit_wants_five_digits() -> None:
    with pytest.raises(BadMunicipalityCode):
        check_digit("1234")


@given(codes)
def test_every_code_survives_the_round_trip(code5: str) -> None:
    code = MunicipalityCode.from_text(code5)
    assert MunicipalityCode(code) == code
    assert code.code5 == code5


@given(codes, st.integers(0, 5), st.integers(1, 9))
def test_one_wrong_digit_is_refused(code5: str, position: int, shift: int) -> None:
    """Unless it turns remainder 0 into 10 or back: both have the check digit 1."""
    right = MunicipalityCode.from_text(code5)
    digit = (int(right[position]) + shift) % 10
    wrong = f"{right[:position]}{digit}{right[position + 1 :]}"
    if {remainder(right[:5]), remainder(wrong[:5])} == {0, 10}:
        assert check_digit(wrong[:5]) == right[5]
    else:
        with pytest.raises(BadMunicipalityCode):
            MunicipalityCode(wrong)


@given(st.text())
def test_any_text_is_a_code_or_refused(text: str) -> None:
    with suppress(BadMunicipalityCode):
        assert re.fullmatch("[0-9]{6}", MunicipalityCode.from_text(text))


def test_kinds_have_japanese_labels() -> None:
    assert [kind.label for kind in MunicipalityKind] == [
        "都道府県", "市", "特別区", "町", "村", "政令指定都市の区",
    ]  # fmt: skip
    assert MunicipalityKind.from_text("町") is MunicipalityKind.TOWN
