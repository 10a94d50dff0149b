"""The examples of the help page find something in the sample."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

_EXAMPLE = re.compile(r'<a href="(/search\?[^"]*)">([^<]*)</a>')


@pytest.fixture(scope="module")
def examples(site_app: Flask) -> list[tuple[str, str]]:
    """Address and words of each example."""
    page = site_app.test_client().get("/help").text
    return [(unescape(address), unescape(words)) for address, words in _EXAMPLE.findall(page)]


def test_every_example_asks_what_it_says_and_finds_something(
    site_app: Flask, examples: list[tuple[str, str]]
) -> None:
    client = site_app.test_client()
    asked = {words: client.get(f"/api/v1{address}").json for address, words in examples}
    assert [words for address, words in examples if words != _question(address)] == []
    assert [words for words, answer in asked.items() if not (answer and answer["total"])] == []


def test_examples_show_every_operator(examples: list[tuple[str, str]]) -> None:
    together = " ".join(words for _, words in examples)
    for sign in ("-", "または", "(", "「", "*", "?", "自治体:", "年度:", "以外の", "No10", "R3"):
        assert sign in together


def _question(address: str) -> str:
    return parse_qs(urlsplit(address).query)["q"][0]
