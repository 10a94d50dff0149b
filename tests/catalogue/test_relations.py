"""Casebooks, parts at events, people over time, programmes and series in the catalogue."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from indexer.csv_rows import BadRow, documents
from indexer.installation import Installation
from kb.catalogue import models as m
from kb.catalogue.changes import UnknownReference
from kb.catalogue.entries import (
    CaseEntry,
    DocumentEntry,
    EventEntry,
    EventPartEntry,
    ExcerptEntry,
    PersonEntry,
    ProgrammeEntry,
    RoleEntry,
)
from kb.catalogue.exchange.exporting import ExportReader
from kb.catalogue.writing import CatalogueWriter, writing
from kb.domain.classification import DocumentKind, EventPart, EventState
from kb.domain.rights import Audience, Rights, Terms
from tests.search.casebooks import AUTHOR, BOOK, change_book, record_book

READER = Audience.ANONYMOUS
SERIES = "海辺の発表会"
EVENTS = tuple(
    EventEntry(
        f"ev-{year}", f"海辺の発表会{year}", EventState.REPORTED, series=SERIES,
        held_on=date(year, 9, 3), attendance=year - 2000, programme_id="prog",
    )
    for year in (2020, 2021, 2022)
)  # fmt: skip
CASES = (
    CaseEntry("case-1", "一年目", ("402249",), implemented_in=2019, event_id="ev-2020",
              programme_id="prog", cohort=2019),
    CaseEntry("case-2", "二年目", ("402249",), implemented_in=2020, event_id="ev-2021",
              programme_id="prog", cohort=2020, continues_id="case-1"),
    CaseEntry("case-3", "別の町", ("131148",), implemented_in=2020, event_id="ev-2021"),
)  # fmt: skip
PAPERS = tuple(
    DocumentEntry(
        f"doc-no{number}", f"海辺だより {number}", DocumentKind.NEWSLETTER, rights,
        series="海辺だより", series_number=f"第{number}号",
    )
    for number, rights in (
        (9, Rights(Terms.OPEN)), (10, Rights(Terms.OPEN)), (11, Rights(Terms.INTERNAL)),
    )
)  # fmt: skip
MESSAGE = DocumentEntry(
    "doc-message", "応援のことば", DocumentKind.MESSAGE, Rights(Terms.OPEN), case_id="case-2"
)
SECRET = DocumentEntry("doc-secret", "庁内の打合せ", DocumentKind.OTHER, Rights(Terms.INTERNAL))
ROLES = (
    RoleEntry("p", "海辺市 係長", "発表", date(2020, 9, 3), "ev-2020", None, "case-1"),
    RoleEntry(
        "p", "海辺市長", "応援メッセージ", date(2021, 9, 3), "ev-2021", "doc-message", "case-2"
    ),
    RoleEntry("p", "海辺市長", "対談", date(2022, 9, 3), "ev-2022"),
    RoleEntry("p", "海辺市 秘書", "打合せ", date(2021, 1, 1), None, "doc-secret"),
    RoleEntry("p", "学生", "ふり返り", None, "ev-2022"),
)  # fmt: skip


def record(writer: CatalogueWriter) -> None:
    writer.record_programme(ProgrammeEntry("prog", "海辺の研究会", None, (2019, 2020, 2021)))
    for event in EVENTS:
        writer.record_event(event)
    for case in CASES:
        writer.record_case(case)
    writer.record_person(PersonEntry("p", "海野渚", ("海野なぎさ",), "うみの なぎさ"))
    for document in (*PAPERS, MESSAGE, SECRET):
        writer.record_document(document)
    for role in ROLES:
        writer.record_role(role)


@pytest.fixture
def filled(installation: Installation) -> Installation:
    with writing(installation.database, AUTHOR) as writer:
        record(writer)
    return installation


def notes(installation: Installation, key: str) -> Sequence[m.SourceEventRow]:
    with installation.database.reading() as session:
        wanted = select(m.SourceEventRow).filter_by(subject_id=key).order_by(m.SourceEventRow.id)
        return session.scalars(wanted).all()


# --- casebooks ----------------------------------------------------------------------------


def test_a_case_shows_the_casebook_with_its_pages(installation: Installation) -> None:
    record_book(installation)
    case = installation.catalogue.case("case-a", READER)
    assert case is not None
    assert [(d.id, str(d.excerpt), d.pages) for d in case.documents] == [("doc-book", "2-4", 7)]
    brief = installation.catalogue.cases_in_brief(["case-a", "case-b"], READER)
    told = [str(brief[name].documents[0].excerpt) for name in ("case-a", "case-b")]
    assert told == ["2-4", "4-5"]


def test_a_casebook_tells_which_cases_stand_where(installation: Installation) -> None:
    record_book(installation)
    book = installation.catalogue.document("doc-book", READER)
    assert book is not None
    assert [(c.case_id, c.places, str(c.pages)) for c in book.contains] == [
        ("case-a", ("福津市",), "2-4"),
        ("case-b", ("中野区",), "4-5"),
    ]


def test_a_casebook_names_no_case_that_a_reader_may_not_know_of(
    installation: Installation,
) -> None:
    record_book(installation)
    with writing(installation.database, AUTHOR) as writer:
        writer.rights.withdraw_case("case-b")
    for audience in (READER, Audience.MEMBER, Audience.STAFF):
        book = installation.catalogue.document("doc-book", audience)
        assert book is not None
        assert [case.case_id for case in book.contains] == ["case-a"], audience


def test_the_words_of_a_casebook_stand_beside_its_cases_in_an_export(
    installation: Installation,
) -> None:
    words = "複写しないでください"
    record_book(installation, replace(BOOK, rights=Rights(Terms.NO_COPY, words)))
    cases = ExportReader(installation.database).cases(READER)
    assert {case.entry.id: case.statements for case in cases} == {
        "case-a": (words,), "case-b": (words,),
    }  # fmt: skip


def test_a_case_may_stand_in_several_places_of_a_casebook(installation: Installation) -> None:
    record_book(installation)
    apart = (ExcerptEntry("case-a", 6, 6), *BOOK.excerpts, ExcerptEntry("case-a", 3, 4))
    assert change_book(installation, excerpts=apart)
    told = notes(installation, "doc-book")[-1]
    assert told.change["excerpts"][1] == ["case-a:2-4,6-6", "case-b:4-5"]
    assert not change_book(installation, excerpts=apart[:3])
    case = installation.catalogue.case("case-a", READER)
    book = installation.catalogue.document("doc-book", READER)
    assert case is not None
    assert book is not None
    assert [(d.id, str(d.excerpt)) for d in case.documents] == [("doc-book", "2-4, 6")]
    assert [(c.case_id, str(c.pages)) for c in book.contains] == [
        ("case-a", "2-4, 6"), ("case-b", "4-5"),
    ]  # fmt: skip


def test_a_changed_range_is_told_of_and_the_same_is_no_change(installation: Installation) -> None:
    record_book(installation)
    assert not change_book(installation)
    assert change_book(installation, excerpts=BOOK.excerpts[:1])
    told = notes(installation, "doc-book")[-1]
    assert told.change["excerpts"] == [["case-a:2-4", "case-b:4-5"], ["case-a:2-4"]]


@pytest.mark.parametrize(
    ("excerpts", "said"),
    [
        ((ExcerptEntry("case-a", 4, 2),), "範囲になりません"),
        ((ExcerptEntry("case-a", 0, 2),), "範囲になりません"),
        ((ExcerptEntry("case-a", 5, 8),), "7ページを超えています"),
        ((ExcerptEntry("case-x", 1, 2),), "case-x は登録されていません"),
    ],
)  # fmt: skip
def test_pages_that_are_none_are_refused(
    installation: Installation, excerpts: tuple[ExcerptEntry, ...], said: str
) -> None:
    record_book(installation)
    with pytest.raises(UnknownReference, match=said):
        change_book(installation, excerpts=excerpts)


def test_a_document_of_one_case_has_no_excerpts(installation: Installation) -> None:
    record_book(installation)
    with pytest.raises(UnknownReference, match="どちらか一方"):
        change_book(installation, case_id="case-a")


def test_pages_are_not_checked_before_the_file_is_held(installation: Installation) -> None:
    far = replace(BOOK, excerpts=(ExcerptEntry("case-a", 90, 99),))
    record_book(installation, far)
    book = installation.catalogue.document("doc-book", READER)
    assert book is not None
    assert book.contains[0].pages.last == 99


# --- parts at events ----------------------------------------------------------------------


def test_documents_are_grouped_by_their_part_at_an_event(filled: Installation) -> None:
    parts = (
        EventPartEntry("ev-2021", EventPart.REPORTS),
        EventPartEntry("ev-2022", EventPart.USED),
    )
    with writing(filled.database, AUTHOR) as writer:
        assert writer.record_document(replace(PAPERS[1], event_id="ev-2021", event_parts=parts))
        assert not writer.record_document(
            replace(PAPERS[1], event_id="ev-2021", event_parts=parts[::-1])
        )
    page = filled.catalogue.event("ev-2021", READER)
    assert page is not None
    assert [(part, [d.id for d in known]) for part, known in page.parts] == [
        (EventPart.REPORTS, ["doc-no10"])
    ]
    assert [d.id for d in page.documents] == ["doc-message"]
    document = filled.catalogue.document("doc-no10", READER)
    assert document is not None
    assert [(p.event_id, p.part) for p in document.event_parts] == [
        ("ev-2021", EventPart.REPORTS), ("ev-2022", EventPart.USED),
    ]  # fmt: skip


def test_a_part_at_an_unknown_event_is_refused(filled: Installation) -> None:
    part = EventPartEntry("ev-x", EventPart.USED)
    with (
        pytest.raises(UnknownReference, match="ev-x は登録されていません"),
        writing(filled.database, AUTHOR) as writer,
    ):
        writer.record_document(replace(PAPERS[0], event_parts=(part,)))


def test_a_hidden_document_has_no_part_for_those_who_may_not_know(filled: Installation) -> None:
    part = EventPartEntry("ev-2022", EventPart.USED)
    with writing(filled.database, AUTHOR) as writer:
        writer.record_document(replace(SECRET, event_parts=(part,)))
    outside = filled.catalogue.event("ev-2022", READER)
    inside = filled.catalogue.event("ev-2022", Audience.STAFF)
    assert outside is not None and inside is not None  # noqa: PT018 - one thing
    assert outside.parts == ()
    assert [d.id for d in inside.parts[0][1]] == ["doc-secret"]


@pytest.mark.parametrize(
    ("column", "cell"),
    [("excerpts", "case-a"), ("excerpts", "case-a:x-3"), ("excerpts", "case-a:5-3"),
     ("excerpts", ":3"), ("event_parts", "ev-1"), ("event_parts", "ev-1:shown")],
)  # fmt: skip
def test_a_cell_that_cannot_be_read_is_refused(
    tmp_path_factory: pytest.TempPathFactory, column: str, cell: str
) -> None:
    path = tmp_path_factory.mktemp("csv") / "documents.csv"
    path.write_text(f"id,title,kind,{column}\ndoc-1,題,report,{cell}\n", encoding="utf-8")
    with pytest.raises(BadRow, match=column):
        documents(path)


def test_cells_of_ranges_and_parts_are_read(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("csv") / "documents.csv"
    path.write_text(
        "id,title,kind,excerpts,event_parts\n"
        'doc-1,題,casebook,"case-a:3-5,9;case-b:7",ev-1:used;ev-2:reports\n',
        encoding="utf-8",
    )
    [(entry, _)] = documents(path)
    assert entry.excerpts == (
        ExcerptEntry("case-a", 3, 5), ExcerptEntry("case-a", 9, 9), ExcerptEntry("case-b", 7, 7),
    )  # fmt: skip
    assert entry.event_parts == (
        EventPartEntry("ev-1", EventPart.USED), EventPartEntry("ev-2", EventPart.REPORTS),
    )  # fmt: skip


# --- people, programmes, series, lineage --------------------------------------------------


def test_posts_of_a_person_follow_one_another(filled: Installation) -> None:
    page = filled.catalogue.person("p", READER)
    assert page is not None
    assert [(step.title, step.first, step.last) for step in page.career] == [
        ("学生", None, None),
        ("海辺市 係長", date(2020, 9, 3), date(2020, 9, 3)),
        ("海辺市長", date(2021, 9, 3), date(2022, 9, 3)),
    ]
    assert [role.part for role in page.career[-1].roles] == ["応援メッセージ", "対談"]
    message = page.career[-1].roles[0]
    assert (message.document_title, message.case_title, message.event_title) == (
        "応援のことば", "二年目", "海辺の発表会2021",
    )  # fmt: skip


def test_a_person_leads_to_documents_cases_events_and_their_lineage(filled: Installation) -> None:
    page = filled.catalogue.person("p", READER)
    assert page is not None
    assert [d.id for d in page.documents] == ["doc-message"]
    assert {c.id for c in page.cases} == {"case-1", "case-2"}
    assert [e.id for e in page.events] == ["ev-2022", "ev-2021", "ev-2020"]
    assert [[c.id for c in chain] for chain in page.lineages] == [["case-1", "case-2"]]


def test_what_a_hidden_document_tells_of_a_person_stays_hidden(filled: Installation) -> None:
    inside = filled.catalogue.person("p", Audience.STAFF)
    assert inside is not None
    assert "海辺市 秘書" in [step.title for step in inside.career]
    assert "doc-secret" in [d.id for d in inside.documents]


def test_a_programme_shows_its_cohorts_newest_first(filled: Installation) -> None:
    page = filled.catalogue.programme("prog", READER)
    assert page is not None
    assert [(c.year, [each.id for each in c.cases]) for c in page.cohorts] == [
        (2021, []), (2020, ["case-2"]), (2019, ["case-1"]),
    ]  # fmt: skip
    assert [e.id for e in page.events] == ["ev-2022", "ev-2021", "ev-2020"]
    assert [len(chain) for chain in page.lineages] == [2]


def test_an_event_shows_the_lineage_of_its_cases(filled: Installation) -> None:
    page = filled.catalogue.event("ev-2021", READER)
    assert page is not None
    assert [[c.id for c in chain] for chain in page.lineages] == [["case-1", "case-2"]]


def test_a_series_of_events_lists_its_editions_newest_first(filled: Installation) -> None:
    page = filled.catalogue.series(SERIES, READER)
    assert page is not None
    assert [(e.event.id, e.event.attendance, len(e.cases)) for e in page.editions] == [
        ("ev-2022", 22, 0), ("ev-2021", 21, 2), ("ev-2020", 20, 1),
    ]  # fmt: skip


def test_a_series_of_documents_is_in_the_order_of_its_numbers(filled: Installation) -> None:
    outside = filled.catalogue.series("海辺だより", READER)
    inside = filled.catalogue.series("海辺だより", Audience.STAFF)
    assert outside is not None and inside is not None  # noqa: PT018 - one thing
    assert [d.id for d in outside.documents] == ["doc-no10", "doc-no9"]
    assert [d.id for d in inside.documents] == ["doc-no11", "doc-no10", "doc-no9"]


def test_series_are_listed_as_far_as_one_may_know(filled: Installation) -> None:
    with writing(filled.database, AUTHOR) as writer:
        writer.record_document(replace(SECRET, series="庁内の記録"))
    listed = [(s.name, s.events, s.documents) for s in filled.catalogue.series_list(READER)]
    assert listed == [(SERIES, 3, 0), ("海辺だより", 0, 2)]
    assert filled.catalogue.series("庁内の記録", READER) is None
    assert filled.catalogue.series("どこにもない", READER) is None


def test_a_series_that_the_machine_is_sure_of_has_a_page(filled: Installation) -> None:
    sure = {"series": [{"value": "波の便り", "confidence": 0.95, "rule": "title", "evidence": []}]}
    with writing(filled.database, AUTHOR) as writer:
        writer.record_document(replace(SECRET, rights=Rights(Terms.OPEN)))
    with filled.database.writing() as session:
        session.get_one(m.DocumentRow, "doc-secret").recognised = sure
    page = filled.catalogue.series("波の便り", READER)
    assert page is not None
    assert [d.series for d in page.documents] == ["波の便り"]
