"""Reads the sample's CSV files into what a page needs to know about a document."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

MARK = "見本(架空の自治体の資料です)"
"""Stands on the first page of every invented original."""

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document's record with its references resolved to names."""

    id: str
    title: str
    file: str
    specimen: bool
    statement: str
    places: tuple[str, ...]
    departments: tuple[str, ...]
    speakers: tuple[str, ...]
    """Each as 「見本太郎(雪野市 行政経営課 係長)」."""
    event: str
    dated: date
    """When it was given: the event's date, or the last day of its fiscal year."""
    case_id: str

    @property
    def author(self) -> str:
        """Places and departments in one line."""
        return " ".join(filter(None, ("・".join(self.places), "・".join(self.departments))))

    @property
    def mark(self) -> str:
        """The mark of an invented original, empty for a record of facts."""
        return MARK if self.specimen else ""


class Records:
    """The CSV files of the sample, by identifier."""

    def __init__(self, folder: Path) -> None:
        self.documents = _by(folder / "documents.csv", "id")
        self.cases = _by(folder / "cases.csv", "ID")
        self._events = _by(folder / "events.csv", "id")
        self._people = _by(folder / "people.csv", "id")
        self._places = {r["code"]: r["name"] for r in _rows(folder / "municipalities.csv")}
        self._roles = _rows(folder / "roles.csv")

    def sheet(self, identifier: str) -> Sheet:
        """The document `identifier`, ready to be set.

        Raises:
            KeyError: no such document, or one of its references is missing.
        """
        row = self.documents[identifier]
        event = self._events.get(row["event_id"])
        return Sheet(
            id=identifier,
            title=row["title"],
            file=row["file"],
            specimen=bool(row["specimen"]),
            statement=row["rights_statement"],
            places=tuple(
                self._places[c] for c in row["municipality_codes"].split(";") if c in self._places
            ),
            departments=tuple(d for d in row["departments"].split(";") if d),
            speakers=tuple(self._speaker(p, identifier) for p in row["people"].split(";") if p),
            event=event["title"] if event else "",
            dated=_dated(row, event),
            case_id=row["case_id"],
        )

    def case_field(self, identifier: str, asked: str) -> str:
        """A field of the document's case; `asked` may name another case after ``@``."""
        column, _, other = asked.partition("@")
        return self.cases[other.strip() or self.documents[identifier]["case_id"]][column.strip()]

    def _speaker(self, person: str, document: str) -> str:
        titles = [
            r["title"]
            for r in self._roles
            if (r["person_id"], r["document_id"]) == (person, document)
        ]
        name = self._people[person]["name"]
        return f"{name}({titles[0]})" if titles else name


def japanese_date(day: date) -> str:
    """令和3年11月20日, 平成29年2月18日."""
    reiwa = day >= date(2019, 5, 1)
    year = day.year - (2018 if reiwa else 1988)
    return f"{'令和' if reiwa else '平成'}{'元' if year == 1 else year}年{day.month}月{day.day}日"


def _dated(row: Row, event: Row | None) -> date:
    if event:
        return date.fromisoformat(event["held_on"])
    return date(int(row["presented_in"]) + 1, 3, 31)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _by(path: Path, key: str) -> dict[str, dict[str, str]]:
    return {row[key]: row for row in _rows(path)}
