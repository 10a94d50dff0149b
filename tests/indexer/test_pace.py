"""The line that tells how far a batch is."""

from indexer.pace import Pace


class Clock:
    """Stands still until it is told."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_pages_a_second_and_time_left_come_from_what_is_done() -> None:
    clock = Clock()
    pace = Pace(4, 4_000_000, clock)
    clock.now += 10
    pace.add(1_000_000, 250)
    assert str(pace) == "1/4ファイル 250ページ 毎秒25.0ページ 残り約30秒"


def test_at_the_end_nothing_is_left() -> None:
    clock = Clock()
    pace = Pace(1, 10, clock)
    clock.now += 90
    pace.add(10, 9)
    assert str(pace) == "1/1ファイル 9ページ 毎秒0.1ページ"


def test_files_without_bytes_or_pages_are_no_trouble() -> None:
    pace = Pace(2, 0, Clock())
    pace.add(0, 0)
    assert str(pace) == "1/2ファイル 0ページ"


def test_long_times_are_told_in_minutes_and_hours() -> None:
    for seconds, told in ((60, "残り約1分00秒"), (3_700, "残り約1時間01分")):
        clock = Clock()
        pace = Pace(2, 20, clock)
        clock.now += seconds
        pace.add(10, 1)
        assert told in str(pace)
