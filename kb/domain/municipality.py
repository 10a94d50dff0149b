"""Municipalities (自治体): their codes, their names, and the names they had before."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Self

from kb.domain.classification import Classified

SPECIMEN_PREFECTURES = frozenset({"98", "99"})
"""Prefecture codes nobody has been given (01 to 47 are): our invented municipalities use them."""

_WEIGHTS = (6, 5, 4, 3, 2)
_REAL_PREFECTURES = frozenset(f"{number:02d}" for number in range(1, 48))


class BadMunicipalityCode(ValueError):
    """What was given is no 全国地方公共団体コード; the message is a sentence for the reader."""


def check_digit(code5: str) -> str:
    """The sixth digit of a 全国地方公共団体コード.

    Weights 6 5 4 3 2 from the left, 11 minus the sum modulo 11, of which the last digit.

    Raises:
        BadMunicipalityCode: `code5` is not five ASCII digits.
    """
    if len(code5) != len(_WEIGHTS) or not (code5.isascii() and code5.isdigit()):
        raise BadMunicipalityCode(f"団体コードの先頭5桁ではありません: {code5}")
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, code5, strict=True))
    return str((11 - total % 11) % 10)


class MunicipalityCode(str):
    """A 全国地方公共団体コード: six digits, the last of which checks the others.

    A string as well, so that it stands in addresses, records and mappings as it is. Two
    remainders (0 and 10) share the check digit 1, so a slip that turns one into the other
    goes unnoticed; that is the scheme's own weakness.
    """

    __slots__ = ()

    def __new__(cls, digits: str) -> Self:
        """Take six ASCII digits.

        Raises:
            BadMunicipalityCode: not six digits, no such prefecture, or a wrong check digit.
        """
        if len(digits) != 6 or not (digits.isascii() and digits.isdigit()):
            raise BadMunicipalityCode(f"団体コードは5桁または6桁の数字です: {digits}")
        if digits[:2] not in _REAL_PREFECTURES | SPECIMEN_PREFECTURES:
            raise BadMunicipalityCode(f"団体コードの先頭2桁にあたる都道府県がありません: {digits}")
        if digits[5] != check_digit(digits[:5]):
            raise BadMunicipalityCode(f"団体コードの検査数字(6桁目)が合いません: {digits}")
        return super().__new__(cls, digits)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read what a person types: five digits or six, full-width or half-width.

        Raises:
            BadMunicipalityCode: it is no code.
        """
        digits = unicodedata.normalize("NFKC", text).strip()
        return cls(digits + check_digit(digits) if len(digits) == 5 else digits)

    @property
    def code5(self) -> str:
        """The code without its check digit, as statistics and maps use it."""
        return self[:5]

    @property
    def prefecture_code(self) -> str:
        """The two digits of the prefecture."""
        return self[:2]

    @property
    def is_specimen(self) -> bool:
        """Whether it belongs to an invented municipality (見本)."""
        return self[:2] in SPECIMEN_PREFECTURES


class MunicipalityKind(Classified):
    """What sort of body it is."""

    PREFECTURE = "prefecture", "都道府県"
    CITY = "city", "市"
    SPECIAL_WARD = "special_ward", "特別区"
    TOWN = "town", "町"
    VILLAGE = "village", "村"
    DESIGNATED_WARD = "designated_ward", "政令指定都市の区"


class CityStatus(Classified):
    """What the law calls a large city; other cities have none."""

    DESIGNATED = "designated_city", "政令指定都市"
    CORE = "core_city", "中核市"
    FORMER_SPECIAL = "former_special_city", "施行時特例市"


_REGIONS = {
    "北海道": range(1, 2), "東北": range(2, 8), "関東": range(8, 15), "中部": range(15, 24),
    "近畿": range(24, 31), "中国": range(31, 36), "四国": range(36, 40),
    "九州・沖縄": range(40, 48),
}  # fmt: skip


def region_of(code: str) -> str | None:
    """The region (地方) of a municipality or prefecture; None for an invented one."""
    prefecture = int(code[:2])
    return next((name for name, codes in _REGIONS.items() if prefecture in codes), None)


@dataclass(frozen=True, slots=True)
class Municipality:
    """A body that exists today, or existed: a municipality, a prefecture, or a city's ward."""

    code: MunicipalityCode
    name: str
    """With its suffix, without prefecture and 郡; a designated city's ward with its city."""
    kana: str
    """Hiragana of the name, suffix included."""
    romaji: str
    """Hepburn without long vowel marks, the suffix after a hyphen: Fukutsu-shi."""
    kind: MunicipalityKind
    prefecture: str
    """Name of its prefecture; a prefecture's own name for itself."""
    parent_code: MunicipalityCode | None = None
    """The designated city of a ward."""
    valid_from: date | None = None
    """Since when a body of this name and code exists; None when before 1970 or not known."""
    abolished_on: date | None = None
    successor_codes: tuple[MunicipalityCode, ...] = ()
    status: CityStatus | None = None

    @property
    def full_name(self) -> str:
        """With its prefecture, 東京都府中市; a prefecture by itself."""
        whole = self.kind is MunicipalityKind.PREFECTURE
        return self.name if whole else self.prefecture + self.name


@dataclass(frozen=True, slots=True)
class BodyName:
    """A municipality of today by code and name, where no more is told of it."""

    code: str
    name: str


MERGERS = ("新設合併", "編入合併")
"""The changes by which several bodies become one: a new one, or one of them."""


@dataclass(frozen=True, slots=True)
class FormerName:
    """A name or code that has gone since 1970, and the body of today that stands in its place.

    A body that was split has one of these for each successor. A change of code alone (a city
    that became a designated city) has the same name before and after.
    """

    name: str
    kana: str
    """Hiragana, suffix included."""
    code: MunicipalityCode
    """The code it had, which its successor may still bear."""
    prefecture: str
    """Name of the prefecture it was in."""
    changed_on: date
    change: str
    """What happened to it on that day: 新設合併, 編入合併, 名称変更, 市制施行 ..."""
    successor_code: MunicipalityCode
    """Of the body that exists today, however many changes lie between."""
    successor_name: str
    became_code: MunicipalityCode | None = None
    """Of what it became on that day; None when the table is not asked for it."""
    became_name: str | None = None
    """What it was called from that day on: the successor of today, or a body between."""

    @property
    def is_code_alone(self) -> bool:
        """Only the code has changed: the body of today is the same, under the same name."""
        return self.name == self.successor_name and self.change not in MERGERS
