"""Two cases become one, and two again; nobody sees more than before."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from indexer.installation import Installation
from kb.catalogue import models as m
from kb.catalogue.changes import UnknownReference
from kb.catalogue.entries import (
    Authorship,
    CaseEntry,
    DocumentEntry,
    ExcerptEntry,
    PersonEntry,
    RoleEntry,
)
from kb.catalogue.merging import state
from kb.catalogue.merging.fields import Take
from kb.catalogue.merging.service import Merging
from kb.catalogue.merging.views import CannotMerge, MergeOrder
from kb.catalogue.reading import CatalogueReader
from kb.catalogue.review.views import ChangedMeanwhile
from kb.catalogue.rights.withdrawing import Named, put_back, take_down
from kb.catalogue.writing import writing
from kb.domain.classification import DocumentKind, Theme
from kb.domain.known_question import Expected, KnownQuestion
from kb.domain.rights import Audience, Rights, Terms, allowed
from tests.catalogue.drafts import AUTHOR, case, draft

WHO = Authorship("編集担当 山田花子")


@pytest.fixture
def desk(installation: Installation) -> Merging:
    return Merging(installation.database)


def order(desk: Merging, kept: str = "case-a", other: str = "case-b", **takes: Take) -> MergeOrder:
    form = desk.form(kept, other)
    assert form is not None
    return MergeOrder(kept, other, form.kept.version, form.other.version, takes)


def told(installation: Installation, case_id: str) -> state.Told:
    with installation.database.reading() as session:
        return state.told_of(session, session.get_one(m.CaseRow, case_id))


def everything(installation: Installation) -> dict[str, Any]:
    """All that a merge may touch, without the numbers of rows."""
    with installation.database.reading() as session:
        cases = session.scalars(select(m.CaseRow).order_by(m.CaseRow.id))
        questions = session.scalars(select(m.KnownQuestionRow))
        lines = session.scalars(select(m.IntakeLineRow))
        return {
            "cases": {row.id: state.told_of(session, row) for row in cases},
            "questions": {row.id: row.expected for row in questions},
            "lines": [line.record_id for line in lines],
        }


def two(installation: Installation, **fields: Any) -> None:
    """Two cases of one town, with a document each."""
    case(installation, "case-a", "窓口の改善", implemented_in=2021)
    case(installation, "case-b", "窓口改善の取組", implemented_in=2021, **fields)
    shown: dict[str, Any] = {"published": True, "draft": False, "rights": Rights(Terms.OPEN)}
    for name in ("a", "b"):
        draft(installation, f"doc-{name}", case_id=f"case-{name}", **shown)


def tie_everything(installation: Installation) -> None:
    """To case-b: people, years before and after, casebooks, a question, an intake's line."""
    case(installation, "case-before", "前の年の取組")
    two(
        installation, continues_id="case-before", keywords=("窓口",), themes=(Theme.CULTURE,),
        departments=("市民課",), narrative={"summary": "窓口を一つにしました。"},
    )  # fmt: skip
    case(installation, "case-after", "次の年の取組", continues_id="case-b")
    draft(installation, "book", pages=9)
    ranges = (ExcerptEntry("case-a", 2, 4), ExcerptEntry("case-b", 5, 6))
    book = DocumentEntry(
        "book", "事例集", DocumentKind.CASEBOOK, Rights(Terms.OPEN), excerpts=ranges
    )
    wanted = Expected(first=("case-b",), found=(("case-b", "case-a"), ("doc-b#1",)))
    with writing(installation.database, AUTHOR) as writer:
        writer.record_document(book)
        for name in ("花子", "太郎"):
            writer.record_person(PersonEntry(name, name))
        for case_id in ("case-a", "case-b"):
            writer.record_role(RoleEntry("花子", "課長", "発表", case_id=case_id))
        writer.record_role(RoleEntry("太郎", "係長", "発表", case_id="case-b"))
        writer.questions.record(KnownQuestion("q-1", "窓口 改善", wanted))
        writer.session.add(
            m.IntakeRow(id="in-1", number=1, source="page", sha256="0", text="")
        )  # fmt: skip
        writer.session.flush()
        line = m.IntakeLineRow(intake_id="in-1", key="k", kind="case", record_id="case-b",
                               state="accepted")  # fmt: skip
        writer.session.add(line)


# --- what moves -----------------------------------------------------------------------------


def test_everything_tied_to_one_goes_to_the_other(
    installation: Installation, desk: Merging
) -> None:
    tie_everything(installation)
    desk.merge(order(desk, departments=Take.OTHER), WHO)
    kept = told(installation, "case-a")
    assert kept["documents"] == ["doc-a", "doc-b"]
    assert kept["excerpts"] == [["book", 2, 6]]
    assert [role[0] for role in kept["roles"]] == ["花子", "太郎"]
    assert kept["continued_by"] == ["case-after"]
    assert kept["row"]["continues_id"] == "case-before"
    assert kept["row"]["title"] == "窓口の改善"
    assert kept["row"]["narrative"] == {"summary": "窓口を一つにしました。"}
    assert kept["themes"] == ["culture"]
    held = everything(installation)
    assert "case-b" not in held["cases"]
    assert held["questions"]["q-1"]["first"] == ["case-a"]
    assert held["questions"]["q-1"]["found"] == [["case-a"], ["doc-b#1"]]
    assert held["lines"] == ["case-a"]
    assert desk.merged_into("case-b") == "case-a"
    assert desk.merged_into("case-a") is None


def test_split_puts_both_back_as_they_were(installation: Installation, desk: Merging) -> None:
    tie_everything(installation)
    before = everything(installation)
    desk.merge(order(desk, title=Take.OTHER, keywords=Take.BOTH), WHO)
    assert everything(installation) != before
    assert desk.split("case-b", WHO) == "case-a"
    assert everything(installation) == before
    assert desk.merged_into("case-b") is None
    desk.merge(order(desk, "case-b", "case-a"), WHO)
    desk.split("case-a", WHO)
    assert everything(installation) == before


def test_a_case_that_continues_the_other_does_so_no_more_and_again(
    installation: Installation, desk: Merging
) -> None:
    two(installation, continues_id="case-a")
    before = everything(installation)
    desk.merge(order(desk, "case-b", "case-a"), WHO)
    assert told(installation, "case-b")["row"]["continues_id"] is None
    desk.split("case-a", WHO)
    assert everything(installation) == before
    desk.merge(order(desk), WHO)
    assert told(installation, "case-a")["row"]["continues_id"] is None
    desk.split("case-b", WHO)
    assert everything(installation) == before


def test_what_was_changed_since_is_not_split(installation: Installation, desk: Merging) -> None:
    two(installation)
    desk.merge(order(desk), WHO)
    draft(installation, "doc-c", case_id="case-a")
    [merged] = desk.start("case-a").merged  # type: ignore[union-attr] # it is there
    assert "変わりました" in merged.kept_back
    with pytest.raises(CannotMerge, match="分けられません"):
        desk.split("case-b", WHO)
    with pytest.raises(UnknownReference, match="統合されていません"):
        desk.split("case-a", WHO)


def test_merges_in_a_row_are_undone_from_the_last(
    installation: Installation, desk: Merging
) -> None:
    two(installation)
    case(installation, "case-c", "窓口の改善 2021")
    before = everything(installation)
    desk.merge(order(desk, "case-b", "case-a"), WHO)
    desk.merge(order(desk, "case-c", "case-b"), WHO)
    assert desk.merged_into("case-a") == "case-c"
    with pytest.raises(CannotMerge, match="case-c の中"):
        desk.split("case-a", WHO)
    desk.split("case-b", WHO)
    desk.split("case-a", WHO)
    assert everything(installation) == before


def test_each_of_it_is_told(installation: Installation, desk: Merging) -> None:
    tie_everything(installation)
    desk.merge(order(desk, title=Take.OTHER), WHO)
    with installation.database.reading() as session:
        event = m.SourceEventRow
        found = session.scalars(select(event).where(event.actor == WHO.actor))
        events = {(e.action, e.subject_kind, e.subject_id): e.change for e in found}
    assert events["merged", "case", "case-b"] == {"merged_into": [None, "case-a"]}
    assert events["merged", "case", "case-a"]["title"] == ["窓口の改善", "窓口改善の取組"]
    assert events["changed", "document", "doc-b"] == {"case_id": ["case-b", "case-a"]}
    ranges = [["case-a:2-4", "case-b:5-6"], ["case-a:2-6"]]
    assert events["changed", "document", "book"] == {"excerpts": ranges}
    assert events["changed", "case", "case-after"] == {"continues_id": ["case-b", "case-a"]}


def test_no_other_table_names_a_case(installation: Installation) -> None:
    """One that did would have to be moved too, or a merge would fail on it."""
    naming = {
        f"{table.name}.{column.name}"
        for table in m.Base.metadata.tables.values()
        for column in table.columns
        if any(key.column.table.name == "case_study" for key in column.foreign_keys)
    }
    assert naming == {
        "case_study.continues_id", "case_municipality.case_id", "case_department.case_id",
        "case_theme.case_id", "document.case_id", "role.case_id", "case_excerpt.case_id",
    }  # fmt: skip


# --- what is refused ------------------------------------------------------------------------


def test_who_comes_second_is_told(installation: Installation, desk: Merging) -> None:
    two(installation)
    late = order(desk)
    case(installation, "case-b", "窓口改善の取組(改)")
    with pytest.raises(ChangedMeanwhile):
        desk.merge(late, WHO)
    case(installation, "case-a", "窓口の改善(改)")
    with pytest.raises(ChangedMeanwhile):
        desk.merge(replace(order(desk), version=late.version), WHO)
    with pytest.raises(UnknownReference, match="case-none"):
        desk.merge(replace(late, other_id="case-none"), WHO)


def test_what_cannot_be_one_is_refused(installation: Installation, desk: Merging) -> None:
    two(installation)
    case(installation, "case-s", "窓口の改善", specimen=True)
    case(installation, "case-m", "間の年", continues_id="case-b")
    with pytest.raises(CannotMerge, match="見本"):
        desk.merge(order(desk, "case-a", "case-s"), WHO)
    with pytest.raises(CannotMerge, match="同じ事例"):
        desk.merge(order(desk, "case-a", "case-a"), WHO)
    case(installation, "case-a", "窓口の改善", continues_id="case-m")
    with pytest.raises(CannotMerge, match="はさんで"):
        desk.merge(order(desk), WHO)
    assert "はさんで" in desk.form("case-a", "case-b").refused  # type: ignore[union-attr]


def test_pages_that_lie_apart_or_overlap_come_together_and_part_again(
    installation: Installation, desk: Merging
) -> None:
    two(installation)
    for name, ranges in (
        ("apart", (("case-a", 1, 2), ("case-b", 8, 9), ("case-b", 4, 4))),
        ("over", (("case-a", 2, 6), ("case-b", 4, 8), ("case-a", 9, 9))),
    ):
        draft(installation, name, pages=9)
        entries = tuple(ExcerptEntry(*each) for each in ranges)
        book = DocumentEntry(name, "事例集", DocumentKind.CASEBOOK, Rights(), excerpts=entries)
        with writing(installation.database, AUTHOR) as writer:
            writer.record_document(book)
    before = everything(installation)
    desk.merge(order(desk), WHO)
    assert told(installation, "case-a")["excerpts"] == [
        ["apart", 1, 2], ["apart", 4, 4], ["apart", 8, 9], ["over", 2, 9],
    ]  # fmt: skip
    desk.split("case-b", WHO)
    assert everything(installation) == before


# --- rights ---------------------------------------------------------------------------------


def seen(installation: Installation) -> dict[tuple[str, Audience], bool]:
    """What everybody may know of every document, as the pages of cases show it."""
    reader = CatalogueReader(installation.database)
    found = {}
    for audience in Audience:
        cases = filter(None, (reader.case(name, audience) for name in ("case-a", "case-b")))
        shown = {document.id for each in cases for document in each.documents}
        with installation.database.reading() as session:
            ids = session.scalars(select(m.DocumentRow.id))
            found.update({(id_, audience): id_ in shown for id_ in ids})
    return found


def test_nobody_sees_more_than_before(installation: Installation, desk: Merging) -> None:
    two(installation)
    for terms in Terms:
        for published in (True, False):
            draft(installation, f"{terms}-{published}", case_id="case-b", rights=Rights(terms),
                  published=published, draft=not published)  # fmt: skip
    take_down(installation.database, Named(documents=("doc-b",)), AUTHOR, lambda _: None)
    before = seen(installation)
    desk.merge(order(desk), WHO)
    assert seen(installation) == before
    for (document, audience), shown in before.items():
        if document.endswith("-True"):
            terms = Rights(Terms(document.removesuffix("-True")))
            assert shown is allowed(terms, audience).metadata
    put_back(installation.database, Named(documents=("doc-b",)), AUTHOR)
    assert seen(installation)["doc-b", Audience.ANONYMOUS]


def test_a_case_taken_down_or_not_published_gives_nothing_away(
    installation: Installation, desk: Merging
) -> None:
    two(installation)
    with writing(installation.database, AUTHOR) as writer:
        writer.record_case(CaseEntry("case-d", "下書きの事例", ("402249",)))
        writer.review.hold_back("case-d")
    with pytest.raises(CannotMerge, match="公開中の事例"):
        desk.merge(order(desk, "case-d", "case-a"), WHO)
    desk.merge(order(desk, "case-a", "case-d"), WHO)
    take_down(installation.database, Named(cases=("case-b",)), AUTHOR, lambda _: None)
    for pair in (("case-a", "case-b"), ("case-b", "case-a")):
        with pytest.raises(CannotMerge, match="取り下げ"):
            desk.merge(order(desk, *pair), WHO)


def test_until_the_index_has_followed_the_old_case_is_withheld(
    installation: Installation, desk: Merging
) -> None:
    two(installation)
    installation.up_to_date()
    reader = CatalogueReader(installation.database)
    with installation.database.reading() as session:
        sequence = max(session.scalars(select(m.SourceEventRow.id)))
    desk.merge(order(desk), WHO)
    assert "case:case-b" in reader.withheld(sequence, Audience.ANONYMOUS)
    assert "case:case-a" not in reader.withheld(sequence, Audience.ANONYMOUS)


# --- what names the old one -----------------------------------------------------------------


def test_a_list_that_comes_in_again_brings_nothing_back(
    installation: Installation, desk: Merging
) -> None:
    tie_everything(installation)
    desk.merge(order(desk), WHO)
    before = everything(installation)
    with writing(installation.database, AUTHOR) as writer:
        assert not writer.record_case(CaseEntry("case-b", "窓口改善の取組", ("402249",)))
        assert not writer.record_role(RoleEntry("太郎", "係長", "発表", case_id="case-b"))
        after = CaseEntry("case-after", "次の年の取組", ("402249",), continues_id="case-b")
        assert not writer.record_case(after)
        ranges = (ExcerptEntry("case-a", 2, 4), ExcerptEntry("case-b", 5, 6))
        writer.record_document(DocumentEntry("book", "事例集", DocumentKind.CASEBOOK,
                                             Rights(Terms.OPEN), excerpts=ranges))  # fmt: skip
        with pytest.raises(UnknownReference, match="case-a に統合されました"):
            writer.review.attach("doc-a", "case-b", None)
    assert everything(installation) == before


# --- looking for doubles --------------------------------------------------------------------


def test_likely_doubles_and_what_is_searched_for(installation: Installation, desk: Merging) -> None:
    two(installation)
    case(installation, "case-far", "防災訓練", implemented_in=2010)
    case(installation, "case-near", "財政の見える化", implemented_in=2020)
    likely = desk.start("case-a")
    assert likely is not None
    assert [each.case.id for each in likely.likely] == ["case-b", "case-near"]
    assert likely.likely[0].reasons == ("題名が似ています", "同じ自治体", "近い年度")
    for typed in ("case-far", "https://example.jp/cases/case-far?q=x", "防災", "防 災訓"):
        found = desk.start("case-a", typed)
        assert found is not None
        assert [each.case.id for each in found.likely] == ["case-far"]
    assert desk.start("case-none") is None
    assert desk.form("case-a", "case-none") is None


def test_defaults_take_what_one_side_alone_says(installation: Installation, desk: Merging) -> None:
    two(installation, keywords=("b",), subtitle="副題")
    case(installation, "case-a", "窓口の改善", keywords=("a",), contact="総務課")
    form = desk.form("case-a", "case-b")
    assert form is not None
    usual = {field.name: field.usual for field in form.fields}
    assert usual == {
        "title": Take.KEPT, "municipality_codes": Take.KEPT, "implemented_in": Take.OTHER,
        "keywords": Take.BOTH, "subtitle": Take.OTHER, "contact": Take.KEPT,
    }  # fmt: skip
    assert [f.name for f in form.fields if f.same] == ["municipality_codes"]
    assert {f.name: f.other for f in form.fields}["implemented_in"] == "2021年度(令和3年度)"
    desk.merge(order(desk), WHO)
    kept = told(installation, "case-a")["row"]
    assert (kept["keywords"], kept["subtitle"], kept["contact"]) == (["a", "b"], "副題", "総務課")
