"""What a curator finds in the folder: the documents, and three that make trouble."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pikepdf

from tests.distributed.commands import ROOT

PASSWORD = "himitsu-2026"
LOCKED, BROKEN, DOUBLE = "鍵のかかった資料.pdf", "途中で切れた資料.pdf", "同じ資料の控え.pdf"
LOCKED_FROM = ROOT / "corpus" / "originals" / "mihon-tsubaki-2020-report.pdf"
_KEPT_BYTES = 1000
"""Of the broken one: of a twentieth, some pages can still be read."""


@dataclass(frozen=True, slots=True)
class Folder:
    """Files to be dropped."""

    plain: tuple[Path, ...]
    locked: Path
    broken: Path
    double: Path

    @property
    def all(self) -> tuple[Path, ...]:
        """In the order in which they are sent: the double after what it doubles."""
        return (*self.plain, self.locked, self.broken, self.double)


def laid_out(source: Path, folder: Path) -> Folder:
    """Copies of every PDF of `source`, one more with a password, one cut off, one twice.

    The one with a password is another town's report, from the sample.

    Raises:
        SystemExit: `source` holds no PDF.
    """
    found = sorted(source.glob("*.pdf"))
    if not found:
        raise SystemExit(f"{source}: no PDF")
    folder.mkdir(parents=True)
    plain = tuple(Path(shutil.copy(path, folder / path.name)) for path in found)
    locked, broken, double = (folder / name for name in (LOCKED, BROKEN, DOUBLE))
    with pikepdf.open(LOCKED_FROM) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner=PASSWORD, user=PASSWORD))
    broken.write_bytes(plain[-1].read_bytes()[:_KEPT_BYTES])
    shutil.copy(plain[len(plain) // 2], double)
    return Folder(plain, locked, broken, double)
