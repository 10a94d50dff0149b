"""A real page of a real organiser, from the file to the catalogue and back."""

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from indexer.gazetteer import gazetteer_of
from indexer.installation import Installation
from indexer.intake.acceptance import Request, settle
from indexer.intake.desk import IntakeDesk
from indexer.intake.draft import Draft
from indexer.intake.drafting import draft_page
from indexer.intake.page import read_page
from indexer.intake.review import LineState, Review
from kb.catalogue.entries import Authorship
from kb.catalogue.session import Database
from kb.catalogue.stored import StoredReader
from kb.domain.rights import Audience, Terms
from kb.search.query import Asked
from kb.search.service import open_service

pytestmark = pytest.mark.shared

ADDRESS = "http://jichitai-kaizen.net/"
AUTHOR = Authorship("編集担当", "試験")
ON = date(2026, 11, 22)


def draft_of(path: Path, installation: Installation, desk: IntakeDesk) -> Draft:
    page = read_page(path, installation.limits, address=ADDRESS)
    return draft_page(page, ADDRESS, desk.gazetteer, seen_on=ON)


def accept_everything(desk: IntakeDesk, review: Review) -> None:
    """All that is sure, and the rest one by one."""
    settle(desk, review.intake.id, Request(accept_sure=True), AUTHOR)
    for line in review.lines:
        if line.is_open:
            one = Request(accept=(line.key,), with_references=True)
            settle(desk, review.intake.id, one, AUTHOR)


@pytest.fixture
def seed(shared: Path) -> Path:
    return shared / "data" / "seed" / "seminar-page.txt"


def test_the_page_becomes_records_and_is_then_the_same(
    installation: Installation, desk: IntakeDesk, seed: Path
) -> None:
    review = desk.take(draft_of(seed, installation, desk))
    assert {line.state for line in review.lines} == {LineState.NEW}
    accept_everything(desk, review)
    held = StoredReader(installation.database).stored()
    assert (len(held.events), len(held.cases), len(held.people)) == (6, 6, 4)
    assert len(held.documents) >= 12
    assert {"case-fukutsu-2020", "case-fukutsu-2021", "case-nakano-2022"} <= set(held.cases)
    asked_not_to = [i for i, d in held.documents.items() if d.rights.terms is Terms.NO_COPY]
    assert asked_not_to == ["doc-2022-nakano-slides", "doc-2022-fukutsu-slides"]
    again = desk.take(draft_of(seed, installation, desk))
    assert {line.state for line in again.lines} == {LineState.SAME}


def test_the_people_of_the_page_are_found(
    installation: Installation, desk: IntakeDesk, seed: Path
) -> None:
    accept_everything(desk, desk.take(draft_of(seed, installation, desk)))
    installation.up_to_date()
    folder = installation.data_dir
    service = open_service(installation.database, installation.search_url, data_dir=folder)
    for name in ("酒井直人", "元吉由紀子", "原崎智仁", "原﨑智仁", "小山巧"):
        page = service.search(Asked(name, audience=Audience.ANONYMOUS))
        assert [e.kind for e in page.entities].count("person") == 1, name


def test_three_changes_of_the_page_are_three_differences(
    installation: Installation, desk: IntakeDesk, seed: Path, tmp_path: Path
) -> None:
    accept_everything(desk, desk.take(draft_of(seed, installation, desk)))
    changed = seed.read_text("utf-8")
    edits = (("【参加料】無料", "【参加料】500円"), ("546KB", "600KB"), ("648KB", "700KB"))
    for before, after in edits:
        assert changed.count(before) == 1
        changed = changed.replace(before, after)
    path = tmp_path / "changed.txt"
    path.write_text(changed, "utf-8")
    review = desk.take(draft_of(path, installation, desk))
    found = {
        (line.match.record_id, each.field) for line in review.lines for each in line.differences
    }
    assert found == {
        ("ev-2023-09-30", "fee"), ("doc-2021-minamiise-message", "declared_size"),
        ("doc-2017-report", "declared_size"),
    }  # fmt: skip
    assert {line.state for line in review.lines} == {LineState.SAME, LineState.DIFFERS}


def test_into_the_sample_nothing_is_entered_twice(
    sample: Installation, seed: Path, tmp_path: Path
) -> None:
    with (
        closing(sqlite3.connect(sample.data_dir / "catalogue.sqlite")) as held,
        closing(sqlite3.connect(tmp_path / "copy.sqlite")) as aside,
    ):
        held.backup(aside)
    copy = Database(f"sqlite:///{tmp_path / 'copy.sqlite'}")
    desk = IntakeDesk(copy, gazetteer_of(copy))
    review = desk.take(draft_of(seed, sample, desk))
    unmatched = {line.key for line in review.lines if line.match.record_id is None}
    # What she is at all times is no record of the sample.
    assert unmatched <= {"role:元吉由紀子:-:代表"}
    assert not [line for line in review.lines if line.state is LineState.AMBIGUOUS]
    copy.close()
