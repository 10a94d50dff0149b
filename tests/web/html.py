"""Checks every page must pass; see alphagov/notifications-admin for the idea."""

import itertools
from collections import Counter
from html.parser import HTMLParser

VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
    ]
)


class Page(HTMLParser):
    """What a page holds, gathered in one reading."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.unbalanced: list[str] = []
        self.title = ""
        self.text: list[str] = []
        self.feed(text)
        self.close()
        self.unbalanced += self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.unbalanced.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        if self.open[-1:] == ["title"]:
            self.title += data
        self.text.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def ids(self) -> list[str]:
        return [str(attributes["id"]) for _, attributes in self.tags if "id" in attributes]

    @property
    def links(self) -> list[str]:
        return [str(a["href"]) for a in self.all("a") if a.get("href")]


def faults(text: str) -> list[str]:
    """What is wrong with a page, in words; empty when nothing is."""
    page = Page(text)
    found = [f"unbalanced <{tag}>" for tag in page.unbalanced]
    found += [f"duplicate id {name}" for name, n in Counter(page.ids).items() if n > 1]
    if len(page.all("h1")) != 1:
        found.append(f"{len(page.all('h1'))} h1")
    if not page.title.strip() or "自治体改善ナレッジベース" not in page.title:
        found.append(f"title {page.title!r}")
    if page.all("html")[0].get("lang") != "ja":
        found.append("no lang")
    return found + _headings(page) + _controls(page) + _inline(page) + _anchors(page)


def _headings(page: Page) -> list[str]:
    levels = [int(tag[1]) for tag, _ in page.tags if tag in ("h1", "h2", "h3", "h4")]
    steps = itertools.pairwise(levels)
    found = [f"heading {a} -> {b}" for a, b in steps if b > a + 1]
    return found + ([] if levels[:1] == [1] else [f"first heading is h{levels[:1]}"])


def _controls(page: Page) -> list[str]:
    """Every control has a label for it, or stands inside one (checkboxes do)."""
    labelled = {a.get("for") for a in page.all("label")}
    return [
        f"no label for {control}"
        for control in page.all("input")
        if control.get("type") not in ("hidden", "checkbox", "submit")
        and control.get("id") not in labelled
    ]


def _inline(page: Page) -> list[str]:
    found = [f"inline {name} on <{t}>" for t, a in page.tags for name in a if name.startswith("on")]
    found += [f"style on <{tag}>" for tag, attributes in page.tags if "style" in attributes]
    found += ["<style>"] if page.all("style") else []
    return found + ["inline <script>" for a in page.all("script") if not a.get("src")]


def _anchors(page: Page) -> list[str]:
    ids = set(page.ids)
    inner = [link for link in page.links if link.startswith("#")]
    pointed = [
        *inner,
        *(f"#{a['aria-labelledby']}" for _, a in page.tags if a.get("aria-labelledby")),
    ]
    return [f"nothing at {link}" for link in pointed if link[1:] not in ids]
