"""Series and their numbers: 改善通信 第12号, 通信 2019 No10, ニュースレター Vol.3."""

import re
from collections.abc import Iterator

from indexer.recognise.evidence import Evidence, Recognised, best_first, evidence_beside
from indexer.recognise.reading import Place, Reading

LEAST = 0.5
SERIES_NAME = (
    "通信|だより|便り|ニュース|ニューズ|新聞|庁内報|庁報|かわら版|瓦版|広報|会報|レター|ジャーナル"
)

_NUMBER = (
    r"(?:第\s?[\d一二三四五六七八九十百]+\s?号"
    r"|[NnＮ][OoＯｏ][.．]?\s?\d+|[VvＶ][OoＯｏ][LlＬｌ][.．]?\s?\d+)"
)
_PART = r"[^\s、。「」『』\d]"
_NUMBERED = re.compile(
    rf"(?P<name>(?:{_PART}+[ 　])?{_PART}*(?:{SERIES_NAME}))[\s　]*"
    rf"(?:\d{{4}}年?度?[\s　]*)?(?P<number>{_NUMBER})"
)
_QUOTED = re.compile(
    rf"(?:{SERIES_NAME})[\s　]*[「『](?P<name>[^」』]{{2,30}})[」』][\s　]*(?P<number>{_NUMBER})"
)
_BY_PLACE = {Place.TITLE: 0.95, Place.COVER: 0.85, Place.RUNNING: 0.85}
_METADATA, _FILE = 0.85, 0.75
_LONGEST = 120
"""Characters searched: the pattern takes the square of a line without blanks."""

Series = tuple[Recognised[str], ...]


def recognise_series(reading: Reading) -> tuple[Series, Series]:
    """The series a document belongs to, and its number in it, as they are written."""
    found = list(_numbered(reading))
    names = [Recognised(name, weight, (why,), rule) for name, _, weight, why, rule in found]
    numbers = [Recognised(number, weight, (why,), rule) for _, number, weight, why, rule in found]
    return _once(names), _once(numbers)


def _numbered(reading: Reading) -> Iterator[tuple[str, str, float, Evidence, str]]:
    """Only in titles, covers, headers and names: a text may tell of another series."""
    for line in reading.lines:
        weight = _BY_PLACE.get(line.place)
        match = _match(line.text) if weight else None
        if match and weight:
            evidence = line.evidence(match.start(), match.end())
            yield match["name"].strip(), match["number"], weight, evidence, line.place.name.lower()
    source = reading.source
    for words, weight, where in (
        (source.metadata_title or "", _METADATA, "metadata"),
        (source.file_name, _FILE, "file"),
    ):
        match = _match(words)
        if match:
            evidence = evidence_beside("metadata" if where == "metadata" else "file", words)
            yield match["name"].strip(), match["number"], weight, evidence, where


def _match(text: str) -> re.Match[str] | None:
    front = text[:_LONGEST]
    return _QUOTED.search(front) or _NUMBERED.search(front)


def _once(found: list[Recognised[str]]) -> Series:
    best: dict[str, Recognised[str]] = {}
    for one in best_first(found, LEAST):
        best.setdefault("".join(one.value.split()), one)
    return tuple(best.values())
