"""Cases under bodies of the past: they stay there, and are counted where those are today."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from indexer.batch import collections_in
from indexer.exchange.importing import CaseImport, ImportOptions, places_of
from indexer.exchange.report import ImportReport, RowOutcome
from indexer.gazetteer import gazetteer_of
from indexer.installation import Installation
from kb.catalogue import models as m
from kb.catalogue.changes import UnknownReference
from kb.catalogue.entries import Authorship, CaseEntry, DocumentEntry
from kb.catalogue.exchange.ds451 import as_csv
from kb.catalogue.exchange.exporting import ExportReader
from kb.catalogue.name_changes import bodies_now, codes_now, codes_over_time, former_body
from kb.catalogue.names import NameReader
from kb.catalogue.reference import fill_reference_tables
from kb.catalogue.review.settling import Orders, Settler
from kb.catalogue.tables import load_former_names, load_municipalities
from kb.catalogue.writing import writing
from kb.domain.classification import DocumentKind
from kb.domain.municipality import BodyName
from kb.domain.rights import Audience, Rights
from tests.indexer.exchange.grids import csv_of

AUTHOR = Authorship("編集担当", "試験")
FUKUTSU, FUKUMA, TSUYAZAKI = "402249", "403628", "403636"
NAKATSUGAWA, YAMAGUCHI = "212067", "204315"
KOFU, FUJIKAWAGUCHIKO, KAMIKUISHIKI = "192015", "194301", "193411"


def case(id_: str, *codes: str, year: int | None = 2003) -> CaseEntry:
    return CaseEntry(id_, f"{id_}の事例", codes, implemented_in=year)


@pytest.fixture
def held(installation: Installation) -> Installation:
    """Cases before and after mergers, in one town, across a border, and in a village divided."""
    with writing(installation.database, AUTHOR) as writer:
        writer.record_case(case("fukuma", FUKUMA))
        writer.record_case(case("tsuyazaki", TSUYAZAKI))
        writer.record_case(case("both", FUKUMA, TSUYAZAKI))
        writer.record_case(case("fukutsu", FUKUTSU, year=2021))
        writer.record_case(case("yamaguchi", YAMAGUCHI))
        writer.record_case(case("divided", KAMIKUISHIKI))
    return installation


def on_page(held: Installation, code: str) -> set[str]:
    page = held.catalogue.municipality(code, Audience.ANONYMOUS)
    assert page is not None
    return {case.id for case in page.cases}


# --- the tables -------------------------------------------------------------------------------


def test_every_body_of_the_past_leads_to_those_of_today_and_back() -> None:
    today = {str(body.code) for body in load_municipalities()}
    for former in load_former_names():
        code = str(former.code)
        now = codes_now(code)
        assert set(now) <= today
        if code in today:
            assert (now, bodies_now(code), former_body(code)) == ((code,), (), None)
        else:
            assert all(code in codes_over_time(heir) for heir in now)


def test_the_gazetteer_and_the_catalogue_know_the_same_bodies(installation: Installation) -> None:
    places = gazetteer_of(installation.database)
    for former in load_former_names():
        body, known = former_body(former.code), places.former(former.code)
        assert (body and body.name) == (known and known.name), former
        heirs = {str(heir.code) for heir in places.successors(former.code)}
        assert known is None or set(codes_now(former.code)) <= heirs


def test_a_code_that_was_only_replaced_is_no_body_of_its_own() -> None:
    sapporo, kushimoto = "012017", "304077"
    assert former_body(sapporo) is None
    assert codes_now(sapporo) == ("011002",)
    merged = former_body(kushimoto)
    assert merged is not None
    assert (merged.name, merged.now) == ("串本町", (BodyName("304280", "串本町"),))


# --- rows -------------------------------------------------------------------------------------


def test_a_body_of_the_past_has_a_row_once_something_is_filed_under_it(held: Installation) -> None:
    with held.database.reading() as session:
        past = select(m.MunicipalityRow).where(m.MunicipalityRow.abolished_on.is_not(None))
        rows = {row.code: row for row in session.scalars(past)}
        assert set(rows) == {FUKUMA, TSUYAZAKI, YAMAGUCHI, KAMIKUISHIKI}
        fukuma = rows[FUKUMA]
        assert (fukuma.name, fukuma.kind, fukuma.prefecture) == ("福間町", "town", "福岡県")
        assert fukuma.abolished_on == date(2005, 1, 24)
        told = select(m.SourceEventRow).filter_by(subject_kind="municipality", subject_id=FUKUMA)
        assert [event.action for event in session.scalars(told)] == ["recorded"]


def test_lists_of_today_are_free_of_it(held: Installation) -> None:
    bodies = NameReader(held.database).places().bodies
    assert len(bodies) == 1959 == held.catalogue.holdings().municipalities
    assert gazetteer_of(held.database).get(FUKUMA) is None
    assert fill_reference_tables(held.database) is False


def test_a_body_that_ends_with_a_new_version_stays_as_one_of_the_past(
    installation: Installation,
) -> None:
    with installation.database.writing() as session:
        session.add(
            m.MunicipalityRow(
                code=FUKUMA, name="福間町", kana="ふくままち", romaji="Fukuma-machi", kind="town",
                prefecture="福岡県",
            )
        )  # fmt: skip
    with writing(installation.database, AUTHOR) as writer:
        writer.record_case(case("fukuma", FUKUMA))
    assert fill_reference_tables(installation.database) is True
    assert on_page(installation, FUKUTSU) == {"fukuma"}
    assert len(NameReader(installation.database).places().bodies) == 1959
    assert fill_reference_tables(installation.database) is False


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("012017", "札幌市(011002)"),
        ("999999", "登録されていません"),
        ("403620", "登録されていません"),
    ],
)
def test_other_codes_are_refused(installation: Installation, code: str, said: str) -> None:
    refusal = pytest.raises(UnknownReference, match="団体コード")
    with refusal as refused, writing(installation.database, AUTHOR) as writer:
        writer.record_case(case("strange", code))
    assert said in str(refused.value)


# --- where it is counted ----------------------------------------------------------------------


def test_pages_of_both_bodies_show_it(held: Installation) -> None:
    assert on_page(held, FUKUTSU) == {"fukuma", "tsuyazaki", "both", "fukutsu"}
    assert on_page(held, FUKUMA) == {"fukuma", "both", "fukutsu"}
    assert on_page(held, NAKATSUGAWA) == on_page(held, YAMAGUCHI) == {"yamaguchi"}
    assert on_page(held, KOFU) == on_page(held, FUJIKAWAGUCHIKO) == {"divided"}


def test_a_case_names_its_body_and_what_that_is_today(held: Installation) -> None:
    shown = held.catalogue.case("fukuma", Audience.ANONYMOUS)
    assert shown is not None
    (body,) = shown.municipalities
    assert (body.name, body.now) == ("福間町", (BodyName(FUKUTSU, "福津市"),))
    split = held.catalogue.case("divided", Audience.ANONYMOUS)
    assert split is not None
    assert [each.name for each in split.municipalities[0].now] == ["甲府市", "富士河口湖町"]


def test_it_is_counted_once_and_under_todays_body(held: Installation) -> None:
    counts = {c.value: c.count for c in held.catalogue.municipalities(Audience.ANONYMOUS)}
    assert counts == {FUKUTSU: 4, NAKATSUGAWA: 1, KOFU: 1, FUJIKAWAGUCHIKO: 1}
    prefectures = held.catalogue.home(Audience.ANONYMOUS).prefectures
    assert {c.label: c.count for c in prefectures if c.count} == {
        "福岡県": 4, "岐阜県": 1, "山梨県": 1,
    }  # fmt: skip
    page = held.catalogue.municipality("400009", Audience.ANONYMOUS)
    assert page is not None
    assert [(p.municipality.name, p.cases) for p in page.members] == [("福津市", 4)]


def test_the_lists_by_prefecture_follow_todays_border(held: Installation) -> None:
    def cases(prefecture: str) -> set[str]:
        found = held.catalogue.cases(Audience.ANONYMOUS, prefecture=prefecture)
        return {link.id for link in found}

    assert cases("岐阜県") == {"yamaguchi"}
    assert cases("長野県") == set()
    assert cases("福岡県") == {"fukuma", "tsuyazaki", "both", "fukutsu"}


def test_the_names_known_to_the_search_count_it_too(held: Installation) -> None:
    known = NameReader(held.database).known()
    assert known.active_codes == {FUKUTSU, NAKATSUGAWA, KOFU, FUJIKAWAGUCHIKO}
    places = {id_: n for (kind, id_), n in known.case_counts.items() if kind == "municipality"}
    assert places[FUKUTSU] == places["400009"] == 4
    assert places["190004"] == 1
    assert places["200000"] == 0


# --- taken in -----------------------------------------------------------------------------------


def test_the_csv_files_of_a_collection_take_it(installation: Installation, tmp_path: Path) -> None:
    row = {"タイトル": "朝礼", "ID": "case-1", "事例実施年": "2003", "団体コード": FUKUMA}
    (tmp_path / "cases.csv").write_text(csv_of(row), encoding="utf-8")
    document = {"id": "doc-1", "title": "綴り", "kind": "other", "municipality_codes": TSUYAZAKI}
    (tmp_path / "documents.csv").write_text(csv_of(document), encoding="utf-8")
    (collection,), _ = collections_in([tmp_path])
    collection.record(installation.database, "試験")
    assert on_page(installation, FUKUTSU) == {"case-1"}
    page = installation.catalogue.municipality(FUKUTSU, Audience.CURATOR)
    assert page is not None
    assert page.documents == 1


def test_a_curator_settles_a_document_under_it(installation: Installation) -> None:
    database = installation.database
    with writing(database, AUTHOR) as writer:
        writer.record_document(DocumentEntry("doc-1", "綴り", DocumentKind.OTHER, Rights()))
    settler = Settler(database, lambda: gazetteer_of(database), "編集担当")
    assert settler.settle(["doc-1"], Orders(given=(("municipality", FUKUMA),))) == 1
    view = installation.catalogue.document("doc-1", Audience.CURATOR)
    assert view is not None
    assert [body.name for body in view.municipalities] == ["福間町"]
    settler.settle(["doc-1"], Orders(given=(("municipality", "福間町"),)))
    view = installation.catalogue.document("doc-1", Audience.CURATOR)
    assert view is not None
    assert [body.name for body in view.municipalities] == ["福津市"]


def taken(held: Installation, content: bytes) -> ImportReport:
    importer = CaseImport(held.database, places_of(held.database))
    return importer.take("f.csv", content, ImportOptions())


@pytest.mark.parametrize(
    ("cells", "code", "said"),
    [
        ({"対象組織": "福間町", "事例実施年": "2003"}, FUKUMA, "福間町(403628)として登録します"),
        ({"対象組織": "福間町", "事例実施年": "2004"}, FUKUMA, "福間町(403628)として登録します"),
        ({"対象組織": "福間町", "事例実施年": "2005"}, FUKUTSU, "福津市(402249)と読みました"),
        ({"対象組織": "福間町"}, FUKUTSU, "福津市(402249)と読みました"),
        ({"団体コード": FUKUMA, "事例実施年": "H15"}, FUKUMA, "現 福津市"),
        ({"団体コード": "40362", "事例実施年": "H15"}, FUKUMA, "現 福津市"),
        ({"団体コード": FUKUMA, "事例実施年": "H25"}, FUKUTSU, "旧団体コード"),
        ({"団体コード": FUKUMA, "対象組織": "福間町"}, FUKUMA, "現 福津市"),
        ({"団体コード": FUKUMA, "対象組織": "福津市", "事例実施年": "2003"}, FUKUMA, "現 福津市"),
        ({"対象組織": "上九一色村", "事例実施年": "2000"}, KAMIKUISHIKI, "現 甲府市、富士河口湖町"),
        ({"対象組織": "鹿児島県財部町", "事例実施年": "2000"}, "464635", "財部町"),
    ],
)
def test_an_imported_row_is_filed_by_its_year(
    installation: Installation, cells: dict[str, str], code: str, said: str
) -> None:
    report = taken(installation, csv_of({"タイトル": "朝礼", **cells}).encode())
    assert [row.outcome for row in report.rows] == [RowOutcome.NEW], list(report.lines())
    assert said in "".join(report.lines())
    (stored,) = ExportReader(installation.database).cases(Audience.CURATOR)
    assert stored.entry.municipality_codes == (code,)


def test_a_body_divided_is_asked_about_where_the_year_does_not_say(
    installation: Installation,
) -> None:
    report = taken(installation, csv_of({"タイトル": "朝礼", "対象組織": "上九一色村"}).encode())
    assert [row.outcome for row in report.rows] == [RowOutcome.REFUSED]
    assert "甲府市" in "".join(report.lines())


@pytest.mark.parametrize("year", [None, 1999, 2021])
def test_an_export_taken_in_again_changes_nothing(
    installation: Installation, year: int | None
) -> None:
    with writing(installation.database, AUTHOR) as writer:
        writer.record_case(case("fukuma", FUKUMA, year=year))
        writer.record_case(case("several", KAMIKUISHIKI, FUKUTSU, year=year))
    stored = ExportReader(installation.database).cases(Audience.CURATOR)
    report = taken(installation, as_csv(stored, "utf-8-sig").content)
    assert {row.outcome for row in report.rows} == {RowOutcome.UNCHANGED}, list(report.lines())
