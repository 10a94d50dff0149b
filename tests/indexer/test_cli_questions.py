"""`kb questions`, `kb check --questions`, and what the worker does about both."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from indexer.collection import BadCollection, Collection
from indexer.installation import Installation
from indexer.question_lists import as_csv, read_questions
from indexer.questions import QuestionDuty, judged, scored
from kb.catalogue.entries import Authorship
from kb.catalogue.questions.asked import AskedReader, AskedTally
from kb.catalogue.questions.known import QuestionReader
from kb.catalogue.writing import writing
from kb.domain.asked_question import AskedQuestion
from kb.domain.clock import today
from kb.domain.known_question import Expected, KnownQuestion
from kb.domain.rights import Audience
from kb.search.service import SearchService
from tests.conftest import ROOT
from tests.indexer.commands import Run

NOWHERE = KnownQuestion("q-1", "ヌヴハヒフ", Expected(nothing=True, missing=("ヌヴハヒフ",)))
WRONG = KnownQuestion("q-2", "ヌヴハヒフ", Expected(first=("case-none",)))


def known(installation: Installation) -> tuple[KnownQuestion, ...]:
    return QuestionReader(installation.database).known()


def record(installation: Installation, *questions: KnownQuestion) -> None:
    with writing(installation.database, Authorship("試験")) as writer:
        for question in questions:
            writer.questions.record(question)


def ask(installation: Installation, *questions: AskedQuestion, day: date | None = None) -> None:
    tallies = [
        AskedTally(day or today(), question, 1, dict.fromkeys(question.missing, 1))
        for question in questions
    ]
    with writing(installation.database, Authorship("試験")) as writer:
        writer.asked.keep(tallies)


# --- the report ---------------------------------------------------------------------------


def test_the_report_tells_what_was_asked_with_what_may_help(
    installation: Installation, run: Run
) -> None:
    nothing = AskedQuestion("南伊世町 行革甲子園", "theme=dx", Audience.ANONYMOUS, 0, ("南伊世町",))
    ask(installation, nothing, AskedQuestion("改善", "", Audience.STAFF, 7), nothing)
    told = run("questions", "report")
    assert told.exit_code == 0
    for part in ("のべ3回", "南伊世町 行革甲子園 [theme=dx]", "近い名前: 南伊勢町", "2回", "改善"):
        assert part in told.stdout
    plain = json.loads(run("questions", "report", "--days", "1", "--json").stdout)
    day = today().isoformat()
    question = {"question": nothing.text, "filters": "theme=dx", "times": 2, "last_day": day}
    assert (plain["logging"], plain["days"], plain["since"], plain["asked"]) == (True, 1, day, 3)
    assert plain["nothing"] == [question]
    assert plain["most_asked"][0] == question | {"filters": ""}
    assert plain["missing"][0]["word"] == "南伊世町"
    assert "南伊勢町" in plain["missing"][0]["nearest"]


def test_an_empty_report_and_a_log_that_is_off_are_told(run: Run) -> None:
    told = run("questions", "report", KB_QUERY_LOG="off")
    assert told.exit_code == 0
    assert "のべ0回" in told.stdout
    assert "KB_QUERY_LOG=off" in told.stderr


# --- known questions ----------------------------------------------------------------------


def test_questions_are_added_listed_and_removed(installation: Installation, run: Run) -> None:
    added = run(
        *("questions", "add", "縦割り 打破", "--first", "case-a|case-b", "--any", "doc-c#5"),
        *("--any", "did_you_mean:福津市", "--within", "3", "--missing", "打破"),
        *("--understood", "missing", "--filters", "theme=DX", "--note", "覚え書き"),
    )
    assert added.exit_code == 0
    expected = Expected(
        ("case-a", "case-b"), (("doc-c#5",),), 3, ("福津市",), False, ("打破",), ("missing",)
    )
    wanted = KnownQuestion("q-1", "縦割り 打破", expected, "theme=DX", "覚え書き")
    assert known(installation) == (wanted,)
    assert "q-2" in run("questions", "add", "隕石", "--nothing").stderr
    listed = run("questions", "list").stdout
    assert (
        "q-1  縦割り 打破  (最初: case-a|case-b; 初めの3件: doc-c#5;did_you_mean:福津市" in listed
    )
    lines = [json.loads(line) for line in run("questions", "list", "--json").stdout.splitlines()]
    assert [(line["id"], line["any"], line["active"]) for line in lines] == [
        ("q-1", "doc-c#5;did_you_mean:福津市", True),
        ("q-2", "none", True),
    ]
    assert run("questions", "remove", "q-1").exit_code == 0
    assert [question.id for question in known(installation)] == ["q-2"]
    assert run("questions", "remove", "q-1").exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("改善",), "何が見つかるべきか"),
        (("改善", "--nothing", "--first", "case-a"), "none"),
        (("改善", "--nothing", "--filters", "colour=red"), "絞り込み"),
        (("改善", "--nothing", "--id", "a b"), "ID"),
    ],
)
def test_a_question_that_cannot_be_judged_is_refused(
    run: Run, arguments: Sequence[str], said: str
) -> None:
    refused = run("questions", "add", *arguments)
    assert refused.exit_code == 2
    assert said in refused.stderr


def test_a_list_comes_in_and_goes_out_as_it_was(
    installation: Installation, run: Run, tmp_path: Path
) -> None:
    off = KnownQuestion("=q", "+改善", Expected(found=(("a", "b"),)), active=False)
    file = tmp_path / "質問.csv"
    file.write_bytes(as_csv((NOWHERE, off)).encode("utf-8-sig"))
    assert "2件を読めました" in run("questions", "import", str(file), "--dry-run").stderr
    assert known(installation) == ()
    assert "2件のうち2件" in run("questions", "import", str(file)).stderr
    assert "2件のうち0件" in run("questions", "import", str(file)).stderr
    assert set(known(installation)) == {NOWHERE, off}
    out = tmp_path / "out.csv"
    assert run("questions", "export", "--output", str(out)).exit_code == 0
    assert set(read_questions(out.read_bytes())) == {NOWHERE, off}
    assert run("questions", "export").stdout_bytes == out.read_bytes()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("query\n改善\n", "「id」"),
        ("id,query,any\nq,改善,a\nq,改善,a\n", "3行目: ID「q」"),
        ("id,query,any\nq,,a\n", "2行目「query」"),
        ("id,query,any,within\nq,改善,a,x\n", "2行目「within」"),
        ("id,query,any,active\nq,改善,a,はい\n", "2行目「active」"),
        ("id,query\nq,改善\n", "2行目: 何が"),
        ("id,query,any,filters\nq,改善,a,colour=red\n", "2行目: 絞り込み"),
    ],
)
def test_a_list_that_cannot_be_used_names_the_row(
    run: Run, tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "質問.csv"
    file.write_text(text, "utf-8")
    refused = run("questions", "import", str(file))
    assert refused.exit_code == 2
    assert said in refused.stderr


@pytest.mark.shared
def test_a_list_of_acceptance_questions_is_read_as_it_is(shared: Path) -> None:
    read = read_questions((shared / "data" / "acceptance" / "queries.csv").read_bytes())
    assert len(read) > 20
    assert all(question.active for question in read)


# --- asking them --------------------------------------------------------------------------


def test_the_questions_of_the_sample_are_all_answered(
    installation: Installation, service: SearchService
) -> None:
    shipped = read_questions((ROOT / "corpus" / "questions.csv").read_bytes())
    assert 10 <= len(shipped) <= 20
    found = judged(service, shipped, Audience.ANONYMOUS)
    told = {one.question.id: [s.sentence for s in one.shortfalls] for one in found}
    assert told == {question.id: [] for question in shipped}


def test_a_folder_brings_its_questions(installation: Installation, tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text("id,title,state\n", "utf-8")
    file = tmp_path / "questions.csv"
    file.write_text(as_csv((NOWHERE,)), "utf-8", newline="")
    assert Collection(tmp_path).record(installation.database, "試験") == 1
    assert Collection(tmp_path).record(installation.database, "試験") == 0
    assert known(installation) == (NOWHERE,)
    file.write_text("id,query\nq,改善\n", "utf-8")
    with pytest.raises(BadCollection, match=r"questions\.csv: 2行目"):
        Collection(tmp_path)


def test_checking_the_questions_tells_why_one_did_not_pass_and_keeps_the_score(
    installation: Installation, run: Run
) -> None:
    assert "確認の質問がありません" in run("check", "--questions").stderr
    record(installation, NOWHERE)
    installation.reindexer.sync()
    passed = run("check", "--questions", "--json")
    assert passed.exit_code == 0
    assert json.loads(passed.stdout) == {
        "passed": 1,
        "of": 1,
        "index": installation.fingerprint,
        "questions": [{"id": "q-1", "question": "ヌヴハヒフ", "passed": True, "reasons": []}],
    }
    bad = KnownQuestion("q-3", "自治体:ありえない町", Expected(nothing=True))
    record(installation, WRONG, bad)
    failed = run("check", "--questions")
    assert failed.exit_code == 1
    assert "最初の結果は なし で、case-none ではありません。" in failed.stdout
    assert "3件のうち2件" in failed.stderr
    assert "合格    q-1  ヌヴハヒフ\n" in failed.stdout
    score = QuestionReader(installation.database).score()
    assert score is not None
    assert [(one.id, len(one.reasons)) for one in score.failed] == [("q-2", 1), ("q-3", 1)]
    assert (score.passed, score.total, score.fingerprint) == (1, 3, installation.fingerprint)


def test_a_rebuild_asks_them(installation: Installation, run: Run) -> None:
    assert "確認の質問" not in run("rebuild").stderr
    record(installation, NOWHERE)
    assert "確認の質問: 1件のうち1件が合格" in run("rebuild").stderr


def test_what_is_switched_off_is_not_asked(installation: Installation) -> None:
    off = KnownQuestion("q-2", "改善", Expected(first=("case-none",)), active=False)
    record(installation, NOWHERE, off)
    installation.reindexer.sync()
    score, _ = scored(installation, Audience.ANONYMOUS)
    assert (score.passed, score.total) == (1, 1)


# --- the worker's duty --------------------------------------------------------------------


def test_the_worker_asks_when_the_index_or_the_questions_are_others(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = QuestionReader(installation.database)
    duty = QuestionDuty(installation, Audience.ANONYMOUS, 400)
    duty()
    assert reader.score() is None  # nothing to ask
    record(installation, NOWHERE)
    duty()
    assert reader.score() is None  # the index has not followed
    installation.reindexer.sync()
    duty()
    first = reader.score()
    assert first is not None
    duty()
    assert reader.score() == first
    installation.reindexer.rebuild()
    duty()
    assert reader.score() == first  # asked a moment ago
    monkeypatch.setattr("indexer.questions.QUIET_SECONDS", 0.0)
    duty()
    second = reader.score()
    assert second is not None
    assert second.generation != first.generation
    record(installation, WRONG)
    installation.reindexer.sync()
    duty()
    third = reader.score()
    assert third is not None
    assert (third.passed, third.total) == (1, 2)


def test_the_worker_tidies_the_log_once_a_day(installation: Installation) -> None:
    duty = QuestionDuty(installation, Audience.ANONYMOUS, 10)
    old = AskedQuestion("昔の質問", "", Audience.ANONYMOUS, 0)
    ask(installation, old, day=today() - timedelta(11))
    duty()
    assert AskedReader(installation.database).report(400).asked == 0
    ask(installation, old, day=today() - timedelta(11))
    duty()
    assert AskedReader(installation.database).report(400).asked == 1
