"""Roles, sources and originals are put back from the history, and that can be undone too."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from indexer.installation import Installation
from kb.catalogue import models as m
from kb.catalogue.editing.service import Editing
from kb.catalogue.editing.views import Kind
from kb.catalogue.editions.tables import EditionRow
from kb.catalogue.entries import (
    Authorship,
    DocumentEntry,
    EventEntry,
    ExcerptEntry,
    PersonEntry,
    RoleEntry,
    SourceEntry,
)
from kb.catalogue.history.service import History
from kb.catalogue.history.views import CannotUndo, Verdict
from kb.catalogue.plain_rows import plain_of
from kb.catalogue.relations_writing import record_relations
from kb.catalogue.review.states import document_version
from kb.catalogue.session import Database
from kb.catalogue.worklist.service import Worklist
from kb.catalogue.writing import writing
from kb.domain.classification import DocumentKind, EventState
from kb.domain.gazetteer import Gazetteer
from kb.domain.rights import Rights, Terms
from kb.web.curation import change_words
from tests.catalogue.drafts import AUTHOR, case, draft

HANAKO = Authorship("編集担当 山田花子", "確かめた")
UP = {"published": True, "draft": False}
Save = Callable[..., None]


@pytest.fixture
def past(installation: Installation) -> History:
    return History(installation.database, lambda _sha256: None)


@pytest.fixture
def save(installation: Installation) -> Save:
    editing = Editing(installation.database, Gazetteer)

    def saving(kind: Kind, key: str, **typed: str) -> None:
        form = editing.form(kind, key)
        assert form is not None
        named = {name.replace("__", "-"): text for name, text in typed.items()}
        assert editing.save(kind, key, named, form.version, HANAKO)

    return saving


def people(installation: Installation) -> None:
    case(installation, "case-1", "改善")
    with writing(installation.database, AUTHOR) as writer:
        for number in (1, 2):
            writer.record_person(PersonEntry(f"p-{number}", f"試験{number}"))
            writer.record_role(RoleEntry(f"p-{number}", "課長", "発表", case_id="case-1"))


def held(installation: Installation, *tables: type[m.Base]) -> list[dict[str, Any]]:
    with installation.database.reading() as session:
        found = (sorted(map(plain_of, session.scalars(select(t))), key=repr) for t in tables)
        return [row for rows in found for row in rows]


def newest(past: History, kind: str, key: str) -> tuple[int, Verdict]:
    page = past.page(kind, key)
    assert page is not None
    return page.rows[0].event.number, page.rows[0].undo


def undo_newest(past: History, kind: str, key: str) -> None:
    number, verdict = newest(past, kind, key)
    assert verdict, verdict
    past.undo(kind, key, number, HANAKO.actor)
    assert newest(past, kind, key)[0] > number


# --- roles ------------------------------------------------------------------------------------


@pytest.mark.parametrize("thing", [("case", "case-1"), ("person", "p-1")])
def test_roles_go_back_whole_from_either_side(
    installation: Installation, past: History, save: Save, thing: tuple[str, str]
) -> None:
    """One is changed and given to another person, one goes, one comes."""
    people(installation)
    before = held(installation, m.RoleRow)
    typed = {
        "role__1__person": "試験2", "role__1__title": "部長", "role__2__gone": "1",
        "role__new1__person": "試験1", "role__new1__title": "市長", "role__new1__part": "対談",
        "role__new1__on": "2022-09-03", "summary": "要点",
    }  # fmt: skip
    save(Kind.CASE, "case-1", **typed)
    after = held(installation, m.RoleRow)
    assert before != after
    undo_newest(past, *thing)
    if thing[0] == "case":
        assert held(installation, m.RoleRow) == before
        with installation.database.reading() as session:
            assert session.get_one(m.CaseRow, "case-1").narrative == {}
    else:
        mine = [row for row in before if row["person_id"] == "p-1"]
        assert [r for r in held(installation, m.RoleRow) if r["person_id"] == "p-1"] == mine
    undo_newest(past, *thing)
    assert held(installation, m.RoleRow) == after


def test_a_role_that_was_changed_since_stays_and_the_later_change_is_told(
    installation: Installation, past: History, save: Save
) -> None:
    people(installation)
    save(Kind.CASE, "case-1", role__1__title="部長")
    first, _ = newest(past, "case", "case-1")
    save(Kind.CASE, "case-1", role__2__title="次長")
    save(Kind.PERSON, "p-1", role__1__title="局長")
    with pytest.raises(CannotUndo, match="あとから変えられている"):
        past.undo("case", "case-1", first, HANAKO.actor)
    undo_newest(past, "person", "p-1")
    past.undo("case", "case-1", first, HANAKO.actor)
    assert [row["title"] for row in held(installation, m.RoleRow)] == ["課長", "次長"]


def test_a_role_does_not_come_back_to_what_is_no_more(
    installation: Installation, past: History, save: Save
) -> None:
    people(installation)
    with writing(installation.database, AUTHOR) as writer:
        writer.record_event(EventEntry("ev-1", "発表会", EventState.REPORTED))
    save(Kind.PERSON, "p-1", role__1__event="ev-1")
    save(Kind.PERSON, "p-1", role__1__gone="1")
    with writing(installation.database, AUTHOR) as writer:
        writer.changes.note("removed", "event", "ev-1", {})
        writer.session.delete(writer.session.get_one(m.EventRow, "ev-1"))
    rows = held(installation, m.RoleRow)
    with pytest.raises(CannotUndo, match="ev-1"):
        past.undo("person", "p-1", newest(past, "person", "p-1")[0], HANAKO.actor)
    assert held(installation, m.RoleRow) == rows


def test_what_is_told_for_this_program_is_not_shown(
    installation: Installation, past: History, save: Save
) -> None:
    people(installation)
    save(Kind.CASE, "case-1", role__1__title="部長")
    page = past.page("case", "case-1")
    assert page is not None
    told = change_words.lines(page.rows[0].event.change or {}, page.names)
    assert [line.label for line in told] == ["関わった人"]


# --- sources ----------------------------------------------------------------------------------


def test_sources_that_were_added_closed_or_marked_go_back(
    installation: Installation, past: History, save: Save
) -> None:
    seen = SourceEntry("https://example.jp/a", "報告")
    entry = EventEntry("ev-1", "発表会", EventState.REPORTED, sources=(seen,))
    with writing(installation.database, AUTHOR) as writer:
        writer.record_event(entry)
    states = [held(installation, m.SourceRow)]
    typed = {"source__1__until": "2024-03-31", "source__new__url": "https://example.jp/b"}
    save(Kind.EVENT, "ev-1", **typed)
    states.append(held(installation, m.SourceRow))
    [_, number] = [row["id"] for row in states[-1]]
    marking = Worklist(installation.database, lambda _sha256: None)
    marking.mark_source(number, found=False, before=None, authorship=HANAKO)
    marked = held(installation, m.SourceRow)
    assert marked != states[-1]
    page = past.page("event", "ev-1")
    assert page is not None
    mark, form = (row.event.number for row in page.rows[:2])
    with pytest.raises(CannotUndo, match="あとから"):
        past.undo("event", "ev-1", form, HANAKO.actor)
    past.undo("event", "ev-1", mark, HANAKO.actor)
    assert held(installation, m.SourceRow) == states[1]
    past.undo("event", "ev-1", form, HANAKO.actor)
    assert held(installation, m.SourceRow) == states[0]
    undo_newest(past, "event", "ev-1")
    assert held(installation, m.SourceRow) == states[1]


# --- originals --------------------------------------------------------------------------------

OF_DOCUMENTS = (
    m.DocumentRow, m.PageRow, m.PageLayoutRow, m.SourceRow, m.DecisionRow, m.LikenessRow,
    EditionRow, m.EditionPageRow,
)  # fmt: skip


def two(installation: Installation) -> None:
    draft(installation, "doc-1", pages=3, rights=Rights(Terms.OPEN), **UP)
    seen = SourceEntry("https://example.jp/new.pdf", "新しい版")
    draft(installation, "doc-2", pages=2, sources=(seen,), municipality_codes=("402249",))
    with writing(installation.database, AUTHOR) as writer:
        writer.changes.note("read", "document", "doc-1", {})
        page = writer.session.get_one(m.PageRow, ("doc-1", 2))
        page.text, page.quality, page.quality_reason = "旧版だけのことば", 0.5, "かすれ"
        writer.decisions.accept_sure("doc-2")
        writer.record_likeness("doc-2", "doc-1", "same_text", 0.8)


def replace(installation: Installation) -> None:
    with writing(installation.database, HANAKO) as writer:
        version = document_version(writer.session, writer.session.get_one(m.DocumentRow, "doc-1"))
        writer.editions.replace("doc-1", "doc-2", version)


def test_a_replaced_original_comes_back_and_the_newer_one_is_a_draft_again(
    installation: Installation, past: History
) -> None:
    two(installation)
    before = held(installation, *OF_DOCUMENTS)
    replace(installation)
    installation.up_to_date()
    after = held(installation, *OF_DOCUMENTS)
    assert newest(past, "document", "doc-2")[1].why_not.startswith("差し替えは、差し替えた資料")
    undo_newest(past, "document", "doc-1")
    assert held(installation, *OF_DOCUMENTS) == before
    assert installation.up_to_date().put, "the index follows"
    undo_newest(past, "document", "doc-1")
    assert without_moments(held(installation, *OF_DOCUMENTS)) == without_moments(after)
    undo_newest(past, "document", "doc-1")
    assert held(installation, *OF_DOCUMENTS) == before


def test_an_original_goes_back_into_its_draft_as_it_was_read_last(
    installation: Installation, past: History
) -> None:
    two(installation)
    replace(installation)
    number, _ = newest(past, "document", "doc-1")
    with writing(installation.database, AUTHOR) as writer:
        writer.changes.note("read", "document", "doc-1", {})
        writer.session.get_one(m.DocumentRow, "doc-1").outcome_detail = "もう一度読んだ"
    past.undo("document", "doc-1", number, HANAKO.actor)
    details = {row["id"]: row["outcome_detail"] for row in held(installation, m.DocumentRow)}
    assert details == {"doc-1": None, "doc-2": "もう一度読んだ"}


def without_moments(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows without when and by whom an original was replaced."""
    return [{n: v for n, v in row.items() if n not in ("replaced_at", "actor")} for row in rows]


def test_an_original_stays_where_something_depends_on_it(
    installation: Installation, past: History
) -> None:
    case(installation, "case-1", "改善")
    draft(installation, "doc-1", pages=1, rights=Rights(Terms.OPEN), **UP)
    draft(installation, "doc-2", pages=3)
    replace(installation)
    number, verdict = newest(past, "document", "doc-1")
    assert verdict
    with writing(installation.database, AUTHOR) as writer:
        record_pages(writer, 2, 3)
    page = past.page("document", "doc-1", at=number)
    assert page is not None
    told = {row.event.number: row.undo.why_not for row in page.rows}
    assert "3ページまでの事例" in told[number]
    with writing(installation.database, AUTHOR) as writer:
        record_pages(writer)
        writer.record_document(DocumentEntry("doc-2", "別", DocumentKind.OTHER, Rights()))
    with pytest.raises(CannotUndo, match="新しく登録"):
        past.undo("document", "doc-1", number, HANAKO.actor)
    with writing(installation.database, AUTHOR) as writer:
        writer.rights.withdraw("doc-1")
    with pytest.raises(CannotUndo, match="取り下げ"):
        past.undo("document", "doc-1", number, HANAKO.actor)


def record_pages(writer: Any, *span: int) -> None:
    """Have doc-1 tell of the case on these pages, or on none."""
    excerpts = (ExcerptEntry("case-1", *span),) if span else ()
    row = writer.session.get_one(m.DocumentRow, "doc-1")
    entry = DocumentEntry(row.id, row.title, DocumentKind.CASEBOOK, Rights(), excerpts=excerpts)
    record_relations(writer.session, writer.changes, entry)


def test_one_alone_does_not_put_the_newer_original_up_again(installation: Installation) -> None:
    two(installation)
    replace(installation)
    past = History(Database(installation.database_url, two_person=True), lambda _sha256: None)
    undo_newest(past, "document", "doc-1")
    number, _ = newest(past, "document", "doc-1")
    with pytest.raises(CannotUndo, match="別の人"):
        past.undo("document", "doc-1", number, AUTHOR.actor)
