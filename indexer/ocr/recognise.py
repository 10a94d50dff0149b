"""One picture of a page becomes a page: which way up, in which order, how sure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from indexer.extracted import ExtractedPage
from indexer.ocr.page import Sheet, page_of
from indexer.ocr.pieces import pieces
from indexer.ocr.tesseract import Tesseract, Word

JUNK = 0.4
"""Confidence below which a line is left out: of the characters of such lines on drawn and
spoilt pages and on slides full of pictures, 10 % were right. In surer lines every word is kept,
since even words of less than 0.1 were right in 38 % of their characters."""

GOOD = 0.8
"""Confidence from which a first reading is taken without trying other writing
directions."""

WORTHLESS = 0.5
"""Confidence below which a page stays one that needs character recognition: 0.58 went with 25 %
of wrong characters, 0.22 with 97 %."""

_FEWEST = 12
"""Characters; a picture with fewer is no page of text, whichever way it is turned."""

_LONGEST_SIDE = 2340
"""Pixels: A4 at 200 dots per inch."""

_UPRIGHT, _ANY_WAY_UP = 3, 1
"""Page segmentation: columns and blocks are looked for; with the second one, which way up the
page stands as well."""


def resolution(width: float, height: float) -> int:
    """Dots per inch in which a page of so many points is to be drawn for recognition.

    200, less for pages larger than A4, so that the longer side has 2340 pixels: slides are
    set in large type, which is read worse the more pixels it has.
    """
    longest = max(width, height, 1.0)
    return max(1, min(200, int(_LONGEST_SIDE * 72 / longest)))


def recognise(
    image: bytes,
    number: int,
    width: float,
    height: float,
    dots_per_inch: int,
    *,
    tesseract: Tesseract,
    most_characters: int = 200_000,
) -> ExtractedPage | None:
    """Read the picture (PGM) of page `number`, which is `width` by `height` points large.

    Returns:
        The page, its text in reading order, with places and confidence; it still needs
        recognition when much could not be made out. None when nothing could.

    Raises:
        AnswerUnreadable: the program answered no table of words.
    """
    readings = _readings(image, dots_per_inch, tesseract)
    best = max(readings, key=lambda reading: reading.confidence)
    kept = [word for line in _lines(best.words) if _confidence(line) >= JUNK for word in line]
    if not kept:
        return None
    return page_of(
        Sheet(number, width, height, dots_per_inch),
        list(pieces(kept)),
        reader=f"tesseract {tesseract.version} {best.language}",
        confidence=round(_confidence(kept), 3),
        needs_ocr=best.confidence < WORTHLESS,
        most_characters=most_characters,
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    """What one run of the program made of the picture."""

    language: str
    words: tuple[Word, ...]
    confidence: float
    """0 to 1, mean over the characters."""


def _readings(image: bytes, dots_per_inch: int, tesseract: Tesseract) -> Iterator[_Reading]:
    """Yield what was read, in a second way where the first did not turn out well."""

    def read(language: str, segmentation: int) -> _Reading:
        words = tesseract.words(
            image, language=language, segmentation=segmentation, dots_per_inch=dots_per_inch
        )
        return _Reading(language, words, _confidence(words))

    first = read("jpn", _UPRIGHT)
    yield first
    if first.confidence >= GOOD or _characters(first.words) < _FEWEST:
        return
    vertical = "jpn_vert" in tesseract.languages
    turned = "osd" in tesseract.languages
    if vertical or turned:
        yield read("jpn+jpn_vert" if vertical else "jpn", _ANY_WAY_UP if turned else _UPRIGHT)


def _lines(words: Sequence[Word]) -> Iterator[list[Word]]:
    for _, line in groupby(words, key=lambda word: word.line):
        yield list(line)


def _characters(words: Sequence[Word]) -> int:
    return sum(len(word.text) for word in words)


def _confidence(words: Sequence[Word]) -> float:
    """Mean over the characters; 0 for no words."""
    total = sum(word.confidence * len(word.text) for word in words)
    return total / (100 * _characters(words)) if words else 0.0
