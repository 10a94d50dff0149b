"""What a document is called, and what it was called before it was done."""

import re
from collections.abc import Iterator

from indexer.extracted import BlockKind, ExtractedPage
from indexer.recognise.evidence import (
    Evidence,
    Recognised,
    best_first,
    either,
    evidence_beside,
    evidence_on,
)
from indexer.recognise.reading import Line, Place, Reading
from kb.japanese.fold import fold_text

LEAST = 0.3
_DULL = re.compile(
    r"(?i)\s*(?:(?:microsoft\s*)?(?:word|excel|powerpoint)\b.*|untitled|無題.*|文書\s*\d*|名称未設定.*"
    r"|スライド\s*\d*|プレゼンテーション\s*\d*|document\s*\d*|[\w\-.（）()]+\.\w{2,5}|(?:book|sheet)\s*\d+)\s*"
)
_BLANKS = re.compile(r"\s+")
_MARK = re.compile(r"[(（【\[〔]\s*仮(?:題|称|タイトル)?\s*[)）】\]〕]")
_LABELLED = re.compile(r"(?:仮題|仮タイトル|仮の題)[\s　]*[:：「『]\s*([^」』\n]{4,80})")
_QUOTED = re.compile(r"[「『]([^」』]{4,80})[」』]\s*$")
_NO_TITLE = re.compile(r"[。、]|^[(（【]|\t|^[\d.,\s]+$")
_LONGEST = 120
_SHORTEST = 4
"""Letters that make a title."""

_AGREED, _METADATA, _LARGEST, _ABOVE_OWNER, _FIRST_LINE, _FILE = (
    0.95, 0.5, 0.75, 0.6, 0.4, 0.3,
)  # fmt: skip


def recognise_title(reading: Reading) -> tuple[Recognised[str], ...]:
    """Titles proposed: metadata that stands on the page, the largest run, metadata, file name."""
    found: dict[str, Recognised[str]] = {}
    for title in _titles(reading):
        key = _key(title.value)
        held = found.get(key)
        if held is None or held.confidence < title.confidence:
            found[key] = title
    return best_first(found.values(), LEAST)


def _titles(reading: Reading) -> Iterator[Recognised[str]]:
    source = reading.source
    first = source.pages[0] if source.pages else None
    largest = _plain_title(_without_running(first)) if first else ""
    named = _plain_title(source.metadata_title or "")
    if _DULL.fullmatch(named):
        named = ""
    if named and first is not None:
        front = _key(first.text[:2000])
        on_page = len(_key(named)) >= _SHORTEST and _key(named) in front
        same = _key(named) == _key(largest)
        confidence = either((_AGREED, 0.5 if same else 0.0)) if on_page else _METADATA
        evidence = evidence_beside("metadata", named)
        yield Recognised(named, confidence, (evidence, *_first_evidence(reading)), "metadata")
    if largest and len(_key(largest)) >= _SHORTEST:
        yield Recognised(largest, _LARGEST, _first_evidence(reading), "largest")
    yield from _first_line(reading)
    stem = source.file_name.rpartition(".")[0].replace("_", " ").strip() or source.file_name
    if stem:
        yield Recognised(stem, _FILE, (evidence_beside("file", source.file_name),), "file")


def _plain_title(text: str) -> str:
    """A title in one line, without the mark that it is provisional."""
    return " ".join(_MARK.sub("", text).split())[:_LONGEST]


def _without_running(page: ExtractedPage) -> str:
    """The page's title without a header or footer that was set as large."""
    title = page.title or ""
    running = [
        page.text[start:end].strip()
        for block in page.blocks
        if block.kind is BlockKind.RUNNING
        for start, end in block.spans
    ]
    for words in sorted(running, key=len, reverse=True):
        rest = title.removeprefix(words).removesuffix(words).strip() if words else ""
        if len(_key(rest)) >= _SHORTEST:
            title = rest
    return title


def _first_evidence(reading: Reading) -> tuple[Evidence, ...]:
    lines = reading.title_lines
    if not lines:
        return ()
    page = lines[0].page
    end = lines[-1].start + len(lines[-1].text)
    return (evidence_on(page.number, page.text, lines[0].start, end),)


def _first_line(reading: Reading) -> Iterator[Recognised[str]]:
    """Lines of the cover that are no sentences: the first, or the one above its owner's."""
    owners = {mention.line for mention in reading.places if not mention.before.strip()}
    lines = [line for line in reading.cover if line.place is Place.COVER][:6]
    for line, below in zip(lines, [*lines[1:], None], strict=False):
        words = " ".join(line.text.split())
        if 6 <= len(words) <= 60 and not _NO_TITLE.search(words) and line not in owners:
            above_owner = below is not None and below in owners
            rule, weight = (
                ("above_owner", _ABOVE_OWNER) if above_owner else ("first_line", _FIRST_LINE)
            )
            yield Recognised(words, weight, (line.whole,), rule)


def recognise_provisional_title(reading: Reading) -> tuple[Recognised[str], ...]:
    """Titles marked as provisional: 「…」(仮), 仮題「…」; the mark itself left out."""
    return best_first(_provisional(reading), LEAST)


def _provisional(reading: Reading) -> Iterator[Recognised[str]]:
    for above, line in zip((None, *reading.lines), reading.lines, strict=False):
        labelled = _LABELLED.search(line.text)
        if labelled:
            evidence = line.evidence(labelled.start(1), labelled.end(1))
            yield Recognised(labelled.group(1).strip(), 0.9, (evidence,), "labelled")
        mark = _MARK.search(line.text)
        if mark:
            yield from _marked(line, mark, above)


def _marked(line: Line, mark: re.Match[str], above: Line | None) -> Iterator[Recognised[str]]:
    before, after = line.text[: mark.start()].strip(), line.text[mark.end() :].strip()
    quoted = _QUOTED.search(before)
    if quoted:
        evidence = line.evidence(0, mark.end())
        yield Recognised(quoted.group(1), 0.9, (evidence,), "quoted")
    elif 4 <= len(before) <= 60 and "。" not in before:
        yield Recognised(before, 0.6, (line.evidence(0, mark.end()),), "marked")
    elif not before and 4 <= len(after) <= 60 and "。" not in after:
        yield Recognised(
            after.strip("「」『』"), 0.6, (line.evidence(mark.start(), len(line.text)),), "marked"
        )
    elif not before and not after and above is not None and 4 <= len(above.text.strip()) <= 60:
        yield Recognised(above.text.strip(), 0.5, (above.whole, line.whole), "marked_below")


def _key(text: str) -> str:
    return _BLANKS.sub("", fold_text(text)).casefold()
