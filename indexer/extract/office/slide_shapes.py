"""The shapes of a slide: what each says, where it stands, and in which order they are read.

Source: ECMA-376 Part 1, 19.3 (slides) and 20.1.7 (transforms). Lengths are EMU, 12,700 to a
point.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from indexer.extract.office.drawing import paragraphs
from indexer.extract.office.ooxml import Element, alternative, local, whole
from indexer.extract.page_text import Box
from indexer.extracted import Direction

DEEPEST_GROUP = 30
"""Groups within groups; deeper ones are not looked into."""

SAME_LINE = 0.02
"""Share of the slide's height by which two shapes on one line may differ."""

_EMU_PER_TENTH = 1270
_TITLES = frozenset({"title", "ctrTitle"})
_DIRECTIONS = {
    "eaVert": Direction.DOWN,
    "vert": Direction.DOWN,
    "wordArtVert": Direction.DOWN,
    "wordArtVertRtl": Direction.DOWN,
    "vert270": Direction.UP,
}


class Rect(NamedTuple):
    """A box on the slide."""

    left: float
    top: float
    width: float
    height: float
    direction: Direction = Direction.RIGHT

    @property
    def area(self) -> float:
        """Width times height."""
        return self.width * self.height

    def box(self) -> Box:
        """Return it in tenths of a point."""
        left, top = self.left / _EMU_PER_TENTH, self.top / _EMU_PER_TENTH
        right, bottom = left + self.width / _EMU_PER_TENTH, top + self.height / _EMU_PER_TENTH
        return Box(left, top, right, bottom, self.direction)


class Cell(NamedTuple):
    """A cell of a table."""

    text: str
    rect: Rect | None


Inherited = dict[tuple[str, str], Rect]
"""Where a layout puts its placeholders, by kind and number of what is known."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One shape, or a group in its own reading order."""

    rect: Rect | None = None
    role: str = ""
    """Kind of placeholder: title, body, ftr; empty for none."""
    paragraphs: tuple[str, ...] = ()
    size: int = 0
    """Of its largest letters, in hundredths of a point, where the slide itself tells it."""
    rows: tuple[tuple[Cell, ...], ...] = ()
    frame: Element | None = None
    """What may hold a chart or a diagram."""
    properties: Element | None = None
    """The element that carries the alternative text."""
    is_picture: bool = False
    members: tuple["Piece", ...] = ()
    """Of a group."""

    @property
    def is_title(self) -> bool:
        """Whether it is the slide's title."""
        return self.role in _TITLES


class _Scale(NamedTuple):
    """How a group places what is in it."""

    x: float = 1.0
    y: float = 1.0
    left: float = 0.0
    top: float = 0.0

    def rect(self, found: Rect | None) -> Rect | None:
        if found is None:
            return None
        return Rect(
            found.left * self.x + self.left,
            found.top * self.y + self.top,
            found.width * self.x,
            found.height * self.y,
            found.direction,
        )


def pieces(tree: Element, inherited: Inherited, most: int) -> Iterator[Piece]:
    """Yield the shapes of a slide as they follow in the file, groups as one, at most `most`."""
    left = [most]
    yield from _pieces(tree, inherited, _Scale(), left, 0)


def placeholder_boxes(root: Element) -> Inherited:
    """Return where a layout or master puts its placeholders."""
    boxes: Inherited = {}
    for shape in root.iterfind("{*}cSld/{*}spTree/{*}sp"):
        rect = _rect(shape.find("{*}spPr/{*}xfrm"))
        role = shape.find("{*}nvSpPr/{*}nvPr/{*}ph")
        if rect is not None and role is not None:
            if role.get("idx"):
                boxes["idx", role.get("idx")] = rect
            boxes["type", _kind(role)] = rect
    return boxes


def in_reading_order(found: Sequence[Piece], height: float) -> list[Piece]:
    """Return the shapes one by one: the title, then from top to bottom and left to right.

    Shapes whose tops differ by less than `SAME_LINE` of the slide's height stand on one line.
    A group is read as a whole where it stands. Shapes without a place keep to the one before.
    """
    titles = [piece for piece in found if piece.is_title]
    placed: list[tuple[Rect, list[Piece]]] = []
    leading: list[Piece] = []
    for piece in found:
        if piece.is_title:
            continue
        if piece.rect is not None:
            placed.append((piece.rect, [piece]))
        else:
            (placed[-1][1] if placed else leading).append(piece)
    placed.sort(key=lambda one: one[0].top)
    lines: list[list[tuple[Rect, list[Piece]]]] = []
    for one in placed:
        if lines and one[0].top - lines[-1][0][0].top <= SAME_LINE * height:
            lines[-1].append(one)
        else:
            lines.append([one])
    ordered = [*titles, *leading]
    for line in lines:
        for _, together in sorted(line, key=lambda one: one[0].left):
            ordered += together
    return [one for piece in ordered for one in _flat(piece, height)]


def _flat(piece: Piece, height: float) -> list[Piece]:
    return in_reading_order(piece.members, height) if piece.members else [piece]


def _pieces(
    tree: Element, inherited: Inherited, scale: _Scale, left: list[int], depth: int
) -> Iterator[Piece]:
    for shape in tree:
        name = local(shape)
        left[0] -= 1
        if left[0] < 0:
            return
        if name == "AlternateContent" and depth < DEEPEST_GROUP:
            yield from _pieces(alternative(shape), inherited, scale, left, depth + 1)
        elif name == "grpSp" and depth < DEEPEST_GROUP:
            members = tuple(_pieces(shape, inherited, _within(shape, scale), left, depth + 1))
            place = scale.rect(_rect(shape.find("{*}grpSpPr/{*}xfrm")))
            yield Piece(rect=place or _first_place(members), members=members)
        elif name == "sp":
            yield _text_shape(shape, inherited, scale)
        elif name == "pic":
            properties = shape.find("{*}nvPicPr/{*}cNvPr")
            place = scale.rect(_rect(shape.find("{*}spPr/{*}xfrm")))
            yield Piece(rect=place, properties=properties, is_picture=True)
        elif name == "graphicFrame":
            yield _graphic(shape, scale)


def _first_place(members: Sequence[Piece]) -> Rect | None:
    return next((member.rect for member in members if member.rect is not None), None)


def _text_shape(shape: Element, inherited: Inherited, scale: _Scale) -> Piece:
    role = shape.find("{*}nvSpPr/{*}nvPr/{*}ph")
    rect = scale.rect(_rect(shape.find("{*}spPr/{*}xfrm")))
    if rect is None and role is not None:
        rect = inherited.get(("idx", role.get("idx", "")))
        rect = rect or inherited.get(("type", _kind(role)))
    body = shape.find("{*}txBody")
    texts: tuple[str, ...] = ()
    if body is not None:
        texts = tuple(paragraphs(body))
        properties = body.find("{*}bodyPr")
        turned = properties.get("vert", "") if properties is not None else ""
        if rect is not None and turned in _DIRECTIONS:
            rect = rect._replace(direction=_DIRECTIONS[turned])
    return Piece(
        rect=rect,
        role=_kind(role) if role is not None else "",
        paragraphs=texts,
        size=_letter_size(body) if texts else 0,
        properties=shape.find("{*}nvSpPr/{*}cNvPr"),
    )


def _letter_size(body: Element) -> int:
    runs = (run.find("{*}rPr") for run in body.iter("{*}r", "{*}fld"))
    return max((whole(words.get("sz")) for words in runs if words is not None), default=0)


def _kind(role: Element) -> str:
    kind = str(role.get("type", "body"))
    return "title" if kind == "ctrTitle" else kind


def _graphic(shape: Element, scale: _Scale) -> Piece:
    rect = scale.rect(_rect(shape.find("{*}xfrm")))
    properties = shape.find("{*}nvGraphicFramePr/{*}cNvPr")
    table = shape.find("{*}graphic/{*}graphicData/{*}tbl")
    if table is None:
        return Piece(rect=rect, frame=shape, properties=properties)
    return Piece(rect=rect, rows=tuple(_rows(table, rect)), properties=properties)


def _rows(table: Element, rect: Rect | None) -> Iterator[tuple[Cell, ...]]:
    """Yield the cells of each row; what a merged cell covers is left out."""
    widths = [whole(column.get("w")) for column in table.iterfind("{*}tblGrid/{*}gridCol")]
    top = rect.top if rect else 0.0
    for row in table.iterfind("{*}tr"):
        height = whole(row.get("h"))
        left, cells = rect.left if rect else 0.0, []
        for index, cell in enumerate(row.iterfind("{*}tc")):
            width = widths[index] if index < len(widths) else 0
            body = cell.find("{*}txBody")
            covered = cell.get("hMerge") in ("1", "true") or cell.get("vMerge") in ("1", "true")
            if body is not None and not covered:
                span = max(1, whole(cell.get("gridSpan"), 1))
                place = Rect(left, top, sum(widths[index : index + span]), height)
                cells.append(Cell("\n".join(paragraphs(body)), place if rect else None))
            left += width
        top += height
        yield tuple(cells)


def _within(group: Element, scale: _Scale) -> _Scale:
    """Return how a group places what is in it, given how it is placed itself."""
    frame = group.find("{*}grpSpPr/{*}xfrm")
    outer = _rect(frame)
    inner = _rect(frame, "chOff", "chExt")
    if outer is None or inner is None or inner.width <= 0 or inner.height <= 0:
        return scale
    x, y = outer.width / inner.width, outer.height / inner.height
    return _Scale(
        scale.x * x,
        scale.y * y,
        scale.x * (outer.left - inner.left * x) + scale.left,
        scale.y * (outer.top - inner.top * y) + scale.top,
    )


def _rect(frame: Element | None, offset: str = "off", extent: str = "ext") -> Rect | None:
    if frame is None:
        return None
    off, ext = frame.find(f"{{*}}{offset}"), frame.find(f"{{*}}{extent}")
    if off is None or ext is None:
        return None
    return Rect(
        whole(off.get("x")), whole(off.get("y")), whole(ext.get("cx")), whole(ext.get("cy"))
    )
