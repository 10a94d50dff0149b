"""The counting of :mod:`tests.bench.afternoon`, and what it lays out."""

from collections import Counter
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from kb.domain.settled import Field
from tests.bench.afternoon import group, per_document, rare_words
from tests.bench.afternoon_files import laid_out
from tests.bench.afternoon_hand import Hand
from tests.distributed.commands import ROOT

SAMPLE = ROOT / "corpus" / "originals" / "mihon-tsubaki-2020-report.pdf"


class FakeKeyboard:
    def press(self, _keys: str) -> None:
        """Nothing hears it."""


class FakePage:
    keyboard = FakeKeyboard()

    def set_viewport_size(self, _size: object) -> None:
        """It has no window."""


class FakeTarget:
    def click(self) -> None:
        """Nothing opens."""

    def fill(self, _text: str) -> None:
        """Nothing keeps it."""


def test_each_click_key_and_field_counts_for_the_task_at_hand() -> None:
    counted = Counter[str]()
    hand = Hand(FakePage(), counted)  # type: ignore[arg-type] # as much of one as is used
    with hand.at("accounts"):
        hand.fill(FakeTarget(), "hanako")  # type: ignore[arg-type]
        hand.press("Enter")
        with hand.at("file doc-1"):
            hand.press("Control+Shift+Enter")
        hand.click(FakeTarget())  # type: ignore[arg-type]
    hand.look("no pictures are kept")
    assert counted == {"accounts": 3, "file doc-1": 1}


def test_actions_for_all_are_shared_by_those_they_settled() -> None:
    waiting = {"a": (Field.TITLE,), "b": (Field.TITLE,), "c": (Field.TITLE, Field.KIND), "d": ()}
    counted = {"file a": 3, "file c": 5, "settled together": 4}
    rows = {row["group"]: row for row in per_document(counted, waiting, ["a", "c"], ["b", "d"])}
    assert list(rows) == [group(fields) for fields in ((Field.TITLE,), (Field.KIND,), ())]
    title = rows["all but the title sure"]
    assert (title["documents"], title["alone"], title["together"]) == (2, 1, 1)
    assert (title["actions_alone"], title["actions_each"]) == (3.0, 2.5)
    assert rows["more to look at"]["actions_each"] == 5.0
    assert rows["every field sure"]["actions_each"] == 2.0


def test_a_word_of_its_own_is_one_that_the_fewest_have() -> None:
    found = rare_words({"a": "議案委員会と延岡市議会", "b": "延岡市議会だけ", "c": "ひらがな"})
    assert found == {"a": "議案委員会", "b": "延岡市議会"}


def test_the_folder_holds_a_locked_a_broken_and_a_double(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "one.pdf").write_bytes(SAMPLE.read_bytes())
    folder = laid_out(source, tmp_path / "made")
    assert folder.double.read_bytes() == folder.plain[0].read_bytes()
    assert folder.plain[0].read_bytes().startswith(folder.broken.read_bytes())
    assert b"/Encrypt" in folder.locked.read_bytes()
    assert len({path.name for path in folder.all}) == 4
    with pytest.raises(SystemExit):
        laid_out(tmp_path / "nothing", tmp_path / "other")
