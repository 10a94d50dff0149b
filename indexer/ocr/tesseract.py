"""The program tesseract: what is installed, how it is called, what it answers.

An optional outside program. How a program is run and confined is not decided here: a
:class:`Runner` is handed in, and what that raises when a run fails goes through unchanged.
"""

import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

ENVIRONMENT: Mapping[str, str] = {"OMP_THREAD_LIMIT": "1"}
"""One thread: pages are read side by side, and OpenMP's own threads make one page slower on
two cores."""

_VERSION = re.compile(r"tesseract v?(\d+(?:\.\d+)*)")
_WORD_LEVEL = "5"
_COLUMNS = 12


class AnswerUnreadable(ValueError):
    """The program answered something else than it promises."""


class Runner(Protocol):
    """Runs a program to its end."""

    def __call__(
        self, argv: Sequence[str], stdin: bytes, *, environment: Mapping[str, str]
    ) -> bytes:
        """Return what the program wrote to its standard output."""


class Box(NamedTuple):
    """A rectangle, in pixels from the top left corner of the picture."""

    left: int
    top: int
    right: int
    bottom: int


class Word(NamedTuple):
    """What the program takes for a word; in Japanese one to four characters."""

    line: tuple[int, int, int]
    """Block, paragraph and line: equal for the words of one line."""
    box: Box
    confidence: float
    """0 to 100."""
    text: str


@dataclass(frozen=True, slots=True)
class Tesseract:
    """An installed tesseract that can read Japanese."""

    program: str
    """Its path."""
    version: str
    """``5.3.0``."""
    languages: frozenset[str]
    """Names of the trained data: ``jpn`` at least; ``jpn_vert`` for vertical writing,
    ``osd`` to tell which way up a page stands."""
    run: Runner
    trained_data: str | None = None
    """Folder of the trained data, where it is not the program's own."""

    @classmethod
    def found(
        cls,
        run: Runner,
        *,
        program: str = "tesseract",
        trained_data: str | None = None,
    ) -> "Tesseract | None":
        """Look once for the program and its languages; None without it or without ``jpn``.

        Raises:
            AnswerUnreadable: there is a program of that name, but it is not tesseract.
        """
        path = shutil.which(program)
        if path is None:
            return None
        version = _VERSION.search(_text(run([path, "--version"], b"", environment=ENVIRONMENT)))
        if version is None:
            raise AnswerUnreadable(f"{path} does not tell its version")
        listed = run([path, "--list-langs", *_folder(trained_data)], b"", environment=ENVIRONMENT)
        lines = (line.strip() for line in _text(listed).split("\n"))
        languages = frozenset(line for line in lines if re.fullmatch(r"\w+", line))
        if "jpn" not in languages:
            return None
        return cls(path, version[1], languages, run, trained_data)

    def words(
        self, picture: bytes, *, language: str, segmentation: int, dots_per_inch: int
    ) -> tuple[Word, ...]:
        """Read a picture (PGM, or any format the program knows).

        `segmentation` is the program's page segmentation mode (``--psm``).

        Raises:
            AnswerUnreadable: the answer is no table of words.
        """
        argv = [self.program, "stdin", "stdout", *_folder(self.trained_data)]
        argv += ["-l", language, "--psm", str(segmentation), "--dpi", str(dots_per_inch)]
        # By its name, not by the configuration file "tsv", which another folder may lack.
        argv += ["-c", "tessedit_create_tsv=1"]
        return tuple(_words(_text(self.run(argv, picture, environment=ENVIRONMENT))))


def _folder(trained_data: str | None) -> list[str]:
    return [] if trained_data is None else ["--tessdata-dir", trained_data]


def _text(answer: bytes) -> str:
    return answer.decode("utf-8", "replace")


def _words(table: str) -> Iterator[Word]:
    """The words of a table; columns: level, page, block, paragraph, line, word, box, ..."""
    for row in table.split("\n"):
        cells = row.rstrip("\r").split("\t")
        if cells[0] != _WORD_LEVEL:
            continue
        if len(cells) != _COLUMNS:
            raise AnswerUnreadable(f"a row of {len(cells)} columns")
        if cells[11].strip():
            yield _word(cells)


def _word(cells: Sequence[str]) -> Word:
    try:
        block, paragraph, line = (int(cell) for cell in cells[2:5])
        left, top, width, height = (int(cell) for cell in cells[6:10])
        confidence = float(cells[10])
    except ValueError as broken:
        raise AnswerUnreadable("a row of the table holds no numbers") from broken
    box = Box(left, top, left + width, top + height)
    return Word((block, paragraph, line), box, confidence, cells[11].strip())
