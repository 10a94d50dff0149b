"""The terms of one commit that fit a pattern, found by bisection in Whoosh's own sorted tables."""

from collections import Counter

import numpy as np

from kb.domain.rights import Audience
from kb.search.term_patterns import (
    MOST_SCANNED,
    MOST_WEIGHED,
    TermPattern,
    TermsFound,
    most_frequent,
)
from kb.search.whoosh_engine.snapshot import Snapshot


def terms(snapshot: Snapshot, pattern: TermPattern, audience: Audience) -> TermsFound:
    """What :meth:`kb.search.engine.SearchEngine.terms` returns.

    A term that only stands where `audience` may not look is none: the terms are shown.
    """
    found: Counter[str] = Counter()
    cut = False
    for stream in pattern.streams:
        scanned = snapshot.postings.beginning(stream, pattern.beginning, MOST_SCANNED)
        cut = cut or len(scanned) >= MOST_SCANNED
        for term, records in scanned:
            if pattern.fits(term):
                found[term] += records
    weighed = sorted(found, key=lambda term: (-found[term], term))[:MOST_WEIGHED]
    held = {term: _records(snapshot, pattern, term, audience) for term in weighed}
    return most_frequent(held, more=cut or len(found) > MOST_WEIGHED)


def _records(snapshot: Snapshot, pattern: TermPattern, term: str, audience: Audience) -> int:
    """How many cases that the audience may find hold a term in any of the streams."""
    cases = snapshot.cases
    held = np.zeros(len(cases), dtype=np.bool_)
    for stream in pattern.streams:
        held[snapshot.postings.token(cases, stream, term).rows] = True
    return int(np.count_nonzero(held & cases.visible(audience)))
