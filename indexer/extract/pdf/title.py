"""The title of a page: the text in its largest font, when it stands out."""

from indexer.extract.pdf.joint import FAR_APART, joint
from indexer.extract.pdf.run import Size, Stretch


def page_title(stretches: list[Stretch]) -> str | None:
    """Return the text in the largest size, when it stands out and reads like a title.

    It stands out from 1.25 times the median size (by characters) and reads like a title from
    2 to 120 characters, some of them letters; larger ornaments that do not, such as a page
    number, are passed over.
    """
    weights: dict[Size, int] = {}
    for size, text in stretches:
        weights[size] = weights.get(size, 0) + len(text.strip())
    median = _median_size(weights)
    sizes = {round(size, 1) for size, weight in weights.items() if weight}
    for size in sorted(sizes, reverse=True)[:20]:
        if median <= 0 or size < 1.25 * median:
            return None
        title = _first_stretch_of(size, stretches)
        if 2 <= len(title) <= 120 and any(character.isalpha() for character in title):
            return title
    return None


def _first_stretch_of(size: Size, stretches: list[Stretch]) -> str:
    """Return the first unbroken text of about this size, on one line.

    Down to 0.9 times: Latin and Japanese fonts of one heading differ by a few per cent.
    """
    found = ""
    for stretch in stretches:
        if 0.9 * size <= stretch.size <= 1.03 * size:
            found += stretch.text
        elif found.strip() and stretch.text.strip():
            break
    lines = [line.strip() for line in found.splitlines() if line.strip()]
    title = ""
    for line in lines:
        title += joint(title, line, FAR_APART) + line
    return title


def _median_size(weights: dict[Size, int]) -> Size:
    half = sum(weights.values()) / 2
    for size, weight in sorted(weights.items()):
        half -= weight
        if half <= 0:
            return size
    return 0.0
