"""Decisions: made, taken back, told of, and overwritten by nothing."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event, select

from indexer.installation import Installation
from kb.catalogue import models as m
from kb.catalogue.changes import UnknownReference
from kb.catalogue.entries import Authorship, CaseEntry, DocumentEntry, HeldFile
from kb.catalogue.indexable import IndexableReader, IndexableSubject
from kb.catalogue.review.decisions import CannotDecide, DecisionReader
from kb.catalogue.session import Database
from kb.catalogue.views import DocumentView
from kb.catalogue.writing import writing
from kb.domain.classification import DocumentKind, Theme
from kb.domain.rights import Audience, Rights, Terms
from kb.domain.settled import Basis, Field, Value

CURATOR = Authorship("編集担当", "確認")
FILLED = (Field.TITLE.value, Field.KIND.value)
UNDESCRIBED = DocumentEntry("doc-1", "ファイル名", DocumentKind.OTHER, Rights(), filled=FILLED)
DESCRIBED = DocumentEntry(
    "doc-1", "記録の題", DocumentKind.REPORT, Rights(), municipality_codes=("131148",),
    presented_in=2020,
)  # fmt: skip


def proposal(value: object, confidence: float = 0.97, rule: str = "rule") -> dict[str, Any]:
    evidence = {"page": 1, "source": "page", "text": "根拠", "start": 0, "end": 2, "words": "根拠"}
    return {"value": value, "confidence": confidence, "rule": rule, "evidence": [evidence]}


PROPOSED = {
    "title": proposal("読み取った題", 0.8),
    "municipality": proposal("402249"),
    "implemented_in": proposal(2021),
    "kind": proposal("slides"),
    "themes": [proposal("finance", 0.92), proposal("digital", 0.6)],
    "rights_statement": proposal("複写はお控えください。", 0.95, "refusal"),
}


def attach(database: Database, recognised: Mapping[str, Any] = PROPOSED) -> None:
    """Give the document a file that was read, as ingesting and reading again do."""
    held = HeldFile(
        "a" * 64, 10, "application/pdf", "資料.pdf", "indexed", None, "pdf 1", 0, None, (), "f",
        recognised=recognised,
    )  # fmt: skip
    with writing(database, Authorship("kb reread")) as writer:
        writer.attach_file("doc-1", held)


def record(database: Database, entry: DocumentEntry) -> bool:
    with writing(database, Authorship("kb ingest")) as writer:
        return writer.record_document(entry)


def decide(database: Database, name: Field, *values: Value) -> bool:
    with writing(database, CURATOR) as writer:
        return writer.decisions.decide("doc-1", name, values)


def take_back(database: Database, name: Field) -> bool:
    with writing(database, CURATOR) as writer:
        return writer.decisions.take_back("doc-1", name)


def view(installation: Installation) -> DocumentView:
    found = installation.catalogue.document("doc-1", Audience.CURATOR)
    assert found is not None
    return found


def standing(installation: Installation, name: Field) -> tuple[Any, Basis] | None:
    found = view(installation).settlement.standing.get(name)
    return (found.value, found.basis) if found else None


def subject(database: Database) -> IndexableSubject:
    [found] = IndexableReader(database).subjects()
    return found


@pytest.fixture
def undescribed(installation: Installation) -> Installation:
    record(installation.database, UNDESCRIBED)
    attach(installation.database)
    return installation


def test_what_is_only_filled_in_gives_way_to_a_proposal(undescribed: Installation) -> None:
    assert standing(undescribed, Field.KIND) == ("slides", Basis.PROPOSED)
    assert standing(undescribed, Field.TITLE) == ("読み取った題", Basis.PROPOSED)
    found = view(undescribed)
    assert (found.title, found.kind) == ("読み取った題", DocumentKind.SLIDES)
    assert [place.name for place in found.municipalities] == ["福津市"]


def test_what_is_recorded_does_not(undescribed: Installation) -> None:
    assert record(undescribed.database, DESCRIBED)
    found = view(undescribed)
    assert (found.title, found.kind, found.presented_in) == ("記録の題", DocumentKind.REPORT, 2020)
    assert [place.name for place in found.municipalities] == ["中野区"]
    assert standing(undescribed, Field.KIND) == ("report", Basis.RECORDED)


def test_the_kind_that_a_person_gives_as_other_is_recorded(undescribed: Installation) -> None:
    assert record(undescribed.database, replace(UNDESCRIBED, filled=()))
    assert standing(undescribed, Field.KIND) == ("other", Basis.RECORDED)
    assert not record(undescribed.database, replace(UNDESCRIBED, filled=()))


def test_a_decision_says_who_when_and_what_was_proposed(undescribed: Installation) -> None:
    database = undescribed.database
    assert decide(database, Field.KIND, "report")
    assert not decide(database, Field.KIND, "report")
    with database.reading() as session:
        row = session.get_one(m.DecisionRow, ("doc-1", "kind"))
        assert (row.value, row.decided_by, row.filled) == ("report", "編集担当", True)
        assert row.decided_at is not None
        assert row.proposed == [{"value": "slides", "confidence": 0.97, "rule": "rule"}]
        change = session.scalars(select(m.SourceEventRow).order_by(m.SourceEventRow.id)).all()[-1]
    assert (change.action, change.actor, change.why) == ("decided", "編集担当", "確認")
    assert change.change["kind"] == ["slides", "report"]
    assert change.change["proposed"][0]["value"] == "slides"


def test_a_decision_taken_back_lets_the_rest_stand(undescribed: Installation) -> None:
    database = undescribed.database
    for name, value in ((Field.KIND, "report"), (Field.MUNICIPALITY, "131148")):
        decide(database, name, value)
        assert take_back(database, name)
        assert not take_back(database, name)
    assert standing(undescribed, Field.KIND) == ("slides", Basis.PROPOSED)
    assert standing(undescribed, Field.MUNICIPALITY) == (("402249",), Basis.PROPOSED)
    with database.reading() as session:
        actions = [row.action for row in session.scalars(select(m.SourceEventRow))]
    assert actions[-4:] == ["decided", "taken_back", "decided", "taken_back"]


def test_none_can_be_settled(undescribed: Installation) -> None:
    assert decide(undescribed.database, Field.MUNICIPALITY)
    assert standing(undescribed, Field.MUNICIPALITY) == ((), Basis.DECIDED)
    assert view(undescribed).municipalities == ()
    assert subject(undescribed.database).municipality_codes == ()


SETTLED: Mapping[Field, tuple[Value, ...]] = {
    Field.MUNICIPALITY: ("131148", "244724"),
    Field.IMPLEMENTED_IN: (2019,),
    Field.PRESENTED_IN: (),
    Field.KIND: ("survey",),
    Field.TITLE: ("確定した題",),
    Field.THEMES: ("culture",),
    Field.FUNCTIONS: ("policy",),
    Field.DEPARTMENTS: ("総務課",),
    Field.SERIES: ("通信",),
    Field.SERIES_NUMBER: ("10",),
    Field.RIGHTS_STATEMENT: ("転載はご遠慮ください。",),
}


@pytest.fixture
def settled(undescribed: Installation) -> Installation:
    for name, values in SETTLED.items():
        assert decide(undescribed.database, name, *values)
    return undescribed


def decided(installation: Installation) -> Mapping[Field, tuple[Value, ...]]:
    """What stands because a curator said so."""
    found = view(installation).settlement
    names = [name for name, one in found.standing.items() if one.basis is Basis.DECIDED]
    return {name: found.values(name) for name in names}


def test_reading_again_overwrites_no_decision(settled: Installation) -> None:
    attach(settled.database)
    assert decided(settled) == SETTLED


def test_another_version_of_the_recognisers_overwrites_no_decision(settled: Installation) -> None:
    attach(settled.database, {"title": proposal("別の題", 0.99), "kind": proposal("article", 0.99)})
    attach(settled.database, {})
    assert decided(settled) == SETTLED


def test_taking_the_file_in_again_overwrites_no_decision(settled: Installation) -> None:
    record(settled.database, UNDESCRIBED)
    assert decided(settled) == SETTLED


def test_recording_from_tables_overwrites_no_decision(settled: Installation) -> None:
    rights = Rights(Terms.NO_COPY, "記録の原文")
    record(settled.database, replace(DESCRIBED, rights=rights, series="記録の通信"))
    assert decided(settled) == SETTLED
    assert view(settled).rights == Rights(Terms.NO_COPY, "転載はご遠慮ください。")


def test_taken_back_the_record_shows_as_it_is_by_then(settled: Installation) -> None:
    record(settled.database, DESCRIBED)
    for name in SETTLED:
        assert take_back(settled.database, name)
    found = view(settled)
    assert (found.title, found.kind) == ("記録の題", DocumentKind.REPORT)
    assert found.rights.statement is None


def test_settled_values_are_what_is_shown_and_indexed(settled: Installation) -> None:
    found = view(settled)
    assert found.title == "確定した題"
    assert found.kind is DocumentKind.SURVEY
    assert [place.name for place in found.municipalities] == ["中野区", "南伊勢町"]
    assert (found.series, found.series_number) == ("通信", "10")
    indexed = subject(settled.database)
    assert indexed.municipality_codes == ("131148", "244724")
    assert indexed.prefectures == ("13", "24")
    assert (indexed.implemented_in, indexed.presented_in) == (2019, None)
    assert (indexed.themes, indexed.functions) == (("culture",), ("policy",))
    assert {"確定した題", "総務課", "中野区"} <= set(indexed.documents[0].titles)
    assert "ファイル名" not in indexed.documents[0].titles


def test_a_settled_statement_is_shown_and_loosens_nothing(undescribed: Installation) -> None:
    decide(undescribed.database, Field.RIGHTS_STATEMENT, "自由に利用できます。")
    assert view(undescribed).rights == Rights(Terms.UNKNOWN, "自由に利用できます。")


def test_a_recorded_statement_is_not_settled_here(undescribed: Installation) -> None:
    record(undescribed.database, replace(UNDESCRIBED, rights=Rights(Terms.NO_COPY, "記録の原文")))
    with pytest.raises(CannotDecide, match="kb rights"):
        decide(undescribed.database, Field.RIGHTS_STATEMENT)
    assert view(undescribed).rights.statement == "記録の原文"


def test_every_sure_proposal_is_accepted_at_once(undescribed: Installation) -> None:
    reader = DecisionReader(undescribed.database)
    assert reader.unsettled() == ("doc-1",)
    with writing(undescribed.database, CURATOR) as writer:
        accepted = writer.decisions.accept_sure("doc-1")
    assert accepted == (
        Field.MUNICIPALITY, Field.IMPLEMENTED_IN, Field.KIND, Field.THEMES, Field.RIGHTS_STATEMENT
    )  # fmt: skip
    assert standing(undescribed, Field.THEMES) == (("finance",), Basis.DECIDED)
    assert standing(undescribed, Field.TITLE) == ("読み取った題", Basis.PROPOSED)
    assert reader.unsettled() == ()


def test_a_proposal_is_accepted_however_unsure(undescribed: Installation) -> None:
    with writing(undescribed.database, CURATOR) as writer:
        assert writer.decisions.accept("doc-1", Field.THEMES)
        assert writer.decisions.accept("doc-1", Field.TITLE)
    assert standing(undescribed, Field.THEMES) == (("finance", "digital"), Basis.DECIDED)
    assert standing(undescribed, Field.TITLE) == ("読み取った題", Basis.DECIDED)


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        (Field.PEOPLE, ("市長",), "人は"),
        (Field.TITLE, (), "題名"),
        (Field.TITLE, ("  ",), "空"),
        (Field.KIND, ("slides", "report"), "1つ"),
        (Field.KIND, ("巻物",), "巻物"),
        (Field.THEMES, ("占い",), "占い"),
        (Field.IMPLEMENTED_IN, (1500,), "1500"),
    ],
)
def test_what_makes_no_sense_is_refused(
    undescribed: Installation, name: Field, values: tuple[Value, ...], words: str
) -> None:
    before = undescribed.catalogue.sequence()
    with pytest.raises(CannotDecide, match=words):
        decide(undescribed.database, name, *values)
    assert undescribed.catalogue.sequence() == before


def test_what_is_not_there_is_told(undescribed: Installation) -> None:
    with pytest.raises(UnknownReference, match="999999"):
        decide(undescribed.database, Field.MUNICIPALITY, "999999")
    with pytest.raises(UnknownReference, match="doc-9"):
        DecisionReader(undescribed.database).document("doc-9")
    with (
        pytest.raises(CannotDecide, match="自動判定はありません"),
        writing(undescribed.database, CURATOR) as writer,
    ):
        writer.decisions.accept("doc-1", Field.SERIES)


def test_a_document_in_a_case_adds_nothing_to_the_case(undescribed: Installation) -> None:
    with writing(undescribed.database, CURATOR) as writer:
        writer.record_case(CaseEntry("case-1", "事例", ("131148",), themes=(Theme.CULTURE,)))
        writer.record_document(replace(UNDESCRIBED, case_id="case-1"))
    indexed = subject(undescribed.database)
    assert indexed.municipality_codes == ("131148",)
    assert (indexed.implemented_in, indexed.presented_in) == (None, None)
    assert (indexed.themes, indexed.functions) == (("culture",), ())
    assert "福津市" not in (*indexed.titles, *indexed.documents[0].titles)
    assert standing(undescribed, Field.MUNICIPALITY) == (("131148",), Basis.RECORDED)
    assert standing(undescribed, Field.THEMES) is None


def test_many_documents_are_read_in_a_few_queries(undescribed: Installation) -> None:
    database = undescribed.database
    for number in range(2, 12):
        with writing(database, CURATOR) as writer:
            writer.record_document(replace(UNDESCRIBED, id=f"doc-{number}"))
            writer.decisions.decide(f"doc-{number}", Field.MUNICIPALITY, [_codes()[number]])
    asked: list[str] = []
    event.listen(database._reading, "before_cursor_execute", lambda *given: asked.append(given[2]))
    [one] = installation_documents(undescribed, 1, 1)
    few = len(asked)
    asked.clear()
    found = installation_documents(undescribed, 1, 11)
    assert one.municipalities[0].name == "福津市"
    assert sum(bool(each.municipalities) for each in found) == 11
    assert len(asked) == few


def _codes() -> list[str]:
    return [f"{body}" for body in (
        "011002", "012025", "012033", "012041", "012050", "012068", "012076", "012084", "012092",
        "012106", "012114", "012122",
    )]  # fmt: skip


def installation_documents(installation: Installation, first: int, last: int) -> list[DocumentView]:
    ids = [f"doc-{number}" for number in range(first, last + 1)]
    return list(installation.catalogue.documents(ids, Audience.CURATOR).values())


def test_a_document_that_was_taken_down_tells_a_curator_no_word(
    installation: Installation,
) -> None:
    record(installation.database, UNDESCRIBED)
    attach(installation.database)
    assert DecisionReader(installation.database).unsettled() == ("doc-1",)
    with writing(installation.database, Authorship("test")) as writer:
        writer.rights.withdraw("doc-1")
    reader = DecisionReader(installation.database)
    with pytest.raises(UnknownReference, match="取り下げ済み"):
        reader.document("doc-1")
    assert reader.unsettled() == ()
