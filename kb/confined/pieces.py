"""What a child writes, put together: as lines, or as a whole."""

import contextlib
from collections.abc import Generator, Iterable

from kb.confined.endings import End, Ending

Pieces = Generator[bytes | Ending, None, None]
"""What a child writes, in pieces as they arrive, and last how it ended. Closing it early kills
the child."""


def lines(pieces: Pieces) -> Pieces:
    """Yield whole lines without their newlines as they arrive, then the ending.

    What stands behind the last newline is dropped: its writer did not finish it.
    """
    begun: list[bytes] = []
    with contextlib.closing(pieces):
        for piece in pieces:
            if isinstance(piece, Ending):
                yield piece
            elif b"\n" not in piece:
                begun.append(piece)
            else:
                *complete, rest = b"".join([*begun, piece]).split(b"\n")
                begun = [rest]
                yield from complete


def whole(pieces: Iterable[bytes | Ending]) -> tuple[bytes, Ending]:
    """Return everything a child wrote, and how it ended."""
    written: list[bytes] = []
    ending = Ending(End.GONE)
    for piece in pieces:
        if isinstance(piece, Ending):
            ending = piece
        else:
            written.append(piece)
    return b"".join(written), ending
