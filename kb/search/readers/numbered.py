"""A number of a series typed in one word with what it is of: 通信No10, 通信10号, 通信第10号."""

import re
from collections.abc import Iterable, Iterator

from kb.search.readers.segments import Segment, SegmentKind
from kb.search.readers.vocabulary import Vocabulary

_NUMBER = re.compile(
    r"(?P<clear>(?:no\.?|№|ｎｏ．?|vol\.?)\s*\d{1,4})|(?P<counted>第?\d{1,4}(?:号|巻))",
    re.IGNORECASE,
)
_OF = re.compile(r"[のはがを・\s]+$")
_PAPERS = (
    "通信", "だより", "便り", "ニュース", "会報", "広報", "レポート", "報告書", "レター", "機関紙",
)  # fmt: skip
_LEAST_NAME = 2
"""Characters of a series' name that are enough."""


def with_numbers(found: Iterable[Segment], vocabulary: Vocabulary) -> Iterator[Segment]:
    """The segments of one piece, the number of a series apart from what it is of.

    台風19号 and 議案第5号 stay whole: a number that is counted (号, 巻) needs a paper before it.
    """
    for segment in found:
        match = _NUMBER.search(segment.text) if segment.kind is SegmentKind.WORDS else None
        if match is None or not _is_of_series(segment.text, match, vocabulary):
            yield segment
            continue
        before = _OF.sub("", segment.text[: match.start()])
        yield segment.part(0, len(before))
        yield segment.part(match.start(), match.end())
        rest = segment.text[match.end() :]
        after = rest.lstrip("のはがを・")
        if after:
            yield segment.part(len(segment.text) - len(after), len(segment.text))


def _is_of_series(text: str, match: re.Match[str], vocabulary: Vocabulary) -> bool:
    before = _OF.sub("", text[: match.start()])
    following = text[match.end() : match.end() + 1]
    if not before or (following.isalnum() and following.isascii()):
        return False
    if match["clear"]:
        return not before[-1].isascii()
    if before.endswith(_PAPERS):
        return True
    name = vocabulary.key(before)
    keys = (series.keys[0] for series in vocabulary.things.series)
    return len(name) >= _LEAST_NAME and any(key.endswith(name) for key in keys)
