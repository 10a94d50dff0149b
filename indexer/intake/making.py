"""A draft line in the making: each value with the words it rests on, the first one kept."""

from dataclasses import dataclass, field
from typing import Any

from indexer.intake.draft import DraftLine, Evidence, LineKind

MOST_EVIDENCE = 6
"""Of one field; a curator reads no more."""


@dataclass(slots=True)
class Making:
    """Values and evidence that grow into a line."""

    kind: LineKind
    key: str
    values: dict[str, Any] = field(default_factory=dict)
    evidence: dict[str, tuple[Evidence, ...]] = field(default_factory=dict)

    def put(self, name: str, value: Any, *evidence: Evidence) -> None:
        """Set a field unless the page has told it already, or tells nothing."""
        if value in (None, "", [], ()) or name in self.values:
            return
        self.values[name] = list(value) if isinstance(value, tuple) else value
        if evidence:
            self.evidence[name] = tuple(dict.fromkeys(evidence))[:MOST_EVIDENCE]

    def line(self) -> DraftLine:
        """The line as it stands now."""
        return DraftLine(self.kind, self.key, dict(self.values), dict(self.evidence))
