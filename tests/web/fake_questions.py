"""What people asked, kept in memory; and the application that shows it to curators."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from flask import Flask

from kb.catalogue.questions.asked import AskedCount, AskedReport, WordCount
from kb.catalogue.questions.known import FailedQuestion, QuestionScore
from kb.domain.asked_question import AskedQuestion
from kb.domain.known_question import Expected, KnownQuestion
from kb.domain.rights import Audience
from kb.domain.synonyms import SynonymEntry
from kb.web.app import create_app
from kb.web.services import Asking, Services
from tests.web.fake_accounts import FakeAccounts
from tests.web.fakes import FakeCatalogue, FakeOriginals, FakePageImages, FakeSearch

TODAY = date(2026, 11, 22)
KNOWN = (
    KnownQuestion("q-1", "福間町", Expected(found=(("case-a",),))),
    KnownQuestion("q-2", "縦割り 打破", Expected(missing=("打破",))),
    KnownQuestion("q-3", "昔の質問", Expected(nothing=True), active=False),
)
REPORT = AskedReport(
    since=TODAY,
    asked=1234,
    nothing=(
        AskedCount("新庁舎 <b>", "theme=dx&scope=page", 3, TODAY),
        AskedCount("長い絞り込み", "theme=…", 1, TODAY),
        AskedCount("別の版の絞り込み", "colour=red", 1, TODAY),
    ),
    missing=(WordCount("打破", 12, TODAY), WordCount("見える化ボード", 1, TODAY)),
    most_asked=(AskedCount("改善", "", 210, TODAY),),
)
SCORE = QuestionScore(
    1,
    2,
    (FailedQuestion("q-2", "縦割り 打破", ("「打破」を候補に挙げていません。",)),),
    "schema1+fold1",
    "3.1",
    9,
    datetime(2026, 11, 21, 15, 4, tzinfo=UTC),
)


@dataclass
class FakeQuestions:
    """As :class:`kb.catalogue.questions.known.QuestionReader`."""

    asked: AskedReport = REPORT
    kept: tuple[KnownQuestion, ...] = KNOWN
    last: QuestionScore | None = SCORE
    days: list[int] = field(default_factory=list)

    def report(self, days: int) -> AskedReport:
        self.days.append(days)
        return self.asked

    def known(self) -> tuple[KnownQuestion, ...]:
        return self.kept

    def score(self) -> QuestionScore | None:
        return self.last

    def synonyms(self) -> tuple[SynonymEntry, ...]:
        return ()


NOTHING_YET = FakeQuestions(AskedReport(TODAY - timedelta(6), 0, (), (), ()), (), None)


@dataclass
class FakeAsking:
    """Remembers what it is told to count."""

    noted: list[AskedQuestion] = field(default_factory=list)

    def note(self, question: AskedQuestion) -> None:
        self.noted.append(question)


def site_of(questions: FakeQuestions | None, asking: Asking | None = None) -> Flask:
    """The application with these, over fakes of everything else."""
    services = Services(
        FakeSearch(), FakeCatalogue(), FakeOriginals(), FakePageImages(),
        accounts=FakeAccounts(), questions=questions, asking=asking,
    )  # fmt: skip
    return create_app(services, public_url=None, secret_key="test", audience=Audience.ANONYMOUS)
