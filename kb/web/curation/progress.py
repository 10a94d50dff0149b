"""How a batch comes along, as its page tells it: groups of files, steps, time left, what to do."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from kb.catalogue.jobs.views import RECORDED, UNPACKED, JobView, UploadView
from kb.domain.jobs import STAGES, WORKING, JobKind, JobState

TONES = MappingProxyType(
    {
        "indexed": "ok", "recorded": "ok", "unpacked": "ok", "duplicate": "", "cancelled": "",
        "indexed_partly": "warn", "needs_ocr": "warn",
    }
)  # fmt: skip
"""Outcome -> the tone of its label; every other is bad."""

AGAIN = frozenset({"indexed_partly", "needs_ocr", "timed_out", "out_of_memory", "gave_up", "error"})
"""Outcomes that another try may better."""

_ASIDE = frozenset({UNPACKED, RECORDED})
"""Outcomes of what becomes no document, and so is never published."""

_STOPPED_EARLY = frozenset({"too_large", "missing", "cancelled", "duplicate", "records_refused"})
"""Outcomes of files that were not read."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a file's way."""

    label: str
    mark: str
    """done, here, hold, stop, or empty for one that lies ahead."""


@dataclass(frozen=True, slots=True)
class Line:
    """One file of a batch."""

    job: JobView
    steps: tuple[Step, ...]
    label: str
    """The name of its end; empty while it has none."""
    tone: str
    note: str
    """Where it stands, while it is not done."""
    seconds_left: int | None
    again: bool
    """Whether it may be tried once more."""


@dataclass(frozen=True, slots=True)
class Progress:
    """A batch as its page shows it."""

    attention: tuple[Line, ...]
    running: tuple[Line, ...]
    done: tuple[Line, ...]
    counts: tuple[tuple[str, int], ...]
    """Stage -> how many files stand there."""
    files: int
    ended: int
    left: str
    """About how long it will still take; empty while nobody can say, or nothing is to do."""
    summary: str
    version: str
    """Changes whenever anything a reader sees does."""
    waiting: int
    """How many documents of it wait for a curator."""


_SLOW_SECONDS, _SLOW_TIMES = 10.0, 4.0
"""From how long on a file counts as slow: in all, and beside what its size lets expect."""


def progress(upload: UploadView, jobs: Iterable[JobView], now: datetime) -> Progress:
    """How a batch comes along at a moment."""
    lines = []
    ahead = 0
    jobs = tuple(jobs)
    for job in jobs:
        lines.append(_line(job, upload, ahead, now))
        ahead += job.state is JobState.QUEUED
    ended = sum(job.state.ended for job in jobs)
    attention = tuple(line for line in lines if _wants(line))
    summary = f"{len(jobs)}点中{ended}点が終了"
    if attention:
        summary += f"(対応が必要{len(attention)}点)"
    told = repr([(line.job, line.note) for line in lines]) + str(upload.closed)
    return Progress(
        attention=attention,
        running=tuple(line for line in lines if not line.job.state.ended),
        done=tuple(line for line in lines if line.job.state.ended and not _wants(line)),
        counts=tuple((s.label, sum(_stands(job, s) for job in jobs)) for s in STAGES),
        files=len(jobs),
        ended=ended,
        left=_left(jobs, now),
        summary=summary,
        version=hashlib.sha256(told.encode()).hexdigest()[:16],
        waiting=sum(job.state is JobState.WAITING for job in jobs),
    )


def _stands(job: JobView, stage: JobState) -> bool:
    return job.state is stage and job.outcome not in _ASIDE


def _line(job: JobView, upload: UploadView, ahead: int, now: datetime) -> Line:
    outcome = job.outcome or ""
    return Line(
        job=job,
        steps=_steps(job, draft=upload.draft),
        label=job.label or "",
        tone=TONES.get(outcome, "bad"),
        note=_note(job, upload, ahead),
        seconds_left=_seconds_left(job, now),
        again=outcome in AGAIN,
    )


def _wants(line: Line) -> bool:
    """Whether somebody has to do something about it."""
    return line.job.state.ended and line.tone in ("bad", "warn")


def _note(job: JobView, upload: UploadView, ahead: int) -> str:
    match job.state:
        case JobState.QUEUED if job.kind.goes_first and not upload.closed:
            return "全部のファイルが届くのを待っています"
        case JobState.QUEUED:
            return f"順番待ち({ahead + 1}番目)"
        case JobState.READING if job.pages:
            return f"{job.pages}ページ中{job.pages_done}ページ"
        case JobState.READING if job.kind is JobKind.UNPACK:
            return "ファイルを取り出しています"
        case JobState.READING:
            return "読み取っています"
        case JobState.JUDGING:
            return "自治体・年度・部門を読み取っています"
        case _:
            return ""


def _steps(job: JobView, *, draft: bool) -> tuple[Step, ...]:
    last = JobState.WAITING if draft and job.state is not JobState.PUBLISHED else JobState.PUBLISHED
    way = [JobState.QUEUED, JobState.READING, JobState.JUDGING, last]
    if job.outcome in _ASIDE:
        return tuple(Step(stage.label, "done") for stage in way[:2])
    at, mark = _place(job, way)
    marks = ["done"] * at + [mark] + [""] * (len(way) - at - 1)
    return tuple(Step(stage.label, each) for stage, each in zip(way, marks, strict=True))


def _place(job: JobView, way: list[JobState]) -> tuple[int, str]:
    """How far it has come, and how it stands there."""
    if job.state in way:
        end = job.state is JobState.PUBLISHED
        return way.index(job.state), "done" if end else "here"
    early = job.outcome in _STOPPED_EARLY
    held = job.state in (JobState.DUPLICATE, JobState.CANCELLED)
    return (0 if early else 1), "hold" if held else "stop"


def _seconds_left(job: JobView, now: datetime) -> int | None:
    """From the pages a second so far."""
    if job.state is not JobState.READING or not job.pages_done or job.started_at is None:
        return None
    elapsed = max(0.5, (now - job.started_at).total_seconds())
    return round((job.pages - job.pages_done) * elapsed / job.pages_done)


def _left(jobs: tuple[JobView, ...], now: datetime) -> str:
    """From the bytes a second so far: how many pages a file has is known when it is read.

    Nobody can say while a file takes much longer than its bytes let expect.
    """
    done = [job for job in jobs if job.state.ended and job.started_at and job.ended_at]
    size = sum(job.size for job in done)
    rest = sum(job.size for job in jobs if not job.state.ended)
    working = [job for job in jobs if job.state in WORKING and job.started_at]
    if not rest or not size or not working:
        return ""
    pace = _busy(done) / size
    for job in working:
        spent = (now - (job.started_at or now)).total_seconds()
        if spent > max(_SLOW_SECONDS, _SLOW_TIMES * pace * job.size):
            return ""
    return f"残り約{duration(pace * rest)}"


def _busy(done: Iterable[JobView]) -> float:
    """The seconds in which at least one of these was worked on: a batch may rest for days."""
    spans = sorted(
        (job.started_at, job.ended_at) for job in done if job.started_at and job.ended_at
    )
    seconds, until = 0.0, None
    for begun, ended in spans:
        begun = begun if until is None else max(begun, until)
        seconds += max(0.0, (ended - begun).total_seconds())
        until = ended if until is None else max(ended, until)
    return seconds


def duration(seconds: float) -> str:
    """1分20秒, or 50秒; from ten minutes on whole minutes."""
    whole = max(1, round(seconds))
    if whole < 60:
        return f"{whole}秒"
    minutes, rest = divmod(whole, 60)
    return f"{minutes}分{rest:02}秒" if minutes < 10 else f"{minutes}分"
