"""Folding: the same reading of a text whatever its producer did to the characters.

Widths, compatibility forms and Kangxi radicals (NFKC), CJK radicals and variant kanji
(our tables), dashes, line breaks inside Japanese sentences and s p a c e d-out titles.
Every folded character remembers where it stood, so that a match can be marked in the
text as it was read.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from kb.japanese.variants import DASHES, KANJI, MIDDLE_DOTS, RADICALS, WAVES

VERSION = 1
"""Raise it when folding changes: it is part of the index's fingerprint."""

_JAPANESE = "々〆〇ヶヵぁ-ゖァ-ヺー\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_DASHES_AFTER_KANA = re.compile("(?<=[ぁ-ゖァ-ヺー])-+")
_MARKS = frozenset("\u3099\u309a\uff9e\uff9f")
_IGNORED = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
_BREAK_IN_SENTENCE = re.compile(
    rf"(?<=[{_JAPANESE}、，])[ \t]*\n[ \t]*(?=[{_JAPANESE}、。，．）」』】])"
)
_SPACED_OUT = re.compile(
    rf"(?<![{_JAPANESE}])[{_JAPANESE}](?:[ \t]{{1,4}}[{_JAPANESE}]){{2,}}(?![{_JAPANESE}])"
)
_SPACED_LINE = re.compile(rf"(?m)^[ \t]*[{_JAPANESE}][ \t]{{1,8}}[{_JAPANESE}][ \t]*$")
_BLANKS = re.compile(r"[ \t]+")
_IRREGULAR = "\uffff"
"""Stands for a character that does not fold to exactly one; it is itself no character."""
_CLUSTERS = re.compile(f".?{_IRREGULAR}+", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and, for each of its characters, where it stood before."""

    text: str
    starts: Sequence[int]
    """Index into the source of the first character each folded one came from."""
    ends: Sequence[int]
    """Index just after the last."""

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """The half-open range of the source that the folded range `start:end` came from.

        Raises:
            IndexError: the range is empty or lies outside the folded text.
        """
        if not 0 <= start < end <= len(self.text):
            raise IndexError(f"no such range: {start}:{end}")
        return self.starts[start], self.ends[end - 1]


@cache
def _fold_cluster(cluster: str) -> str:
    """Fold one character together with the sound marks that follow it."""
    if cluster in _IGNORED:
        return ""
    if cluster in WAVES:
        return WAVES[cluster]
    if cluster in DASHES:
        return "-"
    if cluster in MIDDLE_DOTS:
        return "・"
    folded = unicodedata.normalize("NFKC", cluster)
    folded = "".join(KANJI.get(c, c) for c in (RADICALS.get(c, c) for c in folded))
    if cluster == "\n":
        return "\n"
    # Other controls and odd blanks are blanks to a reader.
    return "".join(
        " " if unicodedata.category(c) in ("Cc", "Zs", "Zl", "Zp") and c != "\n" else c
        for c in folded
    )


class _Regular(dict[int, str]):
    """For :meth:`str.translate`: each character's folded form, if that is one character."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = _fold_cluster(character)
        joins = character in _MARKS or unicodedata.combining(character)
        self[code] = _IRREGULAR if joins or len(folded) != 1 else folded
        return self[code]


_REGULAR = _Regular()


def fold(text: str) -> Folded:
    """Fold `text`, keeping for every character where it came from."""
    folded, starts, ends = _fold_characters(text)
    folded = _DASHES_AFTER_KANA.sub(_lengthened, folded)
    dropped = _superfluous(folded)
    if dropped:
        kept = list(_gaps(dropped, len(folded)))
        folded = "".join([folded[a:b] for a, b in kept])
        starts, ends = _picked(starts, kept), _picked(ends, kept)
    return Folded(folded, starts, ends)


def _picked(places: Sequence[int], kept: Iterable[tuple[int, int]]) -> Sequence[int]:
    picked: list[int] = []
    for start, end in kept:
        picked.extend(places[start:end])
    return picked


def fold_text(text: str) -> str:
    """The folded text alone, for keys and comparisons; in two thirds of the time of both."""
    regular = text.translate(_REGULAR)
    folded = _fold_characters(text)[0] if _IRREGULAR in regular else regular
    folded = _DASHES_AFTER_KANA.sub(_lengthened, folded)
    dropped = _superfluous(folded)
    return "".join([folded[a:b] for a, b in _gaps(dropped, len(folded))]) if dropped else folded


def _fold_characters(text: str) -> tuple[str, Sequence[int], Sequence[int]]:
    """Fold character by character; only where one is not one does that need a loop."""
    regular = text.translate(_REGULAR)
    if _IRREGULAR not in regular:
        return regular, range(len(text)), range(1, len(text) + 1)
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for match in _CLUSTERS.finditer(regular):
        pieces.append(regular[done : match.start()])
        starts.extend(range(done, match.start()))
        ends.extend(range(done + 1, match.start() + 1))
        for start, end in _clusters(text, match.start(), match.end()):
            folded = _fold_cluster(text[start:end])
            pieces.append(folded)
            starts.extend([start] * len(folded))
            ends.extend([end] * len(folded))
        done = match.end()
    pieces.append(regular[done:])
    starts.extend(range(done, len(text)))
    ends.extend(range(done + 1, len(text) + 1))
    return "".join(pieces), starts, ends


def _clusters(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Each character of `text[start:end]` together with the sound marks that follow it."""
    while start < end:
        after = start + 1
        while after < end and (text[after] in _MARKS or unicodedata.combining(text[after])):
            after += 1
        yield start, after
        start = after


def _lengthened(dashes: re.Match[str]) -> str:
    """Dashes after kana are prolonged sound marks: サ−ビス is サービス, but アー-1 keeps one."""
    following = dashes.string[dashes.end() : dashes.end() + 1]
    length = dashes.end() - dashes.start()
    if following.isascii() and following.isalnum():
        return "ー" * (length - 1) + "-"
    return "ー" * length


def _superfluous(text: str) -> list[tuple[int, int]]:
    """Ranges of breaks inside sentences and of blanks inside spaced-out words, ascending."""
    dropped = [match.span() for match in _BREAK_IN_SENTENCE.finditer(text)]
    for pattern in (_SPACED_OUT, _SPACED_LINE):
        for match in pattern.finditer(text):
            dropped.extend(
                (match.start() + blank.start(), match.start() + blank.end())
                for blank in _BLANKS.finditer(match.group())
            )
    return sorted(dropped)


def _gaps(dropped: Sequence[tuple[int, int]], length: int) -> Iterator[tuple[int, int]]:
    """What is left between ascending ranges, which may overlap."""
    kept = 0
    for start, end in dropped:
        if kept < start:
            yield kept, start
        kept = max(kept, end)
    if kept < length:
        yield kept, length
