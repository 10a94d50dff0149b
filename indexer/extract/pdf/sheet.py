"""What a page's operators draw on: runs of text, and counts of what is not text."""

from collections.abc import Iterable

from indexer.extract.pdf.lines import PageLines
from indexer.extract.pdf.run import Run
from indexer.extract.pdf.tokens import painted

MANY_PATHS = 200
"""Painted paths that are more than rules and boxes: letters turned into outlines."""

_CELL = 20.0
"""Points; the width of the squares by which invisible text is looked for under visible."""

_MOST_IN_CELL = 32

_REPLACEABLE = 2
"""Glyphs that an empty replacement text may take away: a hyphen at a line's end."""


class PageFull(Exception):
    """The page holds more characters than its limit; what came before is kept."""


class Sheet:
    """One page while it is drawn."""

    def __init__(self, most_characters: int) -> None:
        self.lines = PageLines(most_characters)
        self.glyphs = 0
        """Glyphs drawn, spaces left out, undefined ones included."""
        self.undefined = 0
        """Glyphs that stand for no known character."""
        self.images = 0
        self.contents: list[bytes] = []
        """The content streams drawn, a form as often as it was drawn."""
        self._replaced: list[Run] | None = None
        self._hidden: list[Run] = []
        self._room = most_characters
        self._seen: list[Run] = []

    def add(self, run: Run, *, hidden: bool) -> None:
        """Take a run of text. Raises PageFull when the page holds no more."""
        self._room -= len(run.text)
        if self._replaced is None and not hidden:
            self.lines.add(run)
            self._seen.append(run)
            if self.lines.cut:
                raise PageFull
            return
        if self._room < 0:
            raise PageFull
        (self._hidden if self._replaced is None else self._replaced).append(run)

    def begin_replaced(self) -> bool:
        """Hold back what is drawn from here on; tell whether that is not yet being done."""
        if self._replaced is not None:
            return False
        self._replaced = []
        return True

    def end_replaced(self, text: str) -> None:
        """Put `text` in the place of what was held back."""
        covered, self._replaced = self._replaced or [], None
        if not covered:
            return
        count = sum(len(run.text) for run in covered)
        if not text and count > _REPLACEABLE:
            runs: Iterable[Run] = covered
        elif count == len(text):
            runs = _shared_out(text, covered)
        else:
            runs = _merged(text, covered)
        for run in runs:
            self.lines.add(run)
            self._seen.append(run)
            if self.lines.cut:
                raise PageFull

    def finish(self) -> str:
        """Return the page's text; `lines.cut` tells whether some had to be left out."""
        for run in self._replaced or ():  # its end was never met
            self.lines.add(run)
        if self._hidden:
            visible = _Cells(self._seen)
            for run in self._hidden:
                if not visible.hold(run):
                    self.lines.add(run)
        return self.lines.finish()

    def is_painted_over(self) -> bool:
        """Tell whether more paths are painted than a page of text has for its rules."""
        known: dict[bytes, int] = {}
        total = 0
        for data in self.contents:
            if data not in known:
                known[data] = painted(data)
            total += known[data]
            if total > MANY_PATHS:
                return True
        return False


def _shared_out(text: str, covered: list[Run]) -> Iterable[Run]:
    """Yield the runs with as many characters of the text as each had."""
    place = 0
    for run in covered:
        count = len(run.text)
        yield run._replace(text=text[place : place + count])
        place += count


def _merged(text: str, covered: list[Run]) -> Iterable[Run]:
    """Yield one run that shows the text from where the covered ones begin to where they end.

    Where they do not follow one line, it stands where the first does.
    """
    first, last = covered[0], covered[-1]
    em = max(first.size, 1e-9)
    across = (last.end_y - first.y) * first.along_x - (last.end_x - first.x) * first.along_y
    along = (last.end_x - first.x) * first.along_x + (last.end_y - first.y) * first.along_y
    end = last if abs(across) < 0.5 * em and along > 0 else first
    yield first._replace(text=text, end_x=end.end_x, end_y=end.end_y, parts=())


class _Cells:
    """Where visible text stands, by squares of the page."""

    def __init__(self, runs: Iterable[Run]) -> None:
        self._cells: dict[tuple[int, int], list[Run]] = {}
        for run in runs:
            for cell in _cells_of(run):
                held = self._cells.setdefault(cell, [])
                if len(held) < _MOST_IN_CELL:
                    held.append(run)

    def hold(self, run: Run) -> bool:
        """Tell whether visible text covers the middle of a run."""
        x, y = (run.x + run.end_x) / 2, (run.y + run.end_y) / 2
        return any(_covers(other, x, y) for other in self._cells.get(_cell(x, y), ()))


def _cells_of(run: Run) -> Iterable[tuple[int, int]]:
    steps = int(min(200.0, max(abs(run.end_x - run.x), abs(run.end_y - run.y)) / _CELL)) + 1
    for step in range(steps + 1):
        share = step / steps
        x = run.x + (run.end_x - run.x) * share
        y = run.y + (run.end_y - run.y) * share
        column, row = _cell(x, y)
        yield from ((column + dx, row + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1))


def _cell(x: float, y: float) -> tuple[int, int]:
    return int(x // _CELL), int(y // _CELL)


def _covers(run: Run, x: float, y: float) -> bool:
    along = (x - run.x) * run.along_x + (y - run.y) * run.along_y
    length = (run.end_x - run.x) * run.along_x + (run.end_y - run.y) * run.along_y
    across = (y - run.y) * run.along_x - (x - run.x) * run.along_y
    return -0.2 * run.size < along < length + 0.2 * run.size and abs(across) < run.size
