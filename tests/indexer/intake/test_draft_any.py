"""Any text gives a draft, in time that grows with its length."""

import random
import time
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.intake.draft import Draft, LineKind
from indexer.intake.drafting import MOST_LINES, draft_page
from indexer.intake.fields import told
from indexer.intake.page import lines_of
from kb.domain.gazetteer import Gazetteer

SEEN = date(2024, 6, 1)
WORDS = """
2023/9/30 令和4年9月3日 9月3日(土) 2022年度 昨年度 一昨年度 13:00 午後1時半
第3回 改善セミナー 「改善セミナー」 「窓口を一つに」 (仮) 【終了】 【日時】 会場:
定員 30名 約20人 参加しました 開催報告 のおしらせ 中止しました 開催します
高崎市 福島県伊達市 府中市 津市 からの報告 の取組を発表 総務課 係長
スライド 発表資料 (PDF:2MB) レポート チラシ 通信No3 「改善シート(窓口編)」を使い
山田太郎高崎市長 理事長 佐藤花子 対談 メッセージ 講師: 資料の転載を禁じます ©
「改善研究会」 【改善研究会とは】 (1) ① ・ 。 、 😀
"""
PIECES = (*WORDS.split(), "\t", " ", "　", "\n", "\n", "\n\n")
PAGES = st.lists(st.sampled_from(PIECES), max_size=60).map("".join) | st.text(max_size=400)


def faults(draft: Draft) -> list[object]:
    """Keys told twice, references that lead nowhere, values that cannot be recorded."""
    keys = [line.key for line in draft.lines]
    found: list[object] = [key for key in keys if keys.count(key) > 1]
    for line in draft.lines:
        for name in ("event_id", "case_id", "person_id", "document_id", "programme_id"):
            found += [] if line.values.get(name) in (None, *keys) else [(line, name)]
        titled = "name" if line.kind is LineKind.PERSON else "title"
        found += [line] if told(line.kind, line.values)[1] or not line.values.get(titled) else []
    numbers = {line.number for line in draft.page}
    for one in draft.contradictions:
        known = one.subject in ("", *keys) and bool(one.said)
        found += [] if known and all(e.line in numbers for e in one.evidence) else [one]
    return found


@given(PAGES)
@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_gives_a_sound_draft(every_place: Gazetteer, text: str) -> None:
    assert faults(draft_page(lines_of(text), "page.txt", every_place, seen_on=SEEN)) == []


def test_a_paper_named_by_its_hour_alone_has_a_title(every_place: Gazetteer) -> None:
    draft = draft_page(lines_of("13:00(PDF:2MB)"), "page.txt", every_place, seen_on=SEEN)
    assert [line.values["title"] for line in draft.lines] == ["13:00"]


@given(PAGES)
@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
def test_the_same_page_gives_the_same_draft(every_place: Gazetteer, text: str) -> None:
    first, again = (
        draft_page(lines_of(text), "page.txt", every_place, seen_on=SEEN) for _ in range(2)
    )
    assert first == again


def megabyte(text: str) -> str:
    return (
        (text * (1_000_000 // len(text.encode()) + 1))
        .encode()[:1_000_000]
        .decode("utf-8", "ignore")
    )


def lively() -> str:
    choose = random.Random(4)
    return "".join(choose.choice(PIECES) for _ in range(50_000))


PROGRAMME = "".join(
    f"・高崎市からの報告\n「窓口{i}」高崎市スライド\n2020年度の取組を実践した飯田市\n"
    for i in range(2000)
)
EVENTS = "".join(
    f"20{i % 30:02}/{i % 12 + 1}/{i % 28 + 1} 「改善{i}セミナー」開催報告\n"
    f"講師:山田{chr(0x4E00 + i)}郎\n"
    for i in range(3000)
)


MONOTONOUS = (
    "あ", "市", "(", "「", "\n", "【日時】\n", "報告報告", "高崎市、", "昨年度挑戦した", "1人、",
    "10:00",
    "区長\n課長\n", "2022/9/3 セミナー開催報告\n", "高崎市から事例を発表しました。\n",
    PROGRAMME, "2022/9/3 改善セミナー開催報告\n" + PROGRAMME, EVENTS,
)  # fmt: skip
"""They reach no branch that other texts do not, and tracing them took half of their time."""


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [*(pytest.param(text, marks=pytest.mark.no_cover) for text in MONOTONOUS), lively()],
    ids=lambda text: text[:12].encode("unicode_escape").decode()[:24],
)
def test_a_megabyte_is_read(every_place: Gazetteer, text: str) -> None:
    page = lines_of(megabyte(text))
    begun = time.process_time()
    draft = draft_page(page, "page.txt", every_place, seen_on=SEEN)
    # A guard against what never ends: at most 4 s of CPU measured, twice that under coverage.
    assert time.process_time() - begun < 60
    assert draft.unread == max(0, len(page) - MOST_LINES)
