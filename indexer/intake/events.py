"""The events of a page: its blocks put together, and what they say of time, place and people."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from indexer.intake.attendance import Attendance, attendance_in, attendance_of
from indexer.intake.blocks import Block, BlockKind, is_event
from indexer.intake.draft import Evidence, LineKind
from indexer.intake.labels import Label, Labelled, label_of
from indexer.intake.making import Making
from indexer.intake.naming import EDITION, EventName
from indexer.intake.states import state_of
from indexer.intake.wording import Line, key_of
from kb.domain.fiscal_year import FiscalYear

_CLOCK = (
    r"(?P<noon{0}>午前|午後|AM|PM|am|pm)?\s?(?P<hour{0}>\d{{1,2}})"
    r"(?:[:時](?P<minute{0}>\d{{2}})?分?)(?P<half{0}>半)?"
)
_TIMES = re.compile(
    _CLOCK.format(1) + r"(?:頃|ごろ)?(?:\s?(?:~|-|から|より)\s?(?:" + _CLOCK.format(2) + r")?)?"
)
_REMOTE = re.compile(
    r"(?i)オンライン|リモート|zoom|ウェビナー|teams|webex|web(?:会議|開催|配信|セミナー)|配信|youtube"
)
_ON_SITE = re.compile(
    "会場|対面|役所|役場|庁舎|ホール|センター|会議室|会館|プラザ|公民館|大学|ビル|館|階"
)
_HYBRID = re.compile(
    "ハイブリッド|(?:会場|対面).{0,8}オンライン.{0,4}併用|オンライン.{0,6}(?:会場|対面).{0,4}併用"
)
_NUMBER = re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,5})\s?(?:名|人|組)")
_HELD_AT = re.compile(
    r"(?:^|[、。」』を])(?P<place>[^、。「」を\s]{2,24}?)(?:に(?:て|おいて)|で)(?:開催|実施|開か|行い|行わ)"
)
_NO_PLACE = re.compile("方式|形式|初めて|さまざま|ハイブリッド|これまで|今回|今年|共同|共催|主催")
_AFTER_DAY = re.compile(r"^.*(?:[日)）]に|のため|により|として)")
REMOTE, ON_SITE, BOTH = "オンライン", "会場", "会場とオンライン"


@dataclass(frozen=True, eq=False)
class Event:
    """One event, with every block that tells of it."""

    key: str
    on: date | None
    name: EventName
    blocks: tuple[Block, ...]

    @cached_property
    def reports(self) -> tuple[Block, ...]:
        """Blocks that tell of it afterwards."""
        return tuple(block for block in self.blocks if block.kind is BlockKind.REPORT)

    @cached_property
    def announcements(self) -> tuple[Block, ...]:
        """Blocks that tell of it before."""
        return tuple(block for block in self.blocks if block.kind is BlockKind.ANNOUNCEMENT)

    @property
    def presented_in(self) -> int | None:
        """The fiscal year it falls in."""
        return FiscalYear.containing(self.on).year if self.on is not None else None

    @cached_property
    def came(self) -> tuple[Attendance, ...]:
        """What the reports say of those who came, labelled first."""
        labels = [
            fact
            for block in self.blocks
            for fact in block.facts
            if fact.label is Label.CAME and block.kind is not BlockKind.ANNOUNCEMENT
        ]
        told = [found for fact in labels if (found := attendance_of(fact.line, fact.start))]
        others = [block for block in self.blocks if block.kind is not BlockKind.ANNOUNCEMENT]
        return (*told, *(one for block in others for one in attendance_in(block.lines)))

    def facts(self, label: Label) -> Iterator[Labelled]:
        """Labelled facts, those of announcements after those of reports."""
        for block in self.blocks:
            yield from (fact for fact in block.facts if fact.label is label)


def events_of(blocks: Iterable[Block]) -> tuple[Event, ...]:
    """Blocks of one day and series are one event; one without a day joins its number or year."""
    telling = [block for block in blocks if is_event(block)]
    order = {block: number for number, block in enumerate(telling)}
    groups: list[list[Block]] = []
    by_day: dict[date, list[list[Block]]] = defaultdict(list)
    for block in telling:
        if block.on is not None:
            group = next((one for one in by_day[block.on] if _same_series(one[0], block)), None)
            if group is None:
                groups.append(group := [])
                by_day[block.on].append(group)
            group.append(block)
    known = {key: group for group in groups for block in group for key in _keys(block)}
    for block in telling:
        if block.on is None:
            group = next((known[key] for key in _keys(block) if key in known), None)
            if group is None:
                groups.append(group := [])
            group.append(block)
            for key in _keys(block):
                known.setdefault(key, group)
    for group in groups:
        group.sort(key=lambda block: order[block])
    groups.sort(key=lambda group: order[group[0]])
    return tuple(_named(groups))


def _same_series(one: Block, other: Block) -> bool:
    """Whether two blocks of one day name one event, perhaps one of them with more words."""
    a, b = (block.name.key if block.name is not None else "" for block in (one, other))
    return a in b or b in a


def _keys(block: Block) -> Iterator[tuple[str, str]]:
    """What a block without a day finds its event by: its number, else its year, its name."""
    if block.name is None:
        return
    number = EDITION.search(block.name.edition or "")
    year = block.on.year if block.on is not None else block.year
    if number:
        yield block.name.key, key_of(number.group())
    elif year is not None:
        yield block.name.key, str(year)
    else:
        yield block.name.key, ""


def _named(groups: Sequence[Sequence[Block]]) -> Iterator[Event]:
    days = [next((block.on for block in group if block.on), None) for group in groups]
    counted = Counter(days)
    for group, on in zip(groups, days, strict=True):
        names = [block.name for block in group if block.name is not None]
        name = max(names, key=lambda name: (name.edition is not None, len(name.title)))
        key = f"event:{on.isoformat()}" if on else f"event:{key_of(name.title)}"
        shared = on is not None and counted[on] > 1
        yield Event(f"{key}:{name.key}" if shared else key, on, name, tuple(group))


# --- facts -------------------------------------------------------------------------------


def event_line(event: Event, seen_on: date) -> Making:
    """The draft line of an event, without what others know of it (its programme)."""
    made = Making(LineKind.EVENT, event.key)
    headings = [block.heading.evidence() for block in event.blocks if block.heading is not None]
    titled = [b for b in event.blocks if b.name is event.name and b.heading is not None]
    named = [b.heading.evidence() for b in titled if b.heading is not None]
    made.put("title", event.name.title, *named)
    made.put("series", event.name.series, *headings)
    _put_edition(made, event)
    held = next((block.held for block in event.blocks if block.held), None)
    if held:
        made.put("held_on", held[0].isoformat(), held[1].evidence())
    state, why = state_of(event.blocks, event.on, seen_on)
    made.put("state", state.value, *why)
    for put in (_put_times, _put_place, _put_capacity, _put_attendance, _put_fee):
        put(made, event)
    return made


def _put_edition(made: Making, event: Event) -> None:
    """第1回 from the name, or from a line that has it beside the name; else the year in it."""
    number = EDITION.search(event.name.edition or "")
    if number is None:
        for block in event.blocks:
            for line in block.lines:
                found = EDITION.search(line.plain) if event.name.series in line.text else None
                if found and line.text.find(event.name.series) - found.end() in (0, 1, 2):
                    made.put("edition", "".join(found.group().split()), line.evidence())
    made.put("edition", event.name.edition, *made.evidence.get("title", ()))


def clock_times(text: str) -> tuple[str, str | None] | None:
    """When something begins and ends, as 13:00; None where the text tells no time."""
    for found in _TIMES.finditer(text):
        begin = _clock(found, "1", None)
        if begin is not None:
            end = _clock(found, "2", found["noon1"]) if found["hour2"] else None
            return begin, end
    return None


def _clock(found: re.Match[str], group: str, noon: str | None) -> str | None:
    hour = int(found[f"hour{group}"])
    minute = 30 if found[f"half{group}"] else int(found[f"minute{group}"] or 0)
    afternoon = (found[f"noon{group}"] or noon or "").lower() in ("午後", "pm")
    hour += 12 if afternoon and hour < 12 else 0
    return f"{hour:02d}:{minute:02d}" if hour < 24 and minute < 60 else None


def times_told(event: Event) -> Iterator[tuple[str, str | None, Line]]:
    """Every time told of an event: labelled ones first, then sentences with its day."""
    for block in event.blocks:
        for fact in (fact for fact in block.facts if fact.label in (Label.WHEN, Label.HOURS)):
            # The hours may stand in the line below the day.
            below = _below(block, fact) if fact.label is Label.WHEN else ()
            for line, text in ((fact.line, fact.plain), *below):
                times = clock_times(text)
                if times:
                    yield (*times, line)
                    break
    if event.on is None:
        return
    day = re.compile(rf"(?<!\d){event.on.month}[月/.]\s?{event.on.day}(?!\d)")
    for block in event.blocks:
        for line in block.lines:
            found = day.search(line.plain)
            times = clock_times(line.plain[found.end() : found.end() + 40]) if found else None
            if times:
                yield (*times, line)


def _below(block: Block, fact: Labelled) -> Iterator[tuple[Line, str]]:
    for line in block.lines[fact.index + 1 : fact.index + 2]:
        if not line.dates and label_of(line) is None:
            yield line, line.plain


def _put_times(made: Making, event: Event) -> None:
    told = list(times_told(event))
    best = next((one for one in told if one[1]), told[0] if told else None)
    if best:
        made.put("starts_at", best[0], best[2].evidence())
        made.put("ends_at", best[1], best[2].evidence())


def _put_place(made: Making, event: Event) -> None:
    words: list[tuple[str, Evidence]] = []
    for fact in event.facts(Label.WHERE):
        made.put("place", fact.value, fact.line.evidence())
        words.append((fact.plain, fact.line.evidence()))
    words += [(fact.plain, fact.line.evidence()) for fact in event.facts(Label.MODE)]
    for block in event.blocks:
        for line in block.lines:
            if _HYBRID.search(line.plain):
                words.append(("会場 オンライン", line.evidence()))
            held = _HELD_AT.search(line.plain) if "place" not in made.values else None
            if held and not _NO_PLACE.search(held["place"]):
                place = line.text[held.start("place") : held.end("place")]
                place = _AFTER_DAY.sub("", place)
                made.put("place", place, line.evidence())
                words.append((place, line.evidence()))
    remote = [why for text, why in words if _REMOTE.search(text)]
    present = [why for text, why in words if _ON_SITE.search(_REMOTE.sub("", text))]
    if words and not remote and not present:
        present = [words[0][1]]
    mode = BOTH if remote and present else REMOTE if remote else ON_SITE if present else None
    made.put("mode", mode, *remote[:1], *present[:1])


def capacities(event: Event) -> Iterator[tuple[int, Labelled]]:
    """The numbers that a capacity is told with; several add up (会場30名、オンライン50名)."""
    for fact in event.facts(Label.CAPACITY):
        numbers = [int(found.replace(",", "")) for found in _NUMBER.findall(fact.plain)]
        if numbers and not re.search("各(?:回|部)", fact.plain):
            parts = len(numbers) > 1 and bool(_REMOTE.search(fact.plain))
            whole = max(numbers) * 2 == sum(numbers)
            yield (sum(numbers) if parts and not whole else max(numbers)), fact


def _put_capacity(made: Making, event: Event) -> None:
    for number, fact in capacities(event):
        made.put("capacity", number, fact.line.evidence(fact.start))


def _put_attendance(made: Making, event: Event) -> None:
    if not event.came:
        return
    best = next((one for one in event.came if one.number is not None), event.came[0])
    why = best.line.evidence(best.start)
    made.put("attendance_text", best.words, why)
    if not (best.partial and made.values.get("mode") == BOTH):
        made.put("attendance", best.number, why)


def fees(event: Event) -> Iterator[tuple[str, Labelled]]:
    """The fees told, as they stand, to the end of their sentence."""
    for fact in event.facts(Label.FEE):
        yield fact.value.split("。")[0].strip(), fact


def _put_fee(made: Making, event: Event) -> None:
    for fee, fact in fees(event):
        made.put("fee", fee, fact.line.evidence(fact.start))
