"""Asking PDFium about a file: how many pages, how one looks, what another reader sees in it."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from kb.confined import Closing, Confined, End, Limits, whole
from kb.pdfium.failures import Failure, PdfiumFailed, failed
from kb.pdfium.second_text import SecondText, UnreadableText, from_line

_CHILD = "kb.pdfium.child"
_MOST_PASSWORD = 1000
_MB = 2**20
_MOST_BYTES = {"page_count": 1000, "draw": 16 * _MB, "grey": 41 * _MB, "text": 32 * _MB}
"""What each question's answer may take; a grey page has up to 40 million dots."""


class Pdfium(Closing):
    """PDFium behind a wall: each call has its own confined process.

    May be used from several threads at once. PDFium aborts its whole process on some files and
    takes all the memory it is given on others, so it is never loaded here. The template process
    that has it loaded starts with the first call and ends with `close()`.

    Every method takes the path of a file and raises OSError when that cannot be opened,
    PdfiumFailed for whatever the file does.
    """

    def __init__(self, limits: Limits) -> None:
        """Take what one call may cost; its `result_bytes` is not used."""
        self._limits = limits
        self._confined = Confined(_CHILD)

    def page_count(self, path: Path, *, password: str = "") -> int:
        """Return how many pages the file has, 1 at least."""
        count = self._ask("page_count", path, password).get("pages")
        if type(count) is not int or count < 1:
            raise PdfiumFailed(Failure.CRASHED, "no count")
        return count

    def draw(self, path: Path, page: int, width: int, *, password: str = "") -> bytes:
        """Return a page, from 1, as a WebP image `width` pixels wide.

        As a viewer shows it, with its annotations and form fields on white ground. A page of
        which more than 8,000 pixels would be high is drawn smaller.
        """
        image = self._image("draw", path, password, page=page, width=width)
        if image[:4] != b"RIFF" or image[8:12] != b"WEBP":
            raise PdfiumFailed(Failure.CRASHED, "no WebP")
        return image

    def grey(self, path: Path, page: int, dots_per_inch: int, *, password: str = "") -> bytes:
        """Return a page, from 1, as a grey PGM (P5) image, for character recognition.

        Where it would have more than 40 million dots it has fewer per inch: 72 x the image's
        width / the page's width in points.
        """
        image = self._image("grey", path, password, page=page, dots_per_inch=dots_per_inch)
        if image[:3] != b"P5\n":
            raise PdfiumFailed(Failure.CRASHED, "no PGM")
        return image

    def text(
        self, path: Path, pages: Sequence[int], *, password: str = ""
    ) -> Mapping[int, SecondText]:
        """Return what PDFium reads on some pages, from 1; a page it cannot load is left out."""
        written = self._answer("text", path, password, {"pages": list(pages)})
        try:
            texts = dict(from_line(line) for line in written.splitlines())
        except UnreadableText as error:
            raise PdfiumFailed(Failure.CRASHED, "no text") from error
        return {page: texts[page] for page in pages if page in texts}

    def close(self) -> None:
        """End the template and every child; the next call would start another."""
        self._confined.close()

    def _image(self, task: str, path: Path, password: str, **wanted: int) -> bytes:
        return self._answer(task, path, password, wanted)

    def _ask(self, task: str, path: Path, password: str) -> dict[str, object]:
        answer = json.loads(self._answer(task, path, password, {}))
        return answer if isinstance(answer, dict) else {}

    def _answer(self, task: str, path: Path, password: str, wanted: Mapping[str, object]) -> bytes:
        """Return what a child wrote behind its first line, which tells of a failure."""
        limits = Limits(self._limits.seconds, self._limits.memory_mb, _MOST_BYTES[task])
        request = {"task": task, "password": password[:_MOST_PASSWORD], **wanted}
        with path.open("rb") as source:
            written, ending = whole(self._confined.run(request, source.fileno(), limits))
        if ending.end is not End.DONE:
            raise failed(ending)
        verdict, _, answer = written.partition(b"\n")
        if verdict == b"ok":
            return answer
        try:
            raise PdfiumFailed(Failure(verdict.decode("ascii", "replace")))
        except ValueError:
            raise PdfiumFailed(Failure.CRASHED, "no answer") from None
