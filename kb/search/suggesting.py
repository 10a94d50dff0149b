"""Suggestions while a question is typed, and what a word that nothing holds may have meant.

The table of names is made once for a state of the catalogue, beside the requests and not in
them: a large one by another process. Until a new one is there the old one answers; what has been
closed to somebody meanwhile is told by the catalogue and left out.
"""

import logging
import math
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Protocol

from kb.domain.offerable import Offerable, OfferKind
from kb.domain.rights import Audience
from kb.search.suggestions.apart import NotMade, made_apart
from kb.search.suggestions.making import Bodies, Things, made
from kb.search.suggestions.table import SuggestionTable

LONGEST_TYPED = 200
"""Characters for which anything is suggested; a longer text is no beginning of a name."""
FIRST_WAIT_SECONDS = 2.0
"""How long the first requests wait for the first table, where none was prepared. One over the
places alone takes 0.4 s, one of 100,000 titles some seconds; until then nothing is offered."""
SHARE_OF_TIME = 0.1
"""At most so much of the time goes into making tables while the catalogue keeps changing."""
MANY_TITLES = 5_000
"""From which the table is made by another process, which takes 0.8 s more to start; in a thread
that many hold the interpreter's lock for 0.3 s more, beside 0.4 s for the places."""
SECONDS_OF_A_FAILURE = 6.0
"""What a failed making counts at least, so that it is tried once a minute and not all the time."""

_LOG = logging.getLogger(__name__)

_FROM_RECORDS = frozenset(
    {OfferKind.PERSON, OfferKind.DEPARTMENT, OfferKind.SERIES, OfferKind.WORD}
)
"""Known only from cases and documents: which of them a name stands in is not kept."""

_LAST_WORDS = (OfferKind.MUNICIPALITY, OfferKind.DEPARTMENT, OfferKind.PERSON, OfferKind.WORD)
"""Kinds of which a name may follow other words; a title is a question of its own."""
_NO_LAST_WORD = tuple(kind for kind in OfferKind if kind not in _LAST_WORDS)


@dataclass(frozen=True, slots=True)
class Offer:
    """One suggestion."""

    kind: OfferKind
    id: str
    """Of its page; empty where choosing it searches for `text`."""
    label: str
    text: str
    """What to search for."""
    why: str


class Standing(Protocol):
    """Which state the catalogue is in, and what it has closed since another."""

    def sequence(self) -> int: ...  # noqa: D102 - the type says it
    def withheld(self, sequence: int, audience: Audience) -> frozenset[str]:
        """Subjects that an audience might find in that state and may not any more."""
        ...


@dataclass(frozen=True, slots=True)
class _Made:
    """A table and the state of the catalogue it was made from."""

    sequence: int
    day: date
    table: SuggestionTable
    seconds: float
    """What making it took."""
    ended: float
    """When it was ready, by the monotonic clock."""


class Suggester:
    """Gives suggestions for the catalogue's present state; safe to share between threads."""

    def __init__(self, things: Things, bodies: Bodies, standing: Standing) -> None:
        self._things = things
        self._bodies = bodies
        self._standing = standing
        self._lock = threading.Lock()
        self._kept: _Made | None = None
        self._coming: Future[_Made] | None = None
        self._first_begun = math.inf
        """When the first table was begun, by the monotonic clock."""

    def offers(self, typed: str, audience: Audience) -> tuple[Offer, ...]:
        """What may be meant by what is typed so far, at most :data:`MOST`; () for a long text.

        Where the whole of it leads nowhere, its last word is completed.
        """
        if not typed.strip() or len(typed) > LONGEST_TYPED:
            return ()
        made, closed = self._state(audience, FIRST_WAIT_SECONDS)
        if made is None:
            return ()
        found = closed(made.table.offered(typed, audience))
        if found or len(typed.split()) == 1:
            return tuple(_offer(thing) for thing in found)
        head, last = typed.rsplit(maxsplit=1)
        last_words = made.table.offered(last, audience, _NO_LAST_WORD)
        return tuple(_after(head, thing) for thing in closed(last_words))

    def meant(self, word: str, audience: Audience) -> tuple[str, ...]:
        """Names to search for in the place of a word that nothing holds, the likeliest first."""
        if not word or len(word) > LONGEST_TYPED:
            return ()
        # It is a hint beside answers that are there already: not every question waits anew.
        left = self._first_begun + FIRST_WAIT_SECONDS - time.monotonic()
        made, closed = self._state(audience, min(max(0.0, left), FIRST_WAIT_SECONDS))
        if made is None:
            return ()
        found = closed(made.table.meant(word, audience))
        return tuple(dict.fromkeys(thing.text or thing.label for thing in found))

    def prepare(self) -> None:
        """Begin to make the table, so that nobody has to wait for it."""
        self._newest(self._standing.sequence(), 0.0)

    # -- keeping in step -----------------------------------------------------------------

    def _state(self, audience: Audience, first_wait: float) -> "tuple[_Made | None, _Sieve]":
        """A table, and what leaves out of it what has been closed since it was made."""
        sequence = self._standing.sequence()
        made = self._newest(sequence, first_wait)
        if made is None or (made.sequence, made.day) == (sequence, self._bodies.day()):
            return made, tuple  # nothing has changed: nothing is left out
        closed = self._standing.withheld(made.sequence, audience)
        return made, lambda things: tuple(t for t in things if not _is_closed(t, closed))

    def _newest(self, sequence: int, first_wait: float) -> _Made | None:
        with self._lock:
            wanted = sequence, self._bodies.day()
            kept = self._taken()
            if kept and (kept.sequence, kept.day) == wanted:
                return kept
            if self._coming is None and (kept is None or _is_due(kept)):
                self._first_begun = min(self._first_begun, time.monotonic())
                self._coming = _begun(partial(self._make, *wanted, kept))
            coming = self._coming
        if coming is None:
            return kept
        with suppress(NotYet):  # The old table answers as long as the new one is not ready.
            kept = coming.result(0.0 if kept else first_wait)
        return kept

    def _taken(self) -> _Made | None:
        """The newest table that is ready; one that could not be made is begun anew."""
        if self._coming is not None and self._coming.done():
            ended, self._coming = self._coming, None
            self._kept = ended.result()
        return self._kept

    def _make(self, sequence: int, day: date, kept: _Made | None) -> _Made:
        """A new table; where another process fails to make it, the one that is kept, or our own."""
        started = time.monotonic()
        try:
            table = self._table()
        except NotMade as reason:
            _LOG.warning("別のプロセスで入力候補の表を作れませんでした: %s", reason)
            if kept:
                now = time.monotonic()
                return replace(kept, seconds=max(now - started, SECONDS_OF_A_FAILURE), ended=now)
            table = made(self._things, self._bodies)
        ended = time.monotonic()
        return _Made(sequence, day, table, ended - started, ended)

    def _table(self) -> SuggestionTable:
        if self._things.titles() < MANY_TITLES:
            return made(self._things, self._bodies)
        return made_apart(self._things.elsewhere())


_Sieve = Callable[[Iterable[Offerable]], tuple[Offerable, ...]]


def _begun(make: Callable[[], _Made]) -> "Future[_Made]":
    """What a thread of its own will have made; nobody who stops the program waits for it."""
    coming: Future[_Made] = Future()

    def work() -> None:
        try:
            coming.set_result(make())
        except BaseException as error:  # whoever asks for the result is told
            coming.set_exception(error)

    threading.Thread(target=work, name="suggestions", daemon=True).start()
    return coming


def _is_due(kept: _Made) -> bool:
    """Whether a new table may be begun: not while the last one's share of time is not over."""
    return time.monotonic() - kept.ended >= kept.seconds * (1 / SHARE_OF_TIME - 1)


def _is_closed(thing: Offerable, closed: frozenset[str]) -> bool:
    return f"{thing.kind}:{thing.id}" in closed or bool(closed and thing.kind in _FROM_RECORDS)


def _offer(thing: Offerable) -> Offer:
    return Offer(thing.kind, thing.id, thing.label, thing.text or thing.label, _why(thing))


def _why(thing: Offerable) -> str:
    """What is told beside the name; of what is invented, that it is. A word never is."""
    if not thing.specimen or thing.kind is OfferKind.WORD:
        return thing.why
    return f"{thing.why}(見本)" if thing.why else "見本"


def _after(head: str, thing: Offerable) -> Offer:
    """The last word completed: the words before it stay, and all of them are searched for."""
    text = f"{head} {thing.text or thing.label}"
    return Offer(thing.kind, "", text, text, _why(thing))
