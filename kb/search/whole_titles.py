"""Titles as one thing: what a record is called is kept as one token beside its words.

A title that somebody types whole is what they look for, however many other records tell of the
same words. Titles and questions are joined alike, from words as they are written, without
particles and signs: 窓口 待ち時間 is the title 窓口の待ち時間. In the analyser's spelling the
two would not meet: it makes 待ち時間 two words beside some others and one by itself.
"""

import re
from collections.abc import Iterable, Iterator

from kb.japanese.fold import fold_text
from kb.japanese.tokenise import Analyser

MARK = "="
"""What a whole title begins with: no word does, and no beginning of a word can be typed so."""
MOST_PARTS = 4
"""Neighbouring parts of a question that are one title: 窓口 待ち時間 見える化."""
MOST_TITLES = 16
"""Of one question."""

_PART = re.compile(r"[^\s\u3000、。,.・「」『』]+")
_SUBTITLE = re.compile(r"(?<!\s)\s+[―—–〜～|｜]")
"""Not from the middle of blanks, or each of many would be tried with all that follow."""


def title_tokens(titles: Iterable[str], analyser: Analyser) -> tuple[str, ...]:
    """A token for each title, and one for what stands before its subtitle (おくやみ窓口 ― ...)."""
    texts = (text for title in titles for text in (title, _SUBTITLE.split(title, 1)[0]))
    return tuple(dict.fromkeys(_joined(filter(None, (_key(text, analyser) for text in texts)))))


def typed_titles(question: str, analyser: Analyser) -> tuple[str, ...]:
    """The tokens of titles that a question may name: its parts, singly and joined.

    Parts are what blanks, punctuation and quotes divide. Titles inside a part are not looked for:
    教育 is in every question about 教育委員会.
    """
    keys = [_key(part, analyser) for part in _PART.findall(question)]
    spans = (
        "".join(keys[start:end])
        for start in range(len(keys))
        for end in range(start + 1, min(start + MOST_PARTS, len(keys)) + 1)
    )
    return tuple(dict.fromkeys(_joined(filter(None, spans))))[:MOST_TITLES]


def _key(text: str, analyser: Analyser) -> str:
    return "".join(
        fold_text(text[word.start : word.end]) for word in analyser.words(text)
    ).casefold()


def _joined(keys: Iterable[str]) -> Iterator[str]:
    return (MARK + key for key in keys)
