"""The numerals that years, months and days are written in: 4, 四, 十一, 一一, 二〇二二, 元."""

_DIGITS = {character: number for number, character in enumerate("〇一二三四五六七八九")}
_DIGITS |= dict.fromkeys("○◯零", 0)

KANJI = "".join(_DIGITS)
"""The kanji that stand for one digit; circles are typed for 〇."""


def number_of(digits: str) -> int:
    """The number that Arabic or kanji numerals make; 元 is 1, and 0 is what makes none.

    Kanji may count tens (二十三) or stand digit by digit (二三, 二〇二二).
    """
    if digits.isdecimal():
        return int(digits)
    if digits == "元":
        return 1
    tens, ten, units = digits.rpartition("十")
    if not ten:
        places = [_DIGITS.get(character) for character in digits]
        return int("".join(map(str, places)) or "0") if None not in places else 0
    if len(tens) > 1 or len(units) > 1 or any(digit not in _DIGITS for digit in tens + units):
        return 0
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[units] if units else 0)
