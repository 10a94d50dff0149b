"""Recording what municipalities are called; see `CatalogueWriter.local_names`."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.catalogue.changes import Changes
from kb.catalogue.local_names.tables import LocalNameRow

KIND = "local_name"
"""What SourceEvents call a name."""


class LocalNameWriter:
    """Records names in one transaction."""

    def __init__(self, session: Session, changes: Changes) -> None:
        self._session = session
        self._changes = changes

    def held(self, code: str, folded: str) -> LocalNameRow | None:
        """The name of a municipality that is compared alike."""
        asked = select(LocalNameRow).filter_by(code=code, folded=folded)
        return self._session.scalar(asked)

    def record(self, code: str, values: Mapping[str, Any]) -> bool:
        """Record a name of the municipality of `code`; False where it has that name already.

        Args:
            code: of a municipality that is held.
            values: name, folded, kana and note.
        """
        folded = values["folded"]
        if self.held(code, folded) is not None:
            return False
        key, number = f"{code}:{folded}", 1
        while self._session.get(LocalNameRow, key) is not None:
            # A name that has been changed keeps the key of its first spelling.
            number += 1
            key = f"{code}:{folded}#{number}"
        told = {name: [None, value] for name, value in values.items() if value is not None}
        self._changes.note("recorded", KIND, key, {"municipality": [None, code], **told})
        self._session.add(LocalNameRow(id=key, code=code, **values))
        return True

    def change(self, key: str, values: Mapping[str, Any]) -> bool:
        """Change what is said of a name; whether anything is other than before."""
        return self._changes.put(LocalNameRow, KIND, key, values)

    def remove(self, key: str) -> None:
        """Forget a name; the record tells all of it."""
        row = self._session.get_one(LocalNameRow, key)
        told = {name: [getattr(row, name), None] for name in ("name", "folded", "kana", "note")}
        self._changes.note(
            "removed", KIND, key,
            {"municipality": [row.code, None], **{n: p for n, p in told.items() if p[0]}},
        )  # fmt: skip
        self._session.delete(row)
