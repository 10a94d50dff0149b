"""Doing the jobs of seminar pages: taking one in, comparing an intake anew, settling its lines.

What is recorded and the end of its job are one transaction, so a worker that is killed enters
nothing twice and loses nothing. What the page then shows is compared by a job of its own, put in
that transaction too.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cached_property

from indexer.exchange.importing import CatalogueMoved
from indexer.gazetteer import gazetteer_of
from indexer.installation import Installation
from indexer.intake import sheet
from indexer.intake.acceptance import Request, Settlement, settle
from indexer.intake.desk import IntakeDesk
from indexer.intake.draft import LineKind
from indexer.intake.drafting import draft_page
from indexer.intake.fields import FIELDS
from indexer.intake.page import CannotReadPage, read_page
from indexer.intake.planning import CannotSettle, Plan
from indexer.intake.remedies import PAGE
from indexer.intake.versions import ChangedSince
from kb.catalogue.changes import UnknownReference
from kb.catalogue.entries import Authorship
from kb.catalogue.intake.jobs import LineWord, Step, Words, compare_entry, page_of, words_of
from kb.catalogue.intake.records import IntakeView
from kb.catalogue.intake.sheets import SheetStore
from kb.catalogue.jobs.views import Incoming, JobEnd, TakenJob
from kb.catalogue.review.second_person import NeedsSecondPerson, allow_all
from kb.catalogue.session import Database
from kb.catalogue.stored import StoredReader
from kb.catalogue.writing import CatalogueWriter
from kb.domain.gazetteer import Gazetteer
from kb.domain.jobs import JobState
from kb.domain.word_lists import split_words

MOST_TURNS = 5
"""How often a settlement is tried while other writers get in between."""

_MOVED = "ほかの処理が目録を書き換え続けているため、記録できませんでした。もう一度押してください。"
_GONE = "送られたページが、もう残っていません。もう一度送ってください。"
_COMPARED = JobEnd(JobState.PUBLISHED, "recorded", "比べた")


class IntakeWork:
    """Does jobs of one installation; safe to use from several threads."""

    def __init__(
        self,
        installation: Installation,
        places: Callable[[Database], Gazetteer] = gazetteer_of,
    ) -> None:
        self._installation = installation
        self._database = installation.database
        self._places = places

    def do(self, job: TakenJob) -> None:
        """Do a job that has been taken.

        Raises:
            LeaseLost: it was somebody else's when it was to be recorded; nothing has been.
            CatalogueUnavailable: the catalogue does not answer.
        """
        done: dict[Step, Callable[[TakenJob], None]] = {
            Step.TAKE: self._take,
            Step.COMPARE: self._compare,
            Step.SETTLE: self._settle,
        }
        done[Step(job.work["step"])](job)

    @cached_property
    def _desk(self) -> IntakeDesk:
        """Made once: the names of all places take half a second."""
        return IntakeDesk(self._database, self._places(self._database))

    # -- taking a page in ----------------------------------------------------------------

    def _take(self, job: TakenJob) -> None:
        file, sent = str(job.work["file"]), page_of(job.work)
        path = self._installation.incoming.path(file)
        if not path.is_file():
            self._installation.jobs.end(job, _refused("missing", _GONE))
            return
        try:
            lines = read_page(path, self._installation.limits, address=sent.address)
        except CannotReadPage as error:
            self._installation.jobs.end(job, _refused("unreadable", str(error)))
            return
        draft = draft_page(lines, sent.source, self._desk.gazetteer, seen_on=sent.seen_on)
        end = _taken(draft.unread)
        kept = self._desk.take(draft, str(job.work["actor"]), sent.seen_on, _ending(job, end))
        # The same page that waits untouched was not kept again, and nothing ended the job.
        self._installation.jobs.end(job, end, [(compare_entry(kept.intake.id), None)])
        self._installation.incoming.remove(file)

    # -- comparing -----------------------------------------------------------------------

    def _compare(self, job: TakenJob) -> None:
        desk = self._desk
        intake = desk.intake(job.name)
        stored = StoredReader(self._database).stored()
        review = desk.reviewed(intake, stored)
        made = sheet.sheet_of(review, stored, desk.gazetteer)
        SheetStore(self._database).keep(job.name, made, stored.sequence, intake.seen_on)
        self._installation.jobs.end(job, _COMPARED)

    # -- settling ------------------------------------------------------------------------

    def _settle(self, job: TakenJob) -> None:
        try:
            done = self._settled(job, words_of(job.work))
        except CatalogueMoved:
            end = _refused("moved", _MOVED)
        except ChangedSince as error:
            end = _refused("changed", "\n".join(error.sentences))
        except CannotSettle as error:
            end = _refused("refused", "\n".join(error.sentences))
        except NeedsSecondPerson as error:
            end = _refused("refused", str(error))
        except UnknownReference as error:
            end = _refused("refused", str(error))
        else:
            # Where nothing was to be recorded, nothing has ended the job.
            end = _recorded(len(done.accepted), len(done.rejected))
        self._installation.jobs.end(job, end, [(compare_entry(job.name), None)])

    def _settled(self, job: TakenJob, words: Words) -> Settlement:
        desk = self._desk
        authorship = Authorship(str(job.work["actor"]), _why(job))
        request = request_of(words, desk.intake(job.name))
        for _ in range(MOST_TURNS - 1):
            with suppress(CatalogueMoved):  # nothing was recorded, and the next turn sees more
                return settle(desk, job.name, request, authorship, PAGE, _settling(job))
        return settle(desk, job.name, request, authorship, PAGE, _settling(job))


def request_of(words: Words, intake: IntakeView) -> Request:
    """What was said on the page as the command would say it."""
    kinds = {line.key: LineKind(line.kind) for line in intake.lines}
    accepted = [line for line in words.lines if line.wanted == "accept"]
    return Request(
        accept=[line.key for line in accepted],
        reject=[line.key for line in words.lines if line.wanted == "reject"],
        values=[
            (line.key, name, divided(kinds.get(line.key), name, text))
            for line in accepted
            for name, text in line.values
        ],
        keep=[(line.key, name) for line in accepted for name in line.keep],
        records=[(line.key, line.record) for line in accepted if line.record],
        accept_sure=words.sure,
        with_references=words.references,
        versions=_versions(words.lines),
    )


def _versions(lines: Iterable[LineWord]) -> dict[str, str]:
    return {line.key: line.version for line in lines if line.wanted}


def divided(kind: LineKind | None, name: str, text: str) -> str:
    """What stands in a box as the command takes it, with a semicolon between words."""
    fields = FIELDS[kind] if kind is not None else ()
    several = any(field.name == name and field.several for field in fields)
    return ";".join(split_words(text)) if several else text


def _ending(job: TakenJob, end: JobEnd) -> Callable[[CatalogueWriter, str], None]:
    def then(writer: CatalogueWriter, intake_id: str) -> None:
        _end(writer, job, end, intake_id)

    return then


def _settling(job: TakenJob) -> Callable[[CatalogueWriter, Plan], None]:
    def then(writer: CatalogueWriter, plan: Plan) -> None:
        if _asked_by(job) is not None:
            allow_all(writer.session)
        _end(writer, job, _recorded(len(plan.accepted), len(plan.rejected)), job.name)

    return then


def _asked_by(job: TakenJob) -> str | None:
    """Who chose the lines, where that was another person than the one who has them recorded."""
    asked = str(job.work.get("asked_by", job.work["actor"]))
    return None if asked == job.work["actor"] else asked


def _why(job: TakenJob) -> str:
    asked = _asked_by(job)
    return f"受け入れ {job.name}" + (f"({asked}が選んだ行)" if asked else "")


def _end(writer: CatalogueWriter, job: TakenJob, end: JobEnd, intake_id: str) -> None:
    """End a job in the transaction of its work, and have the intake compared after it."""
    writer.jobs.end(job.id, job.owner, end)
    following: Incoming = (compare_entry(intake_id), None)
    writer.jobs.put(None, [following])


def _taken(unread: int) -> JobEnd:
    detail = (
        f"ページが長いため、最後の{unread:,}行は読んでいません。分けて送ってください。"
        if unread
        else None
    )
    return JobEnd(JobState.PUBLISHED, "recorded", "読んだ", detail)


def _recorded(accepted: int, rejected: int) -> JobEnd:
    told = [f"{accepted}行を受け入れました。"] if accepted else []
    told += [f"{rejected}行を却下しました。"] if rejected else []
    detail = "".join(told) or "記録する行はありませんでした。"
    return JobEnd(JobState.PUBLISHED, "recorded", "記録した", detail)


def _refused(outcome: str, why: str) -> JobEnd:
    """Nothing was done: no failure of a file that somebody would have to look after."""
    return JobEnd(JobState.CANCELLED, outcome, "記録せず", why)
