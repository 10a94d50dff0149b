"""In what a page says two things of one: both are kept, and a curator is told what was taken."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from indexer.intake.case_lines import RANKS, Case
from indexer.intake.document_lines import Document, Library
from indexer.intake.draft import Contradiction, Evidence
from indexer.intake.draft import ContradictionKind as Kind
from indexer.intake.events import Event, capacities, fees, times_told
from indexer.intake.making import Making
from indexer.intake.people import Mention
from indexer.intake.people_lines import person_key, spellings
from indexer.intake.states import CLOSED, is_cancelled
from indexer.intake.wording import QUOTED, Line, key_of
from indexer.intake.years import SaidYear, years_in
from kb.domain.classification import EventState
from kb.domain.fiscal_year import FiscalYear

MOST_LINES = 6
"""Lines of evidence to one contradiction."""

_FAMILIES = tuple(
    re.compile(pattern)
    for pattern in (
        "取り?組み?(?![むめもまん])",
        "申し?込み?(?![むめもまん])",
        "問い?合わ?せ(?!る)",
        "打ち?合わ?せ(?!る)",
        "受け?付け?(?![るたて])",
        "振り?返り(?!ま)",
    )
)


@dataclass(frozen=True, slots=True)
class Findings:
    """What was read of a page, as its contradictions are looked for in it."""

    lines: Sequence[Line]
    events: Sequence[Event]
    event_lines: Mapping[str, Making]
    cases: Sequence[Case]
    library: Library
    mentions: Sequence[Mention]


def contradictions_in(found: Findings) -> tuple[Contradiction, ...]:
    """Everything a page says two ways, events first, in the order of the page."""
    made: list[Contradiction] = []
    for event in found.events:
        made += _of_event(event, found.event_lines[event.key])
    for case in found.cases:
        made += _of_case(case)
    made += _departments(found.cases)
    made += _names(found.mentions)
    made += _rights(found.library)
    made += _spellings(found.lines)
    return tuple(made)


def _made(
    kind: Kind, subject: str, said: Iterable[str], explanation: str, why: Iterable[Evidence]
) -> Contradiction:
    evidence = tuple(dict.fromkeys(why))[:MOST_LINES]
    return Contradiction(kind, subject, tuple(dict.fromkeys(said)), explanation, evidence)


# --- events ------------------------------------------------------------------------------


def _of_event(event: Event, line: Making) -> Iterator[Contradiction]:
    yield from _capacity(event, line)
    yield from _attendance(event, line)
    yield from _state(event, line)
    yield from _times(event, line)
    yield from _relative(event)


def _capacity(event: Event, line: Making) -> Iterator[Contradiction]:
    capacity, came = line.values.get("capacity"), line.values.get("attendance")
    told = next(capacities(event), None)
    if told is None or capacity is None or came is None or came <= capacity:
        return
    words = line.values["attendance_text"]
    why = [told[1].line.evidence(told[1].start), *line.evidence["attendance"]]
    text = f"定員{capacity}人を案内の数、参加{came}人を実際の数として、別々に残しました。"
    yield _made(Kind.CAPACITY, event.key, [f"定員 {told[1].value}", words], text, why)


def _attendance(event: Event, line: Making) -> Iterator[Contradiction]:
    for came in event.came:
        if came.on_site is not None and came.number not in (None, came.on_site):
            text = f"全体を{came.number}人、そのうち会場を{came.on_site}人と読みました。"
            said = [f"会場 {came.on_site}人", f"全体 {came.number}人", came.words]
            yield _made(Kind.ATTENDANCE, event.key, said, text, [came.line.evidence(came.start)])
            return
    numbers = {came.number: came for came in event.came if came.number is not None}
    if len(numbers) > 1:
        taken = line.values.get("attendance")
        text = (
            f"参加者の数が{len(numbers)}通りあります。{taken}人を取りました。"
            if taken
            else (f"参加者の数が{len(numbers)}通りあり、どれとも決めていません。")
        )
        why = [came.line.evidence(came.start) for came in numbers.values()]
        yield _made(
            Kind.ATTENDANCE, event.key, [came.words for came in numbers.values()], text, why
        )


def _state(event: Event, line: Making) -> Iterator[Contradiction]:
    state = EventState(line.values["state"])
    lines = [one for block in event.blocks for one in block.lines]
    ended = [one for one in lines if is_cancelled(one) or CLOSED.search(one.plain)]
    heads = [
        block.heading
        for block in (*event.announcements, *event.reports)
        if block.heading is not None and block.heading not in ended
    ]
    both = event.announcements and (event.reports or ended)
    if not both or len(ended) + len(heads) < 2:
        only = state is EventState.CANCELLED or (event.announcements and ended)
        if not only:
            return
    said = [one.text.strip()[:60] for one in (*ended, *heads)]
    text = f"案内と、そのあとの知らせがあります。状態は「{state.label}」と読みました。"
    if state is EventState.CANCELLED:
        text = (
            f"「中止」か「延期」と書かれています。消さずに、状態を「{state.label}」と読みました。"
        )
    why = [one.evidence() for one in (*ended, *heads)]
    yield _made(Kind.STATE, event.key, said, text, why)


def _times(event: Event, line: Making) -> Iterator[Contradiction]:
    begins: dict[str, Evidence] = {}
    ends: dict[str, Evidence] = {}
    for begin, end, where in times_told(event):
        begins.setdefault(begin, where.evidence())
        if end:
            ends.setdefault(end, where.evidence())
    for told, name, label in ((begins, "starts_at", "始まり"), (ends, "ends_at", "終わり")):
        if len(told) > 1:
            text = f"{label}の時刻が{len(told)}通りあります。{line.values[name]}を取りました。"
            yield _made(Kind.TIME, event.key, told, text, told.values())
    asked = {key_of(fee): (fee, fact) for fee, fact in fees(event)}
    if len(asked) > 1:
        text = f"参加費が{len(asked)}通りあります。「{line.values['fee']}」を取りました。"
        why = [fact.line.evidence(fact.start) for _, fact in asked.values()]
        yield _made(Kind.TIME, event.key, [fee for fee, _ in asked.values()], text, why)


def _relative(event: Event) -> Iterator[Contradiction]:
    """昨年度 and the like, once for each word, with the day they were resolved by."""
    told: dict[str, list[SaidYear]] = defaultdict(list)
    for block in event.blocks:
        for line in block.lines:
            for said in years_in(line, block.on):
                # 今年 and 今年度 are read the same wherever they stand.
                if said.is_relative and (
                    said.is_fiscal or block.on is None or said.year < block.on.year
                ):
                    told[said.words].append(said)
    for words, places in told.items():
        first = places[0]
        year = FiscalYear(first.year).both if first.is_fiscal else f"{first.year}年"
        day = event.on
        if day is None:
            continue
        text = (
            f"「{words}」は、{day.year}年{day.month}月{day.day}日の催しの文にあるので、"
            f"{year}と読みました。"
        )
        why = [said.line.evidence(said.start) for said in places]
        yield _made(Kind.RELATIVE_YEAR, event.key, [words, year], text, why)


# --- cases -------------------------------------------------------------------------------


def _of_case(case: Case) -> Iterator[Contradiction]:
    final = case.titles[0] if case.titles else None
    given = case.provisional
    if final is not None and given is not None and final.quoted and not final.provisional:
        text = f"「{given.words}」を仮題、「{final.words}」を題と読みました。"
        why = [given.line.evidence(given.start), final.line.evidence(final.start)]
        if key_of(final.words) != key_of(given.words):
            yield _made(Kind.TITLE, case.key, [f"{given.words}(仮)", final.words], text, why)
    finals = {key_of(t.words): t for t in case.titles if t.quoted and not t.provisional}
    if len(finals) > 1 and final is not None:
        text = f"題が{len(finals)}通りあります。「{final.words}」を取りました。"
        why = [title.line.evidence(title.start) for title in finals.values()]
        yield _made(Kind.TITLE, case.key, [t.words for t in finals.values()], text, why)
    yield from _years(case)


def _years(case: Case) -> Iterator[Contradiction]:
    done, told = case.implemented_in, case.event.presented_in
    if done is None or told is None or done == told:
        return
    text = f"実践年度は{FiscalYear(done).both}、発表年度は{FiscalYear(told).both}と読みました。"
    held = next((block.held for block in case.event.blocks if block.held), None)
    why = [said.line.evidence(said.start) for said in case.grounds]
    why = [*why[: MOST_LINES - 1], *([held[1].evidence()] if held else [])]
    said = [*(one.words for one in case.grounds), f"発表 {case.event.on}"]
    yield _made(Kind.YEARS, case.key, said, text, why)


def _departments(cases: Sequence[Case]) -> Iterator[Contradiction]:
    """One name in two towns; and ranks, which stand where departments do."""
    towns: dict[str, dict[str, tuple[Case, Line]]] = defaultdict(dict)
    for case in cases:
        for name, line in case.departments:
            towns[name].setdefault(case.town, (case, line))
    for name, named in towns.items():
        if len(named) > 1:
            text = (
                f"「{name}」は{'と'.join(named)}にあります。自治体ごとに別の部署として残しました。"
            )
            why = [line.evidence(line.text.find(name)) for _, line in named.values()]
            said = [f"{town} {name}" for town in named]
            yield _made(Kind.DEPARTMENT, "", said, text, why)
    for case in cases:
        yield from _ranks(case)


def _ranks(case: Case) -> Iterator[Contradiction]:
    names = [name for name, _ in case.departments]
    for line in case.lines:
        outside = QUOTED.sub(" ", line.text)
        ranks = list(dict.fromkeys(RANKS.findall(outside)))
        if ranks:
            kept = "、".join(names) if names else "なし"
            text = f"「{'」「'.join(ranks)}」は職位なので、部署に入れていません(部署: {kept})。"
            yield _made(Kind.DEPARTMENT, case.key, [line.text.strip()], text, [line.evidence()])
            return


# --- the page ----------------------------------------------------------------------------


def _names(mentions: Sequence[Mention]) -> Iterator[Contradiction]:
    by_key: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        by_key[mention.key].append(mention)
    for key, named in by_key.items():
        written = spellings(named)
        if len(written) > 1:
            text = f"「{'」と「'.join(written)}」は字体の違いで、同じ人と読みました。"
            first = {one.name: one for one in reversed(named)}
            why = [one.line.evidence(one.start) for one in first.values()]
            yield _made(Kind.NAME, person_key(key), written, text, why)


def _rights(library: Library) -> Iterator[Contradiction]:
    """A wish under some documents and not under others; and what the page says of itself."""
    under: dict[int, list[Document]] = defaultdict(list)
    for one in library.documents:
        if one.statement is not None:
            under[one.statement.line.number].append(one)
    for statement in library.statements:
        documents = under.get(statement.line.number, [])
        why = [statement.line.evidence()]
        if statement.of_page:
            text = "ページそのものの権利の表示と読み、資料の利用条件にはしていません。"
            yield _made(Kind.RIGHTS, "", [statement.words], text, why)
            continue
        others = len(library.documents) - len(documents)
        text = (
            f"この一文は、その上にある資料{len(documents)}点だけの利用条件と読みました。"
            f"ほかの資料{others}点にはかけていません。"
            if documents
            else "どの資料についての一文か分からないため、資料にはかけていません。"
        )
        said = [statement.words, *(one.title for one in documents)]
        subject = documents[0].key if len(documents) == 1 else ""
        why += [one.paper.line.evidence(one.paper.start) for one in documents]
        yield _made(Kind.RIGHTS, subject, said, text, why)


def _spellings(lines: Sequence[Line]) -> Iterator[Contradiction]:
    """One word in several spellings; the page's are kept as they stand."""
    for family in _FAMILIES:
        counted: dict[str, list[Line]] = defaultdict(list)
        for line in lines:
            for found in family.finditer(line.text):
                counted[found.group()].append(line)
        if len(counted) > 1:
            counts = "、".join(f"{word} {len(places)}回" for word, places in counted.items())
            text = f"同じ言葉の書き方が{len(counted)}通りあります({counts})。原文のまま残しました。"
            why = [places[0].evidence() for places in counted.values()]
            yield _made(Kind.SPELLING, "", counted, text, why)
