"""How well pictures of pages are read: ``python -m tests.bench.ocr FOLDER [--pages N] [--json]``.

FOLDER holds ``truth.json`` (per file, the texts of each page in their order) and the PDFs. Each
page is drawn as a grey picture and recognised, whatever text layer it has. Printed per file:

- CER: edits between the recognised and the true text, per true character; order counts, so two
  boxes read in another order than they were written in cost as much as wrong characters.
- away: share of the true characters that were not recognised anywhere on the page.
- whole: share of the true sentences found without a fault.
- seconds of CPU a page, drawing left out.

Both texts are compared in their compatibility form (NFKC) and without white space.
"""

import argparse
import json
import os
import re
import resource
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pypdfium2

from indexer.extracted import ExtractedPage
from indexer.ocr.recognise import recognise, resolution
from indexer.ocr.tesseract import Tesseract

SCANS: Mapping[str, str] = {"scan_image_only": "rl_ipag"}
"""Files without a text layer -> the file whose first pages they are pictures of."""


def run_program(argv: Sequence[str], stdin: bytes, *, environment: Mapping[str, str]) -> bytes:
    """Run a program without any limits: for tests and benchmarks alone."""
    done = subprocess.run(
        argv,
        input=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
        env={**os.environ, **environment},
    )
    return done.stdout


def drawn(page: pypdfium2.PdfPage, dots_per_inch: int) -> bytes:
    """A page as a binary PGM."""
    bitmap = page.render(scale=dots_per_inch / 72, grayscale=True)
    grey, stride, width = bytes(bitmap.buffer), bitmap.stride, bitmap.width
    rows = (grey[y * stride : y * stride + width] for y in range(bitmap.height))
    return b"P5\n%d %d\n255\n" % (width, bitmap.height) + b"".join(rows)


def bare(text: str) -> str:
    """A text as it is compared."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def edits(wanted: str, found: str) -> int:
    """The Levenshtein distance, by bit-parallel columns (Myers, Hyyrö)."""
    if not wanted:
        return len(found)
    places: dict[str, int] = {}
    for index, character in enumerate(wanted):
        places[character] = places.get(character, 0) | 1 << index
    every = (1 << len(wanted)) - 1
    last = 1 << (len(wanted) - 1)
    more, less, distance = every, 0, len(wanted)
    for character in found:
        same = places.get(character, 0)
        vertical = same | less
        across = (((same & more) + more) ^ more) | same
        up, down = less | ~(across | more) & every, more & across
        distance += bool(up & last) - bool(down & last)
        up, down = (up << 1 | 1) & every, (down << 1) & every
        more, less = down | ~(vertical | up) & every, up & vertical
    return distance


@dataclass(slots=True)
class Score:
    """What was measured of one file."""

    pages: int = 0
    cpu: float = 0.0
    characters: int = 0
    edits: int = 0
    away: int = 0
    sentences: int = 0
    whole: int = 0
    confidences: list[float] = field(default_factory=list)
    readers: set[str] = field(default_factory=set)

    def compare(self, wanted: Sequence[str], found: str) -> None:
        """Add the comparison of a text."""
        true, read = bare("".join(wanted)), bare(found)
        self.characters += len(true)
        self.edits += edits(true, read)
        self.away += (Counter(true) - Counter(read)).total()
        sentences = [s for text in wanted for s in re.split("(?<=。)", bare(text)) if s]
        self.sentences += len(sentences)
        self.whole += sum(sentence in read for sentence in sentences)

    def row(self) -> dict[str, Any]:
        """As it is printed."""
        sure = self.confidences
        return {
            "pages": self.pages,
            "cer": round(self.edits / max(1, self.characters), 4),
            "away": round(self.away / max(1, self.characters), 4),
            "whole": round(self.whole / max(1, self.sentences), 3),
            "confidence": round(sum(sure) / max(1, len(sure)), 3),
            "cpu_per_page": round(self.cpu / max(1, self.pages), 2),
            "readers": sorted(self.readers),
        }


def cpu_seconds() -> float:
    """Of this process and of the children it waited for."""
    both = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


def read_page(
    page: pypdfium2.PdfPage, number: int, tesseract: Tesseract, dots_per_inch: int | None = None
) -> ExtractedPage | None:
    """Draw and recognise a page."""
    width, height = page.get_size()
    dots = dots_per_inch or resolution(width, height)
    return recognise(drawn(page, dots), number, width, height, dots, tesseract=tesseract)


def measured(
    path: Path, truth: Sequence[Sequence[str]], tesseract: Tesseract, pages: int, dots: int | None
) -> Score:
    """Recognise the first pages of a file; all of them where the truth is not by page."""
    score = Score()
    document = pypdfium2.PdfDocument(path)
    by_page = len(truth) >= len(document)
    texts = list[str]()
    for index in range(min(len(document), pages) if by_page else len(document)):
        before = cpu_seconds()
        page = read_page(document[index], index + 1, tesseract, dots)
        score.cpu += cpu_seconds() - before
        score.pages += 1
        texts.append(page.text if page else "")
        if page and page.confidence is not None:
            score.confidences.append(page.confidence)
            score.readers.add(page.reader)
        if by_page:
            score.compare(truth[index], texts[-1])
    if not by_page:
        score.compare([text for page_texts in truth for text in page_texts], "\n".join(texts))
    document.close()
    return score


def files(folder: Path) -> Iterator[tuple[Path, list[list[str]]]]:
    """The PDFs whose true text is known and that open without a password."""
    truth = json.loads((folder / "truth.json").read_text("utf-8"))
    for path in sorted(folder.glob("*.pdf")):
        known = truth.get(SCANS.get(path.stem, path.stem))
        if known is not None and not path.stem.startswith("enc_pw"):
            yield path, known


def show(rows: Mapping[str, Mapping[str, Any]]) -> None:
    """The table."""
    print(f"{'':24}{'pages':>6}{'CER':>8}{'away':>8}{'whole':>8}{'sure':>7}{'CPU s':>7}  reader")
    for name, row in rows.items():
        figures = f"{row['cer']:8.2%}{row['away']:8.2%}{row['whole']:8.1%}{row['confidence']:7.2f}"
        readers = ", ".join(row["readers"])
        print(f"{name:24}{row['pages']:6}{figures}{row['cpu_per_page']:7.2f}  {readers}")


def main() -> None:
    """Recognise, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=2, help="of each file")
    parser.add_argument("--only", action="append", help="a file's name without its ending")
    parser.add_argument("--dpi", type=int, help="instead of the resolution chosen by page size")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    tesseract = Tesseract.found(run_program)
    if tesseract is None:
        raise SystemExit("tesseract with its Japanese data is not installed")
    rows = {
        path.stem: measured(path, truth, tesseract, options.pages, options.dpi).row()
        for path, truth in files(options.folder)
        if not options.only or path.stem in options.only
    }
    print(json.dumps(rows, ensure_ascii=False)) if options.json else show(rows)


if __name__ == "__main__":
    main()
