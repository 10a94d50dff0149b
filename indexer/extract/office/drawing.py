"""What presentations, sheets and documents draw alike: text boxes, charts, diagrams, pictures.

Source: ECMA-376 Part 1, 21 (DrawingML). Names are compared without their namespace.
"""

import re
from collections.abc import Callable, Iterator

from indexer.extract.office.number_format import GENERAL, shown
from indexer.extract.office.ooxml import (
    Element,
    Package,
    attribute,
    inside,
    local,
    reference,
    whole,
)

MOST_CHART_VALUES = 400
"""A chart of more values is a picture of a table that stands elsewhere: its names are read."""

MADE_UP = re.compile(
    r"\s*(?:(?:図|画像|写真|グラフィックス|図表|グループ化|テキスト ボックス"
    r"|Picture|Image|Graphic|Chart)[ \u3000]*\d*"
    r"|[^\n]*\.(?:png|jpe?g|gif|bmp|emf|wmf|tiff?|svg|webp))\s*",
    re.IGNORECASE,
)
"""Names that programs give to pictures."""

_MACHINE_WORDS = re.compile(
    r"自動的に生成された|AI によって生成|AI 生成|Description automatically generated"
    r"|AI-generated content may be incorrect",
    re.IGNORECASE,
)

Row = tuple[str, ...]


def paragraph_text(paragraph: Element) -> str:
    """Return the text of a paragraph (a:p), line breaks as newlines."""
    pieces = []
    for element in inside(paragraph):
        name = local(element)
        if name == "t":
            pieces.append(element.text or "")
        elif name == "br":
            pieces.append("\n")
    return "".join(pieces)


def paragraphs(body: Element) -> list[str]:
    """Return the texts of a text body's paragraphs, blank ones left out."""
    texts = (paragraph_text(paragraph) for paragraph in body.iterfind("{*}p"))
    return [text for text in texts if text.strip()]


def human_words(properties: Element | None) -> str | None:
    """Return the alternative text of a shape, unless a program made it up."""
    if properties is None:
        return None
    words = (attribute(properties, "descr") or "").strip()
    if not words or MADE_UP.fullmatch(words) or _MACHINE_WORDS.search(words):
        return None
    return words


def graphic_rows(package: Package, part: str, frame: Element) -> Iterator[Row]:
    """Yield the text of the chart or diagram within a frame: a row of one is a paragraph.

    Raises CannotRead when its own part is broken.
    """
    for element in inside(frame):
        name = local(element)
        if name == "chart" and reference(element):
            yield from _of_part(package, part, reference(element), chart_rows)
        elif name == "relIds":
            yield from _of_part(package, part, reference(element, "dm"), diagram_rows)


def _of_part(
    package: Package, part: str, identity: str, rows: Callable[[Element], Iterator[Row]]
) -> Iterator[Row]:
    found = package.relations(part).get(identity)
    if found is not None:
        yield from rows(package.tree(found.target))


def chart_rows(root: Element) -> Iterator[Row]:
    """Yield a chart's titles, then its values as a table: categories down, series across."""
    for title in root.iter("{*}title"):
        words = _title_words(title)
        if words:
            yield (words,)
    for category in root.iter("{*}strDim"):  # the charts of 2016: treemap, funnel
        yield tuple(point.text or "" for point in category.iter("{*}pt"))
    for plot in root.iter("{*}plotArea"):
        for chart in plot:
            series = chart.findall("{*}ser")
            if series:
                yield from _table(series)


def diagram_rows(root: Element) -> Iterator[Row]:
    """Yield the text of a diagram (SmartArt), one row for each of its points."""
    for point in root.iter("{*}pt"):
        words = "\n".join(text for body in point.iterfind("{*}t") for text in paragraphs(body))
        if words.strip():
            yield (words,)


def _title_words(title: Element) -> str:
    rich = [paragraph_text(paragraph) for paragraph in title.iter("{*}p")]
    cached = [value.text or "" for value in title.iter("{*}v")]
    return "\n".join(text for text in rich + cached if text.strip())


def _table(series: list[Element]) -> Iterator[Row]:
    names = [_cached(one.find("{*}tx")).get(0, "") for one in series]
    values = [_cached(_first(one, "val", "yVal")) for one in series]
    categories = _cached(_first(series[0], "cat", "xVal"))
    if any(names):
        yield ("", *names)
    if sum(map(len, values)) > MOST_CHART_VALUES:
        yield tuple(categories.values())
        return
    for index in sorted({*categories, *(at for column in values for at in column)}):
        yield (categories.get(index, ""), *(column.get(index, "") for column in values))


def _first(element: Element, *names: str) -> Element | None:
    found = (element.find(f"{{*}}{name}") for name in names)
    return next((one for one in found if one is not None), None)


def _cached(element: Element | None) -> dict[int, str]:
    """Return the values that a chart keeps of its sheet, by their index."""
    if element is None:
        return {}
    code = element.findtext(".//{*}formatCode") or GENERAL
    points: dict[int, str] = {}
    for point in element.iter("{*}pt"):
        value = point.findtext("{*}v") or ""
        earlier = points.get(whole(point.get("idx")))
        # Categories of several levels repeat their indices, the outer level last.
        points[whole(point.get("idx"))] = _as_shown(value, code) + (
            f" {earlier}" if earlier else ""
        )
    if not points and element.find("{*}v") is not None:
        points[0] = element.findtext("{*}v") or ""
    return points


def _as_shown(value: str, code: str) -> str:
    try:
        return shown(float(value), code)
    except (ValueError, OverflowError):
        return value
