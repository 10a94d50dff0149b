"""The options that narrow a question, the same for every command that asks one."""

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import click

from kb.search.query import Facet

_HELP = {
    Facet.MUNICIPALITY: "自治体名、旧町名、団体コード。",
    Facet.PREFECTURE: "都道府県名。",
    Facet.IMPLEMENTED_IN: "実践年度(2021、R3、令和3年度)。",
    Facet.PRESENTED_IN: "発表年度。",
    Facet.THEME: "テーマ。",
    Facet.DEPARTMENT: "部門。",
    Facet.KIND: "資料の種類。",
}


def facet_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command an option for each facet; it takes them as keyword arguments."""
    options = [
        click.option(f"--{facet.value.replace('_', '-')}", multiple=True, help=text)
        for facet, text in reversed(_HELP.items())
    ]
    return reduce(lambda made, option: option(made), options, command)


def narrowed(given: Mapping[str, tuple[str, ...]]) -> dict[Facet, tuple[str, ...]]:
    """The facets that were narrowed, with what was typed."""
    return {Facet(name): values for name, values in given.items() if values}
