"""Writing: exactly the columns of DS-451-3, safe in a spreadsheet, rights beside them."""

import csv
import io
import json
from dataclasses import replace

import pytest

from indexer.exchange.selecting import select
from indexer.installation import Installation
from kb.catalogue.entries import Authorship, CaseEntry, DocumentEntry
from kb.catalogue.exchange.ds451 import as_csv, as_jsonl
from kb.catalogue.exchange.exporting import ExportReader, StoredCase
from kb.catalogue.exchange.fields import OWN_COLUMNS
from kb.catalogue.writing import writing
from kb.domain.case_study import COLUMNS
from kb.domain.classification import DocumentKind
from kb.domain.rights import Audience, Rights, Terms
from kb.search.query import Asked, Facet
from kb.search.service import SearchService
from tests.conftest import ROOT

STATEMENT = "(報告資料の複写・転用などはお控えくださるようお願いします。)"
CASE = CaseEntry("a", "窓口の改善", ("402249",), keywords=("窓口", "待ち時間"))


def stored(**changes: object) -> StoredCase:
    return StoredCase(replace(CASE, **changes), (), ())  # type: ignore[arg-type]


def parsed(content: bytes, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(encoding), newline="")))


def test_the_columns_are_those_of_the_model_then_ours_then_rights(sample: Installation) -> None:
    content = as_csv(ExportReader(sample.database).cases(Audience.ANONYMOUS)).content
    heading = content.decode("utf-8-sig").partition("\r\n")[0].split(",")
    assert heading == [*COLUMNS, *OWN_COLUMNS, "資料の利用条件"]
    corpus = (ROOT / "corpus" / "cases.csv").read_text("utf-8").partition("\n")[0].split(",")
    assert heading[:-1] == corpus
    assert content.startswith(b"\xef\xbb\xbf")


@pytest.mark.shared
def test_the_columns_are_those_of_the_guide(shared: object) -> None:
    docx = pytest.importorskip("docx")
    guide = docx.Document(f"{shared}/data/reference/DS-451-3-case-study-data-model.docx")
    (table,) = [t for t in guide.tables if t.cell(0, 0).text == "必須項目"]
    assert tuple(row.cells[1].text.strip() for row in table.rows[1:]) == COLUMNS


def test_the_sample_is_written_as_it_was_given(sample: Installation) -> None:
    written = parsed(as_csv(ExportReader(sample.database).cases(Audience.ANONYMOUS)).content)
    given = {row["ID"]: row for row in parsed((ROOT / "corpus" / "cases.csv").read_bytes())}
    assert len(written) == len(given) == 33
    for row in written:
        statement = row.pop("資料の利用条件")
        for name in ("部署", "テーマ"):
            assert sorted(row[name].split(";")) == sorted(given[row["ID"]].pop(name).split(";"))
            del row[name]
        assert row == given[row["ID"]]
        if row["ID"] == "case-fukutsu-2021":
            assert statement == STATEMENT


def test_formulas_are_guarded_in_csv_and_plain_in_json() -> None:
    case = stored(title='=HYPERLINK("http://example.jp")', narrative={"purpose": "-5分"})
    (row,) = parsed(as_csv([case]).content)
    assert (row["タイトル"], row["目的"]) == ("'" + case.entry.title, "'-5分")
    line = json.loads(as_jsonl([case]).content)
    assert line["title"] == case.entry.title
    assert line["keywords"] == ["窓口", "待ち時間"]
    assert "subtitle" not in line


def test_what_cp932_lacks_is_named_and_marked() -> None:
    written = as_csv([stored(title="𠮷野の改善 9〜17時 😀")], "cp932")
    assert set(written.lacking) == {"😀", "𠮷"}
    assert parsed(written.content, "cp932")[0]["タイトル"] == "〓野の改善 9～17時 〓"
    assert as_csv([stored()], "cp932").lacking == ()


def test_statements_of_documents_nobody_may_know_of_stay_inside(
    installation: Installation,
) -> None:
    with writing(installation.database, Authorship("test")) as writer:
        writer.record_case(CASE)
        for terms in Terms:
            rights = Rights(terms, f"{terms.value}の文")
            kind = DocumentKind.SLIDES
            writer.record_document(DocumentEntry(terms.value, "題", kind, rights, case_id="a"))
    reader = ExportReader(installation.database)
    seen = {audience: reader.cases(audience)[0].statements for audience in Audience}
    assert set(seen[Audience.ANONYMOUS]) == {"openの文", "unknownの文", "no_copyの文"}
    assert set(seen[Audience.STAFF]) == set(seen[Audience.ANONYMOUS]) | {"internalの文"}
    assert len(seen[Audience.CURATOR]) == len(Terms)


def test_all_but_specimens_are_selected(sample: Installation) -> None:
    everything = select(sample.database, None, Asked(), specimens=True)
    real = select(sample.database, None, Asked(), specimens=False)
    assert (len(everything.cases), everything.notices) == (33, ())
    assert not any(case.entry.specimen for case in real.cases)
    assert f"見本の事例{33 - len(real.cases)}件" in real.notices[0]
    ids = [case.entry.id for case in everything.cases]
    assert ids == sorted(ids)


def test_a_question_selects_what_the_search_finds(
    sample: Installation, service: SearchService
) -> None:
    asked = Asked("", {Facet.MUNICIPALITY: ("福津市",)}, page_size=1)
    chosen = select(sample.database, service, asked, specimens=True)
    assert [case.entry.id for case in chosen.cases] == ["case-fukutsu-2020", "case-fukutsu-2021"]
    missing = select(sample.database, service, Asked("福津市 zzqqx"), specimens=True)
    assert "zzqqx" in missing.notices[0]
