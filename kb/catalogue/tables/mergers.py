"""What became of the bodies of the past: from the facts of mergers to today's successors."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kb.domain.municipality import (
    FormerName,
    Municipality,
    MunicipalityCode,
    MunicipalityKind,
    check_digit,
)

BODY_CHANGES = frozenset(
    {"新設合併", "編入合併", "市制施行", "町制施行", "名称変更", "郡の区域変更",
     "政令指定都市施行", "分割", "区の再編"}
)  # fmt: skip
"""The kinds of change that end a name or a code. 分離 does not: the old body goes on."""

NEW_BODY = BODY_CHANGES - {"編入合併"} | {"区の新設|郡の新設", "分離"}
"""The kinds that begin one."""


class TablesDisagree(ValueError):
    """The two sources do not fit each other, or one of them is not what it was."""


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the merger facts: what became of one body."""

    on: date
    kind: str
    prefecture: str
    before: tuple[str, str]
    """Code of five digits and name; both empty when the body is new."""
    before_kana: str
    after: tuple[str, str]


def full_code(code5: str) -> MunicipalityCode:
    """Append the check digit."""
    return MunicipalityCode(code5 + check_digit(code5))


def city_of(ward: str) -> str:
    """The name of the city in the name of its ward."""
    return ward[: ward.index("市", 1) + 1]


def read_changes(mergers: Path) -> list[Change]:
    """The merger facts, oldest first.

    Raises:
        KeyError: a column is missing.
        ValueError: a date is none.
    """
    with mergers.open(encoding="utf-8", newline="") as stream:
        changes = [
            Change(
                on=date.fromisoformat(row["date"]),
                kind=row["type"],
                prefecture=row["prefecture"],
                before=(row["from_code5"], row["from_name"]),
                before_kana=row["from_kana"],
                after=(row["to_code5"], row["to_name"]),
            )
            for row in csv.DictReader(stream)
        ]
    return sorted(changes, key=lambda change: change.on)


def beginnings(changes: Iterable[Change]) -> dict[tuple[str, str], date]:
    """(Code, name) -> the last day on which a body of that code and name came to be."""
    return {
        change.after: change.on for change in changes if change.kind in NEW_BODY and change.after[1]
    }


def endings(changes: Iterable[Change]) -> dict[tuple[str, str], list[Change]]:
    """(Code, name) -> the changes that ended a body so called; staying the same is no end.

    Where several towns changed 郡 together, the facts pair each with each; only a town's pair
    with itself is true.
    """
    found: dict[tuple[str, str], list[Change]] = defaultdict(list)
    for change in changes:
        if not change.before[1]:
            continue
        paired = change.kind != "郡の区域変更" or change.before[1] == change.after[1]
        if change.kind in BODY_CHANGES and paired and change.before != change.after:
            found[change.before].append(change)
    return found


def heirs(
    body: tuple[str, str],
    since: date,
    present: frozenset[tuple[str, str]],
    ended: dict[tuple[str, str], list[Change]],
) -> Iterator[tuple[str, str]]:
    """The bodies of today in which `body`, alive on `since`, has gone up.

    Raises:
        TablesDisagree: the trail ends before today.
    """
    later = [change for change in ended.get(body, ()) if change.on >= since]
    if not later:
        if body not in present:
            raise TablesDisagree(f"what became of {body} after {since}?")
        yield body
        return
    first = later[0].on
    for change in later:
        if change.on == first:
            yield from heirs(change.after, first, present, ended)


def compile_former_names(
    municipalities: Iterable[Municipality], changes: Iterable[Change]
) -> list[FormerName]:
    """Every name or code that ended, with each body of today that stands in its place."""
    today = {(body.code.code5, body.name): body for body in municipalities}
    cities = {b.name: b for b in today.values() if b.kind is MunicipalityKind.CITY}
    ended = endings(changes)
    former: set[FormerName] = set()
    for body, ends in ended.items():
        for change in ends:
            for heir in set(heirs(change.after, change.on, frozenset(today), ended)):
                if heir != body:
                    former.add(_former_name(change, today[heir], cities))
    return sorted(former, key=lambda f: (f.code, f.changed_on, f.successor_code, f.name))


def _former_name(
    change: Change, successor: Municipality, cities: dict[str, Municipality]
) -> FormerName:
    code5, name = change.before
    kana = change.before_kana
    if name.endswith("区") and "市" in name[1:]:
        # The merger facts give a ward's kana without its city's.
        kana = cities[city_of(name)].kana + kana
    return FormerName(
        name=name,
        kana=kana,
        code=full_code(code5),
        prefecture=change.prefecture,
        changed_on=change.on,
        change=change.kind,
        successor_code=successor.code,
        successor_name=successor.name,
        became_code=full_code(change.after[0]),
        became_name=change.after[1],
    )
