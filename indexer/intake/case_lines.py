"""The cases of an event: its tellings put together, with both years and what came before."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from indexer.extracted import ExtractedPage
from indexer.intake.blocks import BlockKind
from indexer.intake.case_titles import Title
from indexer.intake.cases import Telling, tellings_in
from indexer.intake.draft import Evidence, LineKind
from indexer.intake.events import Event
from indexer.intake.likeness import ALIKE, likeness
from indexer.intake.making import Making
from indexer.intake.programmes import Programme
from indexer.intake.wording import QUOTED, Line, key_of, levelled
from indexer.intake.years import SaidYear, practice_years
from indexer.recognise.departments import recognise_departments
from indexer.recognise.reading import Reading
from indexer.recognise.source import Source
from kb.domain.gazetteer import Gazetteer

MOST_GROUNDS = 8
"""Sayings of one year that are kept for a curator to see."""
RANKS = re.compile("係長|課長補佐|課長|部長|局長|主査|主任|主事")
_TEAM = re.compile("チーム|プロジェクト|班|メンバー")
MOST_TITLES = 30
"""Of one municipality in one block, that a provisional title is compared with."""


@dataclass(eq=False)
class Case:
    """One case of an event, with every place that tells of it."""

    event: Event
    tellings: tuple[Telling, ...]
    key: str = ""
    practice: SaidYear | None = None
    grounds: tuple[SaidYear, ...] = ()
    """Every saying that the practice year rests on."""
    earlier: tuple[SaidYear, ...] = ()
    """Years before it in its own lines: what it goes on from."""
    departments: tuple[tuple[str, Line], ...] = ()
    programme: Programme | None = None
    continues: "Case | None" = None
    lines: tuple[Line, ...] = field(init=False)
    """Its own lines in programmes."""

    def __post_init__(self) -> None:
        """Gather its lines."""
        own = {line.number: line for one in self.tellings if one.listed for line in one.lines}
        self.lines = tuple(own[number] for number in sorted(own))

    @property
    def code(self) -> str:
        """Of its municipality."""
        return self.tellings[0].code

    @property
    def town(self) -> str:
        """The municipality's name."""
        return self.tellings[0].body.name

    @property
    def implemented_in(self) -> int | None:
        """The fiscal year in which it was done, where the page says so."""
        return self.practice.year if self.practice else None

    @property
    def titles(self) -> tuple[Title, ...]:
        """What it is called, the best first: final, provisional, the words of a sentence."""
        found = [
            (not title.quoted, title.provisional, telling.block.kind is not BlockKind.REPORT, title)
            for telling in self.tellings
            if (title := telling.title) is not None
        ]
        return tuple(one[3] for one in sorted(found, key=lambda one: one[:3]))

    @property
    def provisional(self) -> Title | None:
        """The provisional title, where there is one."""
        return next((title for title in self.titles if title.provisional), None)


def cases_of(
    events: Sequence[Event], programmes: Sequence[Programme], gazetteer: Gazetteer
) -> tuple[Case, ...]:
    """The cases of all events, with their years, departments and what they continue."""
    found = [case for event in events for case in _cases(event)]
    by_event: dict[Event, list[Case]] = defaultdict(list)
    for case in found:
        by_event[case.event].append(case)
    for event, cases in by_event.items():
        _date(event, cases, programmes)
    for case in found:
        case.departments = tuple(_departments(case, gazetteer))
    _name_keys(found)
    _continue(found)
    return tuple(found)


# --- one case or several -----------------------------------------------------------------


def _cases(event: Event) -> Iterator[Case]:
    by_code: dict[str, list[Telling]] = defaultdict(list)
    for block in event.blocks:
        for telling in tellings_in(block):
            by_code[telling.code].append(telling)
    for tellings in by_code.values():
        yield from (Case(event, tuple(group)) for group in _groups(tellings))


def _groups(tellings: Sequence[Telling]) -> list[list[Telling]]:
    """Tellings of one municipality, by title where one block gives it several."""
    titled = [one for one in tellings if one.title is not None and one.title.quoted]
    per_block: dict[int, set[str]] = defaultdict(set)
    for one in titled:
        per_block[id(one.block)].add(_title_key(one))
    if max(map(len, per_block.values()), default=0) < 2:
        return [list(tellings)]
    groups: dict[str, list[Telling]] = {}
    for one in sorted(titled, key=lambda one: bool(one.title and one.title.provisional)):
        key = _title_key(one)
        provisional = one.title is not None and one.title.provisional
        like = (
            [other for other in list(groups)[:MOST_TITLES] if likeness(key, other) >= ALIKE]
            if provisional
            else []
        )
        groups.setdefault(like[0] if like else key, []).append(one)
    return list(groups.values())


def _title_key(telling: Telling) -> str:
    return key_of(telling.title.words) if telling.title is not None else ""


# --- years -------------------------------------------------------------------------------


def _date(event: Event, cases: Sequence[Case], programmes: Sequence[Programme]) -> None:
    """Give each case its practice year: by its own lines, else by what its event says."""
    names = [levelled(programme.title) for programme in programmes]
    taken = {line.number for case in cases for line in case.lines}
    numbers = {line.number for block in event.blocks for line in block.lines}
    cohorts = {
        said.year: programme
        for programme in reversed(programmes)
        for said in programme.years
        if said.line.number in numbers
    }
    shared = [
        said
        for block in event.blocks
        for said in practice_years(block.lines, event.on, names)
        if said.line.number not in taken
    ]
    usual = _usual(shared)[:MOST_GROUNDS]
    for case in cases:
        own = list(practice_years(_own(case), event.on, names))
        said = own or usual
        if not said:
            continue
        year = max(one.year for one in said)
        case.grounds = tuple(one for one in (*own, *usual) if one.year == year)
        case.practice = case.grounds[0]
        case.earlier = tuple(one for one in own if one.year < year)
        case.programme = cohorts.get(year)


def _own(case: Case) -> list[Line]:
    """Its lines, in programmes and in sentences, each once."""
    lines = {line.number: line for one in case.tellings for line in one.lines}
    return [lines[number] for number in sorted(lines)]


def _usual(said: Sequence[SaidYear]) -> list[SaidYear]:
    """The sayings of the year that most of them name."""
    if not said:
        return []
    year, _ = Counter(one.year for one in said).most_common(1)[0]
    return [one for one in said if one.year == year]


def _continue(cases: Iterable[Case]) -> None:
    """What a case goes on from: the same town's of the year its lines name, or the cohort
    before its own in the same programme."""
    held: dict[tuple[str, int], Case] = {}
    ordered = list(cases)
    for case in ordered:
        if case.implemented_in is not None:
            held.setdefault((case.code, case.implemented_in), case)
    for case in ordered:
        years = [said.year for said in case.earlier]
        if not years and case.programme is not None and case.implemented_in is not None:
            before = held.get((case.code, case.implemented_in - 1))
            same = before is not None and before.programme is case.programme
            years = [case.implemented_in - 1] if same else []
        for year in sorted(years, reverse=True):
            earlier = held.get((case.code, year))
            if earlier is not None and earlier is not case:
                case.continues = earlier
                break


# --- departments, keys, lines ------------------------------------------------------------


def _departments(case: Case, gazetteer: Gazetteer) -> Iterator[tuple[str, Line]]:
    """Departments in its own lines, titles left out; 係長 is a rank and none of them."""
    lines = case.lines[:12]
    text = "\n".join(QUOTED.sub(lambda m: " " * len(m.group()), line.text[:300]) for line in lines)
    page = ExtractedPage(1, text, 0.0, 0.0)
    found = recognise_departments(Reading(Source("", (page,)), gazetteer)) if text.strip() else ()
    for one in sorted(found, key=lambda one: one.evidence[0].start or 0):
        name = one.value.name.removeprefix("よる")
        line = next((ln for ln in lines if name in ln.text), None)
        if line is None or one.value.municipality not in (None, case.code):
            continue
        # 推進事務局チーム is a team that was put together, and no department.
        if not _TEAM.match(line.plain, line.text.find(name) + len(name)):
            yield name, line


def _name_keys(cases: Sequence[Case]) -> None:
    """``case:131148:2021``; without a practice year by its event, several by their titles."""
    bases = [
        f"case:{case.code}:{case.implemented_in or case.event.key.removeprefix('event:')}"
        for case in cases
    ]
    counted = Counter(bases)
    seen: Counter[str] = Counter()
    for case, base in zip(cases, bases, strict=True):
        title = key_of(case.titles[0].words)[:40] if case.titles else ""
        if counted[base] > 1:
            base = f"{base}:{title}"
        seen[base] += 1
        case.key = base if seen[base] == 1 else f"{base}:{seen[base]}"


def case_line(case: Case) -> Making:
    """The draft line of a case."""
    made = Making(LineKind.CASE, case.key)
    naming = [telling.line.evidence(telling.place.start) for telling in case.tellings]
    for title in case.titles[:1]:
        made.put("title", title.words, title.line.evidence(title.start))
    made.put("title", f"{case.town}の事例", *naming)
    given = case.provisional
    if given is not None and (
        key_of(given.words) != key_of(made.values["title"]) or case.titles[0] is given
    ):
        made.put("provisional_title", given.words, given.line.evidence(given.start))
    made.put("municipality_codes", [case.code], *naming)
    made.put("implemented_in", case.implemented_in, *_said(case.grounds))
    held = next((block.held for block in case.event.blocks if block.held), None)
    made.put("presented_in", case.event.presented_in, *([held[1].evidence()] if held else []))
    made.put(
        "departments",
        [name for name, _ in case.departments],
        *(line.evidence(line.text.find(name)) for name, line in case.departments),
    )
    made.put("event_id", case.event.key, naming[0])
    if case.programme is not None:
        made.put("programme_id", f"programme:{case.programme.key}", *_said(case.grounds))
        made.put("cohort", case.implemented_in, *_said(case.grounds))
    if case.continues is not None:
        why = case.earlier or (*case.grounds[:1], *case.continues.grounds[:1])
        made.put("continues_id", case.continues.key, *_said(why))
    return made


def _said(years: Iterable[SaidYear]) -> Iterator[Evidence]:
    for said in years:
        yield said.line.evidence(said.start)
