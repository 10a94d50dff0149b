"""Folding: the same reading of a text whatever its producer did to the characters.

Widths, compatibility forms and Kangxi radicals (NFKC), CJK radicals and variant kanji
(our tables), dashes, line breaks inside Japanese sentences and s p a c e d-out titles.
Every folded character remembers where it stood, so that a match can be marked in the
text as it was read.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from kb.japanese.variants import DASHES, KANJI, MIDDLE_DOTS, RADICALS, WAVES

VERSION = 1
"""Raise it when folding changes: it is part of the index's fingerprint."""

_JAPANESE = "々〆〇ヶヵぁ-ゖァ-ヺー\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_KANA = re.compile("[ぁ-ゖァ-ヺー]")
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


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and, for each of its characters, where it stood before."""

    text: str
    starts: tuple[int, ...]
    """Index into the source of the first character each folded one came from."""
    ends: tuple[int, ...]
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


def fold(text: str) -> Folded:
    """Fold `text`, keeping for every character where it came from."""
    characters, starts, ends = _fold_characters(text)
    _lengthen_dashes(characters)
    dropped = _superfluous("".join(characters))
    if dropped:
        keep = [i for i in range(len(characters)) if i not in dropped]
        characters = [characters[i] for i in keep]
        starts = [starts[i] for i in keep]
        ends = [ends[i] for i in keep]
    return Folded("".join(characters), tuple(starts), tuple(ends))


def fold_text(text: str) -> str:
    """The folded text alone, for keys and comparisons."""
    return fold(text).text


def _fold_characters(text: str) -> tuple[list[str], list[int], list[int]]:
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    index, length = 0, len(text)
    while index < length:
        end = index + 1
        while end < length and (text[end] in _MARKS or unicodedata.combining(text[end])):
            end += 1
        for character in _fold_cluster(text[index:end]):
            characters.append(character)
            starts.append(index)
            ends.append(end)
        index = end
    return characters, starts, ends


def _lengthen_dashes(characters: list[str]) -> None:
    """Turn a dash after kana into the prolonged sound mark: サ−ビス is サービス."""
    for index in range(1, len(characters)):
        if characters[index] != "-" or not _KANA.match(characters[index - 1]):
            continue
        following = characters[index + 1] if index + 1 < len(characters) else ""
        if not following or not following.isascii() or not following.isalnum():
            characters[index] = "ー"


def _superfluous(text: str) -> set[int]:
    """Indices of breaks inside sentences and of blanks inside spaced-out words."""
    dropped: set[int] = set()
    for match in _BREAK_IN_SENTENCE.finditer(text):
        dropped.update(range(match.start(), match.end()))
    for pattern in (_SPACED_OUT, _SPACED_LINE):
        for match in pattern.finditer(text):
            for blank in _BLANKS.finditer(match.group()):
                dropped.update(range(match.start() + blank.start(), match.start() + blank.end()))
    return dropped
