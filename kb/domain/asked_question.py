"""A question as it is kept in the log: what was asked, never by whom or at what hour.

Questions that look as if they told of a person (an e-mail address, a telephone number, a number
of twelve digits, a house) are not kept at all. Names cannot be told from other words: they are
kept like any word, and for how long is told in :mod:`kb.catalogue.questions.asked`.
"""

import re
from dataclasses import dataclass

from kb.domain.rights import Audience

LONGEST = 200
"""Characters of a question that is kept; what is longer was pasted, and is no question."""

_KANJI_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)\s?[ー・_/~]\s?(?=\d)")
_YEAR = r"(?:19|20)\d\d"
_DATE = rf"{_YEAR}(?P<by>[-.]?)(?:0?[1-9]|1[0-2])(?P=by)(?:[12]\d|3[01]|0?[1-9])"
_HARMLESS = re.compile(rf"{_DATE}|{_YEAR}(?:-{_YEAR}|-\d\d)?|\d{{5,6}}|{_YEAR}\.\d\d?")
"""A date, a year or several, the code of a municipality."""
_RUN = re.compile(r"\d[-. ()]{0,2}(?:\d[-. ()]{0,2})+")
_TELEPHONE = re.compile(r"(?<!\d)0\d{1,4}\)?[-. (]{1,2}\d{1,4}\)?[-. (]{1,2}\d{3,4}(?!\d)")
_TELEPHONE_DIGITS = (10, 11)
_LONG_ROW = 7
"""Digits, in a row or divided by blanks and dashes, that make a number of somebody's or of
something of theirs: a telephone has 10, an account 7, a postal code 7."""
_HOUSE = re.compile(r"番地|丁目\s?\d|番\d+号|(?<![\da-z和成昭.-])\d{1,4}(?:-\d{1,4}){2,}(?![\d-])")
_MARKS = ("@", "://")
"""Of e-mail addresses and accounts; of web addresses, which may carry anything."""


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """One question that somebody asked."""

    text: str
    """Folded, at most :data:`LONGEST` characters."""
    filters: str
    """``municipality=中野区&theme=DX``; empty without."""
    audience: Audience
    total: int
    """How many results it had."""
    missing: tuple[str, ...] = ()
    """Its words that nothing held."""


def tells_of_somebody(folded: str) -> bool:
    """Whether a folded text looks as if it told of a person.

    Rather once too often: a question that is left out is missed by nobody.
    """
    plain = _BETWEEN_DIGITS.sub("-", folded.translate(_KANJI_DIGITS))
    if any(mark in plain for mark in _MARKS):
        return True
    if any(_digits(found.group()) in _TELEPHONE_DIGITS for found in _TELEPHONE.finditer(plain)):
        return True
    if any(_left_over(found.group()) >= _LONG_ROW for found in _RUN.finditer(plain)):
        return True
    return any(not re.fullmatch(_DATE, found.group()) for found in _HOUSE.finditer(plain))


def _left_over(run: str) -> int:
    """The digits of a run that are no year, date or code."""
    words = (word.strip("-.()") for word in run.split())
    return sum(_digits(word) for word in words if not _HARMLESS.fullmatch(word))


def _digits(text: str) -> int:
    return sum(character.isdigit() for character in text)
