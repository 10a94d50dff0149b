"""The log tells all that was done, to each what they may see of it, and is only added to."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from indexer.installation import Installation
from kb.catalogue import models as m
from kb.catalogue.accounts.passwords import Cost, Passwords
from kb.catalogue.accounts.service import Accounts
from kb.catalogue.entries import Authorship, CaseEntry
from kb.catalogue.history.service import History
from kb.catalogue.history.views import LogAsked
from kb.catalogue.writing import writing
from kb.domain.roles import Role
from tests.catalogue.drafts import SURE, draft
from tests.conftest import ROOT

HANAKO, TARO = "編集担当 山田花子", "編集担当 鈴木太郎"


@pytest.fixture
def past(installation: Installation) -> History:
    """Two cases, a document that was taken down, and an account whose holder signed in."""
    for actor, key in ((HANAKO, "case-1"), (TARO, "case-2"), (HANAKO, "case-2")):
        with writing(installation.database, Authorship(actor, "試し")) as writer:
            writer.record_case(CaseEntry(key, f"{actor}の題", ("402249",)))
    draft(installation, "doc-1", SURE)
    with writing(installation.database, Authorship(TARO, "申し出")) as writer:
        writer.rights.withdraw("doc-1")
    accounts = Accounts(installation.database, Passwords(Cost(1, 8, 1)))
    made = accounts.add("hanako", "山田花子", Role.CURATOR, Authorship("管理者 管野"))
    accounts.sign_in("hanako", made.password, "s")
    return History(installation.database, lambda _sha256: None)


def told(past: History, **asked: object) -> list[tuple[str, str, str]]:
    rows = past.log(LogAsked(**asked)).rows  # type: ignore[arg-type] # its fields
    return [(row.actor, row.kind, row.action) for row in rows]


def test_curators_see_content_and_administrators_the_door_too(past: History) -> None:
    content = told(past)
    assert content[0] == (TARO, "document", "withdrawn")
    assert not {"account", "sign_in"} & {kind for _, kind, _ in content}
    everything = told(past, accounts=True)
    assert set(content) < set(everything)
    assert ("山田花子", "sign_in", "signed_in") in everything
    assert ("管理者 管野", "account", "recorded") in everything
    # Asking for it by name does not open it.
    assert told(past, kind="account") == []
    assert told(past, action="signed_in") == []
    page = past.log(LogAsked(accounts=True))
    assert {"sign_in", "account", "case"} <= set(page.kinds)
    assert "account" not in past.log(LogAsked()).kinds
    assert "管理者 管野" not in past.log(LogAsked()).actors


def test_it_is_narrowed_by_who_what_and_when(past: History) -> None:
    assert told(past, kind="case", actor=HANAKO) == [
        (HANAKO, "case", "changed"),
        (HANAKO, "case", "recorded"),
    ]
    assert told(past, action="withdrawn") == [(TARO, "document", "withdrawn")]
    assert {actor for actor, *_ in told(past, actor=HANAKO, accounts=True)} == {HANAKO, "山田花子"}
    assert told(past, kind="sign_in", accounts=True) == [("山田花子", "sign_in", "signed_in")]
    assert told(past, actor="だれでもない") == []


def test_days_are_those_of_japan(installation: Installation, past: History) -> None:
    # 2001-02-03 00:30 in Japan is the evening before in UTC.
    at = datetime(2001, 2, 2, 15, 30, tzinfo=UTC)
    with installation.database.writing() as session:
        session.add(
            m.SourceEventRow(
                at=at, actor="x", action="changed", subject_kind="case", subject_id="c", change={}
            )
        )
    day = date(2001, 2, 3)
    assert told(past, since=day, until=day) == [("x", "case", "changed")]
    assert told(past, until=day - timedelta(days=1)) == []


def test_what_was_taken_down_is_not_told_again(past: History) -> None:
    rows = past.log(LogAsked(kind="document")).rows
    assert [row.change for row in rows] == [None] * len(rows)
    assert [row.why for row in rows if row.action == "withdrawn"] == ["申し出"]


def test_all_of_it_in_batches_is_what_the_pages_show(
    installation: Installation, past: History
) -> None:
    with writing(installation.database, Authorship(TARO)) as writer:
        for number in range(40):
            writer.record_case(CaseEntry(f"many-{number}", "題", ("402249",)))
    asked = LogAsked(accounts=True)
    whole = [event for batch, _ in past.log_batches(asked) for event in batch]
    pages = [past.log(LogAsked(accounts=True, page=page)) for page in (1, 2)]
    assert [event for page in pages for event in page.rows] == whole
    assert pages[0].total == len(whole)
    assert pages[0].names["case", "many-39"] == "題"


# --- only added to ----------------------------------------------------------------------------

_RAW_SQL = re.compile(r"(update|delete\s+from|drop\s+table)\s+[\"'`]?source_event\b", re.IGNORECASE)

_TABLE = re.compile(r"(\w+\.)*SourceEventRow(\.__table__)?")


def rewriting(path: Path) -> Iterator[int]:
    """Lines that would update or delete recorded changes by a statement."""
    text = path.read_text("utf-8")
    if "/migrations/" not in path.as_posix() and _RAW_SQL.search(text):
        yield 0
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else None
        called = called or (node.func.id if isinstance(node.func, ast.Name) else None)
        named = any(_TABLE.fullmatch(ast.unparse(each)) for each in node.args)
        if called in {"update", "delete", "bulk_update_mappings", "merge"} and named:
            yield node.lineno


def test_no_statement_of_the_program_rewrites_it() -> None:
    sources = [*ROOT.glob("kb/**/*.py"), *ROOT.glob("indexer/**/*.py")]
    assert len(sources) > 200
    found = {str(path): lines for path in sources if (lines := list(rewriting(path)))}
    assert found == {}


def test_the_search_for_such_statements_finds_them(tmp_path: Path) -> None:
    made = tmp_path / "made.py"
    for line in (
        "session.execute(delete(m.SourceEventRow).where(1))",
        "session.execute(update(SourceEventRow))",
        "session.execute(text('DELETE FROM source_event'))",
    ):
        made.write_text(line)
        assert list(rewriting(made)), line
