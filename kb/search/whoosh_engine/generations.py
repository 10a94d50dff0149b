"""The index folder: generations side by side, and a pointer that says which one is live.

::

    CURRENT                      the live generation's name, switched by an atomic rename
    writer.lock  writer.txt      see ``lock``
    generations/0001-1f0c2a9b/   a Whoosh index, its TOCs and their manifests
"""

import os
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kb.search.engine import IndexDamaged, SearchUnavailable
from kb.search.whoosh_engine import durable
from kb.search.whoosh_engine.manifest import REPAIR, Manifest, manifest_name, read_manifest
from kb.search.whoosh_engine.storage import remove, sweep, toc_number

_NAME = re.compile(r"[0-9]{4,}-[0-9a-f]{8}")
_LOOKS = 20


@dataclass(frozen=True, slots=True)
class Position:
    """Which commit is live."""

    generation: str
    toc: int

    def __str__(self) -> str:
        return f"{self.generation}.{self.toc}"


class Generations:
    """The folder of one index."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._current = folder / "CURRENT"
        self._all = folder / "generations"

    def path(self, generation: str) -> Path:
        """The folder of a generation."""
        return self._all / generation

    def exists(self) -> bool:
        """Whether there is an index at all."""
        return self._current.exists()

    def prepare(self) -> None:
        """Make the folder; only its owner may enter, since Whoosh's files are pickles."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        self._all.mkdir(mode=0o700, exist_ok=True)

    def position(self) -> Position:
        """The live commit: two cheap looks at the disk.

        A folder that is listed while a commit or a switch goes on may show neither the old TOC
        nor the new; a listing that begins afterwards shows the new one.

        Raises:
            SearchUnavailable: there is no index.
            IndexDamaged: the pointer or the generation it names is broken.
        """
        for _ in range(_LOOKS):
            generation = self._live()
            tocs = self._tocs(generation)
            if tocs:
                return Position(generation, max(tocs))
        raise IndexDamaged(f"索引の世代 {generation} が見つからないか、目次がありません。{REPAIR}")

    def _tocs(self, generation: str) -> list[int]:
        try:
            names = os.listdir(self.path(generation))  # noqa: PTH208 - paths take four times as long
        except FileNotFoundError:
            return []
        return [number for name in names if (number := toc_number(name)) is not None]

    def _live(self) -> str:
        try:
            name = self._current.read_text(encoding="ascii", errors="replace").strip()
        except FileNotFoundError as error:
            raise SearchUnavailable(
                "索引がまだありません。「kb init」を実行してから「kb sync」を実行してください。"
            ) from error
        if not _NAME.fullmatch(name):
            raise IndexDamaged(f"どの索引を使うかの記録(CURRENT)が壊れています。{REPAIR}")
        return name

    def manifest(self, position: Position) -> Manifest:
        """The manifest of a commit.

        Raises:
            FileNotFoundError: a later commit has swept it, or it was lost.
            IndexDamaged: it is broken.
        """
        return read_manifest(self.path(position.generation), position.toc)

    def begin(self) -> str:
        """Make an empty folder for a new generation and say its name."""
        numbers = [int(p.name.partition("-")[0]) for p in self._named()]
        name = f"{max(numbers, default=0) + 1:04d}-{secrets.token_hex(4)}"
        self.path(name).mkdir(mode=0o700)
        durable.sync(self._all)
        return name

    def switch(self, generation: str) -> None:
        """Make a finished generation the live one, in one durable step."""
        durable.write(self._current, f"{generation}\n")

    def sweep(self, in_use: Iterable[str] = ()) -> None:
        """Remove what no reader needs: other generations, and orphans in the live one.

        `in_use` names generations that readers of this process still hold. Readers of other
        processes have their files open (mapped into memory) and lose nothing.
        """
        position = self.position() if self.exists() else None
        keep = {*in_use, *([position.generation] if position else [])}
        for path in self._all.iterdir():
            if path.name not in keep:
                remove(path)
        if position:
            sweep(self.path(position.generation), self._files(position))

    def _files(self, position: Position) -> set[str]:
        try:
            listed = set(self.manifest(position).files)
        except FileNotFoundError as error:
            raise IndexDamaged(f"索引の目録がありません。{REPAIR}") from error
        return {*listed, manifest_name(position.toc)}

    def _named(self) -> list[Path]:
        return [path for path in self._all.iterdir() if _NAME.fullmatch(path.name)]
