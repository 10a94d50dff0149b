"""Hostile questions through the web application: each is answered or refused, none is a fault."""

import time
from collections.abc import Sequence
from urllib.parse import quote

import pytest
from flask import Flask

from tests.search.hostile_queries import QUERIES, RAW

LONGEST_SECONDS = 10.0
"""CPU time of one request; a guard against what never ends. 0.02 to 0.6 is usual."""


def test_there_are_enough_hostile_questions() -> None:
    assert len(QUERIES) >= 500
    assert len(RAW) >= 25


TYPED = tuple(f"q={quote(query, errors='surrogatepass')}" for query in QUERIES)
SAMPLE = (*RAW, *TYPED[::8])
REST = tuple(question for at, question in enumerate(TYPED) if at % 8)


@pytest.mark.parametrize("asked", [SAMPLE, pytest.param(REST, marks=pytest.mark.slow)])
def test_hostile_questions_are_answered_or_refused(site_app: Flask, asked: Sequence[str]) -> None:
    client = site_app.test_client()
    faults, slow, silent = [], [], []
    for at, question in enumerate(asked):
        # Every fifth as a page: what is asked is the same, drawing it takes longer. Of the others
        # three results: reading twenty cases from the catalogue was two thirds of the time.
        address = f"/api/v1/search?page_size=3&{question}" if at % 5 else f"/search?{question}"
        started = time.process_time()
        answer = client.get(address)
        if time.process_time() - started > LONGEST_SECONDS:
            slow.append(address)
        if answer.status_code not in (200, 400):
            faults.append((answer.status_code, address))
        if at % 5:
            silent += [c for c in (answer.json or {}).get("understood", ()) if not c["label"]]
    assert not faults
    assert not slow
    assert not silent


def test_a_refusal_says_what_to_do(site_app: Flask) -> None:
    answer = site_app.test_client().get("/search", query_string={"q": "*改善"})
    assert "語のはじめの文字のあとに付けてください" in answer.text
    told = site_app.test_client().get("/api/v1/search", query_string={"q": "a*"}).text
    assert "2文字以上入れてください" in told
