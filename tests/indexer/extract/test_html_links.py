"""Links of HTML pages: found with their words, harmless, and checked on their way."""

import io
import json

import pytest

from indexer.extract.parts import assemble, from_line, to_line
from indexer.extract.texts import html
from indexer.extract.texts.html_links import LONGEST_ADDRESS, MOST
from indexer.extracted import ExtractedDocument, Limits, Link


def links(source: str) -> tuple[Link, ...]:
    return assemble(html.read(io.BytesIO(source.encode()), Limits())).links


def test_a_link_has_its_words_its_address_and_what_stands_before_it() -> None:
    found = links(
        '<html><p>高崎市\n の <a href="a.pdf">発表<b>資料</b></a>と<a href="b">頁</a></p>'
    )
    assert found == (
        Link("発表資料", "a.pdf", "高崎市の"),
        Link("頁", "b", "高崎市の 発表資料と"),
    )


def test_a_picture_lends_its_words() -> None:
    (link,) = links('<html><p><a href="f.pdf"><img alt="夏のチラシ"></a></p>')
    assert link.words == "夏のチラシ"


@pytest.mark.parametrize(
    "address",
    ["#a", "javascript:alert(1)", "mailto:a@example.jp", "data:text/html,x", "http://[", ""],
)
def test_addresses_that_lead_nowhere_are_left_out(address: str) -> None:
    assert links(f'<html><p><a href="{address}">語</a></p>') == ()


def test_a_base_resolves_what_is_relative() -> None:
    source = '<html><head><base href="https://example.jp/x/"></head><p><a href="../y">語</a></p>'
    assert links(source)[0].address == "https://example.jp/y"


def test_links_are_bounded() -> None:
    long = f'<a href="{"x" * (LONGEST_ADDRESS + 1)}">語</a>'
    assert links(f"<html><p>{long}</p>") == ()
    assert len(links("<html><p>" + '<a href="x">語</a>' * (MOST + 5))) == MOST


def test_links_travel_and_broken_ones_cost_the_links_only() -> None:
    front = ExtractedDocument("text/html", links=(Link("資料", "a.pdf", "前"),))
    assert from_line(to_line(front), Limits()) == front
    fields = json.loads(to_line(front))
    fields["links"] = [["資料", 1, "前"]]
    broken = from_line(json.dumps(fields).encode(), Limits())
    assert isinstance(broken, ExtractedDocument)
    assert broken.links == ()
