"""``python -m corpus.make [ID ...]``: make the sample originals again, all or those named.

Needs the packages of requirements/corpus.txt, pypdfium2, LibreOffice, Chromium, fontconfig and the
Noto CJK and IPA fonts.
"""

import sys
import tempfile
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

from corpus.make import canvas, finish, report, sheets, slides, tools, web
from corpus.make.markup import Text, parse
from corpus.make.records import Records, Sheet

CORPUS = Path(__file__).parent.parent
TEXTS = Path(__file__).parent / "text"
SUFFIXES = {"slides": "pptx", "report": "docx", "sheet": "xlsx", "web": "html", "canvas": "pdf"}


def set_document(text: Text, sheet: Sheet, folder: Path) -> Path:
    """Set one document with the tool its text names; the file may still have to become PDF."""
    setter = text.settings["setter"]
    made = folder / f"{sheet.id}.{SUFFIXES[setter]}"
    if setter == "slides":
        slides.Slides(text, sheet).write(made)
    elif setter == "report":
        report.Report(text, sheet).write(made)
    elif setter == "sheet":
        sheets.StepUpSheet(text, sheet).write(made)
    elif setter == "web":
        web.write(text, sheet, made)
    else:
        canvas.write(text, sheet, made)
    return made


def print_pdf(made: dict[str, Path], wanted: set[str], folder: Path) -> None:
    """Turn what was set into PDF, for the documents `wanted`."""
    chosen = [path for identifier, path in made.items() if identifier in wanted]
    tools.office_to_pdf([p for p in chosen if p.suffix in (".pptx", ".docx", ".xlsx")], folder)
    for path in chosen:
        if path.suffix == ".html":
            tools.html_to_pdf(path, path.with_suffix(".pdf"))


def keep(text: Text, sheet: Sheet, made: Path) -> None:
    """Put the finished original in its place."""
    target = CORPUS / sheet.file
    if target.suffix == ".html":
        target.write_bytes(made.read_bytes())
    elif target.suffix != ".pdf":
        finish.finish_package(made, target, sheet.dated)
    else:
        printed = made.with_suffix(".pdf")
        if text.settings.get("finish") == "scan":
            finish.scan(printed, printed.with_suffix(".scan.pdf"))
            printed = printed.with_suffix(".scan.pdf")
        finish.finish_pdf(printed, target, sheet, text.settings.get("password"))


def dated(sheet: Sheet, text: Text) -> Sheet:
    """`sheet` with the date its text gives, where that is not the event's."""
    given = text.settings.get("dated")
    return replace(sheet, dated=date.fromisoformat(given)) if given else sheet


def main(asked: list[str]) -> None:
    """Make the originals; the words after the command name some, none means all."""
    tools.check()
    records = Records(CORPUS)
    held = [i for i, row in records.documents.items() if row["file"] and i in (asked or [i])]
    (CORPUS / "originals").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        texts: dict[str, Text] = {}
        wanted: dict[str, Sheet] = {}
        made: dict[str, Path] = {}
        for identifier in held:
            source = (TEXTS / f"{identifier}.txt").read_text(encoding="utf-8")
            texts[identifier] = parse(source, partial(records.case_field, identifier))
            wanted[identifier] = dated(records.sheet(identifier), texts[identifier])
            made[identifier] = set_document(texts[identifier], wanted[identifier], folder)
        pdf = {i for i in held if records.documents[i]["file"].endswith(".pdf")}
        print_pdf(made, pdf, folder)
        for identifier in held:
            keep(texts[identifier], wanted[identifier], made[identifier])
            print(records.documents[identifier]["file"])


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except tools.ToolMissing as missing:
        sys.exit(f"corpus.make: {missing} (see the top of corpus/make/tools.py)")
