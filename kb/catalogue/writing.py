"""Changing the catalogue. Every change leaves a SourceEvent: who, when, what, why.

``with writing(database, authorship) as writer:`` is one transaction: all of it is kept,
or none. A change without a SourceEvent is refused at the commit.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict
from typing import TypeVar

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.accounts.rows import AccountWriter
from kb.catalogue.accounts.sign_ins import SignInWriter
from kb.catalogue.casebooks.writing import CasebookWriter
from kb.catalogue.changes import Changes, refuse_unrecorded
from kb.catalogue.editions.tables import EditionRow
from kb.catalogue.editions.writing import EditionWriter
from kb.catalogue.entries import (
    Authorship,
    CaseEntry,
    DocumentEntry,
    EventEntry,
    HeldFile,
    MunicipalityEntry,
    PersonEntry,
    ProgrammeEntry,
    RoleEntry,
)
from kb.catalogue.intake.records import IntakeRecords
from kb.catalogue.jobs.rows import JobRecords
from kb.catalogue.local_names.records import LocalNameWriter
from kb.catalogue.merging.follow import follow_case, follow_document, follow_role, merged_into
from kb.catalogue.merging.writing import MergeWriter
from kb.catalogue.pages import rows as page_rows
from kb.catalogue.questions.asked import AskedWriter
from kb.catalogue.questions.known import QuestionWriter
from kb.catalogue.relations_writing import record_relations
from kb.catalogue.retelling import Retelling
from kb.catalogue.review.decisions import DecisionWriter
from kb.catalogue.review.second_person import refuse_publishing_alone
from kb.catalogue.review.writing import ReviewWriter
from kb.catalogue.rights.writing import RightsWriter
from kb.catalogue.session import Database
from kb.catalogue.synonyms.records import SynonymWriter
from kb.catalogue.told_rows import telling_roles
from kb.catalogue.worklist.likeness import LikenessWriter
from kb.catalogue.worklist.sources import SourceMarker
from kb.domain.classification import Holding
from kb.domain.departments import functions_of

Writer = TypeVar("Writer")


@contextmanager
def writing_with(database: Database, make: Callable[[Session], Writer]) -> Iterator[Writer]:
    """One transaction on the catalogue, by whatever writer `make` gives its session.

    Raises:
        NeedsSecondPerson: nobody publishes alone here, and this one would.
    """
    with database.writing() as session:
        event.listen(session, "before_flush", refuse_unrecorded)
        yield make(session)
        refuse_publishing_alone(database, session)


def writing(
    database: Database, authorship: Authorship
) -> AbstractContextManager["CatalogueWriter"]:
    """One transaction on the catalogue in somebody's name.

    Raises:
        NeedsSecondPerson: nobody publishes alone here, and this one would.
    """
    return writing_with(database, lambda session: CatalogueWriter(session, authorship))


class CatalogueWriter:
    """Records entries; what is already recorded just so is left alone."""

    def __init__(self, session: Session, authorship: Authorship) -> None:
        self.session = session
        self.changes = Changes(session, authorship)
        self.rights = RightsWriter(session, self.changes)
        self.intakes = IntakeRecords(session, self.changes, authorship.actor)
        self.decisions = DecisionWriter(session, self.changes, authorship.actor)
        self.review = ReviewWriter(
            session, self.changes, authorship.actor, self.decisions, self.rights
        )
        self.likeness = LikenessWriter(session, self.changes, self.rights)
        self.sources = SourceMarker(session, self.changes)
        self.synonyms = SynonymWriter(session, self.changes)
        self.accounts = AccountWriter(session, self.changes)
        self.sign_ins = SignInWriter(session)
        self.asked = AskedWriter(session)
        self.questions = QuestionWriter(session, self.changes)
        self.jobs = JobRecords(session)
        self.tables = Retelling(session)
        self.casebooks = CasebookWriter(session, self.changes)
        self.editions = EditionWriter(session, self.changes, authorship.actor)
        self.merging = MergeWriter(session, self.changes, authorship.actor)
        self.local_names = LocalNameWriter(session, self.changes)

    # -- small records -------------------------------------------------------------------

    def record_municipality(self, entry: MunicipalityEntry) -> bool:
        """Record an invented municipality; whether anything changed."""
        return self.changes.put(
            m.MunicipalityRow,
            "municipality",
            entry.code,
            {**asdict(entry), "specimen": True},
            "code",
        )

    def record_programme(self, entry: ProgrammeEntry) -> bool:
        """Record a programme; whether anything changed."""
        values = {**asdict(entry), "cohorts": list(entry.cohorts)}
        return self.changes.put(m.ProgrammeRow, "programme", entry.id, values)

    def record_event(self, entry: EventEntry) -> bool:
        """Record an event and where it was seen; whether anything changed."""
        values = asdict(entry)
        del values["sources"]
        values |= {"keywords": list(entry.keywords), "state": entry.state.value}
        changed = self.changes.put(m.EventRow, "event", entry.id, values)
        return self.changes.add_sources(entry.sources, event_id=entry.id) or changed

    def record_person(self, entry: PersonEntry) -> bool:
        """Record a person; whether anything changed."""
        values = {**asdict(entry), "other_names": list(entry.other_names)}
        return self.changes.put(m.PersonRow, "person", entry.id, values)

    def record_role(self, entry: RoleEntry) -> bool:
        """Record what a person did, once; whether it was new."""
        values = asdict(follow_role(self.session, entry))
        if self.session.scalar(select(m.RoleRow.id).filter_by(**values)):
            return False
        self.changes.note("recorded", "person", entry.person_id, {"role": [None, entry.title]})
        self.session.add(m.RoleRow(**values))
        return True

    def change_role(self, number: int, entry: RoleEntry) -> bool:
        """Change the role of that row number; whether anything changed."""
        row = self.session.get_one(m.RoleRow, number)
        wanted = {n: v for n, v in asdict(entry).items() if getattr(row, n) != v}
        if not wanted:
            return False
        people = (row.person_id, entry.person_id)
        with telling_roles(self.session, self.changes, people, None):
            for name, value in wanted.items():
                setattr(row, name, value)
        return True

    # -- cases ---------------------------------------------------------------------------

    def record_case(self, entry: CaseEntry, *, draft: bool = False) -> bool:
        """Record a case with its places, departments and themes; whether anything changed.

        One that was merged into another is left alone. A new one that is a `draft` is kept from
        readers until a document of it is published.

        Raises:
            UnknownReference: a municipality code is not in the catalogue.
        """
        if merged_into(self.session, entry.id) is not None:
            return False
        entry = follow_case(self.session, entry)
        values = asdict(entry)
        for name in ("municipality_codes", "departments", "themes"):
            del values[name]
        values |= {
            "keywords": list(entry.keywords),
            "functions": _functions(entry),
            "narrative": dict(entry.narrative),
            "media": dict(entry.media),
        }
        new = self.session.get(m.CaseRow, entry.id) is None
        changed = self.changes.put(m.CaseRow, "case", entry.id, values)
        self.session.flush()
        if new and draft:
            self.review.hold_back(entry.id)
        case = self.session.get_one(m.CaseRow, entry.id)
        changed |= self._set_municipalities(entry)
        changed |= self._set_departments(case, entry)
        return self._set_themes(case, entry) or changed

    def _set_municipalities(self, entry: CaseEntry) -> bool:
        self.changes.require_codes(entry.municipality_codes)
        rows = self.session.scalars(
            select(m.CaseMunicipalityRow)
            .filter_by(case_id=entry.id)
            .order_by(m.CaseMunicipalityRow.position)
        ).all()
        before = [row.code for row in rows]
        if before == list(entry.municipality_codes):
            return False
        self.changes.note(
            "changed", "case", entry.id, {"municipalities": [before, entry.municipality_codes]}
        )
        for row in rows:
            self.session.delete(row)
        self.session.flush()
        self.session.add_all(
            m.CaseMunicipalityRow(case_id=entry.id, code=code, position=position)
            for position, code in enumerate(entry.municipality_codes)
        )
        return True

    def _set_departments(self, case: m.CaseRow, entry: CaseEntry) -> bool:
        before = [row.name for row in case.departments]
        if sorted(before) == sorted(entry.departments) or not entry.municipality_codes:
            return False
        self.changes.note("changed", "case", entry.id, {"departments": [before, entry.departments]})
        case.departments = [
            self._department(entry.municipality_codes[0], name) for name in entry.departments
        ]
        return True

    def _department(self, code: str, name: str) -> m.DepartmentRow:
        row = self.session.scalar(
            select(m.DepartmentRow).filter_by(municipality_code=code, name=name)
        )
        if row is None:
            function = next((f.value for f in functions_of(name)), None)
            row = m.DepartmentRow(municipality_code=code, name=name, function=function)
            self.session.add(row)
        return row

    def _set_themes(self, case: m.CaseRow, entry: CaseEntry) -> bool:
        before = [row.slug for row in case.themes]
        wanted = [theme.value for theme in entry.themes]
        if sorted(before) == sorted(wanted):
            return False
        self.changes.note("changed", "case", entry.id, {"themes": [before, wanted]})
        case.themes = [self.session.get_one(m.ThemeRow, slug) for slug in wanted]
        return True

    # -- documents -----------------------------------------------------------------------

    def record_document(self, entry: DocumentEntry) -> bool:
        """Record a document's description; whether anything changed.

        A document without an original is `located` until :meth:`attach_file`. What a curator
        has decided lies over what is recorded here, and stays; so does whether it is published.

        Raises:
            UnknownReference: a municipality, a case or an event is not in the catalogue, or the
                pages of a case are none of the document's.
        """
        entry = follow_document(self.session, entry)
        values = asdict(entry)
        for name in (
            "rights", "municipality_codes", "sources", "excerpts", "event_parts", "filled",
        ):  # fmt: skip
            del values[name]
        values |= {
            "kind": entry.kind.value,
            "rights_terms": entry.rights.terms.value,
            "rights_statement": self.decisions.statement(entry.id, entry.rights.statement),
            "keywords": list(entry.keywords),
            "departments": list(entry.departments),
        }
        held = self.session.get(m.DocumentRow, entry.id)
        if held is None:
            values["holding"] = Holding.LOCATED.value
        else:
            del values["published"], values["draft"]
        if held is not None and self.rights.kept(held, entry.rights.terms):
            del values["rights_terms"], values["rights_statement"]
        changed = self.changes.put(m.DocumentRow, "document", entry.id, values)
        changed |= self.changes.add_sources(entry.sources, document_id=entry.id)
        changed |= self.decisions.fill(entry.id, entry.filled)
        changed |= record_relations(self.session, self.changes, entry)
        return self._set_document_places(entry) or changed

    def _set_document_places(self, entry: DocumentEntry) -> bool:
        self.changes.require_codes(entry.municipality_codes)
        self.session.flush()
        document = self.session.get_one(m.DocumentRow, entry.id)
        before = [row.code for row in document.municipalities]
        if before == sorted(entry.municipality_codes):
            return False
        change = {"municipalities": [before, sorted(entry.municipality_codes)]}
        self.changes.note("changed", "document", entry.id, change)
        document.municipalities = [
            self.session.get_one(m.MunicipalityRow, code) for code in entry.municipality_codes
        ]
        return True

    def holder(self, sha256: str) -> str | None:
        """The document whose original this is or was, as of this transaction."""
        now = select(m.DocumentRow.id).filter_by(sha256=sha256)
        before = select(EditionRow.document_id).filter_by(sha256=sha256)
        return self.session.scalar(now) or self.session.scalar(before)

    def attach_file(self, document_id: str, held: HeldFile) -> None:
        """Give a document its original and the pages that were read from it."""
        document = self.session.get_one(m.DocumentRow, document_id)
        outcome = [document.outcome, held.outcome]
        self.changes.note(
            "read", "document", document_id, {"sha256": held.sha256, "outcome": outcome}
        )
        document.holding = Holding.HELD.value
        for name in (
            "sha256", "size", "media_type", "file_name", "outcome", "outcome_detail",
            "extractor", "declared_pages", "file_title",
        ):  # fmt: skip
            setattr(document, name, getattr(held, name))
        document.outline = [list(entry) for entry in held.outline]
        document.attachments = list(held.attachments)
        document.recognised = dict(held.recognised)
        if held.signature is not None:
            document.text_digest = held.signature.digest
            document.signature = held.signature.signature
            document.signature_version = held.signature.version
        self.session.flush()
        page_rows.replace(self.session, document_id, held)

    def record_likeness(
        self, document_id: str, other_id: str, kind: str, similarity: float
    ) -> bool:
        """Record that two documents are alike, for a curator to decide; whether it was new."""
        pair = (document_id, other_id)
        if any(self.session.get(m.LikenessRow, key) for key in (pair, pair[::-1])):
            return False
        self.changes.note("alike", "document", document_id, {"alike": [None, other_id]})
        self.session.add(
            m.LikenessRow(
                document_id=document_id, other_id=other_id, kind=kind, similarity=similarity
            )
        )
        return True

    def decide_likeness(self, document_id: str, other_id: str, decision: str) -> bool:
        """Record what a curator says of two documents, in either order; whether it is new.

        Raises:
            UnknownReference: the two were never found to be alike.
        """
        return self.likeness.decide(document_id, other_id, decision)

    def publish(self, document_id: str) -> bool:
        """Let a document be seen, unless it is a draft; whether that is new."""
        document = self.session.get_one(m.DocumentRow, document_id)
        if document.published or document.draft:
            return False
        self.changes.note("changed", "document", document_id, {"published": [False, True]})
        document.published = True
        return True

    def withdraw(self, document_id: str) -> bool:
        """Take a document down; whether it was still up.

        Its text leaves the index with the next sync, which the caller starts at once.
        """
        return self.rights.withdraw(document_id)


def _functions(entry: CaseEntry) -> list[str]:
    """What the departments of a case do: as stated, or else as their names say."""
    named = [function for name in entry.departments for function in functions_of(name)]
    return list(dict.fromkeys(function.value for function in entry.functions or named))
