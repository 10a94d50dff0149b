"""How far the text of a page can be trusted: one score, and the reason in Japanese.

The score is a product of shares, so that any one of them can spoil it. Only what is drawn as
text is judged; a page without any has no score.
"""

import re
from dataclasses import dataclass

from indexer.extracted import ExtractedPage

TRUSTED = 0.9
"""From this score on there is nothing to say."""

DOUBTFUL = 0.75
"""Below this score a second reader is asked."""

_USUAL_UNKNOWN = 0.15
"""Share of Japanese characters outside the dictionary that good pages reach: names."""

_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd\ufffd]")
_MISREAD = re.compile("[\u0080-\u00ff]")
_JAPANESE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_SEEN = re.compile(r"\S")

_REASONS = {
    "undefined": "文字の対応表がない書体が使われています(文字の{share:.0%})。",
    "private": "標準にない文字(外字)になっています(文字の{share:.0%})。",
    "misread": "文字化けしている恐れがあります(文字の{share:.0%})。",
    "unknown": "日本語として読めない並びが多くあります(文字の{share:.0%})。",
    "confidence": "文字認識の確からしさが低いページです({share:.0%})。",
}


@dataclass(frozen=True, slots=True)
class Quality:
    """A page's score and why it is not full."""

    score: float
    """0 (unreadable) to 1."""
    reason: str | None = None
    """In Japanese; None from TRUSTED on."""


def page_quality(page: ExtractedPage, unknown: float) -> Quality | None:
    """Judge a page; None when it has neither text nor undefined glyphs.

    `unknown` is the share of its Japanese characters that stand in words no dictionary
    knows (:attr:`kb.japanese.tokenise.Analysis.unknown`).
    """
    characters = len(_SEEN.findall(page.text))
    if not characters and not page.undefined:
        return None
    # A manual in English with a few names in kana is no worse for them.
    strange = _share(len(_JAPANESE.findall(page.text)), characters)
    faults = {
        "undefined": _share(page.undefined, max(page.glyphs, characters)),
        "private": _share(len(_PRIVATE.findall(page.text)), characters),
        "misread": _share(len(_MISREAD.findall(page.text)), characters),
        "unknown": strange * max(0.0, unknown - _USUAL_UNKNOWN) / (1 - _USUAL_UNKNOWN),
        "confidence": 0.0 if page.confidence is None else 1 - page.confidence,
    }
    score = 1.0
    for share in faults.values():
        score *= 1 - share
    if score >= TRUSTED:
        return Quality(score)
    worst = max(faults, key=faults.__getitem__)
    told = {"unknown": strange * unknown, "confidence": page.confidence or 0.0}.get(
        worst, faults[worst]
    )
    return Quality(score, _REASONS[worst].format(share=told))


def _share(part: int, whole: int) -> float:
    return min(1.0, part / whole) if whole else 0.0
