"""What waits: each list holds what it says, and what is settled leaves it."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select, update

from indexer.extracted import Outcome
from indexer.installation import Installation
from indexer.reading import quality
from kb.catalogue import models as m
from kb.catalogue.changes import UnknownReference
from kb.catalogue.entries import Authorship, CaseEntry, DocumentEntry, SourceEntry
from kb.catalogue.jobs.queue import JobQueue
from kb.catalogue.jobs.views import JobEnd, JobEntry, UploadEntry
from kb.catalogue.questions.asked import AskedTally
from kb.catalogue.review.views import ChangedMeanwhile
from kb.catalogue.session import Database
from kb.catalogue.worklist import queries as worklist_queries
from kb.catalogue.worklist.service import Worklist
from kb.catalogue.worklist.views import PAGE_SIZE, Kind, Pair, Waiting
from kb.catalogue.writing import writing
from kb.domain.asked_question import AskedQuestion
from kb.domain.classification import DocumentKind, LikenessDecision
from kb.domain.clock import today
from kb.domain.jobs import JobKind, JobState
from kb.domain.rights import Audience, Rights, Terms
from tests.catalogue.drafts import AUTHOR, case, draft

OPEN = {"rights": Rights(Terms.OPEN), "published": True, "draft": False}
SAME, EDITION = LikenessDecision.SAME, LikenessDecision.NEW_EDITION


@pytest.fixture
def desk(installation: Installation) -> Worklist:
    return Worklist(installation.database, lambda _sha256: None)


def listed(desk: Worklist, kind: Kind) -> list[str]:
    found = desk.listed(kind)
    assert found.total == desk.counts()[kind]
    assert len(found.entries) == min(found.total, PAGE_SIZE)
    return [each.id for each in found.entries]


def change(installation: Installation, document: str, **values: object) -> None:
    """Columns of a document that no writer of ours sets alone."""
    with installation.database.writing() as session:
        row = session.get_one(m.DocumentRow, document)
        for name, value in values.items():
            setattr(row, name, value)
        session.add(
            m.SourceEventRow(
                actor="x", action="read", subject_kind="document", subject_id=document, change={}
            )
        )


# --- lists ----------------------------------------------------------------------------------


def test_nothing_waits_in_an_empty_catalogue(desk: Worklist) -> None:
    assert set(desk.counts().values()) == {0}
    assert [found.kind for found in desk.overview()] == [*Kind][1:]
    assert all(not found.entries and found.pages == 1 for found in desk.overview())


def test_the_outcomes_and_bounds_are_those_of_reading() -> None:
    readable = {Outcome.INDEXED, Outcome.INDEXED_PARTLY, Outcome.DUPLICATE}
    assert {*worklist_queries.UNREAD} == {each.value for each in set(Outcome) - readable}
    assert Outcome.INDEXED_PARTLY.value == worklist_queries.PARTLY
    assert quality.DOUBTFUL == worklist_queries.DOUBTFUL


def test_a_file_that_was_not_read_waits_until_a_curator_publishes_or_takes_it_down(
    installation: Installation, desk: Worklist
) -> None:
    for name in ("doc-1", "doc-2", "doc-3"):
        draft(installation, name)
    change(installation, "doc-1", outcome="damaged", outcome_detail="壊れています。")
    change(installation, "doc-2", outcome="needs_ocr")
    assert sorted(listed(desk, Kind.FAILED)) == ["doc-1", "doc-2"]
    notes = {each.id: each.notes for each in desk.listed(Kind.FAILED).entries}
    assert notes == {"doc-1": ("壊れています。",), "doc-2": ("本文がありません。",)}
    with writing(installation.database, AUTHOR) as writer:
        writer.rights.settle("doc-1", Terms.OPEN, None)
        assert writer.review.publish("doc-1") == ()
        assert writer.rights.withdraw("doc-2")
    assert listed(desk, Kind.FAILED) == []


def test_pages_that_read_badly_are_told_worst_first(
    installation: Installation, desk: Worklist
) -> None:
    for name in ("doc-1", "doc-2", "doc-3"):
        draft(installation, name, pages=2)
    with installation.database.writing() as session:
        for key, score in ((("doc-1", 1), 0.6), (("doc-2", 1), 0.3), (("doc-2", 2), 0.4)):
            session.get_one(m.PageRow, key).quality = score
    change(installation, "doc-3", outcome="indexed_partly", outcome_detail="2ページ目を読めません")
    assert listed(desk, Kind.DOUBTFUL) == ["doc-2", "doc-1", "doc-3"]
    notes = [each.notes for each in desk.listed(Kind.DOUBTFUL).entries]
    assert notes[0] == ("2ページの文字が疑わしく、最も低いページの確かさは30%",)
    assert notes[2] == ("2ページ目を読めません",)


def test_unsettled_rights_wait_until_somebody_has_said_something(
    installation: Installation, desk: Worklist
) -> None:
    draft(installation, "doc-1")
    draft(installation, "doc-2", **OPEN)
    assert listed(desk, Kind.RIGHTS) == ["doc-1"]
    with writing(installation.database, AUTHOR) as writer:
        assert writer.rights.settle("doc-1", Terms.UNKNOWN, None)
    assert listed(desk, Kind.RIGHTS) == []


def test_a_case_without_year_or_place_waits_unless_it_was_taken_down(
    installation: Installation, desk: Worklist
) -> None:
    case(installation, "case-whole", "揃った事例", implemented_in=2021)
    case(installation, "case-year", "年度のない事例")
    with writing(installation.database, AUTHOR) as writer:
        writer.record_case(CaseEntry("case-place", "自治体のない事例", (), implemented_in=2021))
    assert sorted(listed(desk, Kind.CASES)) == ["case-place", "case-year"]
    notes = {each.id: each.notes for each in desk.listed(Kind.CASES).entries}
    assert notes == {"case-place": ("自治体がない",), "case-year": ("実践年度がない",)}
    with writing(installation.database, AUTHOR) as writer:
        writer.rights.withdraw_case("case-place")
    assert listed(desk, Kind.CASES) == ["case-year"]
    draft(installation, "doc-1", case_id="case-place")
    assert sorted(listed(desk, Kind.CASES)) == ["case-place", "case-year"]


def test_a_draft_waits_once_nobody_has_touched_it_for_long(installation: Installation) -> None:
    draft(installation, "doc-1")
    draft(installation, "doc-2", **OPEN)
    days = {"after 29": 29, "after 31": 31}
    found = {}
    for name, later in days.items():
        opened = Database(installation.database.url, lambda later=later: today() + timedelta(later))
        found[name] = listed(Worklist(opened, lambda _sha256: None), Kind.STALE)
        opened.close()
    assert found == {"after 29": [], "after 31": ["doc-1"]}


def test_the_day_of_a_draft_is_the_day_in_japan(installation: Installation, desk: Worklist) -> None:
    draft(installation, "doc-1")
    eight_in_the_morning = datetime(2025, 3, 31, 23, tzinfo=UTC)
    with installation.database.writing() as session:
        session.execute(update(m.DocumentRow).values(added_at=eight_in_the_morning))
        session.execute(update(m.SourceEventRow).values(at=eight_in_the_morning))
    [waits] = desk.listed(Kind.STALE).entries
    assert waits.notes == ("2025年4月1日登録",)


def test_questions_wait_whose_last_day_found_nothing(
    installation: Installation, desk: Worklist
) -> None:
    def asked(question: str, ago: int, total: int, audience: Audience = Audience.ANONYMOUS) -> None:
        said = AskedQuestion(question, "", audience, total, ())
        with writing(installation.database, AUTHOR) as writer:
            writer.asked.keep([AskedTally(today() - timedelta(ago), said)])

    asked("見つからない", 3, 0)
    asked("もう見つかる", 3, 0)
    asked("もう見つかる", 1, 2)
    asked("庁内では見つかる", 1, 0)
    asked("庁内では見つかる", 1, 4, Audience.STAFF)
    asked("昔の質問", 100, 0)
    found = desk.listed(Kind.QUESTIONS)
    assert [each.title for each in found.entries] == ["見つからない"]
    assert found.total == desk.counts()[Kind.QUESTIONS] == 1


def test_files_that_were_not_taken_in_wait_at_their_batch(
    installation: Installation, desk: Worklist
) -> None:
    queue = JobQueue(installation.database)
    queue.begin(UploadEntry("up-1", "編集担当"))
    entry = JobEntry("k", JobKind.INGEST, "表.xlsm", "", 1, None, {"file": "x"})
    queue.put("up-1", (entry, None))
    taken = queue.take("worker")
    assert taken is not None
    end = JobEnd(JobState.FAILED, "refused", "受け付けない形式", "マクロがあります。")
    assert queue.end(taken, end)
    [waiting] = desk.listed(Kind.NOT_TAKEN).entries
    assert (waiting.id, waiting.title) == ("up-1", "表.xlsm")
    assert waiting.notes[0] == "マクロがあります。"


def test_a_list_is_paged_and_a_page_beyond_is_the_last(
    installation: Installation, desk: Worklist
) -> None:
    with writing(installation.database, AUTHOR) as writer:
        for number in range(PAGE_SIZE + 3):
            entry = DocumentEntry(f"doc-{number:02}", "資料", DocumentKind.REPORT, Rights())
            writer.record_document(entry)
    first, last = desk.listed(Kind.RIGHTS), desk.listed(Kind.RIGHTS, 9)
    assert (first.total, first.pages, last.page) == (PAGE_SIZE + 3, 2, 2)
    ids = {each.id for found in (first, last) for each in found.entries}
    assert len(ids) == PAGE_SIZE + 3
    overview = {found.kind: found for found in desk.overview()}
    assert overview[Kind.RIGHTS] == first
    # What is kept is forgotten with the next change.
    with writing(installation.database, AUTHOR) as writer:
        writer.rights.settle("doc-00", Terms.OPEN, None)
    assert desk.counts()[Kind.RIGHTS] == PAGE_SIZE + 2
    assert all(each.id != "doc-00" for found in desk.overview() for each in found.entries)


# --- addresses ------------------------------------------------------------------------------


def _sourced(installation: Installation, name: str, *sources: SourceEntry) -> None:
    with writing(installation.database, AUTHOR) as writer:
        writer.record_document(
            DocumentEntry(name, name, DocumentKind.REPORT, Rights(Terms.OPEN), sources=sources)
        )


def waiting_source(desk: Worklist, url: str) -> Waiting:
    return next(each for each in desk.listed(Kind.SOURCES).entries if each.url == url)


def test_an_address_waits_until_it_was_found_or_is_gone(
    installation: Installation, desk: Worklist
) -> None:
    old, now = today() - timedelta(366), today()
    _sourced(
        installation,
        "doc-1",
        SourceEntry("https://a.example/1", "掲載", old),
        SourceEntry("https://a.example/2", "掲載"),
        SourceEntry("https://a.example/3", "掲載", now - timedelta(365)),
        SourceEntry("冊子", "冊子", old),
    )
    urls = [each.url for each in desk.listed(Kind.SOURCES).entries]
    assert urls == ["https://a.example/1", "https://a.example/2"]
    first, second = (waiting_source(desk, url) for url in urls)
    assert first.source is not None
    assert second.source is not None
    found = desk.mark_source(first.source, found=True, before=old, authorship=AUTHOR)
    assert (found.seen_from, found.seen_until) == (now, None)
    with pytest.raises(UnknownReference, match="先に"):
        desk.mark_source(first.source, found=False, before=old, authorship=AUTHOR)
    gone = desk.mark_source(second.source, found=False, before=None, authorship=AUTHOR)
    assert (gone.seen_from, gone.seen_until) == (None, now)
    assert desk.listed(Kind.SOURCES).total == 0
    with pytest.raises(UnknownReference, match="もうありません"):
        desk.mark_source(999, found=True, before=None, authorship=AUTHOR)
    with installation.database.reading() as session:
        event = session.scalars(select(m.SourceEventRow).order_by(m.SourceEventRow.id)).all()[-2]
    assert (event.action, event.subject_id) == ("located", "doc-1")
    assert event.change["seen_from"] == [str(old), str(now)]


# --- pairs ----------------------------------------------------------------------------------


@pytest.fixture
def pair(installation: Installation) -> Installation:
    """Two open documents with the same text, published, each with addresses."""
    for name in ("doc-1", "doc-2"):
        draft(installation, name, sources=(
            SourceEntry("https://both.example/", "両方", date(2026, 1, 1)),
            SourceEntry(f"https://{name}.example/", "掲載", date(2026, 1, 1)),
        ), **OPEN)  # fmt: skip
    with writing(installation.database, AUTHOR) as writer:
        assert writer.record_likeness("doc-2", "doc-1", "same_text", 1.0)
    return installation


def seen(desk: Worklist) -> Pair:
    found = desk.pair("doc-1", "doc-2")
    assert found is not None
    return found


def decide(
    desk: Worklist, decision: LikenessDecision, keep: str | None, before: Pair | None = None
) -> bool:
    sides = (before or seen(desk)).sides
    versions = {side.document.id: side.version for side in sides}
    return desk.decide(("doc-1", "doc-2"), decision, keep, versions, AUTHOR)


def standing(installation: Installation) -> SimpleNamespace:
    """Terms and addresses of both documents."""
    with installation.database.reading() as session:
        rows = [session.get_one(m.DocumentRow, key) for key in ("doc-1", "doc-2")]
        return SimpleNamespace(
            terms=[row.rights_terms for row in rows],
            urls=[sorted(source.url for source in row.sources) for row in rows],
        )


def test_a_pair_is_seen_as_it_stands(pair: Installation, desk: Worklist) -> None:
    found = seen(desk)
    assert [side.document.id for side in found.sides] == ["doc-1", "doc-2"]
    assert all(side.page is not None and side.implemented_in == 2021 for side in found.sides)
    assert desk.pair("doc-2", "doc-1") == found
    assert desk.pair("doc-1", "doc-9") is None
    [waiting] = desk.listed(Kind.ALIKE).entries
    assert (waiting.id, waiting.other_id) == ("doc-2", "doc-1")


@pytest.mark.parametrize("keep", ["doc-1", "doc-2"])
def test_of_two_that_are_the_same_one_is_kept_and_all_can_be_undone(
    pair: Installation, desk: Worklist, keep: str
) -> None:
    before = standing(pair)
    assert decide(desk, SAME, keep)
    after, at = standing(pair), int(keep == "doc-2")
    assert after.terms[at] == "open"
    assert after.terms[1 - at] == "withdrawn"
    assert set(after.urls[at]) == {*before.urls[0], *before.urls[1]}
    assert after.urls[1 - at] == ["https://both.example/"]
    assert (seen(desk).decision, seen(desk).kept) == ("same", keep)
    assert seen(desk).sides[1 - at].page is None
    assert desk.listed(Kind.ALIKE).total == 0
    assert desk.undo(("doc-1", "doc-2"), AUTHOR)
    assert standing(pair) == before
    assert desk.listed(Kind.ALIKE).total == 1
    assert not desk.undo(("doc-1", "doc-2"), AUTHOR)
    # And once more, the other way round: what an earlier decision did tells nothing of it.
    assert decide(desk, SAME, "doc-1")
    assert seen(desk).kept == "doc-1"


def test_other_decisions_change_neither_document(pair: Installation, desk: Worklist) -> None:
    before = standing(pair)
    assert decide(desk, EDITION, None)
    assert standing(pair) == before
    assert (seen(desk).decision, seen(desk).kept) == ("new_edition", None)
    assert desk.listed(Kind.ALIKE).total == 0


def test_the_second_to_decide_is_told(pair: Installation, desk: Worklist) -> None:
    before = seen(desk)
    assert decide(desk, EDITION, None, before)
    with pytest.raises(ChangedMeanwhile) as told:
        decide(desk, SAME, "doc-1", before)
    assert [each.actor for each in told.value.changes] == [AUTHOR.actor]
    assert desk.undo(("doc-1", "doc-2"), AUTHOR)
    with writing(pair.database, Authorship("別の人", "訂正")) as writer:
        writer.rights.correct("doc-1", Terms.NO_COPY, None)
    with pytest.raises(ChangedMeanwhile):
        decide(desk, SAME, "doc-1", before)
    assert standing(pair).terms == ["no_copy", "open"]


def test_undoing_never_shows_what_was_taken_down_since(pair: Installation, desk: Worklist) -> None:
    assert decide(desk, SAME, "doc-1")
    with writing(pair.database, AUTHOR) as writer:
        writer.rights.withdraw("doc-1")
    with pytest.raises(UnknownReference, match="先にその取り下げを取り消して"):
        desk.undo(("doc-1", "doc-2"), AUTHOR)
    assert standing(pair).terms == ["withdrawn", "withdrawn"]
    assert seen(desk).decision == "same"


def test_what_was_down_before_stays_down_when_undone(pair: Installation, desk: Worklist) -> None:
    with writing(pair.database, AUTHOR) as writer:
        writer.rights.withdraw("doc-2")
    with pytest.raises(UnknownReference, match="取り下げ済み"):
        decide(desk, SAME, "doc-2")
    assert decide(desk, SAME, "doc-1")
    assert desk.undo(("doc-1", "doc-2"), AUTHOR)
    assert standing(pair).terms == ["open", "withdrawn"]


def test_one_that_is_of_neither_cannot_be_kept(pair: Installation, desk: Worklist) -> None:
    with pytest.raises(UnknownReference, match="2つのうち"):
        decide(desk, SAME, "doc-9")
    assert seen(desk).decision is None


def test_deciding_makes_nobody_the_last_to_settle_a_document(
    pair: Installation, desk: Worklist
) -> None:
    """Or a second person would be had by it where two have to publish."""
    assert decide(desk, EDITION, None)
    with pair.database.reading() as session:
        actions = session.scalars(select(m.SourceEventRow.action)).all()
    assert actions[-1] == "changed"
    assert "decided" not in actions
