"""Values of lines as people read them, and as they stand in a box to be written anew."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from indexer.intake.fields import FIELDS, PLACES, Field
from indexer.intake.review import Review, ReviewedLine, title_of
from kb.domain.classification import Classified
from kb.domain.municipality import Municipality
from kb.domain.word_lists import join_words

Places = Callable[[str], Municipality | None]
"""The municipality of a code."""


@dataclass(frozen=True, slots=True)
class ShownValues:
    """A review, and what is needed to write its values."""

    review: Review
    places: Places
    cut: Callable[[str], str] = str
    """Shortens a text where there is little room."""

    def value(self, line: ReviewedLine, name: str, value: Any) -> str:
        """A value as a person reads it."""
        if value is None:
            return "なし"
        if isinstance(value, list):
            return "、".join(self.value(line, name, one) for one in value)
        if name == PLACES.name:
            return self._place(str(value))
        field = next(field for field in FIELDS[line.kind] if field.name == name)
        target = self.review.line(str(value)) if field.refers and ":" in str(value) else None
        if target is not None:
            return f"[{target.view.number}] {self.cut(title_of(target.view))}"
        return getattr(_member(field, value), "label", None) or self.cut(str(value))

    def typed(self, field: Field, value: Any) -> str:
        """A value as it stands in a box; a list as :mod:`kb.domain.word_lists` writes it."""
        if value is None:
            return ""
        if isinstance(value, list):
            return join_words(self.typed(field, one) for one in value)
        return self._place(str(value)) if field is PLACES else str(value)

    def _place(self, code: str) -> str:
        body = self.places(code)
        return f"{body.prefecture}{body.name}" if body else code


def members_of(field: Field) -> type[Classified] | None:
    """The closed list that a field's value is from."""
    members = field.typed
    closed = isinstance(members, type) and issubclass(members, Classified)
    return members if closed else None  # type: ignore[return-value] # as `closed` says


def _member(field: Field, value: Any) -> Any:
    """The member of a closed list that a value is, or the value itself."""
    members = members_of(field)
    return members(value) if members is not None else value
