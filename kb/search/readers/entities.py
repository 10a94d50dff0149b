"""The things a question names: people, programmes, series, one event or issue of a series,
themes and departments. Each becomes a card above the results, with the reason it is there.

Places and days of events are told by their own readers (:mod:`kb.search.readers.places`,
:mod:`kb.search.readers.years`).
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from kb.domain.classification import Theme
from kb.domain.departments import functions_of
from kb.domain.fiscal_year import find_years, parse_fiscal_year
from kb.domain.series import numbers_in, series_number, without_numbers
from kb.japanese.readings import romaji_key, to_hiragana
from kb.search.query import Entity
from kb.search.readers.things import KnownEdition, KnownPerson, KnownSeries
from kb.search.readers.vocabulary import Vocabulary

MOST_HOLDERS = 3
"""People of one post that are named."""

_LEAST_WHOLE = 3
"""Characters of a name that may stand inside a longer word."""
_FAMILY = (2, 3)
"""Characters of a family name that is typed alone."""
_LEAST_TITLE = 4
_LEAST_NAME_OF_PAPER = 2
_LEAST_NAME_OF_EVENT = 3

_ADDRESSED = re.compile(r"(?P<post>市長|町長|村長|区長|知事|理事長|部長|課長|係長)|氏|さん|様|先生")
_NTH = re.compile(r"(?P<number>\d{1,3})回")
_BARE_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_DOT = "・"


@dataclass(frozen=True, slots=True)
class _Asked:
    """The words of a question, folded and put together without blanks."""

    words: tuple[str, ...]
    """As typed, without what is to be left out."""
    keys: tuple[str, ...]
    whole: str
    joints: frozenset[int]
    """Where words begin and end in `whole`."""

    @staticmethod
    def of(words: Sequence[str], key: Callable[[str], str]) -> "_Asked":
        keys = tuple(key(word) for word in words)
        ends = [0]
        for folded in keys:
            ends.append(ends[-1] + len(folded))
        return _Asked(tuple(words), keys, "".join(keys), frozenset(ends))

    def holds(self, name: str, least: int) -> bool:
        """Whether `name` was typed: as whole words, or inside one where it is long enough."""
        at = self.whole.find(name) if name else -1
        while at >= 0:
            aligned = {at, at + len(name)} <= self.joints
            inside = not any(at < joint < at + len(name) for joint in self.joints)
            if aligned or (inside and len(name) >= least):
                return True
            at = self.whole.find(name, at + 1)
        return False


def with_named_things(
    cards: Sequence[Entity], words: Sequence[str], vocabulary: Vocabulary
) -> tuple[Entity, ...]:
    """The cards of other readers among those for what the words name, the particular first.

    `words` are those asked for, as typed and in order; words to be left out are not among them.
    """
    asked = _Asked.of(words, vocabulary.key)
    things = vocabulary.things
    found = [
        *(
            card
            for series in _named_series(asked, vocabulary)
            for card in _of_series(series, asked)
        ),
        *_people(asked, vocabulary),
        *(
            Entity(each.kind, each.id, each.label, _why_called(each.keys[0], asked, each.what))
            for each in things.titled
            if any(asked.holds(form, len(form)) for form in each.keys)
        ),
        *cards,
        *_themes(asked),
        *_departments(asked),
    ]
    first: dict[tuple[str, str], Entity] = {}
    for card in found:
        first.setdefault((card.kind, card.id), card)
    return tuple(first.values())


def _why_called(whole: str, asked: _Asked, what: str) -> str:
    known = asked.holds(whole, len(whole))
    return f"{what}の名前です" if known else f"{what}の短い言い方です"


# -- series ----------------------------------------------------------------------------------


def _named_series(asked: _Asked, vocabulary: Vocabulary) -> list[KnownSeries]:
    """Series under their name or a short form, else by the last word of it; see `_meant`."""
    known = vocabulary.things.series
    named = [each for each in known if any(asked.holds(form, len(form)) for form in each.keys)]
    return named or [each for each in known if _meant(each, asked, vocabulary.key)]


def _meant(series: KnownSeries, asked: _Asked, key: Callable[[str], str]) -> bool:
    """Whether 通信 No10 or 2018年 セミナー means this one: it ends so, and has just that one."""
    words = [key(part) for word in asked.words for part in without_numbers(word)]
    longest = max((len(word) for word in words if series.keys[0].endswith(word)), default=0)
    if longest >= _LEAST_NAME_OF_PAPER and _issues(series, asked):
        return True
    return longest >= _LEAST_NAME_OF_EVENT and len(list(_editions(series, asked))) == 1


def _of_series(series: KnownSeries, asked: _Asked) -> Iterator[Entity]:
    name = f"「{series.name}」"
    for number, issue_id, title in _issues(series, asked):
        yield Entity("document", issue_id, title, f"{name}の{number}です")
    for edition, why in _editions(series, asked):
        yield Entity("event", edition.event_id, edition.title, f"{name}の{why}です")
    called = _why_called(series.keys[0], asked, "シリーズ")
    if series.editions:
        yield Entity("event_series", series.name, series.name, called)
    if series.issues:
        yield Entity("document_series", series.name, series.name, called)


def _issues(series: KnownSeries, asked: _Asked) -> list[tuple[str, str, str]]:
    wanted = set(numbers_in(" ".join(asked.words)))
    return [
        (issue.number, issue.document_id, issue.title)
        for issue in series.issues
        if issue.number and series_number(issue.number) in wanted
    ]


def _editions(series: KnownSeries, asked: _Asked) -> Iterator[tuple[KnownEdition, str]]:
    for match in _NTH.finditer(asked.whole):
        for edition in series.editions:
            nth = edition.edition or ""
            if "回" in nth and series_number(nth) == int(match["number"]):
                yield edition, nth
    for year in dict.fromkeys(_years(asked)):
        yield from ((edition, f"{year}年の回") for edition in _held_in(series, year))


def _years(asked: _Asked) -> Iterator[int]:
    for word in asked.words:
        whole = parse_fiscal_year(word)
        if whole is not None:
            yield whole.year
            continue
        for span in find_years(word):
            found = parse_fiscal_year(word[span.start : span.end])
            if found is not None:
                yield found.year
        yield from (
            int(match.group()) for match in _BARE_YEAR.finditer(unicodedata.normalize("NFKC", word))
        )


def _held_in(series: KnownSeries, year: int) -> list[KnownEdition]:
    """The events of a year: by what they are called, else by fiscal year, else by calendar."""
    tests: tuple[Callable[[KnownEdition], bool], ...] = (
        lambda each: each.edition == str(year),
        lambda each: each.fiscal_year == year,
        lambda each: each.held_on is not None and each.held_on.year == year,
    )
    found = ([each for each in series.editions if test(each)] for test in tests)
    return next(filter(None, found), [])


# -- people ----------------------------------------------------------------------------------


def _people(asked: _Asked, vocabulary: Vocabulary) -> Iterator[Entity]:
    typed = "".join("".join(asked.words).split())
    read = _Asked.of(asked.keys, to_hiragana)
    latin = romaji_key(" ".join(word for word in asked.keys if word.isascii()))
    for person in vocabulary.things.people:
        if any(asked.holds(name, _LEAST_WHOLE) for name in person.keys):
            same = "".join(person.name.split()) in typed
            why = "名前が一致しました" if same else f"「{person.name}」の別の書き方です"
            yield Entity("person", person.id, person.name, why)
        elif person.kana_key and read.holds(person.kana_key, len(person.kana_key) + 1):
            yield Entity("person", person.id, person.name, f"読み「{person.kana}」が一致しました")
        elif latin and latin in person.romaji_keys:
            why = f"ローマ字の読み「{person.kana}」が一致しました"
            yield Entity("person", person.id, person.name, why)
    yield from _by_family_name(asked, vocabulary)
    yield from _by_post(asked, vocabulary)


def _by_family_name(asked: _Asked, vocabulary: Vocabulary) -> Iterator[Entity]:
    """原崎, 原崎さん, 原崎市長: a name that one person has; that of a place only in kana."""
    for word, key in zip(asked.words, asked.keys, strict=True):
        called = _ADDRESSED.search(key)
        family = key[: called.start()] if called else key
        post = (called["post"] if called else None) or ""
        spelt = bool(post) or not vocabulary.gazetteer.resolve(word)
        people = [
            each for each in vocabulary.things.people if _is_family(each, family, post, spelt=spelt)
        ]
        if len(people) == 1:
            why = f"「{family}」で始まる名前の人です"
            yield Entity("person", people[0].id, people[0].name, why)


def _is_family(person: KnownPerson, family: str, post: str, *, spelt: bool) -> bool:
    """`spelt`: its spelling may be asked too, not only its reading."""
    if post and not any(held.key.endswith(post) for held in person.posts):
        return False
    if person.family_kana_key and to_hiragana(family) == person.family_kana_key:
        return True
    return (
        spelt
        and len(family) in _FAMILY
        and any(name.startswith(family) and len(name) > len(family) for name in person.keys)
    )


def _by_post(asked: _Asked, vocabulary: Vocabulary) -> Iterator[Entity]:
    """福津市長: who is recorded in that post, the latest first."""
    held = [
        (post, person)
        for person in vocabulary.things.people
        for post in person.posts
        if len(post.key) >= _LEAST_TITLE and asked.holds(post.key, len(post.key))
    ]
    held.sort(key=lambda each: each[0].on.toordinal() if each[0].on else 0, reverse=True)
    for post, person in held[:MOST_HOLDERS]:
        day = f"({post.on.year}年{post.on.month}月{post.on.day}日の記録)" if post.on else ""
        yield Entity("person", person.id, person.name, f"{post.title}{day}")


# -- closed lists ----------------------------------------------------------------------------


def _themes(asked: _Asked) -> Iterator[Entity]:
    for theme in Theme:
        parts = theme.label.split(_DOT)
        if theme.label in asked.words:
            yield Entity("theme", theme.value, theme.label, "テーマの名前です")
        elif any(part in asked.words for part in parts):
            yield Entity("theme", theme.value, theme.label, "テーマの名前にふくまれることばです")


def _departments(asked: _Asked) -> Iterator[Entity]:
    for word in asked.words:
        for function in functions_of(word):
            if word == function.value:
                continue  # an address's word: people, planning
            named = word in (function.label, *function.label.split(_DOT))
            why = "部門の名前です" if named else f"「{word}」の受け持つ部門です"
            yield Entity("department", function.value, function.label, why)
