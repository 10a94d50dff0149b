"""Cases written as a file: CSV in the columns of DS-451-3 and ours, or one JSON object a line."""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from kb.catalogue.exchange.cells import guarded, join_list, stripped
from kb.catalogue.exchange.encodings import CP932, cp932_form, lacking_in_cp932
from kb.catalogue.exchange.exporting import StoredCase
from kb.catalogue.exchange.fields import FIELDS, ID, ORGANISATION, STATEMENTS, WRITTEN

ENCODINGS = ("utf-8", "utf-8-sig", CP932)


@dataclass(frozen=True, slots=True)
class Written:
    """A file ready to be kept."""

    content: bytes
    lacking: tuple[str, ...] = ()
    """Characters that the encoding lacks, each once; 〓 stands in their places."""


def as_csv(cases: Iterable[StoredCase], encoding: str = "utf-8-sig") -> Written:
    """A row per case, in the order given, under the names of DS-451-3 and then ours.

    Lines end as RFC 4180 and Excel have it. No cell can be taken for a formula. A text is
    written without the blanks around it, which an import would not keep either.

    Args:
        cases: what to write.
        encoding: one of ENCODINGS.
    """
    rows = [[filled[column] for column in WRITTEN] for filled in map(cells, cases)]
    lacking: frozenset[str] = frozenset()
    if encoding == CP932:
        lacking = frozenset().union(*(lacking_in_cp932(cell) for row in rows for cell in row))
        rows = [[cp932_form(cell) for cell in row] for row in rows]
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(WRITTEN)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return Written(file.getvalue().encode(encoding), tuple(sorted(lacking)))


def cells(case: StoredCase) -> dict[str, str]:
    """Every column of a case, unguarded."""
    return {
        ID: case.entry.id,
        ORGANISATION: join_list(place.name for place in case.municipalities),
        STATEMENTS: stripped("\n".join(_rights(case))),
        **{field.column: field.write(case.entry) for field in FIELDS},
    }


def _rights(case: StoredCase) -> tuple[str, ...]:
    """What its documents say of their use, and who has allowed more."""
    return (*case.statements, *(f"許諾: {permission}" for permission in case.permissions))


def as_jsonl(cases: Iterable[StoredCase]) -> Written:
    """An object a line, UTF-8, with lists as lists and blank fields left out."""
    lines = [json.dumps(_object(case), ensure_ascii=False) for case in cases]
    return Written("".join(f"{line}\n" for line in lines).encode())


def _object(case: StoredCase) -> dict[str, Any]:
    entry = case.entry
    values: dict[str, Any] = {
        "id": entry.id,
        "title": entry.title,
        "subtitle": entry.subtitle,
        "provisional_title": entry.provisional_title,
        "municipalities": [
            {"code": place.code, "name": place.name, "prefecture": place.prefecture}
            for place in case.municipalities
        ],
        "implemented_in": entry.implemented_in,
        "presented_in": entry.presented_in,
        "place": entry.place,
        "service_class": entry.service_class,
        "departments": list(entry.departments),
        "department_functions": [function.label for function in entry.functions],
        "themes": [theme.label for theme in entry.themes],
        "keywords": list(entry.keywords),
        "narrative": dict(entry.narrative),
        "media": dict(entry.media),
        "related_url": entry.related_url,
        "related_case": entry.related_case,
        "contact": entry.contact,
        "published_on": entry.published_on.isoformat() if entry.published_on else None,
        "updated_on": entry.updated_on.isoformat() if entry.updated_on else None,
        "event": entry.event_id,
        "programme": entry.programme_id,
        "cohort": entry.cohort,
        "continues": entry.continues_id,
        "rights_statements": list(case.statements),
        "rights_permissions": list(case.permissions),
    }
    held = {name: value for name, value in values.items() if value not in (None, [], {})}
    return {**held, "specimen": entry.specimen}
