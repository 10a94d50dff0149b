"""Questions whose answers are known, and how they fared when they were last asked."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.changes import Changes
from kb.catalogue.questions.asked import AskedReader, AskedReport
from kb.catalogue.questions.tables import KnownQuestionRow, QuestionScoreRow
from kb.catalogue.session import Database
from kb.catalogue.synonyms.records import SynonymReader
from kb.domain.known_question import Expected, KnownQuestion
from kb.domain.synonyms import SynonymEntry

KIND = "known_question"
"""What SourceEvents call one."""
SCORES_KEPT = 50


@dataclass(frozen=True, slots=True)
class FailedQuestion:
    """A known question that was not answered as it must be."""

    id: str
    question: str
    reasons: tuple[str, ...]
    """Sentences in Japanese."""


@dataclass(frozen=True, slots=True)
class QuestionScore:
    """What came of asking every active known question of one index."""

    passed: int
    total: int
    failed: tuple[FailedQuestion, ...]
    fingerprint: str
    """Of the index."""
    generation: str
    change: int
    """See :meth:`QuestionReader.change`, before they were asked."""
    asked_at: datetime | None = None
    """None until it is recorded."""


class QuestionReader:
    """Reads the questions that one catalogue keeps, and what is known about asking."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._asked = AskedReader(database)
        self._synonyms = SynonymReader(database)

    def known(self) -> tuple[KnownQuestion, ...]:
        """Every known question, in the order of their names."""
        with self._database.reading() as session:
            rows = session.scalars(select(KnownQuestionRow).order_by(KnownQuestionRow.id))
            return tuple(map(_question, rows))

    def change(self) -> int:
        """The number of the last SourceEvent about a known question; 0 before the first."""
        event_ = m.SourceEventRow
        with self._database.reading() as session:
            last = select(func.max(event_.id)).where(event_.subject_kind == KIND)
            return session.scalar(last) or 0

    def score(self) -> QuestionScore | None:
        """The last score."""
        newest = select(QuestionScoreRow).order_by(QuestionScoreRow.id.desc()).limit(1)
        with self._database.reading() as session:
            row = session.scalar(newest)
            return _score(row) if row else None

    def report(self, days: int) -> AskedReport:
        """What was asked in the last `days` days."""
        return self._asked.report(days)

    def synonyms(self) -> tuple[SynonymEntry, ...]:
        """A town's own synonyms, beside the shipped ones."""
        return self._synonyms.entries()


class QuestionWriter:
    """Records known questions and scores; see `CatalogueWriter.questions`."""

    def __init__(self, session: Session, changes: Changes) -> None:
        self._session = session
        self._changes = changes

    def record(self, question: KnownQuestion) -> bool:
        """Record a question under its name; whether anything changed."""
        values: dict[str, Any] = {
            "question": question.question,
            "filters": question.filters,
            "expected": _plain(question.expected),
            "note": question.note,
            "active": question.active,
        }
        return self._changes.put(KnownQuestionRow, KIND, question.id, values)

    def remove(self, question_id: str) -> bool:
        """Forget a question; whether there was one."""
        row = self._session.get(KnownQuestionRow, question_id)
        if row is None:
            return False
        self._changes.note("removed", KIND, question_id, {"question": [row.question, None]})
        self._session.delete(row)
        self._session.flush()
        return True

    def record_score(self, score: QuestionScore) -> None:
        """Keep a score, and forget the oldest."""
        self._session.add(
            QuestionScoreRow(
                passed=score.passed,
                total=score.total,
                failed=[_plain(each) for each in score.failed],
                fingerprint=score.fingerprint,
                generation=score.generation,
                change=score.change,
            )
        )
        self._session.flush()
        kept = select(QuestionScoreRow).order_by(QuestionScoreRow.id.desc()).offset(SCORES_KEPT)
        for row in self._session.scalars(kept):
            self._session.delete(row)


def _plain(value: Expected | FailedQuestion) -> dict[str, Any]:
    """As JSON gives it back: lists for tuples, so that what has not changed compares equal."""

    def listed(each: Any) -> Any:
        return [listed(part) for part in each] if isinstance(each, tuple) else each

    return {name: listed(each) for name, each in asdict(value).items()}


def _question(row: KnownQuestionRow) -> KnownQuestion:
    return KnownQuestion(
        row.id, row.question, _expected(row.expected), row.filters, row.note, row.active
    )


def _expected(kept: Mapping[str, Any]) -> Expected:
    return Expected(
        first=tuple(kept["first"]),
        found=tuple(map(tuple, kept["found"])),
        within=kept["within"],
        suggested=tuple(kept["suggested"]),
        nothing=kept["nothing"],
        missing=tuple(kept["missing"]),
        understood=tuple(kept["understood"]),
    )


def _score(row: QuestionScoreRow) -> QuestionScore:
    failed = (FailedQuestion(f["id"], f["question"], tuple(f["reasons"])) for f in row.failed)
    return QuestionScore(
        row.passed, row.total, tuple(failed), row.fingerprint, row.generation, row.change,
        row.asked_at,
    )  # fmt: skip
