"""The text of Word's paragraphs: runs, ruby, changes, fields, text boxes.

Source: ECMA-376 Part 1, 17. Deleted and moved-away text is left out, inserted text kept;
hidden text (w:vanish) is left out. Of ruby the base stays in the sentence, the reading is
kept apart. The results of fields are read, their instructions are not.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from indexer.extract.office.drawing import human_words
from indexer.extract.office.ooxml import Element, alternative, attribute, local, whole

DEEPEST = 200
"""Elements within elements of one paragraph; lxml itself ends at 256."""

_LEFT_OUT = frozenset({"del", "moveFrom", "pPr", "rPr", "instrText", "delText", "sdtPr", "fldData"})
_MARKS = {
    "tab": "\t",
    "ptab": "\t",
    "cr": "\n",
    "noBreakHyphen": "-",
}
_PICTURES = frozenset({"blip", "imagedata"})


@dataclass(slots=True)
class Paragraph:
    """What one paragraph holds."""

    pieces: list[str] = field(default_factory=list)
    readings: list[str] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    """The contents of its text boxes (w:txbxContent)."""
    drawings: list[Element] = field(default_factory=list)
    """What may hold a chart or a diagram."""
    words: list[str] = field(default_factory=list)
    """The author's words for its pictures."""
    notes: list[tuple[str, str]] = field(default_factory=list)
    """Kind and number of what it points to: footnote, endnote, comment."""
    images: int = 0
    starts_page: bool = False
    """Whether a page begins before its first word."""
    turns: bool = False
    """Whether a page ends within it or after it."""

    @property
    def text(self) -> str:
        """Its words."""
        return "".join(self.pieces)


def read_paragraph(element: Element) -> Paragraph:
    """Return what a paragraph (w:p) holds."""
    paragraph = Paragraph()
    properties = element.find("{*}pPr")
    if properties is not None and is_on(properties.find("{*}pageBreakBefore")):
        paragraph.starts_page = True
    _read(element, paragraph, 0)
    section = properties.find("{*}sectPr") if properties is not None else None
    if section is not None:
        kind = section.find("{*}type")
        paragraph.turns |= kind is None or attribute(kind, "val") != "continuous"
    return paragraph


def is_on(switch: Element | None) -> bool:
    """Tell whether a property that is on or off (17.17.4) is there and on."""
    if switch is None:
        return False
    return (attribute(switch, "val") or "true") not in ("0", "false", "off", "none")


def _read(element: Element, paragraph: Paragraph, depth: int) -> None:
    if depth > DEEPEST:
        return
    for child in element:
        name = local(child)
        if name in _LEFT_OUT:
            continue
        if name == "t":
            paragraph.pieces.append(child.text or "")
        elif name in _MARKS:
            paragraph.pieces.append(_MARKS[name])
        elif name == "AlternateContent":
            _read(alternative(child), paragraph, depth + 1)
        elif name == "r":
            if not is_on(child.find("{*}rPr/{*}vanish")):
                _read(child, paragraph, depth + 1)
        elif not _read_mark(name, child, paragraph):
            _read(child, paragraph, depth + 1)


def _read_mark(name: str, child: Element, paragraph: Paragraph) -> bool:
    """Take what is no plain text; return whether there is nothing more within it."""
    if name == "br":
        if attribute(child, "type") == "page":
            _turn(paragraph)
        else:
            paragraph.pieces.append("\n")
    elif name == "lastRenderedPageBreak":
        _turn(paragraph)
    elif name == "ruby":
        paragraph.pieces += _texts(child.find("{*}rubyBase"))
        paragraph.readings.append("".join(_texts(child.find("{*}rt"))))
    elif name in ("footnoteReference", "endnoteReference", "commentReference"):
        identity = attribute(child, "id") or ""
        paragraph.notes.append((name.removesuffix("Reference"), identity))
    elif name == "txbxContent":
        paragraph.boxes.append(child)
    elif name in ("chart", "relIds"):
        paragraph.drawings.append(child.getparent())
    elif name in _PICTURES:
        paragraph.images += 1
    elif name == "docPr":
        words = human_words(child)
        paragraph.words += [words] if words else []
    else:
        return False
    return True


def _turn(paragraph: Paragraph) -> None:
    if paragraph.text.strip():
        paragraph.turns = True
    else:
        paragraph.starts_page = True


def _texts(element: Element | None) -> list[str]:
    return [text.text or "" for text in element.iter("{*}t")] if element is not None else []


class Headings:
    """Which paragraphs are headings: by their own outline level or their style's."""

    def __init__(self, styles: Element | None) -> None:
        self._styles: dict[str, Element] = {}
        for style in styles.iterfind("{*}style") if styles is not None else ():
            self._styles[attribute(style, "styleId") or ""] = style

    def level(self, element: Element) -> int | None:
        """Return the level of a paragraph's heading, from 1; None for text.

        The document's title counts as level 1.
        """
        properties = element.find("{*}pPr")
        if properties is None:
            return None
        own = _outline_level(properties)
        if own is not None:
            return own if 1 <= own <= 9 else None
        style = properties.find("{*}pStyle")
        return self._of_style(attribute(style, "val") or "") if style is not None else None

    def _of_style(self, identity: str) -> int | None:
        for _ in range(20):  # a style may be based on itself in a broken file
            style = self._styles.get(identity)
            if style is None:
                return None
            name = style.find("{*}name")
            words = (attribute(name, "val") or "").lower() if name is not None else ""
            properties = style.find("{*}pPr")
            level = _outline_level(properties) if properties is not None else None
            if level is not None:
                return level if 1 <= level <= 9 else None
            if words == "title":
                return 1
            based = style.find("{*}basedOn")
            identity = (attribute(based, "val") or "") if based is not None else ""
        return None


def _outline_level(properties: Element) -> int | None:
    level = properties.find("{*}outlineLvl")
    return None if level is None else whole(attribute(level, "val"), 9) + 1


def body_parts(element: Element) -> Iterator[Element]:
    """Yield paragraphs (w:p), tables (w:tbl) and section ends (w:sectPr) in order.

    Through content controls, inserted parts and alternatives, which only wrap them.
    """
    stack = [iter(element)]
    while stack:
        for child in stack[-1]:
            name = local(child)
            if name in ("p", "tbl", "sectPr"):
                yield child
            elif name == "AlternateContent":
                stack.append(iter(alternative(child)))
                break
            elif name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"):
                stack.append(iter(child))
                break
        else:
            stack.pop()
