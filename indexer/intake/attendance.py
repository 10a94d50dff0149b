"""How many people came, in the page's own words: 12名が参加, 約20人, 会場に11人…あわせて40人.

An approximate number is no number: 約20人 and 40名近く keep their words and nothing else.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.intake.wording import Line

_COUNT = re.compile(
    r"(?P<about>約|およそ|おおよそ|概ね|のべ|延べ|ほぼ)?\s?(?P<number>\d{1,3}(?:,\d{3})+|\d{1,5})\s?(?:人|名)"
    r"(?P<after>様)?(?:もの|の方)?(?P<roughly>近[くい]|程度|前後|ほど|くらい|ぐらい|余り|余|あまり|以上|弱|強|超|を超え|をこえ|を越え|超え)?"
)
_CAME = re.compile(
    "参加(?!費|料|申|希望|予定|方法|定員|しやす)|集まり|集い|集っ|集まっ|集う|来場|出席|受講(?!料)|聴講(?!料)|視聴"
)
_WHOLE = re.compile("含め|あわせ|合わせ|合せ|合計|総勢|全体|全員|総計|トータル|計(?=[\\s\\d約])")
_ON_SITE = re.compile("会場|対面|現地|来場|役所|役場|ホール|会館|センター|公民館|プラザ|会議室")
_REMOTE = re.compile("(?i)オンライン|リモート|zoom|web|配信")
_OTHERS = re.compile(
    "前回|昨年|前年|一昨年|これまで|累計|毎回|過去|定員|募集|先着|上限|予定|見込|申込|目標|名様限定"
    "|人口|職員数|スタッフ"
)
_AFTERMATH = re.compile("交流会|懇親会|二次会")


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who came, as the page tells it."""

    words: str
    """Verbatim, from the first number to the last with what belongs to it."""
    number: int | None
    """In all; None where it is approximate or not told."""
    on_site: int | None
    partial: bool
    """The only number told is of those on site, or of those who took part from afar."""
    line: Line
    start: int


@dataclass(frozen=True, slots=True)
class _Count:
    number: int
    exact: bool
    whole: bool
    on_site: bool
    remote: bool
    start: int
    end: int


def attendance_in(lines: Sequence[Line]) -> Iterator[Attendance]:
    """What sentences say of those who came, in order."""
    for line in lines:
        if "人" not in line.text and "名" not in line.text:
            continue
        for at, sentence in line.sentences():
            if _CAME.search(sentence) and not _OTHERS.search(sentence):
                found = _of_sentence(line, at, sentence)
                if found is not None:
                    yield found


def attendance_of(line: Line, start: int) -> Attendance | None:
    """What a labelled value (参加者数:40名) says."""
    return _of_sentence(line, start, line.plain[start:], labelled=True)


def _of_sentence(
    line: Line, at: int, sentence: str, *, labelled: bool = False
) -> Attendance | None:
    counts = list(_counts(sentence, labelled=labelled))
    if not counts:
        return None
    start, end = at + counts[0].start, at + counts[-1].end
    number = _in_all(counts)
    on_site = next((one.number for one in counts if one.on_site and one.exact), None)
    words = line.text[start : _closed(line.plain, start, end)].strip()
    partial = len(counts) == 1 and (counts[0].on_site or counts[0].remote)
    on_site = None if len(counts) == 1 else on_site
    return Attendance(words, number, on_site, partial, line, start)


def _closed(plain: str, start: int, end: int) -> int:
    """The end with the bracket that closes one opened before it."""
    opened = plain.count("(", start, end) > plain.count(")", start, end)
    return end + 1 if opened and plain[end : end + 1] == ")" else end


def _counts(sentence: str, *, labelled: bool) -> Iterator[_Count]:
    before = 0
    matches = list(_COUNT.finditer(sentence))
    ends = [*(match.start() for match in matches[1:]), len(sentence)]
    for found, end in zip(matches, ends, strict=False):
        lead = sentence[before : found.start()]
        clause = max(lead.rfind("、"), lead.rfind("("), lead.rfind(","), lead.rfind("・")) + 1
        own = lead[clause:]
        if _AFTERMATH.search(own):
            break
        whole = bool(_WHOLE.search(own))
        # The words that divide the number belong to it: 会場に11人、リモートを含め40人.
        divides = bool(_ON_SITE.search(own) or _REMOTE.search(own) or whole)
        if not (
            labelled or divides or _CAME.search(lead) or _CAME.search(sentence, found.end(), end)
        ):
            continue
        yield _Count(
            number=int(found["number"].replace(",", "")),
            exact=not (found["about"] or found["roughly"]),
            whole=whole,
            on_site=bool(_ON_SITE.search(own)) and not whole and not _REMOTE.search(own),
            remote=bool(_REMOTE.search(own)) and not whole,
            start=before + clause if divides and len(own) <= 24 else found.start(),
            end=found.end(),
        )
        before = found.end()


def _in_all(counts: Sequence[_Count]) -> int | None:
    """The number in all, where the words or the sum tell which one it is."""
    if len(counts) == 1:
        return counts[0].number if counts[0].exact else None
    for one in counts:
        if one.whole:
            return one.number if one.exact else None
    for one in counts:
        rest = sum(other.number for other in counts if other is not one)
        if one.exact and one.number == rest and all(other.exact for other in counts):
            return one.number
    first = counts[0]
    return first.number if first.exact and not (first.on_site or first.remote) else None
