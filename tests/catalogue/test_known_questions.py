"""Known questions are kept with their story; scores are kept without."""

from dataclasses import replace

from sqlalchemy import func, select

from indexer.installation import Installation
from kb.catalogue import models as m
from kb.catalogue.entries import Authorship
from kb.catalogue.questions.known import (
    SCORES_KEPT,
    FailedQuestion,
    QuestionReader,
    QuestionScore,
)
from kb.catalogue.questions.tables import QuestionScoreRow
from kb.catalogue.writing import writing
from kb.domain.known_question import Expected, KnownQuestion

AUTHOR = Authorship("編集担当", "試験")
QUESTION = KnownQuestion(
    "q-1",
    "縦割り 打破",
    Expected(("case-a",), (("case-b", "doc-c#5"),), 5, ("福津市",), False, ("打破",), ("place",)),
    "theme=dx",
    "覚え書き",
)
FAILED = FailedQuestion("q-1", "縦割り 打破", ("「打破」…",))
SCORE = QuestionScore(1, 2, (FAILED,), "素性", "7.3", 4)


def test_a_question_is_kept_changed_and_removed_with_its_story(installation: Installation) -> None:
    reader = QuestionReader(installation.database)
    assert (reader.known(), reader.change()) == ((), 0)
    with writing(installation.database, AUTHOR) as writer:
        assert writer.questions.record(QUESTION)
        assert not writer.questions.record(QUESTION)
    assert reader.known() == (QUESTION,)
    first = reader.change()
    off = replace(QUESTION, active=False)
    with writing(installation.database, AUTHOR) as writer:
        assert writer.questions.record(off)
    assert reader.known() == (off,)
    with writing(installation.database, AUTHOR) as writer:
        assert writer.questions.remove("q-1")
        assert not writer.questions.remove("q-1")
    assert reader.known() == ()
    assert reader.change() > first > 0
    with installation.database.reading() as session:
        row = m.SourceEventRow
        told = select(row.action, row.actor).where(row.subject_kind == "known_question")
        found = [tuple(each) for each in session.execute(told.order_by(row.id))]
    assert found == [(action, "編集担当") for action in ("recorded", "changed", "removed")]


def test_the_last_score_is_told_and_old_ones_are_forgotten(installation: Installation) -> None:
    reader = QuestionReader(installation.database)
    assert reader.score() is None
    for passed in range(SCORES_KEPT + 2):
        with writing(installation.database, AUTHOR) as writer:
            writer.questions.record_score(replace(SCORE, passed=passed))
    last = reader.score()
    assert last is not None
    assert last.asked_at is not None
    assert replace(last, asked_at=None) == replace(SCORE, passed=SCORES_KEPT + 1)
    with installation.database.reading() as session:
        assert session.scalar(select(func.count(QuestionScoreRow.id))) == SCORES_KEPT
    assert reader.change() == 0
