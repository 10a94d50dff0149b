"""A question and its answer, as the log keeps them: folded, without what tells of a person."""

from collections.abc import Mapping

from kb.domain.asked_question import LONGEST, AskedQuestion, tells_of_somebody
from kb.japanese.fold import fold_text
from kb.search.query import Asked, Facet, Filters, ResultPage, Scope

_CUT = "…"


def loggable(asked: Asked, answer: ResultPage) -> AskedQuestion | None:
    """What the log keeps of a question; None where it keeps nothing.

    Only questions in words are kept, as they are asked first: a second page is no new question.
    """
    text = normalised(asked.text)
    if asked.page != 1 or not text or len(text) > LONGEST:
        return None
    filters = filters_text(asked.filters, asked.scope)
    if tells_of_somebody(text) or any(map(tells_of_somebody, _values(filters))):
        return None
    return AskedQuestion(
        text=text,
        filters=filters if len(filters) <= LONGEST else filters[: LONGEST - 1] + _CUT,
        audience=asked.audience,
        total=answer.total,
        missing=tuple(
            dict.fromkeys(
                word
                for chip in answer.understood
                if chip.kind == "missing" and (word := normalised(chip.typed))
            )
        ),
    )


def normalised(text: str) -> str:
    """The same text for all its spellings in width, case, variant kanji and blanks."""
    return " ".join(fold_text(text).casefold().split())


def filters_text(filters: Filters, scope: Scope = Scope.CASE) -> str:
    """Filters as one line, the same however they were ordered: ``kind=slides&theme=DX``."""
    chosen = {(facet.value, _plain(v)) for facet, values in filters.items() for v in values}
    pairs = sorted((name, value) for name, value in chosen if value)
    if scope is not Scope.CASE:
        pairs.append(("scope", scope.value))
    return "&".join(f"{name}={value}" for name, value in pairs)


def filters_of(text: str) -> tuple[Mapping[Facet, tuple[str, ...]], Scope]:
    """Filters and scope of such a line; ``;`` does for ``&``.

    Raises:
        ValueError: it names a filter or a scope that does not exist.
    """
    filters: dict[Facet, tuple[str, ...]] = {}
    scope = Scope.CASE
    for part in filter(None, text.replace(";", "&").split("&")):
        name, _, value = (piece.strip() for piece in part.partition("="))
        if name == "scope":
            scope = Scope(value)
        else:
            facet = Facet(name)
            filters[facet] = (*filters.get(facet, ()), value)
    return filters, scope


def _plain(value: str) -> str:
    return normalised(value.translate(str.maketrans("&=;", "   ")))


def _values(filters: str) -> list[str]:
    return [part.partition("=")[2] for part in filters.split("&")]
