"""Work that waits for the worker (仕事): what kinds there are, and how far one has come."""

from enum import StrEnum

MANIFESTS = frozenset(
    f"{name}.csv"
    for name in (
        *("municipalities", "programmes", "events", "cases", "people", "roles", "documents"),
        "questions",
    )
)
"""Tables that describe the files they come with; see :mod:`indexer.collection`."""

MARKERS = frozenset({"cases.csv", "events.csv"})
"""A folder with one of these brings its own records."""


class JobKind(StrEnum):
    """What is done with a file that came in."""

    INGEST = "ingest"
    """It is read and recorded as a document."""
    UNPACK = "unpack"
    """It is an archive: each file in it becomes a job of its own."""
    RECORDS = "records"
    """It is one of the tables of a collection."""
    CASES = "cases"
    """It may be a table of cases on the columns of DS-451-3."""
    BULK = "bulk"
    """A table of cases is looked at, or written as it was looked at."""
    INTAKE = "intake"
    """A seminar's page is drafted, compared with the catalogue, or settled."""
    REHEARSAL = "rehearsal"
    """It is asked what the drafted synonyms would change."""

    @property
    def goes_first(self) -> bool:
        """Whether the files of its batch wait for it, and it for the batch to be complete."""
        return self in (JobKind.RECORDS, JobKind.CASES)


class JobState(StrEnum):
    """How far a job has come: five stages, or an end beside them."""

    QUEUED = "queued"
    READING = "reading"
    JUDGING = "judging"
    WAITING = "waiting"
    PUBLISHED = "published"
    FAILED = "failed"
    DUPLICATE = "duplicate"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        """The Japanese name shown to curators."""
        return {
            "queued": "受付",
            "reading": "抽出",
            "judging": "判定",
            "waiting": "確認待ち",
            "published": "公開",
            "failed": "取り込めず",
            "duplicate": "重複",
            "cancelled": "取りやめ",
        }[self]

    @property
    def ended(self) -> bool:
        """Whether nothing more happens to it by itself."""
        return self not in OPEN


STAGES = (
    *(JobState.QUEUED, JobState.READING, JobState.JUDGING),
    *(JobState.WAITING, JobState.PUBLISHED),
)
"""The way of a file that meets no trouble."""

WORKING = (JobState.READING, JobState.JUDGING)
"""States in which a worker holds it."""

OPEN = (JobState.QUEUED, *WORKING)
"""States in which it is not done."""


def kind_of(name: str, beside: frozenset[str]) -> JobKind:
    """What a file is to be tried as, by its name and the names beside it in its folder.

    Only a guess: what a file is, its content tells whoever works on it.
    """
    lower = name.lower()
    if lower.endswith(".zip"):
        return JobKind.UNPACK
    if lower in MANIFESTS and beside & MARKERS:
        return JobKind.RECORDS
    return JobKind.CASES if lower.endswith(".csv") else JobKind.INGEST
