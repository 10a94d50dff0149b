"""Answers of a tesseract that is not there."""

import sys
from collections.abc import Iterator, Mapping, Sequence

from indexer.ocr.tesseract import Box, Tesseract, Word

HEADER = (
    "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
)


def table(words: Sequence[Word]) -> bytes:
    """Words as the program prints them, with a row for the page before them."""
    rows = [HEADER, "1\t1\t0\t0\t0\t0\t0\t0\t1654\t2339\t-1\t"]
    for word in words:
        left, top, right, bottom = word.box
        place = f"{left}\t{top}\t{right - left}\t{bottom - top}"
        line = "\t".join(map(str, word.line))
        rows.append(f"5\t1\t{line}\t1\t{place}\t{word.confidence:f}\t{word.text}")
    return ("\n".join(rows) + "\n").encode()


def set_line(
    text: str,
    *,
    number: int = 1,
    left: int = 100,
    top: int = 100,
    size: int = 40,
    confidence: float = 95.0,
) -> list[Word]:
    """A line to the right, one word a character, without gaps; blanks are gaps of an em."""
    return [
        Word(
            (1, 1, number),
            Box(left + i * size, top, left + (i + 1) * size, top + size),
            confidence,
            c,
        )
        for i, c in enumerate(text)
        if c != " "
    ]


class Told:
    """A runner that answers by language and segmentation, and remembers what it was asked."""

    def __init__(
        self,
        answers: Mapping[tuple[str, int], Sequence[Word]],
        languages: str = "eng jpn jpn_vert osd",
    ) -> None:
        self.asked: list[tuple[str, int]] = []
        self.environments: list[Mapping[str, str]] = []
        self._answers = answers
        self._languages = languages

    def __call__(
        self, argv: Sequence[str], stdin: bytes, *, environment: Mapping[str, str]
    ) -> bytes:
        self.environments.append(environment)
        if "--version" in argv:
            return b"tesseract 5.3.0\n leptonica-1.82.0\n"
        if "--list-langs" in argv:
            listed = "\n".join(self._languages.split())
            return f'List of available languages in "/data" (4):\n{listed}\n'.encode()
        way = argv[argv.index("-l") + 1], int(argv[argv.index("--psm") + 1])
        self.asked.append(way)
        return table(self._answers.get(way, ()))

    def tesseract(self) -> Tesseract:
        """A program that answers so."""
        found = Tesseract.found(self, program=sys.executable)
        assert found is not None
        return found


def characters(words: Sequence[Word]) -> Iterator[str]:
    """What words say, without blanks."""
    for word in words:
        yield from word.text
