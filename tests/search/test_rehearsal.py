"""What a draft of synonyms would change: compared on answers that are made up here."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from kb.domain.known_question import Expected, KnownQuestion
from kb.domain.rights import Audience
from kb.domain.synonym_rehearsal import Effect, from_plain
from kb.domain.synonyms import Relation, SynonymEntry, SynonymGroup
from kb.search import rehearsal
from kb.search.engine import BadQuery
from kb.search.naming import SynonymSource
from kb.search.query import Asked, ResultPage
from kb.search.rehearsal import ToAsk, effect_of, rehearse_draft, to_ask
from kb.search.service import MOST_RESULTS

GROUP = SynonymGroup(Relation.SAME, ("改善", "カイゼン"))
MANY = tuple(f"case:{number}" for number in range(MOST_RESULTS + 5))


@dataclass
class FakeAnswers:
    """As :class:`kb.search.service.SearchService`: question -> what answers it."""

    found: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def ranked(self, asked: Asked) -> tuple[str, ...]:
        if asked.text == "誤り":
            raise BadQuery("この質問は読めません。")
        start = (asked.page - 1) * asked.page_size
        return self.found.get(asked.text, ())[start : start + asked.page_size]

    def search(self, asked: Asked) -> ResultPage:
        total = len(self.found.get(asked.text, ()))
        return ResultPage(asked.text, total, 1, asked.page_size, 0.0, (), (), {}, (), ())


@dataclass
class FakeDraft:
    """As :class:`kb.catalogue.synonyms.desk.SynonymDesk`."""

    kept: dict[str, Any] = field(default_factory=dict)

    def proposed(self) -> tuple[str, tuple[SynonymEntry, ...]]:
        return "v1", (SynonymEntry(GROUP.key, GROUP),)

    def known_questions(self) -> tuple[KnownQuestion, ...]:
        return (KnownQuestion("q-1", "改善", Expected(nothing=True)),)

    def logged_questions(self) -> tuple[tuple[str, str, int], ...]:
        return (("改善", "", 9), ("カイゼン", "theme=dx", 4), ("誤り", "", 1), ("別", "x=…", 1))

    def keep_rehearsal(self, version: str, result: dict[str, Any]) -> None:
        self.kept[version] = result


NOW = FakeAnswers({"別": ("case:c",), "カイゼン": ("case:b", "document:d")})
THEN = FakeAnswers({"改善": ("case:a",), "カイゼン": ("case:a", "case:b")})


def opens(synonyms: SynonymSource | None) -> FakeAnswers:
    return NOW if synonyms is None else THEN


def test_gains_losses_and_broken_expectations_are_kept_of_what_changes() -> None:
    draft = FakeDraft()
    assert rehearse_draft(draft, opens, Audience.ANONYMOUS)
    kept = from_plain(draft.kept["v1"])
    assert kept.asked == 4
    first, second = kept.effects
    assert (first.question, first.known, first.mended) == ("改善", True, 0)
    assert first.gained == ("case:a",)
    assert first.failing == ("1件見つかりました(見つからないはずです)。",)
    assert second == Effect(
        "カイゼン", "theme=dx", times=4, gained=("case:a",), lost=("document:d",)
    )


def test_what_takes_too_long_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter(range(100))
    monkeypatch.setattr(rehearsal.time, "monotonic", lambda: next(moments))
    draft = FakeDraft()
    assert not rehearse_draft(draft, opens, Audience.ANONYMOUS, seconds=2)
    assert draft.kept == {}


def test_answers_beyond_the_first_page_are_compared_too() -> None:
    now, then = FakeAnswers({"改善": MANY}), FakeAnswers({"改善": MANY[:-1]})
    effect = effect_of(ToAsk("改善"), now, then, Audience.ANONYMOUS)
    assert (effect.gained, effect.lost) == ((), MANY[-1:])


def test_a_refused_question_says_why_and_counts_as_no_change() -> None:
    refused = effect_of(ToAsk("誤り"), NOW, THEN, Audience.ANONYMOUS)
    assert (refused.refused, refused.changes) == ("この質問は読めません。", False)
    cut = effect_of(ToAsk("別", "x=…"), NOW, THEN, Audience.ANONYMOUS)
    assert cut.refused
    assert not cut.changes


def test_a_question_is_asked_once_under_the_same_filters() -> None:
    known = KnownQuestion("q", "改善", Expected(nothing=True), filters="theme=DX;kind=slides")
    asked = to_ask([known], [("改善", "kind=slides&theme=dx", 3), ("改善", "", 2)])
    assert [(each.filters, each.times) for each in asked] == [("theme=DX;kind=slides", 0), ("", 2)]
