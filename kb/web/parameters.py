"""Reads the parameters of an address into a question, or says what is wrong with them."""

import unicodedata
from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from kb.domain.rights import Audience
from kb.search.query import Asked, Facet, Filters, Scope, Sort
from kb.web import texts

QUERY_CHARACTERS = 500
"""The longest question taken; a sentence has some 60 characters, a long paragraph 400."""

VALUES_PER_FACET = 60
"""All 47 prefectures may be ticked; more values than this are no person's choice."""

LAST_PAGE = 10_000

Parameters = MultiDict[str, str]
Choice = TypeVar("Choice", bound=StrEnum)


def asked(parameters: Parameters, audience: Audience, page_size: int = 20) -> Asked:
    """The question an address asks.

    Raises:
        BadRequest: a number is none, or something is too long; its description is Japanese.
    """
    return Asked(
        text=query_text(parameters),
        filters=_filters(parameters),
        scope=_choice(parameters, "scope", Scope.CASE),
        sort=_choice(parameters, "sort", Sort.RELEVANCE),
        page=number(parameters, "page", usual=1, most=LAST_PAGE),
        page_size=page_size,
        audience=audience,
        explain=audience is Audience.CURATOR and parameters.get("explain") == "1",
    )


def query_text(parameters: Parameters) -> str:
    """What was typed, without control characters and outer spaces.

    Raises:
        BadRequest: it is longer than :data:`QUERY_CHARACTERS`.
    """
    text = _clean(parameters.get("q", ""))
    if len(text) > QUERY_CHARACTERS:
        raise BadRequest(texts.QUERY_TOO_LONG.format(most=QUERY_CHARACTERS, length=len(text)))
    return text


def number(parameters: Parameters, name: str, *, usual: int, most: int) -> int:
    """A whole number from 1 to `most`; `usual` when it is not given.

    Raises:
        BadRequest: it is no such number.
    """
    typed = parameters.get(name, "").strip()
    if not typed:
        return usual
    if not typed.isdecimal() or len(typed) > 9 or not 1 <= int(typed) <= most:
        raise BadRequest(texts.BAD_NUMBER.format(name=texts.PARAMETERS.get(name, name), most=most))
    return int(typed)


def number_among(parameters: Parameters, name: str, *, usual: int, choices: Sequence[int]) -> int:
    """One of `choices`; `usual` when it is not given.

    Raises:
        BadRequest: it is none of them.
    """
    typed = parameters.get(name, "").strip() or str(usual)
    offered = [str(choice) for choice in choices]
    if typed not in offered:
        label = texts.PARAMETERS.get(name, name)
        raise BadRequest(texts.BAD_CHOICE.format(name=label, choices="、".join(offered)))
    return int(typed)


def _filters(parameters: Parameters) -> Filters:
    typed = {facet: _values(parameters, facet) for facet in Facet}
    return {facet: values for facet, values in typed.items() if values}


def _values(parameters: Parameters, facet: Facet) -> tuple[str, ...]:
    typed = (_clean(value) for value in parameters.getlist(facet.value))
    values = tuple(dict.fromkeys(value for value in typed if value))
    if len(values) > VALUES_PER_FACET or any(len(value) > QUERY_CHARACTERS for value in values):
        raise BadRequest(texts.TOO_MANY_VALUES.format(name=texts.FACETS[facet]))
    return values


def _choice(parameters: Parameters, name: str, usual: Choice) -> Choice:
    typed = parameters.get(name, "").strip()
    if not typed:
        return usual
    choices = type(usual)
    if typed not in [member.value for member in choices]:
        raise BadRequest(
            texts.BAD_CHOICE.format(
                name=texts.PARAMETERS.get(name, name),
                choices="、".join(member.value for member in choices),
            )
        )
    return choices(typed)


def _clean(text: str) -> str:
    """Control characters become spaces: nobody types them, and they may not reach an engine."""
    return "".join(" " if unicodedata.category(c) == "Cc" else c for c in text).strip()
