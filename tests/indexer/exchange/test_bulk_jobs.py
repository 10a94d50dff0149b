"""Files of changes through a real queue: shown before they are written, whole or not at all."""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from indexer.exchange import bulk_jobs
from indexer.exchange.bulk_jobs import BulkWork
from indexer.exchange.importing import CatalogueMoved
from indexer.installation import Installation
from kb.catalogue import models as m
from kb.catalogue.bulk.service import KEPT_DAYS, BulkDesk, CannotApply
from kb.catalogue.bulk.views import BulkState, BulkView, Shown
from kb.catalogue.entries import Authorship, CaseEntry
from kb.catalogue.jobs.queue import JobQueue
from kb.catalogue.jobs.rows import LeaseLost
from kb.catalogue.session import Database
from kb.catalogue.table_base import now
from kb.catalogue.writing import CatalogueWriter, writing
from kb.domain.jobs import JobState
from tests.indexer.exchange.grids import SHIPPED, csv_of, entries

ACTOR = "編集担当 山田花子"
HELD = CaseEntry("case-1", "窓口の改善", ("402249",), implemented_in=2021, subtitle="はじめの副題")
ROW = {"ID": "case-1", "タイトル": "窓口の改善", "団体コード": "402249"}
CHANGED = ROW | {"サブタイトル": "改めた副題"}
NEW = {"ID": "", "タイトル": "朝礼の改善", "団体コード": "402249"}
BAD = {"ID": "", "タイトル": "年の誤り", "団体コード": "402249", "事例実施年": "去年"}


@pytest.fixture
def database(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> Database:
    # What reads municipalities takes 0.4 s to make, and is the same for all tests.
    monkeypatch.setattr(bulk_jobs, "places_of", lambda _: SHIPPED)
    record(installation.database, HELD)
    return installation.database


@pytest.fixture
def desk(database: Database) -> BulkDesk:
    return BulkDesk(database)


def record(database: Database, *cases: CaseEntry) -> None:
    with writing(database, Authorship("ほかの人")) as writer:
        for case in cases:
            writer.record_case(case)


def work(database: Database) -> None:
    job = JobQueue(database).take("worker")
    assert job is not None
    BulkWork(database).do(job)


def sent(desk: BulkDesk, content: bytes, *, clear_blanks: bool = False) -> BulkView:
    """A file that has been sent and looked at."""
    bulk_id = desk.begin("事例.csv", content, clear_blanks=clear_blanks, actor=ACTOR)
    work(desk._database)
    return view_of(desk, bulk_id)


def rows_sent(desk: BulkDesk, *rows: Mapping[str, str], encoding: str = "utf-8-sig") -> BulkView:
    return sent(desk, csv_of(*rows).encode(encoding))


def view_of(desk: BulkDesk, bulk_id: str) -> BulkView:
    found = desk.view(bulk_id)
    assert found is not None
    return found


def applied(desk: BulkDesk, file: BulkView, *, skip: bool = False) -> BulkView:
    desk.apply(file.id, file.turn, skip_refused=skip, actor=ACTOR)
    work(desk._database)
    return view_of(desk, file.id)


def counts(file: BulkView) -> dict[str, int]:
    return {outcome.value: count for outcome, count in file.counts.items()}


def test_every_rows_effect_is_shown_before_anything_is_written(
    database: Database, desk: BulkDesk
) -> None:
    file = rows_sent(desk, CHANGED, NEW, BAD, {**NEW, "タイトル": "", "事例実施年": ""})
    assert (file.state, counts(file)) == (
        BulkState.CHECKED,
        {"changed": 1, "new": 1, "refused": 2},
    )
    changed, new, bad, empty = desk.lines(file.id, Shown.ALL, 1).lines
    [change] = changed.row.changes
    assert (changed.row.line, change.column) == (2, "サブタイトル")
    assert (change.before, change.after) == ("はじめの副題", "改めた副題")
    assert [(c.column, c.before) for c in new.row.changes] == [("タイトル", ""), ("団体コード", "")]
    [refusal] = bad.row.refusals
    assert (bad.row.line, refusal.column, refusal.value) == (4, "事例実施年", "去年")
    assert refusal.remedy
    assert [each.column for each in empty.row.refusals] == ["タイトル"]
    assert [line.row.line for line in desk.lines(file.id, Shown.ERRORS, 1).lines] == [4, 5]
    assert [line.row.line for line in desk.lines(file.id, Shown.CHANGES, 1).lines] == [2, 3]
    assert entries(database) == {"case-1": HELD}


def test_what_was_shown_is_written_once_and_tells_who(database: Database, desk: BulkDesk) -> None:
    file = rows_sent(desk, CHANGED, NEW)
    done = applied(desk, file)
    assert (done.state, done.recorded, done.applied_by) == (BulkState.APPLIED, 2, ACTOR)
    assert entries(database)["case-1"].subtitle == "改めた副題"
    assert len(entries(database)) == 2
    with database.reading() as session:
        event = session.scalars(
            select(m.SourceEventRow).filter_by(subject_id="case-1", action="changed")
        ).one()
        assert (event.actor, event.why) == (ACTOR, "事例.csv")
        assert event.change == {"subtitle": ["はじめの副題", "改めた副題"]}
    with pytest.raises(CannotApply, match="状態が変わりました"):
        desk.apply(file.id, file.turn, skip_refused=False, actor=ACTOR)
    with pytest.raises(CannotApply):
        desk.check_again(file.id)


def test_the_same_file_twice_changes_nothing(database: Database, desk: BulkDesk) -> None:
    applied(desk, rows_sent(desk, CHANGED, NEW))
    held, sequence = entries(database), sequence_of(database)
    again = rows_sent(desk, CHANGED, NEW)
    assert counts(again) == {"unchanged": 2}
    with pytest.raises(CannotApply, match="書き込む変更がありません"):
        desk.apply(again.id, again.turn, skip_refused=False, actor=ACTOR)
    assert (entries(database), sequence_of(database)) == (held, sequence)


def sequence_of(database: Database) -> int:
    with database.reading() as session:
        return max(session.scalars(select(m.SourceEventRow.id)))


def test_what_goes_out_comes_back_unchanged(database: Database, desk: BulkDesk) -> None:
    record(database, replace(HELD, id="case-2", title="=計算の見直し 𠮷野", continues_id="case-1"))
    for encoding in ("utf-8", "utf-8-sig", "cp932"):
        file = sent(desk, desk.sheet(None, None, encoding).content, clear_blanks=True)
        assert counts(file) == {"unchanged": 2}, encoding


def test_a_part_of_the_cases_goes_out(database: Database, desk: BulkDesk) -> None:
    other = replace(HELD, id="case-2", municipality_codes=("131148",), implemented_in=2022)
    past = replace(HELD, id="case-3", municipality_codes=("403628",), implemented_in=None)
    record(database, other, past)

    def ids(code: str | None, year: int | None) -> list[str]:
        content = desk.sheet(code, year, "utf-8").content.decode()
        return [row["ID"] for row in csv.DictReader(io.StringIO(content, newline=""))]

    assert ids(None, None) == ["case-1", "case-2", "case-3"]
    assert ids("402249", None) == ["case-1", "case-3"]
    assert ids("402249", 2021) == ["case-1"]
    assert ids(None, 2022) == ["case-2"]


def test_refused_rows_keep_the_others_out_unless_they_are_left_out(
    database: Database, desk: BulkDesk
) -> None:
    file = rows_sent(desk, CHANGED, BAD)
    with pytest.raises(CannotApply, match="登録できない行が1行"):
        desk.apply(file.id, file.turn, skip_refused=False, actor=ACTOR)
    assert view_of(desk, file.id).state is BulkState.CHECKED
    done = applied(desk, file, skip=True)
    assert (done.recorded, done.refused) == (1, 1)
    assert entries(database)["case-1"].subtitle == "改めた副題"


def test_what_moved_since_is_shown_again_and_nothing_is_written(
    database: Database, desk: BulkDesk
) -> None:
    file = rows_sent(desk, CHANGED, NEW)
    record(database, replace(HELD, subtitle="ほかの人の副題"))
    again = applied(desk, file)
    assert (again.state, again.moved, again.recorded) == (BulkState.CHECKED, 1, 0)
    assert list(entries(database)) == ["case-1"]
    [line] = desk.lines(file.id, Shown.MOVED, 1).lines
    assert [(c.before, c.after) for c in line.row.changes] == [("ほかの人の副題", "改めた副題")]
    assert applied(desk, again).recorded == 2
    assert entries(database)["case-1"].subtitle == "改めた副題"


def test_what_the_file_says_nothing_of_may_move(database: Database, desk: BulkDesk) -> None:
    file = rows_sent(desk, CHANGED)
    record(database, replace(HELD, contact="総務課"), replace(HELD, id="case-9", title="別の事例"))
    assert applied(desk, file).recorded == 1
    held = entries(database)["case-1"]
    assert (held.subtitle, held.contact) == ("改めた副題", "総務課")


class Killed(BaseException):
    """As if the process had ended."""


def test_a_worker_killed_while_writing_leaves_nothing_and_the_next_writes_all(
    database: Database, desk: BulkDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = rows_sent(desk, CHANGED, NEW)
    before, sequence = entries(database), sequence_of(database)
    desk.apply(file.id, file.turn, skip_refused=False, actor=ACTOR)
    seconds = 1000.0
    queue = JobQueue(database, clock=lambda: seconds)
    job = queue.take("first", seconds=60)
    assert job is not None
    with monkeypatch.context() as patched:
        patched.setattr(CatalogueWriter, "record_case", killed_at_the_second())
        with pytest.raises(Killed):
            BulkWork(database).do(job)
    assert (entries(database), sequence_of(database)) == (before, sequence)
    assert view_of(desk, file.id).state is BulkState.APPLYING
    seconds += 61
    taken_over = queue.take("second", seconds=60)
    assert taken_over is not None
    with pytest.raises(LeaseLost):
        BulkWork(database).do(job)
    assert entries(database) == before
    BulkWork(database).do(taken_over)
    assert view_of(desk, file.id).recorded == len(entries(database)) == 2


def killed_at_the_second() -> Callable[[CatalogueWriter, CaseEntry], bool]:
    really, seen = CatalogueWriter.record_case, []

    def record_case(writer: CatalogueWriter, entry: CaseEntry) -> bool:
        seen.append(entry)
        if len(seen) == 2:
            raise Killed
        changed = really(writer, entry)
        writer.session.flush()
        return changed

    return record_case


def test_writers_in_between_are_waited_out_and_then_told_of(
    database: Database, desk: BulkDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = rows_sent(desk, CHANGED)
    desk.apply(file.id, file.turn, skip_refused=False, actor=ACTOR)
    job = JobQueue(database).take("worker")
    assert job is not None
    tries: list[int] = []

    def moves(_work: BulkWork, *_: object) -> None:
        tries.append(1)
        raise CatalogueMoved("ほかの処理")

    with monkeypatch.context() as patched:
        patched.setattr(BulkWork, "_write", moves)
        with pytest.raises(CatalogueMoved):
            BulkWork(database).do(job)
    assert len(tries) == 5
    BulkWork(database).do(job)
    assert view_of(desk, file.id).recorded == 1


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (csv_of(CHANGED).encode("utf-8-sig")[:-3], "2行目の途中で切れています"),
        (csv_of(CHANGED).encode()[:-2] + b',"torn', "引用符"),
        (csv_of({"題名": "a", "年": "b"}).encode(), "見出しの行が見つかりません"),
        (csv_of({"タイトル": "a", "ID": "b"}).encode(), "必須の列がありません"),
        (b"PK\x03\x04 a workbook", "Excelのブック"),
        ("タイトル,対象組織\r\n".encode("utf-16"), "UTF-16"),
        (csv_of(CHANGED).encode()[:-4] + b"\x80\xff", "文字コード"),
        (("タイトル,団体コード\r\n" + "a,b\r\n" * 2_050).encode(), "2,000行を超えています"),
    ],
    ids=["torn", "quote", "other columns", "column missing", "workbook", "utf-16", "bytes", "rows"],
)
def test_a_file_that_is_no_table_of_cases_says_what_to_do(
    desk: BulkDesk, content: bytes, told: str
) -> None:
    file = sent(desk, content)
    assert file.state is BulkState.REFUSED
    assert told in file.why
    assert file.why.endswith("。") or file.why.endswith("。)")
    assert file.rows == 0
    with pytest.raises(CannotApply):
        desk.apply(file.id, file.turn, skip_refused=True, actor=ACTOR)


def test_formulas_are_text_and_their_faults_are_refused(desk: BulkDesk) -> None:
    file = rows_sent(desk, CHANGED | {"成果": "=SUM(A1:A9)"}, NEW | {"成果": "#REF!"})
    formula, fault = desk.lines(file.id, Shown.ALL, 1).lines
    assert [c.after for c in formula.row.changes] == ["改めた副題", "=SUM(A1:A9)"]
    assert any("成果は「=」で始まります" in remark for remark in formula.row.remarks)
    assert [(r.column, r.why) for r in fault.row.refusals] == [("成果", "Excelの数式の誤りです")]


def test_blank_cells_clear_only_where_that_was_chosen(database: Database, desk: BulkDesk) -> None:
    content = csv_of(ROW | {"サブタイトル": ""}).encode("cp932")
    assert counts(sent(desk, content)) == {"unchanged": 1}
    file = sent(desk, content, clear_blanks=True)
    assert counts(file) == {"changed": 1}
    applied(desk, file)
    assert entries(database)["case-1"].subtitle is None


def test_a_look_that_failed_can_be_had_again(database: Database, desk: BulkDesk) -> None:
    bulk_id = desk.begin("事例.csv", csv_of(CHANGED).encode(), clear_blanks=False, actor=ACTOR)
    with pytest.raises(CannotApply):
        desk.check_again(bulk_id)
    queue = JobQueue(database)
    job = queue.take("worker")
    assert job is not None
    queue.end(job, replace(bulk_jobs.GONE, outcome="error"))
    assert view_of(desk, bulk_id).stuck
    desk.check_again(bulk_id)
    work(database)
    file = view_of(desk, bulk_id)
    assert (file.state, file.turn, counts(file)) == (BulkState.CHECKED, 2, {"changed": 1})


def test_a_case_that_was_merged_into_another_is_not_made_again(
    database: Database, desk: BulkDesk
) -> None:
    with database.writing() as session:
        session.add(m.MergedCaseRow(old_id="case-0", kept_id="case-1", actor=ACTOR, held={}))
    file = rows_sent(desk, ROW | {"ID": "case-0", "タイトル": "昔の題"})
    [refusal] = desk.lines(file.id, Shown.ERRORS, 1).lines[0].row.refusals
    assert (refusal.column, refusal.why) == ("ID", "この事例は case-1 に統合されました")


def test_pages_of_rows_and_old_files_that_go(database: Database, desk: BulkDesk) -> None:
    file = rows_sent(desk, *({**NEW, "タイトル": f"取組{number}"} for number in range(120)))
    page = desk.lines(file.id, Shown.CHANGES, 99)
    assert (page.total, page.page, page.pages, len(page.lines)) == (120, 3, 3, 20)
    assert page.lines[-1].row.line == 121
    with database.writing() as session:
        session.get_one(m.BulkRow, file.id).made_at = now() - timedelta(days=KEPT_DAYS + 1)
    later = rows_sent(desk, CHANGED)
    assert [each.id for each in desk.files()] == [later.id]
    assert desk.reports(file.id) == {}


def test_a_job_whose_file_is_gone_ends(database: Database, desk: BulkDesk) -> None:
    bulk_id = desk.begin("事例.csv", csv_of(CHANGED).encode(), clear_blanks=False, actor=ACTOR)
    with database.writing() as session:
        session.delete(session.get_one(m.BulkRow, bulk_id))
    queue = JobQueue(database)
    work(database)
    assert queue.counts() == {JobState.FAILED: 1}
    assert desk.view(bulk_id) is None
