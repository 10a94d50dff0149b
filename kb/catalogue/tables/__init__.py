"""The tables of municipalities that ship with the program.

``municipalities.csv`` holds every prefecture, municipality and designated city's ward of
today; ``former_municipalities.csv`` every name or code that has gone since 1970, with the body
that stands in its place. Both are facts, compiled by ``compile.py`` from Japan Post's postal
code data (names, kana) and public records of mergers (dates, kinds); edit neither by hand.
``large_cities.csv`` names the cities that the law calls large (地方自治法 252条の19, 252条の22,
and the 特例市 left when that status ended in 2015) as of :data:`LARGE_CITIES_AS_OF`; it is
written by hand. UTF-8, LF, sorted by code; dates are ISO, blank means none.
"""

import csv
from datetime import date
from importlib import resources

from kb.domain.municipality import (
    CityStatus,
    FormerName,
    Municipality,
    MunicipalityCode,
    MunicipalityKind,
)

MUNICIPALITIES = "municipalities.csv"
FORMER_MUNICIPALITIES = "former_municipalities.csv"
LARGE_CITIES = "large_cities.csv"
LARGE_CITIES_AS_OF = date(2026, 4, 1)
"""The day on which there were 20 政令指定都市, 62 中核市 and 23 施行時特例市."""

MUNICIPALITY_COLUMNS = (
    "code", "name", "kana", "romaji", "kind", "prefecture", "parent_code", "valid_from",
)  # fmt: skip
FORMER_COLUMNS = (
    "code", "name", "kana", "prefecture", "changed_on", "change", "successor_code",
    "successor_name", "became_code", "became_name",
)  # fmt: skip

_KINDS = {kind.value: kind for kind in MunicipalityKind}
_STATUSES = {status.value: status for status in CityStatus}


def _rows(file_name: str) -> list[dict[str, str]]:
    text = resources.files(__name__).joinpath(file_name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def load_municipalities() -> tuple[Municipality, ...]:
    """Every body of today, in the order of codes: 47 prefectures, 1,741 municipalities, 171 wards.

    Raises:
        BadMunicipalityCode: the shipped table was edited by hand, and wrongly.
    """
    statuses = {row["code"]: _STATUSES[row["status"]] for row in _rows(LARGE_CITIES)}
    return tuple(
        Municipality(
            code=MunicipalityCode(row["code"]),
            name=row["name"],
            kana=row["kana"],
            romaji=row["romaji"],
            kind=_KINDS[row["kind"]],
            prefecture=row["prefecture"],
            parent_code=MunicipalityCode(row["parent_code"]) if row["parent_code"] else None,
            valid_from=date.fromisoformat(row["valid_from"]) if row["valid_from"] else None,
            status=statuses.get(row["code"]),
        )
        for row in _rows(MUNICIPALITIES)
    )


def load_former_names() -> tuple[FormerName, ...]:
    """Every name or code that has gone since 1970, in the order of codes and dates.

    Raises:
        BadMunicipalityCode: the shipped table was edited by hand, and wrongly.
    """
    return tuple(
        FormerName(
            name=row["name"],
            kana=row["kana"],
            code=MunicipalityCode(row["code"]),
            prefecture=row["prefecture"],
            changed_on=date.fromisoformat(row["changed_on"]),
            change=row["change"],
            successor_code=MunicipalityCode(row["successor_code"]),
            successor_name=row["successor_name"],
            became_code=MunicipalityCode(row["became_code"]),
            became_name=row["became_name"],
        )
        for row in _rows(FORMER_MUNICIPALITIES)
    )
