"""The table of suggestions made by another process: the same table, and what if it fails."""

import pickle
import sys
import time
from datetime import date
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.installation import Installation
from kb.catalogue.entries import Authorship, CaseEntry
from kb.catalogue.names import NameReader
from kb.catalogue.offerable import OfferableReader
from kb.catalogue.writing import writing
from kb.domain.offerable import Offerable, OfferKind
from kb.domain.rights import Audience
from kb.search import suggesting
from kb.search.suggesting import Suggester
from kb.search.suggestions import apart
from kb.search.suggestions.apart import NotMade, made_apart
from kb.search.suggestions.kept import KeptThings
from kb.search.suggestions.making import made

ASLEEP = partial(time.sleep, 60)
"""Opens no catalogue for a minute."""

TEXT = st.text(max_size=8)
NAMES = st.lists(TEXT, max_size=3).map(tuple)
THINGS = st.builds(
    Offerable,
    kind=st.just(OfferKind.PERSON),
    id=TEXT,
    label=TEXT,
    names=st.lists(TEXT, min_size=1, max_size=3).map(tuple),
    readings=NAMES,
    text=TEXT,
    why=TEXT,
    audiences=st.just(frozenset({Audience.CURATOR})),
    cases=st.integers(0, 200_000),
    specimen=st.booleans(),
    former=st.booleans(),
)


@given(things=st.lists(THINGS, max_size=4))
def test_things_that_are_kept_are_the_same_again(things: list[Offerable]) -> None:
    kept = KeptThings(frozenset({Audience.CURATOR}), OfferKind.PERSON, things)
    again = pickle.loads(pickle.dumps(kept))
    assert [again[number] for number in range(len(things))] == things


def test_a_lone_surrogate_is_kept() -> None:
    broken = Offerable(OfferKind.CASE, "1", "窓\ud800口", ("窓\ud800口",))
    assert KeptThings(broken.audiences, OfferKind.CASE, [broken])[0] == broken


def _record(installation: Installation, title: str) -> None:
    with writing(installation.database, Authorship("test")) as writer:
        writer.record_case(CaseEntry(f"case-{title}", title, ("402249",), implemented_in=2021))


def test_another_process_makes_the_same_table(installation: Installation) -> None:
    _record(installation, "灯台の窓口を改める")
    things, bodies = OfferableReader(installation.database), NameReader(installation.database)
    here, there = made(things, bodies), made_apart(things.elsewhere())
    for typed in ("灯台", "ふくつ", "窓口", "福津市", "福律市", "税"):
        assert there.offered(typed, Audience.ANONYMOUS) == here.offered(typed, Audience.ANONYMOUS)
    assert there.offered("灯台", Audience.ANONYMOUS)[0].label == "灯台の窓口を改める"


def test_the_other_process_asks_on_the_same_day(installation: Installation) -> None:
    installation.database.today = lambda: date(2031, 4, 1)
    opening = pickle.loads(pickle.dumps(OfferableReader(installation.database).elsewhere()))
    assert opening()[1].day() == date(2031, 4, 1)


def _labels(suggester: Suggester, typed: str, until: float = 60.0) -> list[str]:
    """What is offered, once there is anything."""
    ready = time.monotonic() + until
    while not (found := suggester.offers(typed, Audience.ANONYMOUS)) and time.monotonic() < ready:
        time.sleep(0.05)
    return [offer.label for offer in found]


def _suggester(installation: Installation) -> Suggester:
    database = installation.database
    return Suggester(OfferableReader(database), NameReader(database), installation.catalogue)


def test_a_large_table_comes_from_another_process(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suggesting, "MANY_TITLES", 1)
    monkeypatch.setattr(suggesting, "made", lambda *_: pytest.fail("made in this process"))
    _record(installation, "灯台の窓口を改める")
    assert _labels(_suggester(installation), "灯台") == ["灯台の窓口を改める"]


def test_a_failure_leaves_the_old_table_and_is_told(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(suggesting, "MANY_TITLES", 1)
    monkeypatch.setattr(suggesting, "SHARE_OF_TIME", 1.0)  # each change is due at once
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    _record(installation, "灯台の窓口を改める")
    suggester = _suggester(installation)
    # Without an old one this process makes it: late is better than never.
    assert _labels(suggester, "灯台") == ["灯台の窓口を改める"]
    caplog.clear()
    _record(installation, "岬の窓口を改める")
    assert _labels(suggester, "灯台") == ["灯台の窓口を改める"]
    until = time.monotonic() + 60
    while not caplog.messages and time.monotonic() < until:
        time.sleep(0.05)
    assert _labels(suggester, "灯台") == ["灯台の窓口を改める"]
    assert _labels(suggester, "岬の窓口", until=0.0) == []
    assert "入力候補の表を作れませんでした" in caplog.text


def test_a_process_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "LONGEST_SECONDS", 0.2)
    started = time.monotonic()
    with pytest.raises(NotMade, match="EOFError"):
        made_apart(ASLEEP)  # type: ignore[arg-type] # it opens nothing
    assert time.monotonic() - started < 30


def test_the_process_ends_with_its_parent_and_its_command_line_tells_nothing() -> None:
    with apart._process() as process:
        assert process.stdin is not None
        process.stdin.write(pickle.dumps(ASLEEP))
        process.stdin.close()  # as the end of the parent closes it
        assert process.wait(30) == 1
        assert process.args[-1] == str(apart._ROOT)  # type: ignore[index] # a list
