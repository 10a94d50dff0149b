"""What stands for a field: on whose word, and what of it an audience may read."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.domain.rights import SNIPPET_CHARACTERS, Audience, Rights, Terms, allowed
from kb.domain.settled import (
    SURE,
    TIGHTENING,
    Basis,
    Decision,
    Field,
    Ground,
    Proposal,
    Settlement,
    proposals_from,
    quoted_length,
    settle,
    shown,
    to_settle,
)

NOW = datetime(2026, 4, 1, tzinfo=UTC)
UNKNOWN = Rights()
EVERYBODY = tuple(Audience)


def proposal(value: str | int, confidence: float = 0.97, rule: str = "owner_line") -> Proposal:
    return Proposal(value, confidence, rule, (Ground(1, "page", f"前後{value}前後", str(value)),))


def proposed(**fields: Proposal) -> dict[Field, tuple[Proposal, ...]]:
    return {Field(name): (each,) for name, each in fields.items()}


def decided(*values: str | int) -> Decision:
    return Decision(values, "編集担当", NOW)


def basis(settlement: Settlement, name: Field) -> tuple[Any, Basis] | None:
    standing = settlement.standing.get(name)
    return (standing.value, standing.basis) if standing else None


def test_a_sure_proposal_stands_and_keeps_its_grounds() -> None:
    settlement = settle({}, proposed(municipality=proposal("402249")), {})
    standing = settlement.standing[Field.MUNICIPALITY]
    assert (standing.values, standing.basis) == (("402249",), Basis.PROPOSED)
    assert standing.confidence == 0.97
    assert standing.evidence[0].words == "402249"


def test_a_proposal_below_sure_stands_for_nothing() -> None:
    settlement = settle({}, proposed(kind=proposal("report", SURE - 0.001)), {})
    assert Field.KIND not in settlement.standing
    assert [p.value for p in settlement.open_proposals()[Field.KIND]] == ["report"]


def test_what_is_recorded_stands_before_what_is_proposed() -> None:
    settlement = settle({Field.KIND: ("slides",)}, proposed(kind=proposal("report")), {})
    assert basis(settlement, Field.KIND) == ("slides", Basis.RECORDED)
    assert settlement.sure() == ()


def test_a_decision_stands_before_everything() -> None:
    recorded = {Field.IMPLEMENTED_IN: (2020,)}
    proposals = proposed(implemented_in=proposal(2021))
    settlement = settle(recorded, proposals, {Field.IMPLEMENTED_IN: decided(2022)})
    assert basis(settlement, Field.IMPLEMENTED_IN) == (2022, Basis.DECIDED)
    assert settlement.open_proposals() == {}


def test_none_can_be_settled() -> None:
    proposals = proposed(municipality=proposal("402249"), series=proposal("通信"))
    decisions = {Field.MUNICIPALITY: decided(), Field.SERIES: decided()}
    settlement = settle({}, proposals, decisions)
    assert basis(settlement, Field.MUNICIPALITY) == ((), Basis.DECIDED)
    assert basis(settlement, Field.SERIES) == (None, Basis.DECIDED)
    assert settlement.text(Field.SERIES) is None


def test_of_several_values_only_the_sure_ones_stand() -> None:
    themes = (proposal("finance", 0.92), proposal("digital", 0.8))
    settlement = settle({}, {Field.THEMES: themes}, {})
    assert settlement.texts(Field.THEMES) == ("finance",)
    assert [p.value for p in settlement.open_proposals()[Field.THEMES]] == ["digital"]


def test_a_document_is_called_something_however_unsure() -> None:
    settlement = settle({}, proposed(title=proposal("資料1", 0.3)), {})
    assert basis(settlement, Field.TITLE) == ("資料1", Basis.PROPOSED)
    assert settlement.sure() == ()


def test_people_are_shown_and_not_settled() -> None:
    settlement = settle({}, proposed(people=proposal("福津市長 見本太郎")), {})
    assert basis(settlement, Field.PEOPLE) == (("福津市長 見本太郎",), Basis.PROPOSED)
    assert settlement.sure() == ()


@pytest.mark.parametrize("terms", [Terms.UNKNOWN, Terms.NO_COPY, Terms.INTERNAL])
def test_a_recognised_refusal_stands_where_nothing_looser_was_said(terms: Terms) -> None:
    refusal = proposed(rights_statement=proposal("複写禁止", 0.95, "refusal"))
    settlement = settle({}, refusal, {}, terms)
    assert basis(settlement, Field.RIGHTS_STATEMENT) == ("複写禁止", Basis.PROPOSED)


def test_a_recognised_open_licence_changes_nothing_until_it_is_decided() -> None:
    licence = proposed(rights_statement=proposal("自由に利用できます", 0.99, "open_licence"))
    settlement = settle({}, licence, {})
    assert settlement.standing == {}
    assert settlement.sure() == ()
    settled = settle({}, licence, {Field.RIGHTS_STATEMENT: decided("自由に利用できます")})
    assert settled.text(Field.RIGHTS_STATEMENT) == "自由に利用できます"


def test_a_refusal_under_open_terms_waits_for_a_curator() -> None:
    refusal = proposed(rights_statement=proposal("複写禁止", 0.95, "refusal"))
    settlement = settle({}, refusal, {}, Terms.OPEN)
    assert settlement.standing == {}
    assert Field.RIGHTS_STATEMENT in settlement.open_proposals()


# --- what the recognisers wrote ----------------------------------------------------------


def written(value: object, confidence: float = 0.95, **more: object) -> dict[str, Any]:
    evidence = {"page": 1, "source": "page", "text": "前 福津市 後", "start": 2, "end": 5}
    return {
        "value": value, "confidence": confidence, "rule": "head", "evidence": [evidence], **more
    }  # fmt: skip


def test_what_the_recognisers_wrote_is_read() -> None:
    recognised = {
        "municipality": written("402249", also=["131148"]),
        "implemented_in": written(2021),
        "departments": [written({"name": "総務課", "municipality": None, "functions": []}, 0.8)],
        "people": [written({"name": "見本太郎", "role": "福津市長", "rank": "head"})],
        "provisional_title": written("仮の題"),
    }
    found = proposals_from(recognised)
    assert [p.value for p in found[Field.MUNICIPALITY]] == ["402249", "131148"]
    assert found[Field.IMPLEMENTED_IN][0].value == 2021
    assert found[Field.DEPARTMENTS][0].value == "総務課"
    assert found[Field.PEOPLE][0].value == "福津市長 見本太郎"
    assert set(found) == {
        Field.MUNICIPALITY, Field.IMPLEMENTED_IN, Field.DEPARTMENTS, Field.PEOPLE
    }  # fmt: skip
    assert found[Field.MUNICIPALITY][0].evidence[0].where == "1ページ目"


def test_one_department_named_for_two_towns_is_one_proposal() -> None:
    twice = [
        written({"name": "まちづくり推進課", "municipality": code}, confidence)
        for code, confidence in (("402249", 0.95), ("244724", 0.8))
    ]
    [found] = proposals_from({"departments": twice})[Field.DEPARTMENTS]
    assert (found.value, found.confidence) == ("まちづくり推進課", 0.95)


# --- showing -----------------------------------------------------------------------------


def with_grounds(*texts: str) -> Settlement:
    names = [name for name in Field if name is not Field.RIGHTS_STATEMENT]
    found = {
        name: (Proposal("x", 0.99, "r", (Ground(1, "page", f"…{text}…", text),)),)
        for name, text in zip(names, texts, strict=False)
    }
    return settle({}, found, {})


def test_recorded_and_decided_values_are_shown_bare() -> None:
    proposals = proposed(kind=proposal("slides"), series=proposal("通信"))
    settlement = settle({Field.KIND: ("slides",)}, proposals, {Field.SERIES: decided("通信")})
    for standing in shown(settlement, UNKNOWN, Audience.ANONYMOUS).values():
        assert (standing.confidence, standing.evidence) == (None, ())


def test_evidence_is_the_words_alone() -> None:
    told = shown(with_grounds("福津市"), UNKNOWN, Audience.ANONYMOUS)
    assert [ground.text for ground in told[Field.MUNICIPALITY].evidence] == ["福津市"]


def test_what_the_file_is_called_is_shown_where_its_text_is() -> None:
    grounds = (Ground(None, "file", "秘密の名.pdf"), Ground(None, "metadata", "作成者"))
    settlement = settle({}, {Field.KIND: (Proposal("report", 0.95, "r", grounds),)}, {})
    hidden = shown(settlement, UNKNOWN, Audience.ANONYMOUS)[Field.KIND]
    assert hidden.evidence == ()
    told = shown(settlement, Rights(Terms.OPEN), Audience.ANONYMOUS)[Field.KIND]
    assert [ground.where for ground in told.evidence] == ["ファイル名", "ファイルの情報"]


@given(st.lists(st.text(min_size=1, max_size=80), max_size=10), st.sampled_from(Terms))
def test_evidence_stays_within_what_may_be_quoted(texts: list[str], terms: Terms) -> None:
    rights = Rights(terms)
    for audience in EVERYBODY:
        may = allowed(rights, audience)
        told = shown(with_grounds(*texts), rights, audience)
        quoted = sum(len(g.text) for each in told.values() for g in each.evidence)
        assert may.metadata or not told
        assert may.page_text or quoted <= may.snippet_characters


def test_a_recognised_statement_is_whole_or_not_shown() -> None:
    long = proposed(rights_statement=proposal("禁" * (SNIPPET_CHARACTERS + 1), 0.95, "refusal"))
    settlement = settle({}, long, {})
    assert shown(settlement, UNKNOWN, Audience.ANONYMOUS) == {}
    assert Field.RIGHTS_STATEMENT in shown(settlement, UNKNOWN, Audience.CURATOR)
    short = proposed(
        rights_statement=proposal("複写はお控えください", 0.95, "refusal"),
        municipality=proposal("福" * (SNIPPET_CHARACTERS - 5)),
    )
    told = shown(settle({}, short, {}), UNKNOWN, Audience.ANONYMOUS)
    assert told[Field.RIGHTS_STATEMENT].value == "複写はお控えください"
    assert quoted_length(told) == len("複写はお控えください")
    assert told[Field.MUNICIPALITY].evidence == ()


@pytest.mark.parametrize("terms", [Terms.INTERNAL, Terms.WITHDRAWN])
def test_nothing_is_told_of_what_must_not_be_known(terms: Terms) -> None:
    settlement = settle({}, proposed(title=proposal("庁内資料")), {}, terms)
    assert shown(settlement, Rights(terms), Audience.ANONYMOUS) == {}


def test_unsure_proposals_are_for_curators() -> None:
    settlement = settle({}, proposed(kind=proposal("report", 0.7)), {})
    for audience in EVERYBODY:
        waiting = to_settle(settlement, Rights(Terms.OPEN), audience)
        assert bool(waiting) is (audience is Audience.CURATOR)
    assert to_settle(settlement, Rights(Terms.WITHDRAWN), Audience.CURATOR) == {}


@given(
    st.dictionaries(st.sampled_from(Field), st.floats(0, 1), max_size=12),
    st.sampled_from([*sorted(TIGHTENING), "open_licence", "words"]),
    st.sampled_from(Terms),
)
def test_whatever_is_proposed_rights_are_never_loosened(
    confidences: dict[Field, float], rule: str, terms: Terms
) -> None:
    proposals = {name: (proposal("x", c, rule),) for name, c in confidences.items()}
    settlement = settle({}, proposals, {}, terms)
    for name, standing in settlement.standing.items():
        assert name is Field.TITLE or (standing.confidence or 0) >= SURE
    if Field.RIGHTS_STATEMENT in settlement.standing:
        assert rule in TIGHTENING
        assert terms is not Terms.OPEN
