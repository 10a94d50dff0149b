"""Pages of casebooks: cut where cases change, given from one to another, kept by the tables."""

from pathlib import Path

import pytest
from alembic import command
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, inspect, text

from indexer.installation import Installation
from kb.catalogue.casebooks.page_lists import CasePages, entries_of, read_told, told_of
from kb.catalogue.casebooks.views import BadRanges, BookCase, moved, stretches
from kb.catalogue.indexable import IndexableReader
from kb.catalogue.session import Database, _alembic
from kb.domain.page_ranges import PageRanges
from tests.catalogue.drafts import draft
from tests.domain.test_page_ranges import PAGES

CASES = st.dictionaries(st.sampled_from(["case-a", "case-b", "c:1"]), PAGES.filter(bool))
LAST = 70
"""Of the document; some ranges go beyond it."""


@given(CASES)
def test_changes_tell_all_pages_and_are_read_again(pages: CasePages) -> None:
    read = [entry for each in told_of(pages) for entry in read_told(each)]
    assert sorted(read, key=repr) == sorted(entries_of(pages), key=repr)


@given(CASES)
def test_stretches_hold_every_page_once_with_its_cases(pages: CasePages) -> None:
    cases = [BookCase(id_, id_, each, published=True) for id_, each in pages.items()]
    found = [
        (number, {case.id for case in each.cases})
        for each in stretches(LAST, cases)
        for number in range(each.pages[0], each.pages[1] + 1)
    ]
    assert found == [
        (number, {id_ for id_, each in pages.items() if number in each})
        for number in range(1, LAST + 1)
    ]


@given(PAGES.filter(bool), PAGES, PAGES.filter(bool))
def test_pages_that_are_moved_are_one_case_and_no_more_the_other(
    giver: PageRanges, taker: PageRanges, pages: PageRanges
) -> None:
    held = {"case-a": giver, **({"case-b": taker} if taker else {})}
    if pages - giver:
        with pytest.raises(BadRanges, match="中だけ"):
            moved(held, "case-a", "case-b", pages)
        return
    after = moved(held, "case-a", "case-b", pages)
    assert after.get("case-a", PageRanges()) == giver - pages
    assert after["case-b"] == taker | pages


def test_a_case_on_every_other_page_of_a_long_book_is_indexed(installation: Installation) -> None:
    draft(installation, "book", pages=3)
    pages = PageRanges(tuple((number, number) for number in range(1, 3000, 2)))
    reader = IndexableReader(installation.database)
    assert list(reader.pages("book", installation.analyser.fingerprint, pages)) == [1, 3]


def test_ranges_of_before_are_kept_and_several_go_back_as_one(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'old.sqlite'}")
    row = "insert into case_excerpt (document_id, case_id, first_page, last_page) values "
    with database._writing.connect() as connection:
        configuration = _alembic(database.url)
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, "0014")
        _insert(connection, "document", "book")
        for case_id in ("case-a", "case-b"):
            _insert(connection, "case_study", case_id)
        connection.execute(text(f"{row} ('book', 'case-a', 2, 4), ('book', 'case-b', 4, 5)"))
        command.upgrade(configuration, "0015")
        assert inspect(connection).get_pk_constraint("case_excerpt")["constrained_columns"] == [
            "document_id", "case_id", "first_page",
        ]  # fmt: skip
        connection.execute(text(f"{row} ('book', 'case-a', 7, 7)"))
        command.downgrade(configuration, "0014")
        held = connection.execute(text("select * from case_excerpt order by case_id")).all()
        assert [tuple(each) for each in held] == [
            ("book", "case-a", 2, 7), ("book", "case-b", 4, 5),
        ]  # fmt: skip
        assert [each["column_names"] for each in inspect(connection).get_indexes("case_excerpt")]
        command.upgrade(configuration, "0015")
    database.close()


def _insert(connection: Connection, table: str, key: str) -> None:
    """A row with nothing in it but what must be there."""
    columns = inspect(connection).get_columns(table)
    needed = {each["name"]: key for each in columns if not each["nullable"]}
    names = ", ".join(needed)
    values = ", ".join(f":{name}" for name in needed)
    connection.execute(text(f"insert into {table} ({names}) values ({values})"), needed)
