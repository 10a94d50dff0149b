"""The worst hostile files end with a name and in time; the bench runs them all."""

from pathlib import Path

import pytest

from tests.bench import hostile

SLOWEST = (
    "bomb_tounicode_longdst.pdf",
    "layout_hugebox_1e9.pdf",
    "bomb_ops_text.pdf",
    "bomb_bt_numbers.pdf",
    "layout_scatter_30000.pdf",
    "laughs_xobject.pdf",
    "deep_q.pdf",
    "bitflip400.pdf",
    "issue-00352-hash-twos-complement.pdf",
    "poppler-85140-0.pdf",
    "bomb.pptx",
)
SECONDS = 4.0


@pytest.mark.shared
@pytest.mark.slow
def test_pdfium_ends_with_a_name_and_in_time(shared: Path) -> None:
    files = hostile.hostile_files(shared / "data" / "hostile")
    paths = [path for path in files if path.name in SLOWEST]
    assert len(paths) == len(SLOWEST)
    before, running = hostile.peak_mb(), hostile.children()
    tasks = (hostile.COUNT, hostile.DRAW, hostile.TEXT)
    ended = hostile.measure(paths, SECONDS, 512, tasks)
    assert len(ended) == 3 * len(paths)
    assert max(one.seconds for one in ended) < SECONDS + hostile.MOST_LATE
    assert hostile.peak_mb() - before < hostile.MOST_GROWTH_MB
    assert hostile.children() == running
