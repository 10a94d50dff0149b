"""Which case continues which: the order of recording, and what cannot be recorded."""

from collections.abc import Iterable, Mapping

from kb.catalogue.entries import CaseEntry


def in_order_of_lineage(entries: Iterable[CaseEntry]) -> tuple[CaseEntry, ...]:
    """The same cases, a continued one before those that continue it."""
    by_id = {entry.id: entry for entry in entries}
    ordered: dict[str, CaseEntry] = {}
    for entry in by_id.values():
        waiting: dict[str, CaseEntry] = {}
        current: CaseEntry | None = entry
        while current and current.id not in ordered and current.id not in waiting:
            waiting[current.id] = current
            current = by_id.get(current.continues_id or "")
        ordered.update(reversed(waiting.items()))
    return tuple(ordered.values())


def returns_to_itself(case_id: str, continues: Mapping[str, str | None]) -> bool:
    """Whether a case continues itself, over however many others.

    Args:
        case_id: the case asked about.
        continues: every case -> the one it continues.
    """
    seen: set[str] = set()
    current = continues.get(case_id)
    while current is not None and current not in seen:
        if current == case_id:
            return True
        seen.add(current)
        current = continues.get(current)
    return False
