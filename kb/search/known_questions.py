"""Whether a question whose answer is known was answered as it must be."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kb.domain.known_question import Expected, page_of
from kb.search.naming import name_key
from kb.search.query import ResultPage

_SENTENCES = {
    "first": "最初の結果は {got} で、{wanted} ではありません。",
    "nothing": "{got}件見つかりました(見つからないはずです)。",
    "found": "{wanted} が、初めの{within}件にありません。",
    "suggested": "「{wanted}」を候補に挙げていません。",
    "missing": "「{wanted}」がどの資料にもないことを、伝えていません。",
    "understood": "{wanted} として読み取っていません。",
    "refused": "{got}",
}


@dataclass(frozen=True, slots=True)
class Given:
    """Of an answer, what is judged."""

    total: int
    first: tuple[str, ...]
    """What the first result is: a case, or the documents of a result without a case."""
    shown: frozenset[str]
    """Cases, documents and cards among the first results."""
    pages: frozenset[tuple[str, int]]
    """Document and page of the passages quoted."""
    suggested: tuple[str, ...]
    understood: frozenset[str]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shortfall:
    """One thing that is not as it must be."""

    kind: str
    """first, nothing, found, suggested, missing, understood; refused: it could not be asked."""
    wanted: str
    got: str = ""
    within: int = 0

    @property
    def sentence(self) -> str:
        """What is told to curators."""
        got = self.got or "なし"
        return _SENTENCES[self.kind].format(wanted=self.wanted, got=got, within=self.within)


def given(page: ResultPage, within: int) -> Given:
    """What an answer gives among its first `within` results."""
    hits = page.results[:within]
    documents = [document for hit in hits for document in hit.documents]
    first = page.results[0] if page.results else None
    if first is None:
        named: tuple[str, ...] = ()
    elif first.case:
        named = (first.case.id,)
    else:
        named = tuple(document.id for document in first.documents)
    return Given(
        total=page.total,
        first=named,
        shown=frozenset(
            [card.id for card in page.entities]
            + [hit.case.id for hit in hits if hit.case]
            + [document.id for document in documents]
        ),
        pages=frozenset((d.id, passage.page) for d in documents for passage in d.passages),
        suggested=tuple(s.text for s in page.suggestions if s.kind == "did_you_mean"),
        understood=frozenset(chip.kind for chip in page.understood),
        missing=tuple(chip.typed for chip in page.understood if chip.kind == "missing"),
    )


def shortfalls(expected: Expected, answer: Given) -> tuple[Shortfall, ...]:
    """What an answer lacks; nothing when it is as it must be."""
    return (*_results(expected, answer), *_words(expected, answer))


def _results(expected: Expected, answer: Given) -> Iterator[Shortfall]:
    if expected.first and not set(expected.first) & set(answer.first):
        yield Shortfall("first", "|".join(expected.first), "、".join(answer.first))
    if expected.nothing and answer.total:
        yield Shortfall("nothing", "", str(answer.total))
    for choices in expected.found:
        if not any(_is_shown(choice, answer) for choice in choices):
            yield Shortfall("found", "|".join(choices), within=expected.within)


def _is_shown(choice: str, answer: Given) -> bool:
    page = page_of(choice)
    return choice in answer.shown if page is None else page in answer.pages


def _words(expected: Expected, answer: Given) -> Iterator[Shortfall]:
    yield from _lacking("suggested", expected.suggested, answer.suggested)
    told = set(map(name_key, answer.missing))
    for word in expected.missing:
        if name_key(word) not in told:
            yield Shortfall("missing", word)
    yield from _lacking("understood", expected.understood, answer.understood)


def _lacking(kind: str, wanted: Iterable[str], got: Iterable[str]) -> Iterator[Shortfall]:
    held = set(got)
    yield from (Shortfall(kind, each) for each in wanted if each not in held)
