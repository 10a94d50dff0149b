"""Out and in again: the same bytes, whatever a case holds."""

import csv
import io
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from indexer.exchange.importing import REQUIRED, CaseImport, ImportOptions, places_of
from indexer.exchange.report import ImportReport, RowOutcome
from indexer.exchange.table import read_table
from indexer.installation import Installation
from kb.catalogue.entries import Authorship, CaseEntry
from kb.catalogue.exchange.ds451 import as_csv
from kb.catalogue.exchange.encodings import BadTable
from kb.catalogue.exchange.exporting import ExportReader, StoredCase
from kb.catalogue.exchange.fields import MEDIA, READ, WRITTEN, case_of
from kb.catalogue.session import Database
from kb.catalogue.writing import writing
from kb.domain.case_study import NARRATIVE
from kb.domain.classification import DepartmentFunction, Theme
from kb.domain.rights import Audience
from tests.indexer.exchange.grids import copy_of, csv_of, record_surroundings, taken_bytes


@dataclass
class Empty:
    """Makes empty catalogues."""

    prepared: Path
    folder: Path
    numbers: Iterator[int]

    def catalogue(self):  # type: ignore[no-untyped-def]
        return copy_of(self.prepared, self.folder / str(next(self.numbers)))


@pytest.fixture(scope="module")
def empty(_prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Empty:
    return Empty(_prepared, tmp_path_factory.mktemp("round"), itertools.count())


def exported(database: Database, encoding: str = "utf-8-sig") -> bytes:
    return as_csv(ExportReader(database).cases(Audience.CURATOR), encoding).content


def imported_here(database: Database, content: bytes) -> ImportReport:
    return CaseImport(database, places_of(database)).take("f.csv", content, ImportOptions())


def assert_all(report: ImportReport, outcome: RowOutcome) -> None:
    assert {row.outcome for row in report.rows} <= {outcome}, list(report.lines())


# PostgreSQL keeps no NUL, no encoding lone surrogates; the rest may come as it will.
TEXT = st.text(
    st.characters(codec="utf-8", exclude_characters="\0")
    | st.sampled_from("改善窓口〜―髙﨑𠮷=+-@'\"\t\r\n,;　 ＝"),
    max_size=12,
)
FILLED = TEXT.filter(lambda text: text.strip())
YEAR = st.none() | st.integers(1868, 2100)
DAY = st.none() | st.dates(date(1, 1, 1))
BLANK = st.none() | TEXT


def texts(keys: object) -> st.SearchStrategy[dict[str, str]]:
    return st.dictionaries(st.sampled_from(sorted(keys)), FILLED, max_size=4)  # type: ignore[call-overload]


ENTRIES = st.builds(
    CaseEntry,
    id=st.from_regex(r"[a-zA-Z0-9ぁ-ん._-]{3,12}", fullmatch=True),
    title=FILLED,
    municipality_codes=st.lists(
        st.sampled_from(["402249", "131148", "011002", "130001"]), min_size=1, unique=True
    ).map(tuple),
    subtitle=BLANK,
    provisional_title=BLANK,
    implemented_in=YEAR,
    presented_in=YEAR,
    place=BLANK,
    service_class=BLANK,
    departments=st.lists(FILLED.map(str.strip), max_size=3, unique=True).map(tuple),
    functions=st.lists(st.sampled_from(DepartmentFunction), max_size=2).map(tuple),
    themes=st.lists(st.sampled_from(Theme), max_size=3, unique=True).map(tuple),
    keywords=st.lists(TEXT, max_size=3).map(tuple),
    narrative=texts(NARRATIVE),
    media=texts(MEDIA),
    related_url=BLANK,
    related_case=BLANK,
    contact=BLANK,
    published_on=DAY,
    updated_on=DAY,
    cohort=st.none() | st.integers(0, 9999),
    specimen=st.booleans(),
)


def numbered(cases: list[CaseEntry]) -> list[CaseEntry]:
    """With titles of their own, each continuing the next: a file that must be put in order."""
    for number, case in enumerate(cases):
        object.__setattr__(case, "title", f"{case.title}第{number}")
        object.__setattr__(case, "provisional_title", None)
        if number:
            object.__setattr__(case, "continues_id", cases[number - 1].id)
    return cases


@settings(max_examples=300, suppress_health_check=list(HealthCheck))
@given(case=ENTRIES)
def test_any_row_comes_back_exactly(case: CaseEntry) -> None:
    content = as_csv([StoredCase(case, (), ())]).content
    table = read_table(content, READ, REQUIRED)
    (row,) = table.rows
    assert as_csv([StoredCase(case_of(row), (), ())]).content == content


# Each example makes catalogues, too much for shrinking; the test before this one shrinks.
on_catalogues = settings(
    max_examples=40,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


@on_catalogues
@given(cases=st.lists(ENTRIES, max_size=4, unique_by=lambda case: case.id).map(numbered))
def test_any_case_comes_back_to_the_byte(empty: Empty, cases: list[CaseEntry]) -> None:
    with empty.catalogue() as one, empty.catalogue() as other:
        with writing(one, Authorship("test")) as writer:
            for case in cases:
                writer.record_case(case)
        content = exported(one)
        assert_all(taken_bytes(other, content), RowOutcome.NEW)
        assert exported(other) == content
        for database in (one, other):
            assert_all(taken_bytes(database, content), RowOutcome.UNCHANGED)
            assert_all(taken_bytes(database, exported(database, "cp932")), RowOutcome.UNCHANGED)
        assert exported(one) == content


PLAUSIBLE = st.sampled_from(
    [
        *("福津市", "中野", "府中市", "402249", "11002", "R3", "2021年度", "令和元", "2022/9/3"),
        *("危機管理", "企画;財政", "1", "0", "a", "b", "窓口", "窓 口", "市民課", "〓", "'=1", ""),
    ]
)
CELLS = PLAUSIBLE | TEXT
NAMES = st.sampled_from([name for name in (*WRITTEN, "知らない列") if name != "タイトル"])
ROWS = st.lists(
    st.builds(
        lambda title, place, others: {"対象組織": place, **others, "タイトル": title},
        CELLS,
        PLAUSIBLE,
        st.dictionaries(NAMES, CELLS, max_size=3),
    ),
    max_size=5,
)


@on_catalogues
@given(rows=ROWS, encoding=st.sampled_from(["utf-8", "cp932"]), clear=st.booleans())
def test_any_rows_are_taken_or_refused_and_nothing_is_lost(
    empty: Empty, rows: list[dict[str, str]], encoding: str, clear: bool
) -> None:
    content = csv_of(*rows).encode(encoding, errors="replace")
    with empty.catalogue() as database:
        if not rows:
            with pytest.raises(BadTable):
                taken_bytes(database, content)
            return
        first = taken_bytes(database, content, skip_bad=True, clear_blanks=clear)
        again = taken_bytes(database, content, skip_bad=True, clear_blanks=clear)
        assert len(first.rows) == sum(any(c.strip() for c in row.values()) for row in rows)
        for one, two in zip(first.rows, again.rows, strict=True):
            assert bool(one.refusals) == (one.outcome is RowOutcome.REFUSED)
            expected = one.outcome if one.refusals else RowOutcome.UNCHANGED
            assert (two.line, two.outcome) == (one.line, expected), list(again.lines())
        held = ExportReader(database).cases(Audience.CURATOR)
        assert {c.entry.id for c in held} == {r.case for r in first.rows if not r.refusals}


def test_the_sample_comes_back_to_the_byte(empty: Empty, sample: Installation) -> None:
    given_bytes = exported(sample.database)
    with empty.catalogue() as database:
        record_surroundings(database)
        assert_all(imported_here(database, given_bytes), RowOutcome.NEW)
        came_back = exported(database)
        assert_all(imported_here(database, given_bytes), RowOutcome.UNCHANGED)
    # Statements belong to documents, which a file of cases does not bring.
    lines = zip(rows(given_bytes), rows(came_back), strict=True)
    assert all(one[:-1] == other[:-1] for one, other in lines)
    with empty.catalogue() as database:
        record_surroundings(database)
        imported_here(database, came_back)
        assert exported(database) == came_back


def test_the_corpus_file_comes_in_and_out(empty: Empty, sample: Installation) -> None:
    corpus = Path(__file__).parents[3] / "corpus" / "cases.csv"
    with empty.catalogue() as database:
        record_surroundings(database)
        assert_all(imported_here(database, corpus.read_bytes()), RowOutcome.NEW)
        assert_all(imported_here(database, corpus.read_bytes()), RowOutcome.UNCHANGED)
        lines = zip(rows(exported(database)), rows(exported(sample.database)), strict=True)
        assert all(one[:-1] == other[:-1] for one, other in lines)


def rows(content: bytes) -> list[list[str]]:
    found = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert tuple(found[0]) == WRITTEN
    return found
