"""The programs that turn office files and HTML into PDF, and the fonts they use.

Needed: LibreOffice (``soffice``), Chromium (``chromium``), fontconfig (``fc-match``), the
Noto CJK fonts and the IPA fonts.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

SANS = "Noto Sans CJK JP"
SERIF = "Noto Serif CJK JP"
OLD_GOTHIC = "IPAPGothic"
OLD_MINCHO = "IPAPMincho"
EMBEDDABLE_GOTHIC = "IPAGothic"
"""TrueType outlines: the PDF canvas cannot embed the CFF outlines of Noto."""

PROGRAMS = ("soffice", "chromium", "fc-match")


class ToolMissing(Exception):
    """A program or a font that the sample is made with is not here; the message says which."""


def check() -> None:
    """Raise :class:`ToolMissing` unless every program and font is here."""
    for program in PROGRAMS:
        if shutil.which(program) is None:
            raise ToolMissing(f"{program} is not installed")
    for family in (SANS, SERIF, OLD_GOTHIC, OLD_MINCHO, EMBEDDABLE_GOTHIC):
        font_file(family)


def font_file(family: str) -> Path:
    """The file of the font `family`.

    Raises:
        ToolMissing: fontconfig offers another family in its place.
    """
    found = _run("fc-match", "-f", "%{file}|%{family}", family)
    path, _, families = found.partition("|")
    if family not in families.split(","):
        raise ToolMissing(f"the font {family} is not installed")
    return Path(path)


def office_to_pdf(sources: list[Path], target: Path) -> None:
    """Convert office files with LibreOffice, all in one run, into the folder `target`."""
    if not sources:
        return
    with tempfile.TemporaryDirectory() as profile:
        home = f"-env:UserInstallation={Path(profile).as_uri()}"
        names = [str(source) for source in sources]
        _run("soffice", home, "--headless", "--convert-to", "pdf", "--outdir", str(target), *names)
    for source in sources:
        if not (target / f"{source.stem}.pdf").exists():
            raise RuntimeError(f"LibreOffice made no PDF of {source.name}")


def html_to_pdf(source: Path, target: Path) -> None:
    """Print an HTML file with Chromium."""
    with tempfile.TemporaryDirectory() as profile:
        _run(
            "chromium",
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={profile}",
            "--no-pdf-header-footer",
            f"--print-to-pdf={target}",
            source.as_uri(),
        )


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {done.stderr[-500:]}")
    return done.stdout
