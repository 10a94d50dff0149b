"""The source of an HTML page: its encoding, its tree, what it says of itself."""

import re
from dataclasses import replace

from lxml import etree

from indexer.extract.office.ooxml import Element, iso_day
from indexer.extract.page_text import clean
from indexer.extract.texts.encodings import Decoded, decode
from indexer.extracted import ExtractedDocument

_HEAD = 4096
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{1,40})", re.I)
_XML_ENCODING = re.compile(rb"^\s*<\?xml[^>]{0,100}encoding=[\"']([A-Za-z0-9_.-]{1,40})")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_WIDE = "\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef"
_BREAK_IN_JAPANESE = re.compile(rf"(?<=[{_WIDE}])[ \t]*\r?\n[ \t\r\n]*(?=[{_WIDE}])")


def decoded_page(content: bytes) -> Decoded | None:
    """Return a page as text, None when its encoding cannot be told.

    A byte order mark decides, then what the page names, then what its bytes look like.
    """
    return decode(content, _named_encoding(content[:_HEAD]))


def _named_encoding(head: bytes) -> str:
    found = _CHARSET.search(head) or _XML_ENCODING.search(head)
    return found[1].decode("ascii") if found else ""


def parsed(text: str) -> tuple[Element | None, bool]:
    """Return the root of a page and whether it was too deep to be read to its end."""
    parser = etree.HTMLParser(
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
        no_network=True,
        huge_tree=False,
        default_doctype=False,
    )
    text = _XML_DECLARATION.sub("", clean(text))
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except etree.XMLSyntaxError:  # nothing in it but blanks and comments
        root = None
    return root, any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log)


def with_front(front: ExtractedDocument, root: Element | None) -> ExtractedDocument:
    """Return the front with what a page says of itself."""
    words: dict[str, str] = {}
    for meta in root.iter("meta") if root is not None else ():
        name = (meta.get("name") or meta.get("property") or "").lower()
        words.setdefault(name, meta.get("content") or "")
    title = root.find(".//title") if root is not None else None
    text = closed("".join(title.itertext())).strip() if title is not None else ""
    published = words.get("article:published_time") or words.get("dcterms.created") or ""
    return replace(
        front,
        title=text[:500] or None,
        author=words.get("author", "").strip()[:500] or None,
        created=iso_day(published or words.get("date", "")),
    )


def base_of(root: Element | None) -> str:
    """Return the address that a page names for its relative links; empty for none."""
    base = root.find(".//base[@href]") if root is not None else None
    return (base.get("href") or "").strip()[:2000] if base is not None else ""


def closed(text: str) -> str:
    """Return text with its blanks as a browser shows them, none for a break in Japanese."""
    return _BLANKS.sub(" ", _BREAK_IN_JAPANESE.sub("", text))
