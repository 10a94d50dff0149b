"""Taking files out of a ZIP of unknown intent: a confined child unpacks, we only keep bytes.

Nothing a ZIP says is trusted here: names are cleaned and checked by the child and again, sizes
are counted, and every file is read by a child of its own afterwards.
"""

import contextlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO, cast

from indexer.extract.containers import MOST_UNPACKED_BYTES
from indexer.extracted import Limits, Outcome
from kb.confined import Confined, End, Ending
from kb.confined import Limits as ChildLimits
from kb.confined.pieces import Pieces

MOST_FILES = 2000
_MOST_LINE = 4096
_MOST_NAME = 500

REFUSALS = MappingProxyType(
    {
        "bomb": (Outcome.REFUSED, "展開すると極端に大きくなるZIPです。"),
        "crooked": (
            Outcome.REFUSED,
            "フォルダーの外を指す名前か、同じ名前のファイルが中にあります。",
        ),
        "torn": (Outcome.DAMAGED, "ZIPが途中で切れているか壊れています。"),
        "password": (Outcome.NEEDS_PASSWORD, "ZIPがパスワードで保護されています。"),
        "many": (Outcome.REFUSED, f"中のファイルが{MOST_FILES}個を超えています。"),
        "late": (Outcome.TIMED_OUT, "時間内に取り出し終わりませんでした。"),
        "memory": (Outcome.OUT_OF_MEMORY, "取り出すにはメモリーが足りませんでした。"),
    }
)
"""Why a ZIP is not opened: the outcome, and a sentence."""

_ENDINGS = MappingProxyType(
    {End.TIMED_OUT: "late", End.OUT_OF_MEMORY: "memory", End.TOO_MUCH: "bomb"}
)


class NotAZip(Exception):
    """The file is something else, whatever it is called."""


class Refused(Exception):
    """The ZIP is not opened; `why` is one of :data:`REFUSALS`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in the ZIP, to be read before the next one is asked for."""

    folder: str
    name: str
    stream: BinaryIO
    """Ends where the file does, or where it could not be unpacked any further: see `whole`."""
    _state: dict[str, bool]

    @property
    def whole(self) -> bool:
        """Whether all of it was unpacked; told once the stream has ended."""
        return self._state.get("whole", False)


class Unpacker:
    """Unpacks ZIPs, each in a child of its own; close it when done."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._confined = Confined("indexer.zipped_child")

    def entries(self, path: Path, password: str | None) -> Iterator[Entry]:
        """The files of a ZIP, one after the other.

        Raises:
            NotAZip: it is none.
            Refused: it is not opened, or not any further.
            OSError: there is no such file.
        """
        limits = ChildLimits(
            self._limits.seconds, self._limits.memory_mb, MOST_UNPACKED_BYTES + 2**25
        )
        self._confined.load()
        with path.open("rb") as source:
            pieces = self._confined.run({"password": password or ""}, source.fileno(), limits)
            with contextlib.closing(pieces):
                yield from _entries(_Results(pieces))

    def close(self) -> None:
        """End the template and every child."""
        self._confined.close()


def _entries(results: "_Results") -> Iterator[Entry]:
    seen = 0
    while (line := results.line()) is not None:
        name = line.get("entry")
        if not isinstance(name, str):
            continue
        seen += 1
        if seen > MOST_FILES:
            raise Refused("many")
        folder, _, last = name.rpartition("/")
        if not last or len(name) > _MOST_NAME or ".." in name.split("/"):
            raise Refused("crooked")
        content = _Content(results)
        yield Entry(folder, last, cast("BinaryIO", io.BufferedReader(content)), content.state)
        content.drain()


class _Results:
    """What the child writes, cut into lines and the bytes behind them."""

    def __init__(self, pieces: Pieces) -> None:
        self._pieces = pieces
        self._held = bytearray()

    def line(self) -> dict[str, Any] | None:
        """The next line; None when the child has ended well."""
        while b"\n" not in self._held:
            if len(self._held) > _MOST_LINE:
                raise Refused("torn")
            if not self._more():
                return None
        text, _, rest = bytes(self._held).partition(b"\n")
        self._held = bytearray(rest)
        try:
            line = json.loads(text)
        except ValueError as error:
            raise Refused("torn") from error
        if not isinstance(line, dict):
            raise Refused("torn")
        if "refused" in line:
            self._refuse(str(line["refused"]))
        return line

    def take(self, count: int) -> bytes:
        """So many bytes."""
        while len(self._held) < count:
            if not self._more():
                raise Refused("torn")
        taken = bytes(self._held[:count])
        del self._held[:count]
        return taken

    def _more(self) -> bool:
        piece = next(self._pieces, Ending(End.GONE))
        if not isinstance(piece, Ending):
            self._held += piece
            return True
        if piece.end is not End.DONE:
            raise Refused(_ENDINGS.get(piece.end, "torn"))
        return False

    def _refuse(self, why: str) -> None:
        if why == "other":
            raise NotAZip
        raise Refused(why if why in REFUSALS else "torn")


class _Content(io.RawIOBase):
    """The bytes of one entry, as they come."""

    def __init__(self, results: _Results) -> None:
        self._results = results
        self._held = b""
        self._over = False
        self.state: dict[str, bool] = {}

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        while not self._held and not self._over:
            self._fill()
        count = min(len(buffer), len(self._held))
        buffer[:count] = self._held[:count]
        self._held = self._held[count:]
        return count

    def drain(self) -> None:
        """Pass over what nobody has read."""
        self._held = b""
        while not self._over:
            self._fill()
            self._held = b""

    def _fill(self) -> None:
        line = self._results.line()
        if line is None:
            raise Refused("torn")
        count = line.get("bytes")
        if isinstance(count, int) and 0 < count <= 2**20:
            self._held = self._results.take(count)
        else:
            self.state["whole"] = line.get("whole") is True
            self._over = True
