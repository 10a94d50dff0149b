"""A document gets a newer original; the one before stays citable under the same terms."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from indexer.installation import Installation
from kb.catalogue import models as m
from kb.catalogue.editions.service import Editions
from kb.catalogue.editions.views import CannotReplace
from kb.catalogue.entries import Authorship, DocumentEntry, PersonEntry, RoleEntry
from kb.catalogue.holdings import HoldingsReader
from kb.catalogue.review.views import RightsWish
from kb.catalogue.rights.reading import RightsReader
from kb.catalogue.session import Database
from kb.catalogue.writing import writing
from kb.domain.classification import DocumentKind
from kb.domain.page_ranges import PageRanges
from kb.domain.rights import Audience, Rights, Terms, allowed
from tests.catalogue.drafts import AUTHOR, case, draft
from tests.pdfium.made import pdf, words
from tests.web.signing_in import post
from tests.web.test_review_pages import app, curator, form_of, text_of

__all__ = ["app", "curator"]

FORM = "/curation/documents/doc-1/edition"
OLD = "/documents/doc-1/editions/1"
UP = {"published": True, "draft": False}


def told_of(name: str) -> str:
    """The digest under which a made draft has its original."""
    return name.encode().hex().ljust(64, "0")[:64]


def say(installation: Installation, document_id: str, text: str) -> None:
    """Have the first page of a document say something of its own."""
    with writing(installation.database, AUTHOR) as writer:
        writer.changes.note("read", "document", document_id, {})
        page = writer.session.get_one(m.PageRow, (document_id, 1))
        page.text, page.digest = text, text[:32]
        tokens = writer.session.get_one(m.PageTokensRow, (document_id, 1))
        tokens.fingerprint = "to be made again"


def two(installation: Installation) -> None:
    draft(installation, "doc-1", pages=2, rights=Rights(Terms.OPEN), **UP)
    draft(installation, "doc-2", pages=3)
    say(installation, "doc-1", "旧版だけのことば")
    say(installation, "doc-2", "新版だけのことば")


def replaced(curator: FlaskClient) -> None:
    form = form_of(text_of(curator.get(FORM)))
    answer = curator.post(FORM, data={**form, "do": "replace:doc-2"})
    assert (answer.status_code, answer.location) == (303, FORM), text_of(answer)


def test_the_newer_one_is_read_and_found_and_the_older_one_kept(
    installation: Installation, app: Flask, curator: FlaskClient
) -> None:
    two(installation)
    installation.up_to_date()
    replaced(curator)
    installation.up_to_date()
    reader = app.test_client()
    assert "新版だけのことば" in text_of(reader.get("/documents/doc-1/pages/1"))
    assert reader.get("/documents/doc-1/pages/3").status_code == 200
    found = [reader.get(f"/api/v1/search?q={which}だけのことば").get_json()["results"]
             for which in ("新版", "旧版")]  # fmt: skip
    assert [d["id"] for d in found[0][0]["documents"]] == ["doc-1"]
    assert all("旧版だけ" not in str(each) for each in found[1])
    about = reader.get(OLD)
    assert about.headers["X-Robots-Tag"] == "noindex"
    assert "最新の版を見る" in text_of(about)
    assert '<a href="/documents/doc-1/editions/1">' in text_of(reader.get("/documents/doc-1"))
    page = text_of(reader.get(f"{OLD}/pages/1"))
    assert "旧版だけのことば" in page
    assert 'name="robots" content="noindex' in page
    assert reader.get(f"{OLD}/pages/3").status_code == 404
    assert reader.get("/documents/doc-1/editions/2").status_code == 404
    assert curator.get("/documents/doc-2").status_code == 404
    assert "1番目の版" in text_of(curator.get(FORM))


def test_its_file_and_its_pages_images_are_those_of_then(
    installation: Installation, app: Flask, curator: FlaskClient, tmp_path: Path
) -> None:
    two(installation)
    sums = [
        installation.originals.store(pdf(tmp_path / f"{name}.pdf", words(name.encode())))
        for name in ("old", "new")
    ]
    with writing(installation.database, AUTHOR) as writer:
        for name, sha256 in zip(("doc-1", "doc-2"), sums, strict=True):
            writer.changes.note("read", "document", name, {})
            writer.session.get_one(m.DocumentRow, name).sha256 = sha256
    replaced(curator)
    reader = app.test_client()
    for address, sha256 in zip((OLD, "/documents/doc-1"), sums, strict=True):
        with reader.get(f"{address}/file") as given:
            assert given.data == installation.originals.path(sha256).read_bytes()
    image = reader.get(f"{OLD}/pages/1.webp?width=240")
    assert (image.status_code, image.mimetype) == (200, "image/webp")
    held = {each.sha256: each.edition for each in HoldingsReader(installation.database).originals()}
    assert held == {sums[0]: 1, sums[1]: 0}
    assert set(RightsReader(installation.database).originals_of(["doc-1"])) == set(sums)
    known = installation.catalogue.held(sums[0])
    assert known is not None
    assert (known.document_id, known.outcome) == ("doc-1", None)
    with writing(installation.database, AUTHOR) as writer:
        assert writer.holder(sums[0]) == "doc-1"


def test_the_terms_of_the_document_are_those_of_every_edition(
    installation: Installation, app: Flask, curator: FlaskClient
) -> None:
    two(installation)
    replaced(curator)
    for terms in Terms:
        with writing(installation.database, AUTHOR) as writer:
            writer.changes.note("rights_corrected", "document", "doc-1", {})
            writer.session.get_one(m.DocumentRow, "doc-1").rights_terms = terms.value
        for audience in Audience:
            app.config["KB_AUDIENCE"] = audience
            may, reader = allowed(Rights(terms), audience), app.test_client()
            for rest in ("", "/pages/1", "/file", "/pages/1.webp"):
                newest, before = reader.get(f"/documents/doc-1{rest}"), reader.get(f"{OLD}{rest}")
                assert newest.status_code == before.status_code, (terms, audience, rest)
            assert ("旧版だけのことば" in text_of(reader.get(f"{OLD}/pages/1"))) is may.page_text


def test_nothing_of_a_draft_is_left_behind_and_what_was_settled_stays(
    installation: Installation, app: Flask, curator: FlaskClient
) -> None:
    two(installation)
    desk = app.extensions["kb"].curation
    with writing(installation.database, AUTHOR) as writer:
        writer.record_likeness("doc-2", "doc-1", "same_text", 0.8)
        writer.decisions.accept_sure("doc-1")
        writer.decisions.accept_sure("doc-2")
    assert "80%" in text_of(curator.get(FORM))
    before = desk.review("doc-1", "x").settlement.decisions
    replaced(curator)
    assert desk.review("doc-1", "x").settlement.decisions == before
    with installation.database.reading() as session:
        names = {
            (table.name, column.name)
            for table in m.Base.metadata.tables.values()
            for column in table.columns
            if any(key.column.table.name == "document" for key in column.foreign_keys)
            and session.scalar(select(column).where(column == "doc-2").limit(1))
        }
        actions = set(
            session.execute(
                select(m.SourceEventRow.subject_id).where(m.SourceEventRow.action == "replaced")
            ).scalars()
        )
    assert names == set()
    assert actions == {"doc-1", "doc-2"}


def test_what_does_not_fit_is_refused_with_the_reason(
    installation: Installation, app: Flask, curator: FlaskClient
) -> None:
    two(installation)
    case(installation, "case-1", "改善")
    draft(installation, "doc-up", **UP)
    draft(installation, "doc-case", case_id="case-1")
    draft(installation, "doc-role")
    draft(installation, "doc-strict", rights=Rights(Terms.NO_COPY))
    draft(installation, "doc-down")
    with writing(installation.database, AUTHOR) as writer:
        writer.record_person(PersonEntry("p", "花子"))
        writer.record_role(RoleEntry("p", "課長", "発表", document_id="doc-role"))
        writer.rights.withdraw("doc-down")
        writer.record_document(DocumentEntry("doc-none", "所在のみ", DocumentKind.SLIDES, Rights()))
    for name, why in (
        ("doc-1", "同じ資料"), ("doc-up", "公開中"), ("doc-case", "つながって"),
        ("doc-role", "つながって"), ("doc-strict", "利用条件は"), ("doc-down", "取り下げた"),
        ("doc-none", "公開中"), ("nothing", "登録されていません"), ("", "登録されていません"),
    ):  # fmt: skip
        form = form_of(text_of(curator.get(FORM)))
        answer = curator.post(FORM, data={**form, "do": "named", "draft": name})
        assert (answer.status_code, why in text_of(answer)) == (422, True), name
    late = form_of(text_of(curator.get(FORM)))
    with writing(installation.database, AUTHOR) as writer:
        writer.review.attach("doc-1", "case-1", None)
    assert curator.post(FORM, data={**late, "do": "replace:doc-2"}).status_code == 409
    with writing(installation.database, AUTHOR) as writer:
        writer.review.attach("doc-1", None, None)
        writer.casebooks.record("doc-1", {"case-1": PageRanges(((2, 2),))})
    draft(installation, "doc-short")
    form = form_of(text_of(curator.get(FORM)))
    answer = curator.post(FORM, data={**form, "do": "replace:doc-short"})
    assert "1ページまで" in text_of(answer)
    assert post(curator, FORM, do="nonsense").status_code == 400
    assert app.test_client().get(FORM).status_code == 302
    assert curator.get("/curation/documents/nothing/edition").status_code == 404


def test_where_two_people_publish_one_alone_cannot_replace(installation: Installation) -> None:
    two(installation)
    desk = Editions(Database(installation.database_url, two_person=True))
    form = desk.form("doc-1")
    assert form is not None
    with writing(installation.database, AUTHOR) as writer:
        writer.review.state_rights("doc-2", RightsWish(Terms.OPEN, None))
    with pytest.raises(CannotReplace, match="別の人"):
        desk.replace("doc-1", "doc-2", form.version, AUTHOR)
    assert desk.replace("doc-1", "doc-2", form.version, Authorship("編集担当 鈴木太郎")) == 1
