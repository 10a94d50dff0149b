"""A small made installation with a document for every kind of rights, and a canary in each field.

A canary is a word that stands nowhere else: where it is seen, something of that field of that
document has been told. Who may be told is asked of :func:`kb.domain.rights.allowed` alone.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import unquote

from flask import Flask
from flask.testing import FlaskClient

from indexer.installation import Installation
from kb.catalogue.entries import (
    Authorship,
    CaseEntry,
    DocumentEntry,
    EventEntry,
    HeldFile,
    PageEntry,
    PersonEntry,
    ProgrammeEntry,
    RoleEntry,
    SourceEntry,
)
from kb.catalogue.views import TokenSpans
from kb.catalogue.writing import CatalogueWriter, writing
from kb.domain.classification import DocumentKind, EventState, Theme
from kb.domain.clock import today
from kb.domain.rights import Audience, Permission, Permissions, Rights, Terms, allowed, in_force
from kb.pdfium.page_images import FOLDER
from kb.settings import from_environment
from kb.web.app import close_app, open_app
from tests.pdfium.made import pdf, words

DAY = today()
NEXT_DAY = DAY + timedelta(days=1)
LONG_AGO, YESTERDAY = DAY - timedelta(days=400), DAY - timedelta(days=1)

PERMISSIONS: dict[str, Permission | None] = {
    "none": None,
    "holds": Permission(Terms.OPEN, "見本市総務課", LONG_AGO),
    "last_day": Permission(Terms.OPEN, "見本市総務課", LONG_AGO, DAY),
    "run_out": Permission(Terms.OPEN, "見本市総務課", LONG_AGO, YESTERDAY),
    "ahead": Permission(Terms.OPEN, "見本市総務課", NEXT_DAY),
    "inside": Permission(Terms.INTERNAL, "見本市総務課", LONG_AGO),
}
WITHDRAWN_LATER = ("open-later", "internal-last_day-case")
"""Taken down in the course of the walk, while every cache is warm."""
ALIKE = "open-none"
"""Every other document is like this one."""

SYLLABLES = "カキケコサシスセタチテトナニネノ"
CANARY = re.compile(f"ヌヴ[{SYLLABLES}]{{8}}")
TEXT_FIELDS = ("text", "comment", "form", "evidence")
SHOWN_WITH_TEXT = ("bookmark", "attachment", "page_title")
NAMED = (
    *("title", "note", "keyword", "series", "edition", "source", "role", "proposal"),
    *("person", "department", "file_title"),
)
FIELDS = (*TEXT_FIELDS, *SHOWN_WITH_TEXT, *NAMED, "file_name")
FILE_MARK = b"CNRY-"


def canary(owner: str, name: str) -> str:
    """The word of one field of one document."""
    code = hashlib.sha256(f"{owner}/{name}".encode()).digest()[:4]
    return "ヌヴ" + "".join(SYLLABLES[byte >> 4] + SYLLABLES[byte & 15] for byte in code)


@dataclass(frozen=True)
class Made:
    """One document of the world."""

    id: str
    terms: Terms
    permission: Permission | None
    case_id: str | None

    def may(self, audience: Audience, day: date, *, withdrawn: bool) -> Permissions:
        """What an audience may do with it."""
        stated = Rights(Terms.WITHDRAWN if withdrawn else self.terms)
        given = [self.permission] if self.permission else []
        return allowed(in_force(stated, given, day), audience)


_KINDS = {
    Terms.UNKNOWN: ("none", "holds", "run_out"),
    Terms.NO_COPY: ("none", "last_day", "run_out", "inside"),
    Terms.INTERNAL: ("none", "holds", "last_day", "run_out", "ahead"),
    Terms.OPEN: ("none",),
    Terms.WITHDRAWN: ("none", "holds"),
}


def _made() -> Iterator[Made]:
    for terms, names in _KINDS.items():
        for name in names:
            # Half of them in a case, whose own record must not tell of those it hides.
            case = "case-walk" if name in ("none", "run_out", "ahead") else None
            yield Made(f"{terms}-{name}", terms, PERMISSIONS[name], case)
    yield Made("open-later", Terms.OPEN, None, None)
    yield Made("internal-last_day-case", Terms.INTERNAL, PERMISSIONS["last_day"], "case-walk")


DOCUMENTS = {made.id: made for made in _made()}
OWNERS = {canary(id_, name): (id_, name) for id_ in DOCUMENTS for name in FIELDS}


@dataclass
class World:
    """The installation, and how far the walk has come."""

    installation: Installation
    app: Flask
    day: date = DAY
    down: set[str] = field(default_factory=set)
    sha256: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    """Address -> ETag, as somebody was given it who could see it then."""

    def client(self, audience: Audience) -> FlaskClient:
        """A reader; everybody who asks from now on is taken for this audience."""
        self.app.config["KB_AUDIENCE"] = audience
        return self.app.test_client()

    def may(self, document: str, audience: Audience) -> Permissions:
        """What an audience may do with a document now."""
        return DOCUMENTS[document].may(audience, self.day, withdrawn=document in self.down)

    def close_some(self) -> None:
        """Midnight passes and two documents are taken down; nobody has synced the index yet."""
        if self.day == NEXT_DAY:
            return
        self.day = NEXT_DAY
        with writing(self.installation.database, Authorship("test", "申し出")) as writer:
            for document in WITHDRAWN_LATER:
                writer.rights.withdraw(document)
        self.down |= set(WITHDRAWN_LATER)

    def told(self, audience: Audience, said: str, *, excerpts: bool) -> list[tuple[str, str]]:
        """The fields that are told although this audience may not be told them.

        `excerpts`: the answer may quote within the bounds of rights.
        """
        plain = re.sub(r"<[^>]+>|\s", "", said)
        seen = {*CANARY.findall(said), *CANARY.findall(plain), *CANARY.findall(unquote(said))}
        return sorted(
            OWNERS[word]
            for word in seen
            if word in OWNERS and not self._may_tell(*OWNERS[word], audience, excerpts=excerpts)
        )

    def _may_tell(self, document: str, name: str, audience: Audience, *, excerpts: bool) -> bool:
        may = self.may(document, audience)
        if name in NAMED:
            return may.metadata
        if name == "file_name":
            return may.view or may.download
        if name in TEXT_FIELDS:
            return may.page_text or (excerpts and may.snippet_characters > 0)
        return may.page_text


def build(installation: Installation, folder: Path) -> World:
    """Record everything, as `kb ingest` would, and index it."""
    installation.prepare()
    settings = from_environment({"KB_DATA_DIR": str(installation.data_dir)})
    world = World(installation, open_app(settings, today=lambda: world.day))
    with writing(installation.database, Authorship("test")) as writer:
        _surroundings(writer)
        for made in DOCUMENTS.values():
            _record(world, writer, made, folder)
        for document in DOCUMENTS:
            if document != ALIKE:
                writer.record_likeness(document, ALIKE, "new_edition", 0.9)
    installation.up_to_date()
    return world


def close(world: World) -> None:
    """Let go of what was opened."""
    close_app(world.app)
    world.installation.close()


def kept_images(world: World, document: str) -> list[Path]:
    """The page images kept of a document's original."""
    return sorted((world.installation.data_dir / FOLDER).glob(f"*/{world.sha256[document]}-*"))


def _surroundings(writer: CatalogueWriter) -> None:
    writer.record_programme(ProgrammeEntry("prog-walk", "見本の歩み", cohorts=(2021,)))
    writer.record_event(
        EventEntry("ev-walk", "見本の集い", EventState.REPORTED, series="見本の集い",
                   held_on=date(2021, 7, 1), programme_id="prog-walk")
    )  # fmt: skip
    for number in ("", "-next"):
        writer.record_case(
            CaseEntry(
                f"case-walk{number}", f"見本の改善{number}", ("402249",), implemented_in=2021,
                departments=("総務課",), themes=(Theme.CULTURE,), event_id="ev-walk",
                narrative={"summary": "改善の見本です。"}, programme_id="prog-walk", cohort=2021,
                continues_id="case-walk" if number else None,
            )
        )  # fmt: skip


def _record(world: World, writer: CatalogueWriter, made: Made, folder: Path) -> None:
    def word(name: str) -> str:
        return canary(made.id, name)

    writer.record_document(
        DocumentEntry(
            made.id, f"改善の資料 {word('title')}", DocumentKind.SLIDES,
            Rights(made.terms, f"({made.id}の原文)"), note=f"改善の記録 {word('note')}",
            series=word("series"), series_number="3", edition=word("edition"),
            keywords=(word("keyword"),), departments=(f"{word('department')}課",),
            case_id=made.case_id, event_id="ev-walk", municipality_codes=("402249",),
            sources=(SourceEntry(f"https://example.jp/{made.id}", word("source")),),
        )
    )  # fmt: skip
    writer.record_person(PersonEntry(f"person-{made.id}", word("person")))
    writer.record_role(
        RoleEntry(f"person-{made.id}", f"課長{word('role')}", "発表", document_id=made.id)
    )
    writer.attach_file(made.id, _held(world, made, folder))
    if made.permission is not None:
        writer.rights.permit(made.id, made.permission)


def _held(world: World, made: Made, folder: Path) -> HeldFile:
    path = pdf(folder / f"{made.id}.pdf", words(FILE_MARK + made.id.encode()))
    world.sha256[made.id] = world.installation.originals.store(path)
    text = "\n".join(
        f"改善の{name} {canary(made.id, name)} です。" for name in ("text", "comment", "form")
    )
    return HeldFile(
        sha256=world.sha256[made.id], size=path.stat().st_size, media_type="application/pdf",
        file_name=f"{canary(made.id, 'file_name')}.pdf", outcome="indexed", outcome_detail=None,
        extractor="test", declared_pages=2, file_title=canary(made.id, "file_title"),
        pages=(_page(world, made, 1, text), _page(world, made, 2, "改善の続き")),
        fingerprint=world.installation.analyser.fingerprint,
        outline=((1, canary(made.id, "bookmark"), 1),),
        attachments=(f"{canary(made.id, 'attachment')}.xlsx",),
        recognised={"title": _proposal(made)},
    )  # fmt: skip


def _page(world: World, made: Made, number: int, text: str) -> PageEntry:
    found = world.installation.analyser.analyse(text)
    spans = [
        TokenSpans(each.terms, each.starts, each.ends)
        for each in (found.word_spans, found.short_spans)
    ]
    return PageEntry(
        number, text, canary(made.id, "page_title"), 200, 100, False, None, *spans,
        quality=0.3, quality_reason="読み取りが疑わしい。",
    )  # fmt: skip


def _proposal(made: Made) -> dict[str, object]:
    evidence = {"page": 1, "source": "page", "text": canary(made.id, "evidence"),
                "start": None, "end": None}  # fmt: skip
    return {
        "value": canary(made.id, "proposal"), "confidence": 0.97, "rule": "largest",
        "evidence": [evidence],
    }  # fmt: skip
