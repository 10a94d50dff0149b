"""How far an event has come: 募集, 終了, 中止, 報告済. 中止 is a state, not a deletion."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from indexer.intake.blocks import Block, BlockKind
from indexer.intake.draft import Evidence
from indexer.intake.wording import Line
from kb.domain.classification import EventState

CANCELLED = re.compile("中止|取り?止め|延期")
_CANCELLED_HERE = re.compile(
    "(?:中止|延期)(?:と?(?:いた)?し(?:ます|ました)|と?なりました|になりました|を?決定|が決ま|のお知らせ|のおしらせ"
    "|させていただ|します)"
)
_NOT_THIS = re.compile("前回|昨年|一昨年|場合|ことがあ|可能性|もし|かつて|以前|過去|次回")
CLOSED = re.compile(
    "【終了|\\[終了|終了しました|受付を?終了|募集を?終了|締め切りました|満員|満席|受付終了"
)


def state_of(
    blocks: Sequence[Block], on: date | None, seen_on: date
) -> tuple[EventState, tuple[Evidence, ...]]:
    """The state of an event and the words that say so; an announced day gone by is 終了."""
    lines = [line for block in blocks for line in block.lines]
    cancelled = [line for line in lines if is_cancelled(line)]
    cancelled += [block.heading for block in blocks if _in_heading(block, CANCELLED)]  # type: ignore[misc]
    if cancelled:
        return EventState.CANCELLED, tuple(line.evidence() for line in cancelled)
    reports = [block for block in blocks if block.kind is BlockKind.REPORT]
    if reports:
        return EventState.REPORTED, tuple(_headings(reports))
    closed = [line for line in lines if CLOSED.search(line.plain)]
    if closed:
        return EventState.CLOSED, tuple(line.evidence() for line in closed)
    if on is not None and on < seen_on:
        days = [block.held[1].evidence() for block in blocks if block.held]
        return EventState.CLOSED, tuple(days)
    return EventState.OPEN, tuple(_headings(blocks))


def is_cancelled(line: Line) -> bool:
    """Whether a line says that this event does not take place."""
    return any(
        _CANCELLED_HERE.search(sentence) and not _NOT_THIS.search(sentence)
        for _, sentence in (line.sentences() if CANCELLED.search(line.plain) else ())
    )


def _in_heading(block: Block, pattern: re.Pattern[str]) -> bool:
    return block.heading is not None and bool(pattern.search(block.heading.plain))


def _headings(blocks: Sequence[Block]) -> Iterator[Evidence]:
    for block in blocks:
        if block.heading is not None:
            yield block.heading.evidence()
