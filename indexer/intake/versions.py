"""What a curator has seen of a line, in twelve letters: whether it is still so."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict

from indexer.intake.line_values import named
from indexer.intake.planning import CannotSettle
from indexer.intake.review import Review, ReviewedLine


class ChangedSince(CannotSettle):
    """A line is no longer what the curator has seen; each sentence says which, and what it is."""


def version_of(line: ReviewedLine) -> str:
    """Another as soon as the catalogue, or what somebody said to the line, changes for it."""
    told = [
        line.view.state,
        line.view.decided_at.isoformat() if line.view.decided_at else None,
        line.state.value,
        line.match.record_id,
        list(line.match.candidates),
        [asdict(each) for each in line.differences],
        dict(line.settled),
    ]
    plain = json.dumps(told, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def changed_since(seen: Review, versions: Mapping[str, str]) -> None:
    """Refuse lines that have changed since a curator has seen them.

    Raises:
        ChangedSince: at least one has.
    """
    lines = (line for line in seen.lines if line.key in versions)
    changed = [_now(line) for line in lines if versions[line.key] != version_of(line)]
    if changed:
        raise ChangedSince(changed)


def _now(line: ReviewedLine) -> str:
    view = line.view
    if view.decided_by and view.decided_at:
        return f"{named(line)}: {view.decided_by}が決めました(いまは「{line.state.label}」)。"
    return f"{named(line)}: 目録の記録が変わりました(いまは「{line.state.label}」)。"
