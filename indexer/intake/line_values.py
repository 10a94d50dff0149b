"""One reviewed line: whether it is clear, what of it would be recorded, how it is named."""

from collections.abc import Mapping
from typing import Any

from indexer.intake.comparison import held_value
from indexer.intake.draft import LineKind
from indexer.intake.fields import FIELDS, LABELS, field_of, plain
from indexer.intake.matching_rules import FILE_ADDRESSES
from indexer.intake.remedies import COMMAND, Remedies
from indexer.intake.review import LineState, Review, ReviewedLine, title_of
from kb.catalogue.stored import Entry


def is_plain(line: ReviewedLine) -> bool:
    """New, and nothing about it is contradicted or lacking."""
    values = line.told.values
    called = any(values.get(name) for name in ("title", "name", "person_id"))
    new = line.state is LineState.NEW
    return new and called and not line.contradictions and not line.unreadable


def unclear(
    line: ReviewedLine, said: Mapping[str, Any], remedies: Remedies = COMMAND
) -> str | None:
    """Why a line cannot be accepted as it stands."""
    if line.match.candidates:
        choices = "、".join(line.match.candidates)
        return (
            f"どの記録か決められません(候補: {choices})。"
            f"{remedies.choose.format(number=line.view.number)}"
        )
    said_labels = {each.label for each in FIELDS[line.kind] if each.name in said}
    if bad := [label for label in line.unreadable if label not in said_labels]:
        return f"{'、'.join(bad)}の値が使えません。{remedies.rewrite}"
    return None


def values_of(line: ReviewedLine, held: Entry | None) -> dict[str, Any]:
    """What the page says that is not yet so: of a held record its differences, else everything."""
    told = {name: value for name, value in line.told.values.items() if name != FILE_ADDRESSES}
    if held is None:
        return {name: value for name, value in told.items() if name not in line.settled}
    if line.kind is LineKind.PERSON:
        return {each.field: tuple(each.page) if isinstance(each.page, list) else each.page
                for each in line.differences}  # fmt: skip
    unlike = {each.field for each in line.differences}
    if "event_part" in unlike and "event_id" in told:
        unlike.add("event_id")
    return {name: value for name, value in told.items() if name in unlike}


def kept(line: ReviewedLine, held: Entry | None, name: str) -> Any:
    """What stays where a person prefers the catalogue to the page."""
    values = {name: None, **line.told.values}
    return None if held is None else plain(held_value(held, field_of(line.kind, name), values))


def named(line: ReviewedLine) -> str:
    """A line as a sentence names it."""
    return f"{line.view.number} {LABELS[line.kind]}「{title_of(line.view)}」"


def label_of(seen: Review) -> str:
    """How a new address is called: by the series that the page is about, else by itself."""
    events = (line for line in seen.lines if line.kind is LineKind.EVENT)
    series = {name for line in events if (name := line.told.values.get("series"))}
    return f"「{series.pop()}」のページ" if len(series) == 1 else seen.intake.source
