"""The documentation names every command, option, setting, route and outcome there is."""

import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from flask import Flask

from indexer.cli import main as kb
from indexer.extracted import Outcome
from kb.search.query import Facet, Sort
from kb.search.readers.typed import FIELDS
from kb.settings import NAMES, BadSetting, from_environment
from tests.conftest import ROOT

COMMANDS = (ROOT / "docs" / "commands.md").read_text("utf-8")
SETTINGS = (ROOT / "docs" / "settings.md").read_text("utf-8")
ADDRESSES = (ROOT / "docs" / "addresses.md").read_text("utf-8")
READMES = [ROOT / "README.md", ROOT / "README.ja.md"]
DOCUMENTS = [*READMES, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("name", sorted(kb.commands))
def test_every_command_and_option_is_documented(name: str) -> None:
    assert f"`kb {name}" in COMMANDS
    for option in kb.commands[name].params:
        if isinstance(option, click.Option):
            assert any(spelling in COMMANDS for spelling in option.opts), (name, option.opts)


@pytest.mark.parametrize("name", sorted(kb.commands))
def test_every_command_helps_in_japanese_with_an_example(name: str) -> None:
    result = CliRunner().invoke(kb, [name, "--help"])
    assert result.exit_code == 0
    assert f"例: kb {name}" in result.output


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_the_commands_of_the_readme_exist(readme: Path) -> None:
    shells = re.findall(r"```sh\n(.*?)```", readme.read_text("utf-8"), re.DOTALL)
    lines = [line.partition("#")[0].strip() for shell in shells for line in shell.splitlines()]
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert {"make serve", "make test"} <= set(lines)
    for line in filter(None, lines):
        program, target, *rest = shlex.split(line)
        if program == "make":
            assert re.search(rf"^{target}:", makefile, re.MULTILINE)
        else:
            assert program == "kb"
            known = {o for p in kb.commands[target].params for o in p.opts}
            assert {word for word in rest if word.startswith("--")} <= known


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_is_documented_and_read(name: str) -> None:
    assert f"| `{name}` |" in SETTINGS
    assert name in (ROOT / "kb" / "settings.py").read_text("utf-8")


def test_no_setting_is_documented_that_is_not_read() -> None:
    assert set(re.findall(r"^\| `(\w+)` \|", SETTINGS, re.MULTILINE)) == set(NAMES)


@pytest.mark.parametrize(
    ("name", "value"),
    [("KB_PORT", "x"), ("KB_PORT", "70000"), ("KB_OCR", "yes"), ("KB_AUDIENCE", "curator")],
)
def test_a_wrong_setting_is_told_by_name(name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=name):
        from_environment({name: value})


def test_every_route_is_documented(site_app: Flask) -> None:
    for rule in site_app.url_map.iter_rules():
        catches_the_rest = "_unknown" in rule.rule
        assert catches_the_rest or f"`{rule.rule}`" in ADDRESSES, rule.rule


@pytest.mark.parametrize("facet", Facet)
def test_every_filter_is_documented(facet: Facet) -> None:
    assert f"`{facet}`" in ADDRESSES


@pytest.mark.parametrize("word", [*FIELDS, *Sort])
def test_every_field_of_a_question_and_order_is_documented(word: str) -> None:
    assert f"`{word}:`" in COMMANDS or f"{word}" in COMMANDS.partition("## `kb search`")[2]


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_is_documented_with_its_name_on_screen(outcome: Outcome) -> None:
    assert f"| `{outcome}` | {outcome.label} |" in COMMANDS


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text("utf-8")):
        if "://" not in target:
            assert (path.parent / target).exists(), target
