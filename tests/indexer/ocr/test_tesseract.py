"""Finding the program, calling it, understanding its answer."""

import sys
from collections.abc import Mapping, Sequence

import pytest

from indexer.ocr.tesseract import AnswerUnreadable, Box, Tesseract, Word
from tests.indexer.ocr.tables import HEADER, Told, set_line


class Says:
    """A runner that always says the same and keeps the last command."""

    def __init__(self, *answers: bytes) -> None:
        self.answers = list(answers)
        self.argv: Sequence[str] = ()
        self.stdin = b""
        self.environment: Mapping[str, str] = {}

    def __call__(
        self, argv: Sequence[str], stdin: bytes, *, environment: Mapping[str, str]
    ) -> bytes:
        self.argv, self.stdin, self.environment = argv, stdin, environment
        return self.answers.pop(0)


def test_without_the_program_there_is_none() -> None:
    assert Tesseract.found(Says(), program="no-program-of-this-name") is None


def test_without_japanese_there_is_none() -> None:
    says = Says(b"tesseract 5.3.0\n", b"List of available languages (2):\neng\nosd\n")
    assert Tesseract.found(says, program=sys.executable) is None


def test_another_program_of_that_name_is_said_aloud() -> None:
    with pytest.raises(AnswerUnreadable):
        Tesseract.found(Says(b"usage: something else"), program=sys.executable)


@pytest.mark.parametrize("said", [b"tesseract 5.3.0\n", b"tesseract v5.3.0.20221214\r\n"])
def test_version_and_languages_are_known_at_once(said: bytes) -> None:
    says = Says(said, b'List of available languages in "/d" (3):\r\neng\r\njpn\r\njpn_vert\r\n')
    found = Tesseract.found(says, program=sys.executable, trained_data="/d")
    assert found is not None
    assert found.version.startswith("5.3.0")
    assert found.languages == {"eng", "jpn", "jpn_vert"}
    assert list(says.argv[1:]) == ["--list-langs", "--tessdata-dir", "/d"]


def test_a_picture_is_handed_over_and_one_thread_reads_it() -> None:
    says = Says(HEADER.encode())
    program = Tesseract("/bin/tesseract", "5.3.0", frozenset({"jpn"}), says, "/d")
    assert program.words(b"P5", language="jpn", segmentation=3, dots_per_inch=200) == ()
    assert says.stdin == b"P5"
    assert says.environment["OMP_THREAD_LIMIT"] == "1"
    assert says.argv[:5] == ["/bin/tesseract", "stdin", "stdout", "--tessdata-dir", "/d"]
    assert says.argv[5:11] == ["-l", "jpn", "--psm", "3", "--dpi", "200"]


def test_the_words_of_the_table_come_back() -> None:
    words = (*set_line("中野区"), Word((2, 1, 4), Box(5, 6, 17, 28), 12.5, "福津市"))
    program = Told({("jpn", 3): words}).tesseract()
    assert program.words(b"", language="jpn", segmentation=3, dots_per_inch=200) == words


@pytest.mark.parametrize(
    "row",
    [
        "5\t1\t1\t1\t1\t1\t10\t10\t20\t20\t95.0",
        "5\t1\t1\t1\t1\t1\t10\tten\t20\t20\t95.0\t市",
        "5\t1\t1\t1\t1\t1\t10\t10\t20\t20\tsure\t市",
    ],
)
def test_a_torn_table_is_said_aloud(row: str) -> None:
    says = Says(f"{HEADER}\n{row}\n".encode())
    program = Tesseract("tesseract", "5.3.0", frozenset({"jpn"}), says)
    with pytest.raises(AnswerUnreadable):
        program.words(b"", language="jpn", segmentation=3, dots_per_inch=200)
