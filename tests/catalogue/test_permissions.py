"""Permissions, corrections and takedowns as the catalogue keeps them."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from sqlalchemy import select

from indexer.installation import Installation
from kb.catalogue import models as m
from kb.catalogue.changes import UnknownReference
from kb.catalogue.entries import Authorship, CaseEntry, DocumentEntry, EventEntry
from kb.catalogue.rights.permissions import known_to, rights_on
from kb.catalogue.rights.reading import RightsReader, RightsRecord
from kb.catalogue.writing import writing
from kb.domain.classification import DocumentKind, EventState
from kb.domain.rights import PERMITTED, Audience, Permission, Rights, Terms, allowed

DAY = date(2026, 10, 1)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)
DOCUMENT = DocumentEntry("doc-1", "窓口の記録", DocumentKind.REPORT, Rights(Terms.NO_COPY, "原文"))
OPEN = Permission(Terms.OPEN, "福津市総務課", BEFORE, DAY)


@pytest.fixture
def clock(installation: Installation) -> list[date]:
    """The day that everybody sees, to be changed in place."""
    days = [DAY]
    installation.database.today = lambda: days[0]
    return days


def record_of(installation: Installation, document: str = "doc-1") -> RightsRecord:
    record = RightsReader(installation.database).record(document)
    assert record is not None
    return record


def terms_of(installation: Installation, document: str = "doc-1") -> Terms:
    return record_of(installation, document).rights.terms


def actions(installation: Installation, document: str = "doc-1") -> list[str]:
    return [change.action for change in record_of(installation, document).history]


def test_the_condition_in_sql_says_what_allowed_says(installation: Installation) -> None:
    """For every terms, with every permission in every state, for every audience."""
    states = {
        "holds": (BEFORE, None, None),
        "last": (BEFORE, DAY, None),
        "out": (BEFORE, BEFORE, None),
        "ahead": (AFTER, None, None),
        "ended": (BEFORE, None, DAY),
    }
    with writing(installation.database, Authorship("test")) as writer:
        for terms, permitted, state in product(Terms, (None, *PERMITTED), states):
            id_ = f"{terms}-{permitted}-{state}"
            writer.record_document(replace(DOCUMENT, id=id_, rights=Rights(terms)))
            if permitted:
                on, until, _ = states[state]
                number = writer.rights.permit(id_, Permission(permitted, "福津市", on, until))
                row = writer.session.get_one(m.PermissionRow, number)
                row.ended_on = states[state][2]
    with installation.database.reading() as session:
        rows = session.scalars(select(m.DocumentRow)).all()
        assert len(rows) == 5 * 4 * 5
        for audience in Audience:
            known = set(session.scalars(select(m.DocumentRow.id).where(known_to(audience, DAY))))
            expected = {r.id for r in rows if allowed(rights_on(r, DAY), audience).metadata}
            assert known == expected, audience


def test_a_permission_holds_until_midnight_and_is_noted_once(
    installation: Installation, clock: list[date]
) -> None:
    with writing(installation.database, Authorship("test")) as writer:
        writer.record_document(DOCUMENT)
        writer.rights.permit("doc-1", OPEN, "メールで")
    view = installation.catalogue.document("doc-1", Audience.ANONYMOUS)
    assert view is not None
    assert view.rights == Rights(Terms.NO_COPY, "原文", OPEN)
    assert installation.note_permissions() == 0
    clock[0] = AFTER
    view = installation.catalogue.document("doc-1", Audience.ANONYMOUS)
    assert view is not None
    assert view.rights == Rights(Terms.NO_COPY, "原文")
    sequence = installation.catalogue.sequence()
    assert installation.note_permissions() == 1
    assert installation.note_permissions() == 0
    assert installation.catalogue.sequence() == sequence + 1
    held = record_of(installation).permissions[0]
    assert (held.permission.ended_on, held.note) == (AFTER, "メールで")
    assert actions(installation) == ["permitted", "permission_ended"]


def test_a_permission_that_lies_ahead_is_noted_when_it_begins(
    installation: Installation, clock: list[date]
) -> None:
    with writing(installation.database, Authorship("test")) as writer:
        writer.record_document(DOCUMENT)
        writer.rights.permit("doc-1", replace(OPEN, allowed_on=AFTER, valid_until=None))
    assert record_of(installation).rights.permission is None
    assert installation.note_permissions() == 0
    clock[0] = AFTER
    assert installation.note_permissions() == 1
    assert installation.note_permissions() == 0
    assert record_of(installation).rights.permission is not None
    assert actions(installation) == ["permitted", "permission_begun"]


def test_a_permission_is_taken_back_at_once_and_by_its_own_document_only(
    installation: Installation,
) -> None:
    with writing(installation.database, Authorship("test")) as writer:
        writer.record_document(DOCUMENT)
        writer.record_document(replace(DOCUMENT, id="doc-2"))
        number = writer.rights.permit("doc-1", replace(OPEN, valid_until=None))
    with (
        pytest.raises(UnknownReference),
        writing(installation.database, Authorship("test")) as writer,
    ):
        writer.rights.end_permission("doc-2", number)
    with writing(installation.database, Authorship("test")) as writer:
        assert writer.rights.end_permission("doc-1", number)
        assert not writer.rights.end_permission("doc-1", number)
    assert record_of(installation).rights.permission is None


def test_a_takedown_and_a_correction_outlast_the_record_handed_in_again(
    installation: Installation,
) -> None:
    open_ = replace(DOCUMENT, rights=Rights(Terms.OPEN))
    with writing(installation.database, Authorship("test")) as writer:
        writer.record_document(open_)
        assert writer.withdraw("doc-1")
        assert not writer.withdraw("doc-1")
    with writing(installation.database, Authorship("test")) as writer:
        writer.record_document(open_)
    assert terms_of(installation) is Terms.WITHDRAWN
    with writing(installation.database, Authorship("test")) as writer:
        assert writer.rights.restore("doc-1")
        assert not writer.rights.restore("doc-1")
        assert writer.rights.correct("doc-1", Terms.NO_COPY, "複写はご遠慮ください")
        assert not writer.rights.correct("doc-1", Terms.NO_COPY, "複写はご遠慮ください")
    with writing(installation.database, Authorship("test")) as writer:
        writer.record_document(open_)
    assert record_of(installation).rights == Rights(Terms.NO_COPY, "複写はご遠慮ください")
    assert actions(installation) == ["withdrawn", "restored", "rights_corrected"]


def test_a_record_that_says_withdrawn_takes_down_a_corrected_document(
    installation: Installation,
) -> None:
    with writing(installation.database, Authorship("test")) as writer:
        writer.record_document(DOCUMENT)
        writer.rights.correct("doc-1", Terms.OPEN, None)
        writer.record_document(replace(DOCUMENT, rights=Rights(Terms.WITHDRAWN)))
    assert terms_of(installation) is Terms.WITHDRAWN
    with (
        pytest.raises(UnknownReference, match="初めから"),
        writing(installation.database, Authorship("test")) as writer,
    ):
        writer.rights.restore("doc-1")
    with writing(installation.database, Authorship("test")) as writer:
        writer.record_document(replace(DOCUMENT, rights=Rights(Terms.INTERNAL)))
    assert terms_of(installation) is not Terms.OPEN


@pytest.fixture
def with_a_case(installation: Installation) -> Installation:
    """A case with two documents, shown at an event that has one of its own."""
    with writing(installation.database, Authorship("test")) as writer:
        writer.record_event(EventEntry("ev-1", "見本の集い", EventState.REPORTED))
        writer.record_case(CaseEntry("case-1", "窓口の改善", ("402249",), event_id="ev-1"))
        for id_, case, event in (
            ("doc-1", "case-1", None), ("doc-2", "case-1", None), ("doc-3", None, "ev-1")
        ):  # fmt: skip
            writer.record_document(replace(DOCUMENT, id=id_, case_id=case, event_id=event))
    return installation


def test_a_case_goes_down_with_its_documents_and_comes_back_as_it_was(
    with_a_case: Installation,
) -> None:
    database, catalogue = with_a_case.database, with_a_case.catalogue
    with writing(database, Authorship("test")) as writer:
        writer.withdraw("doc-2")
    with writing(database, Authorship("test", "申し出")) as writer:
        assert writer.rights.withdraw_case("case-1") == ("doc-1",)
    assert catalogue.case("case-1", Audience.ANONYMOUS) is None
    assert catalogue.case("case-1", Audience.CURATOR) is not None
    with writing(database, Authorship("test")) as writer:
        writer.record_case(CaseEntry("case-1", "窓口の改善", ("402249",), event_id="ev-1"))
    assert catalogue.case("case-1", Audience.ANONYMOUS) is None
    with writing(database, Authorship("test")) as writer:
        assert writer.rights.restore_case("case-1") == ("doc-1",)
        assert writer.rights.restore_case("case-1") == ()
    assert catalogue.case("case-1", Audience.ANONYMOUS) is not None
    assert terms_of(with_a_case, "doc-1") is Terms.NO_COPY
    assert terms_of(with_a_case, "doc-2") is Terms.WITHDRAWN


def test_the_documents_of_an_event_go_down_and_come_back(with_a_case: Installation) -> None:
    with writing(with_a_case.database, Authorship("test")) as writer:
        assert writer.rights.withdraw_event("ev-1") == ("doc-1", "doc-2", "doc-3")
    assert with_a_case.catalogue.event("ev-1", Audience.ANONYMOUS) is not None
    assert with_a_case.catalogue.documents(["doc-1", "doc-3"], Audience.STAFF) == {}
    with writing(with_a_case.database, Authorship("test")) as writer:
        assert writer.rights.restore_event("ev-1") == ("doc-1", "doc-2", "doc-3")


def test_what_was_closed_is_withheld_until_the_index_has_followed(
    with_a_case: Installation, clock: list[date]
) -> None:
    catalogue = with_a_case.catalogue
    internal = replace(DOCUMENT, id="doc-4", rights=Rights(Terms.INTERNAL))
    with writing(with_a_case.database, Authorship("test")) as writer:
        writer.record_document(internal)
        writer.rights.permit("doc-4", OPEN)
    seen = catalogue.sequence()
    assert catalogue.withheld(seen, Audience.ANONYMOUS) == frozenset()
    clock[0] = AFTER
    assert catalogue.withheld(seen, Audience.ANONYMOUS) == {"document:doc-4"}
    assert catalogue.withheld(seen, Audience.STAFF) == frozenset()
    with_a_case.note_permissions()
    assert catalogue.withheld(seen, Audience.ANONYMOUS) == {"document:doc-4"}
    with writing(with_a_case.database, Authorship("test")) as writer:
        writer.withdraw("doc-1")
    assert catalogue.withheld(seen, Audience.ANONYMOUS) == {"document:doc-4", "case:case-1"}
    assert catalogue.withheld(catalogue.sequence(), Audience.ANONYMOUS) == frozenset()


@pytest.mark.parametrize("what", ["permit", "correct", "restore", "withdraw_case", "restore_event"])
def test_what_does_not_exist_is_refused(installation: Installation, what: str) -> None:
    arguments = {"permit": (OPEN,), "correct": (Terms.OPEN, None)}
    with (
        pytest.raises(UnknownReference, match="none"),
        writing(installation.database, Authorship("test")) as writer,
    ):
        getattr(writer.rights, what)("none", *arguments.get(what, ()))
    assert RightsReader(installation.database).record("none") is None
