"""The form of an intake: what it shows of every line, and what its sender says.

A line's boxes are open where the page contradicts itself or somebody asked for them; the others
show what the page says. What was typed travels as :class:`~kb.catalogue.intake.jobs.LineWord`, so
that a form that was refused comes back as it was sent.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from kb.catalogue.intake.jobs import LineWord, Words
from kb.catalogue.intake.sheets import Sheet, SheetField, SheetLine
from kb.web import addresses

PAGE_LINES = 100
"""Lines on one page of the form; a page of a seminar has fifty to a hundred."""

ACCEPT, REJECT = "accept", "reject"

_RECORDS: Mapping[str, Callable[[str], str]] = {
    "programme": addresses.programme,
    "event": addresses.event,
    "case": addresses.case,
    "person": addresses.person,
    "document": addresses.document,
}
"""Kind -> the page of its records; a role has none."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a list."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Box:
    """One field as its box shows it."""

    field: SheetField
    value: str
    """What stands in the box."""
    choices: tuple[Choice, ...]
    """Empty where it is typed."""
    keep: bool
    """The catalogue's value is to stay."""


@dataclass(frozen=True, slots=True)
class LineShown:
    """One line as the form shows it."""

    line: SheetLine
    word: LineWord
    editing: bool
    """Its boxes are open."""
    boxes: tuple[Box, ...]

    @property
    def told(self) -> tuple[SheetField, ...]:
        """The fields to read: where it differs from a record, those that do."""
        if self.line.state == "differs":
            return tuple(field for field in self.line.fields if field.held is not None)
        return tuple(field for field in self.line.fields if field.text)

    @property
    def to_record(self) -> tuple[tuple[str, str], ...]:
        """Label and text of what will be recorded of it."""
        typed, kept = dict(self.word.values), self.word.keep
        boxes = [box for box in self.boxes if box.field.name not in kept]
        told = [(box, _text(box) if box.field.name in typed else box.field.text) for box in boxes]
        return tuple((b.field.label, text) for b, text in told if text or b.field.name in typed)

    @property
    def differing(self) -> tuple[Box, ...]:
        """The boxes of the fields in which it differs from its record."""
        return tuple(box for box in self.boxes if box.field.held is not None)


@dataclass(frozen=True, slots=True)
class Group:
    """Lines under one heading."""

    id: str
    title: str
    lines: tuple[LineShown, ...]


@dataclass(frozen=True, slots=True)
class FormShown:
    """Everything the template draws of an intake's lines."""

    groups: tuple[Group, ...]
    """Lines that wait: first those in which the page contradicts itself, then by kind."""
    made: tuple[SheetLine, ...]
    """Lines that were accepted or rejected."""
    known: tuple[SheetLine, ...]
    """Lines that the catalogue held already."""
    rights: tuple[tuple[str, tuple[SheetLine, ...]], ...]
    """Every wish about documents, verbatim, with the documents under which it stands."""
    waiting: int
    """Lines that wait, on all pages."""
    sure: int
    """Those of them that nothing speaks against."""
    against: int
    """Those of them in which the page contradicts itself."""
    page: int
    pages: int


def record_address(line: SheetLine) -> str:
    """The page of the record that a line is or became; empty where it has none."""
    known = _RECORDS.get(line.kind)
    decided_no = line.state == "rejected"
    return known(line.record_id) if known and line.record_id and not decided_no else ""


# --- showing --------------------------------------------------------------------------------


def form_shown(
    sheet: Sheet, page: int, typed: Words | None = None, editing: frozenset[int] = frozenset()
) -> FormShown:
    """The lines of one page of the form.

    Args:
        sheet: what the worker found.
        page: from 1; the last one stands for any behind it.
        typed: what a form held that was not taken.
        editing: numbers of lines whose boxes are asked for.
    """
    waiting = _in_order(line for line in sheet.lines if line.open)
    pages = max(1, -(-len(waiting) // PAGE_LINES))
    here = min(page, pages)
    shown = waiting[(here - 1) * PAGE_LINES : here * PAGE_LINES]
    words = {word.number: word for word in typed.lines} if typed else {}
    lines = [_shown(sheet, line, words.get(line.number), editing) for line in shown]
    return FormShown(
        groups=tuple(_groups(lines)),
        made=tuple(line for line in sheet.lines if line.state in ("accepted", "rejected")),
        known=tuple(line for line in sheet.lines if line.state == "same"),
        rights=tuple(_rights(sheet)),
        waiting=len(waiting),
        sure=sum(line.sure for line in waiting),
        against=sum(bool(line.contradictions) for line in waiting),
        page=here,
        pages=pages,
    )


def lines_chosen(sheet: Sheet, words: Words) -> tuple[LineShown, ...]:
    """The lines that somebody has chosen, as they are to be recorded or rejected."""
    by_key = {line.key: line for line in sheet.lines}
    chosen = ((by_key.get(word.key), word) for word in words.lines if word.wanted)
    shown = (_shown(sheet, line, word, frozenset()) for line, word in chosen if line is not None)
    return tuple(shown)


_ORDER = ("event", "case", "document", "person", "programme", "role")


def _in_order(lines: Iterable[SheetLine]) -> list[SheetLine]:
    return sorted(
        lines, key=lambda line: (not line.contradictions, _ORDER.index(line.kind), line.number)
    )


def _groups(lines: list[LineShown]) -> Iterable[Group]:
    against = tuple(shown for shown in lines if shown.line.contradictions)
    if against:
        yield Group("against", "食い違いのある行", against)
    for kind in _ORDER:
        alike = [s for s in lines if s.line.kind == kind and not s.line.contradictions]
        if alike:
            yield Group(kind, alike[0].line.kind_label, tuple(alike))


def _rights(sheet: Sheet) -> Iterable[tuple[str, tuple[SheetLine, ...]]]:
    found: dict[str, list[SheetLine]] = {}
    for line in sheet.lines:
        statement = line.field("rights_statement")
        if statement is not None and statement.text:
            found.setdefault(statement.text, []).append(line)
    return ((statement, tuple(lines)) for statement, lines in found.items())


def _shown(
    sheet: Sheet, line: SheetLine, typed: LineWord | None, editing: frozenset[int]
) -> LineShown:
    word = typed or LineWord(line.number, line.key, line.version)
    values = dict(word.values)
    boxes = tuple(
        Box(
            field=field,
            value=values.get(field.name, field.typed),
            choices=_choices(sheet, line, field, values.get(field.name, field.typed)),
            keep=field.name in word.keep,
        )
        for field in line.fields
    )
    wrong = bool(line.contradictions or line.unreadable or values)
    return LineShown(line, word, wrong or line.number in editing, boxes)


def _text(box: Box) -> str:
    """What stands in a box, for people."""
    return next((each.label for each in box.choices if each.value == box.value), box.value)


def _choices(sheet: Sheet, line: SheetLine, field: SheetField, value: str) -> tuple[Choice, ...]:
    """What can be chosen; also what stands there, where it is none of them."""
    pairs = sheet.choices.get(f"{line.kind}.{field.name}")
    if pairs is None:
        return ()
    own = () if value in ("", *(slug for slug, _ in pairs)) else ((value, value),)
    others = (pair for pair in pairs if pair[0] != line.key)
    return tuple(Choice(*pair) for pair in (("", "なし"), *others, *own))


# --- reading --------------------------------------------------------------------------------


def words_of(form: MultiDict[str, str], sheet: Sheet, *, sure: bool) -> Words:
    """What the sender of a form says; lines that the form did not show are left out."""
    by_number = {str(line.number): line for line in sheet.lines}
    sent = (by_number.get(name[2:]) for name in form if name.startswith("v-"))
    lines = tuple(_word(form, line) for line in sent if line is not None)
    return Words(lines, sure, references="references" in form)


def current(words: Words, sheet: Sheet) -> Words:
    """The same said of the lines as they are shown now."""
    versions = {line.number: line.version for line in sheet.lines}
    lines = (replace(w, version=versions.get(w.number, w.version)) for w in words.lines)
    return replace(words, lines=tuple(lines))


def _word(form: MultiDict[str, str], line: SheetLine) -> LineWord:
    number, do = line.number, form.get(f"do-{line.number}", "")
    names = {field.name for field in line.fields}
    return LineWord(
        number=number,
        key=line.key,
        version=form.get(f"v-{number}", "")[:64],
        do=do if do in (ACCEPT, REJECT) else "",
        values=tuple(_values(form, line)),
        keep=tuple(name for name in form.getlist(f"keep-{number}") if name in names),
        record=form.get(f"as-{number}", "")[:200],
    )


def _values(form: MultiDict[str, str], line: SheetLine) -> Iterable[tuple[str, str]]:
    """Fields whose text is another than was shown."""
    for field in line.fields:
        text = form.get(f"f-{line.number}-{field.name}")
        if text is not None and _one_line(text) != _one_line(field.typed):
            yield field.name, text.strip()


def _one_line(text: str) -> str:
    """Blanks and breaks are changed by boxes, not by people."""
    return " ".join(text.split())


def editing_of(form: MultiDict[str, str]) -> frozenset[int]:
    """The numbers of the lines whose boxes are open, with the one that is asked for now."""
    asked = (*form.getlist("editing"), form.get("edit", ""))
    return frozenset(int(each) for each in asked if each.isdecimal() and len(each) < 7)
