"""A folder that brings its own records: what it says once, and what people say after it."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from indexer.collection import Collection
from indexer.installation import Installation
from kb.catalogue import models as m
from kb.catalogue.entries import Authorship
from kb.catalogue.writing import writing

CASES = "ID,タイトル,団体コード,事例実施年\nc-1,{title},402249,2021\nc-2,もう一つ,402249,2020\n"
DOCUMENTS = """id,title,kind,rights_terms,case_id
d-1,発表の資料,slides,open,c-1
d-2,別の資料,report,open,
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "資料集"
    made.mkdir()
    tell(made, "最初の題")
    (made / "documents.csv").write_text(DOCUMENTS, "utf-8")
    return made


def tell(folder: Path, title: str) -> None:
    (folder / "cases.csv").write_text(CASES.format(title=title), "utf-8")


def held(installation: Installation) -> tuple[str, bool, bool, bool]:
    """Title of c-1, and whether c-1, c-2 and d-1 are published."""
    with installation.database.reading() as session:
        case, other = session.get_one(m.CaseRow, "c-1"), session.get_one(m.CaseRow, "c-2")
        document = session.get_one(m.DocumentRow, "d-1")
        return case.title, case.published, other.published, document.published


def change_by_hand(session: Session) -> None:
    session.get_one(m.CaseRow, "c-1").title = "人が直した題"
    session.get_one(m.DocumentRow, "d-1").published = False


def test_what_people_have_changed_stays_until_the_table_says_something_new(
    installation: Installation, folder: Path
) -> None:
    Collection(folder).record(installation.database, "試験")
    with writing(installation.database, Authorship("山田")) as writer:
        writer.changes.note("changed", "case", "c-1", {"title": ["最初の題", "人が直した題"]})
        change_by_hand(writer.session)
    assert Collection(folder).record(installation.database, "試験") == 0
    assert held(installation) == ("人が直した題", True, True, False)
    tell(folder, "表で改めた題")
    assert Collection(folder).record(installation.database, "試験") == 1
    tell(folder, "最初の題")
    assert Collection(folder).record(installation.database, "試験") == 1
    (folder / "documents.csv").write_text(DOCUMENTS.replace("発表の", "改めた"), "utf-8")
    assert Collection(folder).record(installation.database, "試験") == 1
    assert held(installation) == ("最初の題", True, True, False)


def test_of_a_draft_nothing_is_seen_before_a_curator_says_so(
    installation: Installation, folder: Path
) -> None:
    assert Collection(folder).record(installation.database, "試験", draft=True) == 4
    assert held(installation) == ("最初の題", False, True, False)
    with installation.database.reading() as session:
        assert session.get_one(m.DocumentRow, "d-2").draft


def test_a_draft_takes_back_nothing_that_is_published(
    installation: Installation, folder: Path
) -> None:
    Collection(folder).record(installation.database, "試験")
    tell(folder, "改めた題")
    (folder / "documents.csv").write_text(DOCUMENTS.replace("発表の", "改めた"), "utf-8")
    assert Collection(folder).record(installation.database, "試験", draft=True) == 2
    assert held(installation) == ("改めた題", True, True, True)
