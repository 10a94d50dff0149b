"""Municipalities of a size: which ones compare themselves with which."""

from collections.abc import Mapping

from kb.domain.classification import Classified
from kb.domain.municipality import CityStatus, MunicipalityKind


class SizeClass(Classified):
    """The class a municipality is compared within.

    After the first cut of 総務省's 類似団体 (what the law makes of a city), without its bands of
    population, since no figure of population ships with the program.
    """

    PREFECTURE = "prefecture", "都道府県"
    DESIGNATED_CITY = "designated_city", "政令指定都市"
    CORE_CITY = "core_city", "中核市"
    FORMER_SPECIAL_CITY = "former_special_city", "施行時特例市"
    CITY = "city", "一般市"
    SPECIAL_WARD = "special_ward", "特別区"
    TOWN = "town", "町"
    VILLAGE = "village", "村"
    DESIGNATED_WARD = "designated_ward", "政令指定都市の区"


NOTES: Mapping[SizeClass, str] = {
    SizeClass.PREFECTURE: "47の都道府県です。",
    SizeClass.DESIGNATED_CITY: "人口50万以上の市のうち、政令で指定された20市です。",
    SizeClass.CORE_CITY: "人口20万以上の市のうち、政令で中核市に指定された62市です。",
    SizeClass.FORMER_SPECIAL_CITY: (
        "特例市の制度が2015年に終わったときの特例市のうち、中核市になっていない23市です。"
    ),
    SizeClass.CITY: "政令指定都市、中核市、施行時特例市のどれでもない市です。",
    SizeClass.SPECIAL_WARD: "東京都の23の特別区です。",
    SizeClass.TOWN: "市でも村でもない、町です。",
    SizeClass.VILLAGE: "市でも町でもない、村です。",
    SizeClass.DESIGNATED_WARD: "政令指定都市に置かれた区です。",
}
"""What each class is, in a sentence for readers; the numbers are those of the shipped table."""


def size_class_of(kind: MunicipalityKind, status: CityStatus | None = None) -> SizeClass:
    """The class of a body of `kind`; `status` tells large cities apart."""
    return SizeClass(status.value if status else kind.value)
