"""Where nobody publishes alone, no way of one person shows readers what they did not see."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, cast

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from indexer import job_work
from indexer.exchange import bulk_jobs
from indexer.exchange.bulk_jobs import BulkWork
from indexer.exchange.importing import CaseImport, ImportOptions
from indexer.gazetteer import gazetteer_of
from indexer.installation import Installation
from kb.catalogue import models as m
from kb.catalogue.bulk.service import BulkDesk, CannotApply
from kb.catalogue.casebooks.service import Casebooks
from kb.catalogue.casebooks.views import WishedPages
from kb.catalogue.editing.service import Editing
from kb.catalogue.editing.views import Kind
from kb.catalogue.editions.service import Editions
from kb.catalogue.editions.views import CannotReplace
from kb.catalogue.entries import Authorship
from kb.catalogue.history.service import History
from kb.catalogue.history.views import CannotUndo
from kb.catalogue.jobs.queue import JobQueue
from kb.catalogue.jobs.views import JobEntry
from kb.catalogue.merging.service import Merging
from kb.catalogue.merging.views import MergeOrder
from kb.catalogue.review.second_person import NeedsSecondPerson, allow, allow_all
from kb.catalogue.review.service import Curation
from kb.catalogue.review.views import CaseFields, Do, RightsWish, Wish, Wishes
from kb.catalogue.rights.withdrawing import Named
from kb.catalogue.rows import rights_of
from kb.catalogue.session import Database
from kb.catalogue.worklist.service import Worklist
from kb.catalogue.writing import writing
from kb.domain.classification import LikenessDecision
from kb.domain.clock import today
from kb.domain.gazetteer import Gazetteer
from kb.domain.jobs import JobKind, JobState
from kb.domain.rights import Audience, Permission, Rights, Terms, allowed
from kb.domain.settled import Field
from tests.catalogue.drafts import AUTHOR, case, draft, event
from tests.indexer.exchange.grids import SHIPPED, csv_of

HANAKO = Authorship("編集担当 山田花子", "試験")
TARO = Authorship("編集担当 鈴木太郎", "試験")
ROW = {"ID": "", "団体コード": "402249", "タイトル": "朝礼の改善"}
UP = {"published": True, "draft": False}
OPEN = Rights(Terms.OPEN)
TODAY = today()

REFUSED = (NeedsSecondPerson, CannotUndo, CannotReplace, CannotApply)
"""How one alone is told."""


@dataclass(frozen=True)
class Site:
    """Everything that curators can do, over one catalogue, where two publish or one."""

    installation: Installation
    database: Database

    @property
    def desk(self) -> Curation:
        return Curation(self.database, lambda: gazetteer_of(self.database), _forget)

    def version(self, document_id: str) -> str:
        review = self.desk.review(document_id, HANAKO.actor)
        assert review is not None
        return review.version

    def undo_newest(self, kind: str, key: str) -> None:
        past = History(self.database, _forget)
        page = past.page(kind, key)
        assert page is not None
        past.undo(kind, key, page.rows[0].event.number, HANAKO.actor)


def _forget(_sha256: str) -> None:
    """No images are kept here."""


@pytest.fixture
def site(installation: Installation, two: bool, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr(bulk_jobs, "places_of", lambda _: SHIPPED)
    database = Database(installation.database_url, two_person=two)
    yield Site(installation, database)
    database.close()


def public(database: Database) -> frozenset[tuple[object, ...]]:
    """All that anonymous readers may see: cases, and each document's original and permissions."""
    with database.reading() as session:
        documents = session.scalars(select(m.DocumentRow).filter_by(published=True)).all()
        cases = session.scalars(select(m.CaseRow.id).filter_by(published=True)).all()
        may = {row.id: allowed(rights_of(row), Audience.ANONYMOUS) for row in documents}
        seen: set[tuple[object, ...]] = {("case", key) for key in cases}
        for row in documents:
            shown = may[row.id]
            for name in ("metadata", "index", "page_text", "view", "download", "export"):
                if getattr(shown, name):
                    seen.add((row.id, row.sha256, name))
        return frozenset(seen)


# --- the ways ---------------------------------------------------------------------------------


def publish(site: Site) -> None:
    """What she has settled herself."""
    draft(site.installation, "doc-1", rights=OPEN)
    title = Wish(Field.TITLE, Do.SET, ("題",))
    site.desk.save("doc-1", Wishes(site.version("doc-1"), (title,), publish=True), HANAKO.actor)


def restore(site: Site) -> None:
    draft(site.installation, "doc-1", rights=OPEN, **UP)
    site.desk.withdraw(Named(documents=("doc-1",)), TARO)
    site.desk.restore(Named(documents=("doc-1",)), HANAKO)


def restore_case(site: Site) -> None:
    case(site.installation, "case-1", "改善")
    draft(site.installation, "doc-1", rights=OPEN, case_id="case-1", **UP)
    site.desk.withdraw(Named(cases=("case-1",)), TARO)
    site.desk.restore(Named(cases=("case-1",)), HANAKO)


def restore_bare_case(site: Site) -> None:
    case(site.installation, "case-1", "改善")
    site.desk.withdraw(Named(cases=("case-1",)), TARO)
    site.desk.restore(Named(cases=("case-1",)), HANAKO)


def restore_event(site: Site) -> None:
    event(site.installation)
    draft(site.installation, "doc-1", rights=OPEN, event_id="ev-1", **UP)
    site.desk.withdraw(Named(events=("ev-1",)), TARO)
    site.desk.restore(Named(events=("ev-1",)), HANAKO)


def restore_in_history(site: Site) -> None:
    draft(site.installation, "doc-1", rights=OPEN, **UP)
    site.desk.withdraw(Named(documents=("doc-1",)), TARO)
    site.undo_newest("document", "doc-1")


def publish_again_in_history(site: Site) -> None:
    draft(site.installation, "doc-1", rights=OPEN, **UP)
    with writing(site.database, HANAKO) as writer:
        writer.decisions.decide("doc-1", Field.TITLE, ("題",))
    site.desk.retract("doc-1", site.version("doc-1"), HANAKO.actor)
    site.undo_newest("document", "doc-1")


def publish_a_case_in_history(site: Site) -> None:
    case(site.installation, "case-1", "改善")
    with writing(site.database, TARO) as writer:
        writer.changes.note("changed", "case", "case-1", {"published": [True, False]})
        writer.session.get_one(m.CaseRow, "case-1").published = False
    site.undo_newest("case", "case-1")


def widen(site: Site) -> None:
    draft(site.installation, "doc-1", rights=Rights(Terms.INTERNAL), **UP)
    wish = RightsWish(Terms.OPEN, None)
    site.desk.correct_rights("doc-1", wish, site.version("doc-1"), HANAKO)


def widen_in_review(site: Site) -> None:
    draft(site.installation, "doc-1", rights=Rights(Terms.NO_COPY), **UP)
    wishes = Wishes(site.version("doc-1"), (), rights=RightsWish(Terms.OPEN, None))
    site.desk.save("doc-1", wishes, HANAKO.actor)


def permit(site: Site) -> None:
    draft(site.installation, "doc-1", rights=Rights(Terms.NO_COPY), **UP)
    allowing = Permission(Terms.OPEN, "福津市", date(2026, 4, 1))
    site.desk.permit("doc-1", allowing, None, site.version("doc-1"), HANAKO)


def widen_before_the_day(site: Site) -> None:
    """What is to be open from a day on, for which two have stood."""
    permitted(site, Permission(Terms.OPEN, "福津市", TODAY + timedelta(30)))
    wish = RightsWish(Terms.OPEN, None)
    site.desk.correct_rights("doc-1", wish, site.version("doc-1"), HANAKO)


def widen_after_the_day(site: Site) -> None:
    """What was open until yesterday, though nobody has noted yet that it is so no more."""
    permitted(site, Permission(Terms.OPEN, "福津市", TODAY - timedelta(30), TODAY - timedelta(1)))
    wish = RightsWish(Terms.OPEN, None)
    site.desk.correct_rights("doc-1", wish, site.version("doc-1"), HANAKO)


def permitted(site: Site, permission: Permission) -> None:
    """A published document that is not to be copied, but for a permission."""
    draft(site.installation, "doc-1", rights=Rights(Terms.NO_COPY), **UP)
    with writing(site.installation.database, AUTHOR) as writer:
        writer.rights.permit("doc-1", permission)


def attach(site: Site) -> None:
    held_back(site)
    site.desk.attach("doc-1", "case-1", None, site.version("doc-1"), HANAKO.actor)


def attach_in_the_form(site: Site) -> None:
    held_back(site)
    editing = Editing(site.database, Gazetteer)
    form = editing.form(Kind.DOCUMENT, "doc-1")
    assert form is not None
    editing.save(Kind.DOCUMENT, "doc-1", {"case_id": "case-1"}, form.version, HANAKO)


def held_back(site: Site) -> None:
    """A published document, and a case that waits for one."""
    draft(site.installation, "doc-1", rights=OPEN, **UP)
    case(site.installation, "case-1", "改善")
    with writing(site.installation.database, AUTHOR) as writer:
        writer.review.hold_back("case-1")


def make_case(site: Site) -> None:
    draft(site.installation, "doc-1", rights=OPEN, **UP)
    fields = CaseFields(title="新しい事例", municipalities="402249")
    site.desk.make_case("doc-1", fields, site.version("doc-1"), HANAKO.actor)


def make_case_and_publish(site: Site) -> None:
    """Somebody else has settled the document, but the case is all her own."""
    draft(site.installation, "doc-1", rights=OPEN)
    with writing(site.installation.database, TARO) as writer:
        writer.decisions.accept_sure("doc-1")
    fields = CaseFields(title="新しい事例", municipalities="402249")
    site.desk.make_case("doc-1", fields, site.version("doc-1"), HANAKO.actor)
    site.desk.save("doc-1", Wishes(site.version("doc-1"), (), publish=True), HANAKO.actor)


def part_doubles(site: Site) -> None:
    """One of two was taken down as the same: it comes back."""
    for name in ("doc-1", "doc-2"):
        draft(site.installation, name, rights=OPEN, **UP)
    pair = ("doc-1", "doc-2")
    with writing(site.installation.database, TARO) as writer:
        writer.record_likeness(*pair, "same_text", 1.0)
        writer.likeness.decide(*pair, LikenessDecision.SAME.value, keep="doc-1")
    Worklist(site.database, _forget).undo(pair, HANAKO)


def replace_original(site: Site) -> None:
    draft(site.installation, "doc-1", rights=OPEN, **UP)
    draft(site.installation, "doc-2")
    site.desk.correct_rights("doc-2", RightsWish(Terms.OPEN, None), site.version("doc-2"), HANAKO)
    Editions(site.database).replace("doc-1", "doc-2", site.version("doc-1"), HANAKO)


def bulk(site: Site) -> None:
    desk = BulkDesk(site.database)
    sent = desk.begin("cases.csv", csv_of(ROW).encode(), clear_blanks=False, actor=HANAKO.actor)
    work(site)
    desk.apply(sent, 1, skip_refused=False, actor=HANAKO.actor)
    work(site)


def work(site: Site) -> None:
    job = JobQueue(site.database).take("worker")
    assert job is not None
    BulkWork(site.database).do(job)


def send_cases(site: Site) -> None:
    """A table of cases among the files that are taken in."""
    take = CaseImport(site.database, SHIPPED, HANAKO.actor).take
    take("cases.csv", csv_of(ROW).encode(), ImportOptions())


def casebook(site: Site) -> None:
    held_back(site)
    desk = Casebooks(site.database)
    form = desk.form("doc-1")
    assert form is not None
    desk.record("doc-1", [WishedPages("0", "case-1", "1")], form.version, HANAKO)


WAYS: tuple[Callable[[Site], None], ...] = (
    publish, restore, restore_case, restore_bare_case, restore_event, restore_in_history,
    publish_again_in_history, publish_a_case_in_history, widen, widen_in_review,
    widen_before_the_day, widen_after_the_day, permit, attach, attach_in_the_form, make_case,
    make_case_and_publish, part_doubles, replace_original, bulk, send_cases,
)  # fmt: skip


@contextmanager
def watched(database: Database) -> Iterator[list[bool]]:
    """Of every transaction of the ``with`` block, whether readers see more after it."""
    more: list[bool] = []
    own = database.writing

    @contextmanager
    def counting() -> Iterator[Session]:
        before = public(database)
        with own() as session:
            yield session
        more.append(bool(public(database) - before))

    database.writing = counting  # type: ignore[method-assign]
    yield more
    database.writing = own  # type: ignore[method-assign]


def newly_seen(site: Site, way: Callable[[Site], None]) -> bool:
    """Whether a transaction of one person has shown readers more than they saw before it."""
    with watched(site.database) as more:
        try:
            way(site)
        except REFUSED as error:
            refused = str(error)
        else:
            refused = ""
    assert not refused or "2人で公開" in refused
    return any(more)


@pytest.mark.parametrize("two", [True, False])
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_one_person_publishes_only_where_one_is_enough(
    site: Site, way: Callable[[Site], None], two: bool
) -> None:
    assert newly_seen(site, way) is not two


@pytest.mark.parametrize("two", [True])
def test_a_permission_is_not_made_longer_by_one(site: Site) -> None:
    permitted(site, Permission(Terms.OPEN, "福津市", TODAY, TODAY + timedelta(30)))
    longer = Permission(Terms.OPEN, "福津市", TODAY, date.max)
    with pytest.raises(NeedsSecondPerson, match="doc-1"):
        site.desk.permit("doc-1", longer, None, site.version("doc-1"), HANAKO)
    shorter = Permission(Terms.OPEN, "福津市", TODAY, TODAY + timedelta(20))
    assert site.desk.permit("doc-1", shorter, None, site.version("doc-1"), HANAKO)


@pytest.mark.parametrize("two", [True])
def test_what_only_the_office_is_to_see_is_put_up_by_another(site: Site) -> None:
    """An official who comes to know of a document sees more, as any reader does."""
    draft(site.installation, "doc-1", rights=Rights(Terms.INTERNAL), draft=False)
    with pytest.raises(NeedsSecondPerson), writing(site.database, HANAKO) as writer:
        writer.publish("doc-1")


@pytest.mark.parametrize("two", [True])
def test_what_is_allowed_as_a_whole_may_hold_what_is_allowed_by_itself(site: Site) -> None:
    draft(site.installation, "doc-1", rights=OPEN, draft=False)
    with writing(site.database, HANAKO) as writer:
        allow_all(writer.session)
        allow(writer.session, "case", "case-1")
        writer.publish("doc-1")
    assert public(site.database)


def edits_the_case(site: Site) -> None:
    form = Editing(site.database, Gazetteer).form(Kind.CASE, "case-1")
    assert form is not None
    typed = {**form.values, "title": "改善の続き"}
    Editing(site.database, Gazetteer).save(Kind.CASE, "case-1", typed, form.version, HANAKO)


def judges_a_likeness(site: Site) -> None:
    with writing(site.database, HANAKO) as writer:
        writer.likeness.decide("doc-1", "doc-2", LikenessDecision.DIFFERENT.value)


@pytest.mark.parametrize("two", [True])
@pytest.mark.parametrize(
    ("does", "case_waits", "counts"),
    [
        (edits_the_case, True, True),
        (edits_the_case, False, False),
        (judges_a_likeness, True, False),
    ],
)
def test_who_touches_last_what_is_to_be_published_has_another_publish_it(
    site: Site, does: Callable[[Site], None], case_waits: bool, counts: bool
) -> None:
    """A case that is public already does not go with the document, nor do words about doubles."""
    case(site.installation, "case-1", "改善")
    draft(site.installation, "doc-1", rights=OPEN, case_id="case-1")
    draft(site.installation, "doc-2", rights=OPEN)
    with writing(site.installation.database, TARO) as writer:
        writer.record_likeness("doc-1", "doc-2", "same_text", 1.0)
        if case_waits:
            writer.review.hold_back("case-1")
        writer.decisions.accept_sure("doc-1")
    does(site)
    last, other = (HANAKO, TARO) if counts else (TARO, HANAKO)
    assert not site.desk.save("doc-1", wishes_to_publish(site), last.actor).published
    assert site.desk.save("doc-1", wishes_to_publish(site), other.actor).published


@pytest.mark.parametrize("two", [True])
def test_pages_of_a_casebook_publish_no_case(site: Site) -> None:
    assert not newly_seen(site, casebook)


@pytest.mark.parametrize("two", [True])
def test_what_comes_back_waits_for_another_person(site: Site) -> None:
    restore_case(site)
    with site.database.reading() as session:
        assert session.get_one(m.DocumentRow, "doc-1").published is False
        assert session.get_one(m.CaseRow, "case-1").published is False
    alone = site.desk.save("doc-1", wishes_to_publish(site), HANAKO.actor)
    assert "別の人が公開" in " ".join(alone.missing)
    assert site.desk.save("doc-1", wishes_to_publish(site), TARO.actor).published
    assert {("case", "case-1")} < public(site.database)


def wishes_to_publish(site: Site) -> Wishes:
    return Wishes(site.version("doc-1"), (), publish=True)


@pytest.mark.parametrize("two", [True])
def test_who_has_not_sent_a_file_has_it_written(site: Site) -> None:
    with pytest.raises(CannotApply, match="別の人"):
        bulk(site)
    desk = BulkDesk(site.database)
    [file] = desk.files()
    assert desk.waiting() == 1
    desk.apply(file.id, file.turn, skip_refused=False, actor=TARO.actor)
    work(site)
    assert desk.waiting() == 0
    assert any(kind == "case" for kind, *_ in public(site.database))


@pytest.mark.parametrize("two", [True])
def test_merged_cases_that_readers_have_seen_are_split_by_one(site: Site) -> None:
    """Nothing was taken from readers' sight when they were merged."""
    for name in ("case-1", "case-2"):
        case(site.installation, name, f"改善 {name}")
    merging = Merging(site.database)
    form = merging.form("case-1", "case-2")
    assert form is not None
    order = MergeOrder("case-1", "case-2", form.kept.version, form.other.version)
    merging.merge(order, HANAKO)
    merging.split("case-2", HANAKO)
    assert public(site.database) == {("case", "case-1"), ("case", "case-2")}


@pytest.mark.parametrize("two", [True])
def test_a_table_among_files_is_refused_by_the_worker_with_what_to_do(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_work, "places_of", lambda _: SHIPPED)
    worker = replace(site.installation, two_person=True)
    content = csv_of(ROW).encode()
    worker.incoming.keep("loose/1", io.BytesIO(content), 10**6)
    entry = JobEntry("1", JobKind.CASES, "cases.csv", "", len(content), None, {"file": "loose/1"})
    worker.jobs.put(None, (entry, None))
    job = worker.jobs.take("worker")
    assert job is not None
    nothing = cast("Any", None)  # a table is neither read by a child process nor unpacked
    job_work.JobWork(worker, nothing, nothing).do(job)
    done = worker.jobs.by_key("1")
    assert done is not None
    assert (done.state, done.outcome) == (JobState.FAILED, "needs_other")
    assert public(site.database) == frozenset()
    worker.close()


@pytest.mark.parametrize("two", [True])
def test_the_refusal_calls_things_by_their_titles(site: Site) -> None:
    with pytest.raises(NeedsSecondPerson) as refused:
        widen(site)
    with site.database.reading() as session:
        title = session.get_one(m.DocumentRow, "doc-1").title
    assert f"1人だけで「{title}」を読者に見せる" in str(refused.value)
