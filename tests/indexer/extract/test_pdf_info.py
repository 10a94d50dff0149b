"""What a PDF says of itself, in the encodings that producers really write."""

import pytest

from indexer.extract.pdf.info import iso_date, text_string

TITLE = "改善事例の報告"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (b"\xfe\xff" + TITLE.encode("utf-16-be"), TITLE),
        (b"\xff\xfe" + TITLE.encode("utf-16-le"), TITLE),
        (b"\xef\xbb\xbf" + TITLE.encode(), TITLE),
        (TITLE.encode(), TITLE),
        (TITLE.encode("cp932"), TITLE),
        (b"Microsoft\xaa Word", "Microsoftª Word"),
        (b"Andr\xe9s", "Andrés"),
        (b"\x90 dotted\x00", "’ dotted"),
        (b"  ", None),
        (b"", None),
        ("a string", None),
        (None, None),
    ],
)
def test_text_strings(value: object, text: str | None) -> None:
    assert text_string(value) == text


def test_a_very_long_string_is_cut() -> None:
    assert len(text_string(b"x" * 100_000) or "") == 500


@pytest.mark.parametrize(
    ("value", "day"),
    [
        (b"D:20210807093000+09'00'", "2021-08-07"),
        (b"D:20210807", "2021-08-07"),
        (b"2021-08-07T09:30:00", "2021-08-07"),
        (b"\xfe\xff" + "D:20210807".encode("utf-16-be"), "2021-08-07"),
        (b"D:19700101000000Z", None),
        (b"D:29990101", None),
        (b"D:20210231", None),
        (b"D:2021", None),
        (b"yesterday", None),
        (None, None),
    ],
)
def test_dates(value: object, day: str | None) -> None:
    assert iso_date(value) == day
