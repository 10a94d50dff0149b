"""Lines of a report on a terminal."""

SHOWN = 80
"""Characters of a value that one line shows; the JSON of a report has all of them."""


def short(text: str) -> str:
    """`text` on one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else f"{line[:SHOWN]}…"


def printable(line: str) -> str:
    """A line that a terminal shows and does not obey."""
    return "".join(c if c.isprintable() or c == "\u3000" else "\ufffd" for c in line)
