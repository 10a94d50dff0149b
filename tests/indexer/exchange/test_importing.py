"""Importing: every row is accounted for, nothing is entered twice, nothing is lost."""

from pathlib import Path

import pytest
from sqlalchemy import select

from indexer.exchange import importing
from indexer.exchange.importing import CaseImport, CatalogueMoved, ImportOptions, places_of
from indexer.exchange.planning import Planner
from indexer.exchange.report import Change, ImportReport, RowOutcome, RowReport
from indexer.installation import Installation
from kb.catalogue import models as m
from kb.catalogue.entries import Authorship, PersonEntry
from kb.catalogue.session import Database
from kb.catalogue.writing import writing
from kb.domain.classification import DepartmentFunction, Theme
from tests.indexer.exchange.grids import CASE, csv_of, entries, taken, taken_bytes


@pytest.fixture
def database(installation: Installation) -> Database:
    return installation.database


def outcomes(report: ImportReport) -> list[str]:
    return [row.outcome.value for row in report.rows]


def the_refused(report: ImportReport) -> RowReport:
    (row,) = [row for row in report.rows if row.outcome is RowOutcome.REFUSED]
    return row


def test_a_new_case_is_recorded_with_its_source_event(database: Database) -> None:
    told = CASE | {
        "テーマ": "窓口・市民サービス;DX・ICT",
        "部署": "市民課",
        "キーワード": "窓口;待ち時間",
        "成果": "半分になった",
        "公開日": "R4.9.3",
    }
    report = taken(database, told)
    assert (outcomes(report), report.recorded) == (["new"], 1)
    (case,) = entries(database).values()
    assert case.municipality_codes == ("402249",)
    assert (case.implemented_in, case.narrative) == (2021, {"outcome": "半分になった"})
    assert set(case.themes) == {Theme.DIGITAL, Theme.COUNTER}
    assert case.functions == (DepartmentFunction.COUNTER,)
    with database.reading() as session:
        (event,) = session.scalars(select(m.SourceEventRow).filter_by(subject_id=case.id))
        assert (event.actor, event.why, event.action) == ("kb import", "事例.csv", "recorded")


def test_a_year_is_read_under_the_name_that_our_pages_give_it(database: Database) -> None:
    told = {name: value for name, value in CASE.items() if name != "事例実施年"}
    report = taken(database, told | {"実践年度": "令和2年度"})
    assert (outcomes(report), report.unknown_columns) == (["new"], ())
    (case,) = entries(database).values()
    assert case.implemented_in == 2020


def test_a_dry_run_writes_nothing(database: Database) -> None:
    report = taken(database, CASE, dry_run=True)
    assert (outcomes(report), report.recorded) == (["new"], 0)
    assert entries(database) == {}


def test_one_refused_row_keeps_the_others_out(database: Database) -> None:
    bad = CASE | {"タイトル": "別の題", "事例実施年": "去年"}
    report = taken(database, CASE, bad)
    assert (outcomes(report), report.recorded) == (["new", "refused"], 0)
    assert entries(database) == {}
    refusal = the_refused(report).refusals[0]
    assert the_refused(report).line == 3
    assert (refusal.column, refusal.value) == ("事例実施年", "去年")
    assert refusal.why
    assert refusal.remedy
    assert taken(database, CASE, bad, skip_bad=True).recorded == 1
    assert [case.title for case in entries(database).values()] == ["窓口の改善"]


def test_every_fault_of_a_row_is_told_at_once(database: Database) -> None:
    bad = {"タイトル": "題", "対象組織": "府中市", "事例実施年": "?", "テーマ": "空飛ぶ車"}
    report = taken(database, bad)
    assert {r.column for r in the_refused(report).refusals} == {"事例実施年", "テーマ", "対象組織"}


def test_the_same_file_twice_enters_nothing_twice(database: Database) -> None:
    taken(database, CASE)
    again = taken(database, CASE | {"タイトル": "窓口 の改善", "事例実施年": "2021年度"})
    assert outcomes(again) == ["changed"]
    assert outcomes(taken(database, CASE | {"対象組織": "402249"})) == ["changed"]
    assert len(entries(database)) == 1


def test_the_provisional_title_finds_the_case(database: Database) -> None:
    taken(database, CASE | {"ID": "a"})
    report = taken(database, CASE | {"タイトル": "正式な題", "仮題": "窓口の改善"})
    assert report.rows[0].case == "a"
    assert Change("タイトル", "窓口の改善", "正式な題") in report.rows[0].changes


def test_a_change_tells_before_and_after_and_blanks_change_nothing(database: Database) -> None:
    taken(database, CASE | {"ID": "a", "成果": "半分", "目的": "速く", "見本": "1"})
    later = CASE | {"ID": "a", "成果": "3分の1", "目的": "", "見本": ""}
    report = taken(database, later)
    assert report.rows[0].changes == (Change("成果", "半分", "3分の1"),)
    case = entries(database)["a"]
    assert case.narrative == {"outcome": "3分の1", "purpose": "速く"}
    assert case.specimen is True
    with database.reading() as session:
        events = session.scalars(select(m.SourceEventRow).filter_by(subject_id="a")).all()
        assert [event.action for event in events] == ["recorded", "changed"]
        assert "半分" in str(events[1].change)


def test_blanks_clear_when_asked_but_not_title_and_municipality(database: Database) -> None:
    taken(database, CASE | {"ID": "a", "目的": "速く", "部署": "市民課"})
    blank = {"ID": "a", "タイトル": "", "対象組織": "", "目的": "", "部署": "", "事例実施年": ""}
    report = taken(database, blank, clear_blanks=True)
    assert {change.column for change in report.rows[0].changes} == {"目的", "部署", "事例実施年"}
    case = entries(database)["a"]
    assert (case.title, case.municipality_codes) == ("窓口の改善", ("402249",))
    assert (case.narrative, case.departments, case.implemented_in) == ({}, (), None)
    assert outcomes(taken(database, blank, clear_blanks=True)) == ["unchanged"]


def test_a_short_row_clears_nothing(database: Database) -> None:
    taken(database, CASE | {"ID": "a", "目的": "速く"})
    content = "ID,タイトル,対象組織,目的\r\na,窓口の改善,福津市\r\n".encode()
    report = taken_bytes(database, content, clear_blanks=True)
    assert outcomes(report) == ["unchanged"]


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"タイトル": ""}, "タイトル"),
        ({"対象組織": ""}, "対象組織"),
        ({"対象組織": "", "ID": "x", "部署": "企画課"}, "部署"),
        ({"団体コード": "402240"}, "団体コード"),
        ({"団体コード": "131148"}, "団体コード"),
        ({"催しID": "ev-none"}, "催しID"),
        ({"事業ID": "prog-none"}, "事業ID"),
        ({"前の事例ID": "case-none"}, "前の事例ID"),
        ({"ID": "a/b"}, "ID"),
        ({"ID": ".."}, "ID"),
        ({"ID": "a" * 81}, "ID"),
        ({"部署": "あ" * 81}, "部署"),
        ({"成果": "a\x00b"}, "成果"),
    ],
)
def test_what_cannot_be_recorded_names_its_column(
    database: Database, cells: dict[str, str], column: str
) -> None:
    refused = the_refused(taken(database, CASE | cells))
    assert [refusal.column for refusal in refused.refusals] == [column]
    assert refused.refusals[0].remedy
    assert entries(database) == {}


def test_surplus_cells_refuse_the_row(database: Database) -> None:
    content = "タイトル,対象組織\r\n窓口,3つの改善,福津市\r\n".encode()
    report = taken_bytes(database, content)
    assert "福津市" in {refusal.value for refusal in the_refused(report).refusals}


def test_rows_of_one_file_that_mean_one_case_are_told(database: Database) -> None:
    report = taken(database, CASE, CASE | {"成果": "別のこと"})
    assert outcomes(report) == ["new", "refused"]
    assert "2行目と同じ事例" in the_refused(report).refusals[0].why


def test_another_identifier_for_a_known_case_is_told(database: Database) -> None:
    taken(database, CASE | {"ID": "a"})
    refusal = the_refused(taken(database, CASE | {"ID": "b"})).refusals[0]
    assert (refusal.column, refusal.value) == ("ID", "b")
    assert "a" in refusal.remedy


def test_an_identifier_of_a_stranger_overwrites_nothing(database: Database) -> None:
    taken(database, CASE | {"ID": "1"})
    report = taken(database, {"ID": "1", "タイトル": "移住の相談", "対象組織": "高島市"})
    assert the_refused(report).refusals[0].column == "ID"
    assert entries(database)["1"].title == "窓口の改善"


def test_a_continued_case_may_stand_below_and_a_circle_is_refused(database: Database) -> None:
    one = CASE | {"ID": "a", "前の事例ID": "b"}
    two = CASE | {"ID": "b", "事例実施年": "R2"}
    assert taken(database, one, two).recorded == 2
    report = taken(database, two | {"前の事例ID": "a"})
    assert "自分に戻ります" in the_refused(report).refusals[0].why
    three = CASE | {"ID": "c", "タイトル": "三", "前の事例ID": "d"}
    four = CASE | {"ID": "d", "タイトル": "四", "前の事例ID": "e"}
    report = taken(database, three, four, skip_bad=True)
    assert outcomes(report) == ["refused", "refused"]


def test_a_long_lineage_is_no_trouble(database: Database) -> None:
    rows = [
        CASE | {"ID": f"c{n}", "タイトル": f"題{n}", "前の事例ID": f"c{n + 1}" if n < 1200 else ""}
        for n in range(1201)
    ]
    assert outcomes(taken(database, *rows, dry_run=True)) == ["new"] * 1201


def test_what_cp932_lacks_is_not_written_over(database: Database) -> None:
    taken(database, CASE | {"ID": "a", "成果": "𠮷野さんの提案", "目的": "9〜17時"})
    kept = CASE | {"ID": "a", "成果": "〓野さんの提案", "目的": "9～17時"}
    assert outcomes(taken(database, kept, encoding="cp932")) == ["unchanged"]
    changed = kept | {"成果": "〓野さんと髙橋さんの提案"}
    refusal = the_refused(taken(database, changed, encoding="cp932")).refusals[0]
    assert (refusal.column, "CP932" in refusal.why) == ("成果", True)
    fresh = CASE | {"タイトル": "〓野家の改善"}
    assert the_refused(taken(database, fresh, encoding="cp932")).refusals[0].column == "タイトル"
    assert entries(database)["a"].narrative["outcome"] == "𠮷野さんの提案"


def test_a_municipality_by_name_is_kept_from_cp932_too(database: Database) -> None:
    taken(database, CASE, encoding="cp932")
    assert [case.municipality_codes for case in entries(database).values()] == [("402249",)]


def test_the_file_as_a_whole_is_told(database: Database) -> None:
    content = csv_of(CASE | {"担当": "企画", "資料の利用条件": "複写不可"}, above=[["一覧"]])
    report = taken_bytes(database, content.encode("cp932"))
    assert (report.encoding, report.heading_line) == ("cp932", 2)
    assert report.unknown_columns == ("担当",)
    assert any("連絡先情報" in remark for remark in report.remarks)
    assert any("資料の利用条件" in remark for remark in report.remarks)
    assert any("担当" in note for note in report.notes())
    assert report.as_json()["counts"] == {"new": 1, "changed": 0, "unchanged": 0, "refused": 0}


def test_the_report_obeys_no_control_character(database: Database) -> None:
    report = taken(database, CASE | {"タイトル": "題\x1b[2J", "事例実施年": "\x1b]0;x"})
    assert "\x1b" not in "".join(report.lines())


def test_a_catalogue_that_moved_meanwhile_is_left_alone(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupted(Planner):
        def plan(self, rows):  # type: ignore[no-untyped-def]
            with writing(database, Authorship("another")) as writer:
                writer.record_person(PersonEntry("p", "ほかの人"))
            return super().plan(rows)

    monkeypatch.setattr(importing, "Planner", Interrupted)
    with pytest.raises(CatalogueMoved):
        taken(database, CASE)
    assert entries(database) == {}


def test_the_sample_over_itself_changes_nothing(sample: Installation) -> None:
    content = Path(__file__).parents[3].joinpath("corpus", "cases.csv").read_bytes()
    for how in (ImportOptions(), ImportOptions(clear_blanks=True)):
        report = CaseImport(sample.database, places_of(sample.database)).take(
            "cases.csv", content, how
        )
        assert set(outcomes(report)) == {"unchanged"}
        assert report.recorded == 0
