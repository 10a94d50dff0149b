"""Picks elements out of a page by plain selectors: `tag`, `#id`, `tag.class`, `tag[name=x]`."""

import re
from typing import Any

import lxml.html

_SELECTOR = re.compile(
    r"(?P<tag>\w*)(?:#(?P<id>[\w-]+)|\.(?P<klass>[\w-]+)|\[name=(?P<name>\w+)\])?"
)


class Node:
    """An element of a page."""

    def __init__(self, element: Any) -> None:
        self._element = element

    def all(self, selector: str) -> list["Node"]:
        """Every element that fits, in the page's order."""
        match = _SELECTOR.fullmatch(selector)
        assert match, f"{selector} is no selector of this module"
        path = f".//{match['tag'] or '*'}"
        for name, value in (("id", match["id"]), ("name", match["name"])):
            path += f"[@{name}='{value}']" if value else ""
        if match["klass"]:
            path += f"[contains(concat(' ', @class, ' '), ' {match['klass']} ')]"
        return [Node(found) for found in self._element.xpath(path)]

    def one(self, selector: str) -> "Node":
        """The only element that fits."""
        found = self.all(selector)
        assert len(found) == 1, f"{len(found)} elements fit {selector}"
        return found[0]

    def __getitem__(self, name: str) -> str:
        return str(self._element.get(name, ""))

    @property
    def text(self) -> str:
        return str(self._element.text_content())


def read(text: str) -> Node:
    """The page of an answer."""
    return Node(lxml.html.document_fromstring(text))
