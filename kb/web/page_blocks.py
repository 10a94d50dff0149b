"""A page in reading order as HTML: headings, paragraphs, tables, fields, notes.

Made as :mod:`kb.web.page_text` makes it: out of pieces that are escaped one by one.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from markupsafe import Markup

from kb.web.page_order import Shown, joint
from kb.web.page_text import LINE_BREAK, Hit, Span, crossing, piece, squeezed

_PARAGRAPH = Markup("<p>{}</p>")
_TABLE = Markup(
    '<div class="scroller" tabindex="0" role="region" aria-label="本文の表{}">'
    "<table><tbody>\n{}\n</tbody></table></div>"
)
_ROW, _CELL, _WIDE_CELL = map(Markup, ("<tr>{}</tr>", "<td>{}</td>", '<td colspan="{}">{}</td>'))
_FIELDS = Markup('<dl class="facts tight">\n{}\n</dl>')
_FIELD = Markup("<div><dt>{}</dt>{}</div>")
_VALUE, _NO_VALUE = Markup("<dd>{}</dd>"), Markup('<dd class="said">記入なし</dd>')
_NO_LABEL = Markup('<span class="said">名前のない項目</span>')
_READINGS = Markup('<p class="reading"><span class="said">よみ</span> {}</p>')
_BIT = Markup("<span>{}</span>")
_AFTER = Markup('<h3 class="said">{}</h3>\n{}')
_RUNNING = Markup(
    '<details class="running"{}><summary class="said">ヘッダー・フッター</summary>'
    '<p class="bits">{}</p></details>'
)
_JOINTS = {"": Markup(""), " ": Markup(" "), "\n": LINE_BREAK}
_AFTER_THE_BODY = {"note": "ノート・脚注", "annotation": "注釈"}


def page_html(
    text: str, blocks: Sequence[Shown], found: Sequence[Hit], title: str | None, now: int
) -> Markup:
    """A page as it is read.

    Marks carry ``id="hit-n"``; mark `now` is drawn as the current one. Whatever is not of the
    page but said about it has the class ``said``.
    """
    return Markup("\n").join(_Writer(text, tuple(blocks), tuple(found), title or "", now).parts())


@dataclass(frozen=True, slots=True)
class _Writer:
    text: str
    blocks: tuple[Shown, ...]
    found: tuple[Hit, ...]
    title: str
    now: int

    def parts(self) -> Iterator[Markup]:
        """The elements of the page; neighbours of one kind share a table, a list, a heading."""
        groups: dict[str, Callable[[Sequence[Shown]], Markup]] = {
            "field": self._fields,
            "reading": self._readings,
            "note": self._after,
            "annotation": self._after,
            "running": self._running,
        }
        headings, tables = iter(self._levels()), 0
        for kind, members in groupby(self.blocks, key=lambda block: block.kind):
            blocks = tuple(members)
            if kind == "row":
                tables += 1
                yield _TABLE.format(tables, self._rows(blocks))
            elif kind == "heading":
                yield from (self._heading(block, next(headings)) for block in blocks)
            elif kind in groups:
                yield groups[kind](blocks)
            else:
                yield from (_PARAGRAPH.format(self._flow(block.lines)) for block in blocks)

    def _levels(self) -> list[int]:
        """Headings up to the page's title are h3, those below it h4; none matches: all h3."""
        headings = [self._squeezed(block) for block in self.blocks if block.kind == "heading"]
        title = squeezed(self.title)
        last = len(headings)
        if title:
            alike = (h.startswith(title) or title.startswith(h) for h in headings)
            last = next((number for number, same in enumerate(alike) if same), last)
        return [3 if number <= last else 4 for number in range(len(headings))]

    def _heading(self, block: Shown, level: int) -> Markup:
        return Markup("<h{0}>{1}</h{0}>").format(level, self._flow(block.lines))

    def _rows(self, blocks: Sequence[Shown]) -> Markup:
        columns = max(len(row.cells) for row in blocks)
        return Markup("\n").join(_ROW.format(self._row(row, columns)) for row in blocks)

    def _row(self, row: Shown, columns: int) -> Markup:
        """The last cell of a shorter row takes the room that is left."""
        *cells, last = (self._broken(cell) for cell in row.cells)
        left = columns - len(cells)
        end = _WIDE_CELL.format(left, last) if left > 1 else _CELL.format(last)
        return Markup("").join([*(_CELL.format(cell) for cell in cells), end])

    def _fields(self, blocks: Sequence[Shown]) -> Markup:
        return _FIELDS.format(Markup("\n").join(self._field(block) for block in blocks))

    def _field(self, block: Shown) -> Markup:
        label, *values = block.cells
        written = [_VALUE.format(self._broken(value)) for value in values if value]
        name = self._broken(label) if label else _NO_LABEL
        return _FIELD.format(name, Markup("").join(written or [_NO_VALUE]))

    def _readings(self, blocks: Sequence[Shown]) -> Markup:
        return _READINGS.format(self._bits(blocks))

    def _after(self, blocks: Sequence[Shown]) -> Markup:
        written = Markup("\n").join(_PARAGRAPH.format(self._flow(b.lines)) for b in blocks)
        return _AFTER.format(_AFTER_THE_BODY[blocks[0].kind], written)

    def _running(self, blocks: Sequence[Shown]) -> Markup:
        """Folded, unless a mark stands in it: a link to it must not lead to nothing."""
        hit = any(crossing(self.found, line) for block in blocks for line in block.lines)
        return _RUNNING.format(Markup(" open") if hit else "", self._bits(blocks))

    def _bits(self, blocks: Sequence[Shown]) -> Markup:
        return Markup(" ").join(_BIT.format(self._flow(block.lines)) for block in blocks)

    def _flow(self, lines: Sequence[Span]) -> Markup:
        """Lines of one paragraph, run on."""
        written = self._piece(lines[0])
        for before, after in pairwise(lines):
            written += _JOINTS[joint(self.text, before, after)] + self._piece(after)
        return written

    def _broken(self, lines: Sequence[Span]) -> Markup:
        """Lines of a cell, as they are broken there."""
        return LINE_BREAK.join(self._piece(line) for line in lines)

    def _piece(self, line: Span) -> Markup:
        return piece(self.text, line, self.found, self.now)

    def _squeezed(self, block: Shown) -> str:
        return squeezed("".join(self.text[start:end] for start, end in block.lines))
