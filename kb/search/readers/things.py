"""People, programmes and series as a question may name them: folded once, looked through often."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

LEAST_SHORT = 5
"""Characters of a short form; fewer would be met by chance."""

_RUN = re.compile(r"[ァ-ヶー]+|[a-z0-9]+")
_ASIDE = re.compile(r"[((][^))]*[))]")
_BLANK = re.compile(r"[\s\u3000]+")


@dataclass(frozen=True, slots=True)
class Post:
    """A post somebody held, and the last day it is told of."""

    title: str
    key: str
    on: date | None


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person under every name."""

    id: str
    name: str
    keys: tuple[str, ...]
    """Folded spellings of the whole name."""
    kana: str | None
    """As it is recorded, a blank between family and given name."""
    kana_key: str
    family_kana_key: str
    posts: tuple[Post, ...] = ()
    romaji_keys: tuple[str, ...] = ()
    """Of the whole name in Latin letters, in either order; empty where family and given name are
    not told apart."""


@dataclass(frozen=True, slots=True)
class Titled:
    """A programme or an event under its title and what it is called for short."""

    kind: str
    """programme or event."""
    what: str
    """The same in Japanese."""
    id: str
    label: str
    keys: tuple[str, ...]
    """Folded, the whole title first."""


@dataclass(frozen=True, slots=True)
class KnownEdition:
    """One event of a series."""

    event_id: str
    title: str
    edition: str | None
    held_on: date | None
    fiscal_year: int | None


@dataclass(frozen=True, slots=True)
class KnownIssue:
    """One document of a series."""

    document_id: str
    title: str
    number: str | None
    """As it is recorded: No10, 第12号."""


@dataclass(frozen=True, slots=True)
class KnownSeries:
    """A series of events, of documents, or of both, under its name and short forms."""

    name: str
    keys: tuple[str, ...]
    editions: tuple[KnownEdition, ...] = ()
    """Newest first."""
    issues: tuple[KnownIssue, ...] = ()


@dataclass(frozen=True, slots=True)
class Things:
    """All of them at one moment of the catalogue."""

    people: tuple[KnownPerson, ...] = ()
    titled: tuple[Titled, ...] = ()
    series: tuple[KnownSeries, ...] = ()


def forms(title: str, key: Callable[[str], str]) -> tuple[str, ...]:
    """A title as it may be typed, folded: whole, without asides in brackets, and cut short.

    A short form is a beginning or an end of at least half the title that cuts through no run of
    katakana, letters or digits: ステップアップセミナー of 自治体改善ステップアップセミナー.
    """
    whole, plain = key(title), key(_ASIDE.sub("", title))
    least = max(LEAST_SHORT, -(-len(plain) // 2))
    inside = {at for run in _RUN.finditer(plain) for at in range(run.start() + 1, run.end())}
    cuts = [at for at in range(1, len(plain)) if at not in inside]
    short = [plain[:at] for at in reversed(cuts) if at >= least]
    short += [plain[at:] for at in cuts if len(plain) - at >= least]
    return tuple(dict.fromkeys((whole, plain, *sorted(short, key=len, reverse=True))))


def family_kana(kana: str | None) -> str:
    """The family name's reading: what stands before the blank; empty where there is none."""
    family, *given = _BLANK.split((kana or "").strip())
    return family if given else ""


def romaji_names(kana: str | None, key: Callable[[str], str]) -> tuple[str, ...]:
    """もとよし ゆきこ as Motoyoshi Yukiko and Yukiko Motoyoshi, each under its key."""
    family, *given = _BLANK.split((kana or "").strip())
    orders = ("".join((family, *given)), "".join((*given, family))) if given else ()
    return tuple(map(key, orders))
