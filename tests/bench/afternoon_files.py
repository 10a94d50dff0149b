"""What a curator finds in the folder: the documents, and three that make trouble."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfgen.canvas import Canvas

PASSWORD = "himitsu-2026"
LOCKED, BROKEN, DOUBLE = "鍵のかかった資料.pdf", "途中で切れた資料.pdf", "同じ資料の控え.pdf"
_FONT = "HeiseiKakuGo-W5"
_LOCKED_TEXT = (
    "図書館の返却箱を駅前に置いた取り組みの報告",
    "令和2年度 つばき市 図書館 業務改善報告書",
    "駅前に返却箱を置いたところ、返し忘れの電話が半分になりました。",
    "夜に返す人が多く、朝の仕分けに職員が一人要ることが分かりました。",
)
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

    The one with a password is a report of another, invented town.

    Raises:
        SystemExit: `source` holds no PDF.
    """
    found = sorted(source.glob("*.pdf"))
    if not found:
        raise SystemExit(f"{source}: no PDF")
    folder.mkdir(parents=True)
    plain = tuple(Path(shutil.copy(path, folder / path.name)) for path in found)
    locked, broken, double = (folder / name for name in (LOCKED, BROKEN, DOUBLE))
    _draw_locked(locked)
    broken.write_bytes(plain[-1].read_bytes()[:_KEPT_BYTES])
    shutil.copy(plain[len(plain) // 2], double)
    return Folder(plain, locked, broken, double)


def _draw_locked(path: Path) -> None:
    registerFont(UnicodeCIDFont(_FONT))
    pdf = Canvas(str(path), encrypt=StandardEncryption(PASSWORD, ownerPassword=PASSWORD))
    pdf.setTitle(_LOCKED_TEXT[0])
    for line, text in enumerate(_LOCKED_TEXT):
        pdf.setFont(_FONT, 16 if line == 0 else 11)
        pdf.drawString(60, 760 - 30 * line, text)
    pdf.save()
