"""The documents of a page as draft lines: of which event and case they are, on what terms."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from indexer.intake.blocks import Block
from indexer.intake.case_lines import Case
from indexer.intake.documents import NAMED_PAPER, Paper, Papers
from indexer.intake.draft import LineKind
from indexer.intake.events import Event
from indexer.intake.making import Making
from indexer.intake.rights import Statement, papers_under, statements_in
from indexer.intake.wording import QUOTED, Named, key_of
from kb.domain.classification import DocumentKind, EventPart
from kb.domain.gazetteer import Gazetteer

_OF_THE_EVENT = frozenset(
    {
        *(DocumentKind.FLYER, DocumentKind.REPORT, DocumentKind.NEWSLETTER),
        *(DocumentKind.SURVEY, DocumentKind.CASEBOOK),
    }
)
_HOUR = re.compile(r"[\d:：時分〜~\-‐–ー\s]+")


@dataclass(eq=False)
class Document:
    """A paper with what it belongs to."""

    paper: Paper
    block: Block
    event: Event | None
    case: Case | None
    places: tuple[Named, ...]
    statement: Statement | None = None
    key: str = ""

    @property
    def title(self) -> str:
        """As the page names it; a bare チラシ or 発表資料 with whose it is."""
        words = _of_cells(self.paper.title) or self.paper.title.strip()
        bare = NAMED_PAPER.sub("", words).strip() == ""
        if bare and self.case is not None and self.case.titles:
            return f"「{self.case.titles[0].words}」{words}"
        if bare and self.places:
            return f"{self.places[0].body.name} {words}"
        return f"{self.event.name.title} {words}" if bare and self.event is not None else words


def _of_cells(text: str) -> str:
    """The cells of a table's row as one title, without the hour they stand beside."""
    cells = (cell.strip() for cell in text.split("\t"))
    return " ".join(cell for cell in cells if cell and not _HOUR.fullmatch(cell))


@dataclass(frozen=True, slots=True)
class Library:
    """The documents of a page and the statements that stand on it."""

    documents: tuple[Document, ...]
    statements: tuple[Statement, ...]


def library_of(
    blocks: Sequence[Block],
    event_of: dict[Block, Event],
    cases: Sequence[Case],
    gazetteer: Gazetteer,
) -> Library:
    """Every document that the page names, once, and every statement on use."""
    papers = Papers(gazetteer)
    by_event: dict[Event, list[Case]] = defaultdict(list)
    for case in cases:
        by_event[case.event].append(case)
    shelves = {event: _Shelf(by_event[event]) for event in event_of.values()}
    documents: list[Document] = []
    statements: list[Statement] = []
    for block in blocks:
        event = event_of.get(block)
        shelf = shelves[event] if event is not None else _Shelf(())
        found = papers.find(block)
        made = [_document(paper, block, event, shelf) for paper in found]
        for statement in statements_in(block, gazetteer):
            statements.append(statement)
            under = {id(paper) for paper in papers_under(statement, found)}
            for one in made:
                if id(one.paper) in under and one.statement is None:
                    one.statement = statement
        documents += made
    return Library(tuple(_once(documents)), tuple(statements))


class _Shelf:
    """The cases of one event by what a paper may belong to them by."""

    def __init__(self, cases: Iterable[Case]) -> None:
        self._by_line: dict[int, Case] = {}
        self._by_title: dict[str, Case] = {}
        self._by_code: dict[str, list[Case]] = defaultdict(list)
        for case in cases:
            self._by_code[case.code].append(case)
            for line in case.lines:
                self._by_line.setdefault(line.number, case)
            for title in case.titles:
                self._by_title.setdefault(key_of(title.words), case)

    def case_of(self, paper: Paper, places: Sequence[Named]) -> Case | None:
        """The case whose title it bears, in whose lines it stands, or whose town it names."""
        quote = QUOTED.search(paper.title)
        titled = self._by_title.get(key_of(quote.group(1))) if quote else None
        if titled is not None:
            return titled
        codes = {place.code for place in places}
        own = self._by_line.get(paper.line.number)
        if own is not None and paper.kind not in _OF_THE_EVENT and (not codes or own.code in codes):
            return own
        of_town = [case for code in codes for case in self._by_code.get(code, ())]
        return of_town[0] if len(of_town) == 1 else None


def _document(paper: Paper, block: Block, event: Event | None, shelf: _Shelf) -> Document:
    places = _named_in(paper)
    if paper.part is EventPart.USED:
        return Document(paper, block, event, None, ())
    case = shelf.case_of(paper, places)
    if not places and case is not None:
        places = (case.tellings[0].place,)
    return Document(paper, block, event, case, places)


def _named_in(paper: Paper) -> tuple[Named, ...]:
    """The municipalities in a paper's name; what stands in its quotation marks is its subject."""
    end = paper.start + len(paper.title)
    quotes = [quote.span() for quote in QUOTED.finditer(paper.line.text)]
    return tuple(
        place
        for place in paper.line.towns
        if paper.start <= place.start < end
        and not place.is_prefecture
        and not any(first <= place.start < last for first, last in quotes)
    )


# --- each once ---------------------------------------------------------------------------


def _once(documents: Iterable[Document]) -> Iterator[Document]:
    """Each document once: the same kind for the same town at one event, unless titles differ."""
    groups: dict[str, list[Document]] = defaultdict(list)
    for one in documents:
        groups[_base(one)].append(one)
    for base, group in groups.items():
        kept = _distinct(group)
        taken: set[str] = set()
        for one in kept:
            one.key = base if len(kept) == 1 else f"{base}:{key_of(one.title)[:60]}"
            if one.key in taken:
                one.key = f"{one.key}:{one.paper.address or one.paper.size or ''}"
            if one.key not in taken:
                taken.add(one.key)
                yield one


def _base(one: Document) -> str:
    event = one.event.key.removeprefix("event:") if one.event is not None else "-"
    paper = one.paper
    towns = "・".join(dict.fromkeys(place.body.name for place in one.places))
    mark = towns or key_of(paper.number or "") or paper.edition
    if not mark and (one.event is None or paper.kind is DocumentKind.OTHER):
        mark = key_of(paper.title)[:60]
    return ":".join(filter(None, ("document", event, paper.kind.value, mark)))


def _distinct(group: Iterable[Document]) -> list[Document]:
    """Those of one kind without repetitions: one address is one paper, one title mostly too."""
    kept: list[Document] = []
    by_address: dict[str, Document] = {}
    by_title: dict[str, Document] = {}
    for one in group:
        address, title = one.paper.address or "", key_of(one.title)
        held = by_address.get(address) if address else None
        if held is None and title in by_title and _same(one, by_title[title]):
            held = by_title[title]
        if held is None:
            kept.append(one)
            by_title.setdefault(title, one)
        else:
            _join(held, one)
        if address:
            by_address.setdefault(address, held or one)
    return kept


def _same(one: Document, other: Document) -> bool:
    """Whether two of one title may be one: neither address nor size tells them apart."""
    a, b = one.paper, other.paper
    if a.address and b.address:
        return a.address == b.address
    return not (a.size and b.size) or key_of(a.size) == key_of(b.size)


def _join(held: Document, again: Document) -> None:
    """Keep what only the other place tells: its address, size, statement."""
    a, b = held.paper, again.paper
    held.paper = Paper(
        a.title, a.kind, a.line, a.start, a.size or b.size, a.address or b.address,
        a.part or b.part, a.edition or b.edition, a.series or b.series, a.number or b.number,
    )  # fmt: skip
    held.statement = held.statement or again.statement
    held.case = held.case or again.case


def document_line(one: Document) -> Making:
    """The draft line of a document."""
    paper = one.paper
    why = paper.line.evidence(paper.start)
    made = Making(LineKind.DOCUMENT, one.key)
    made.put("title", one.title, why)
    made.put("kind", paper.kind.value, why)
    made.put("declared_size", re.sub(r"\s", "", paper.size or ""), why)
    made.put("series", paper.series, why)
    made.put("series_number", paper.number, why)
    made.put("edition", paper.edition, why)
    codes = list(dict.fromkeys(place.code for place in one.places))
    made.put("municipality_codes", codes, why)
    if one.event is not None:
        made.put("presented_in", one.event.presented_in, why)
        made.put("event_id", one.event.key, why)
        made.put("event_part", paper.part.value if paper.part else None, why)
    made.put("case_id", one.case.key if one.case is not None else None, why)
    if one.statement is not None:
        made.put("rights_statement", one.statement.words, one.statement.line.evidence())
    made.put("sources", [paper.address] if paper.address else [], why)
    return made
