"""Lists of synonyms as files: our own CSV, written and read, and the Sudachi synonym file, read.

Our CSV has the columns of :data:`COLUMNS`; kind and words are needed, the rest may be missing.
A Sudachi file has no heading; its third column is the flag that says how far a word can be taken:
0 always, 1 ambiguous, 2 never.
"""

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kb.catalogue.exchange.cells import guarded, stripped, unguarded
from kb.catalogue.exchange.encodings import BadTable, decode
from kb.domain.synonyms import (
    LONGEST_WORD,
    BadSynonyms,
    Relation,
    SynonymEntry,
    SynonymGroup,
)

COLUMNS = ("kind", "head", "words", "state", "origin", "key")
"""same, abbrev or narrower; the word asked for (narrower alone); the words, divided by
semicolons; on or off; own, shipped or sudachi; what tells groups apart."""
SEPARATOR = ";"
LONGEST_KEY = 80
"""Characters."""

_KINDS = {relation.value: relation for relation in Relation} | {
    "同じ": Relation.SAME, "同義": Relation.SAME, "略語": Relation.ABBREVIATION,
    "含まれる": Relation.NARROWER, "下位": Relation.NARROWER,
}  # fmt: skip
_STATES = {"on": True, "": True, "使う": True, "off": False, "使わない": False}
_ORIGINS = ("own", "shipped", "sudachi")
_BETWEEN = re.compile(r"[;；、\n]")
_SUDACHI = re.compile(rb"\s*\d{6},[12],[012],")
_GROUP, _FLAG, _WORD = 0, 2, 8
_AMBIGUOUS, _NEVER = "1", "2"


@dataclass(frozen=True, slots=True)
class SynonymList:
    """What a file says."""

    entries: tuple[SynonymEntry, ...]
    ambiguous: int = 0
    """Words of a Sudachi file that were left out because they may mean several things."""


def read_list(content: bytes, *, ambiguous: bool = False) -> SynonymList:
    """The groups of a file, in our form or in Sudachi's.

    Args:
        content: the file's bytes.
        ambiguous: of a Sudachi file, take words that are marked ambiguous or stand in several
            groups too.

    Raises:
        BadSynonyms: a line cannot be used; the message names it.
    """
    try:
        text = decode(content).text
    except BadTable as error:
        raise BadSynonyms(str(error)) from error
    if _SUDACHI.match(content.removeprefix(b"\xef\xbb\xbf")):
        return _sudachi(list(csv.reader(text.splitlines())), ambiguous=ambiguous)
    return SynonymList(_own(text))


def as_csv(entries: Iterable[SynonymEntry]) -> str:
    """The groups in our form; :func:`read_list` gives them back."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for entry in entries:
        state = "on" if entry.active else "off"
        words = SEPARATOR.join(entry.group.words)
        cells = (entry.group.relation.value, entry.group.head, words, state)
        writer.writerow([guarded(cell) for cell in (*cells, entry.origin, entry.key)])
    return file.getvalue()


# --- our own form -------------------------------------------------------------------------


def _own(text: str) -> tuple[SynonymEntry, ...]:
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    found: dict[str, SynonymEntry] = {}
    try:
        headings = rows.fieldnames or ()
        if missing := [name for name in ("kind", "words") if name not in headings]:
            raise BadSynonyms(f"1行目に列名 {'、'.join(missing)} がありません。")
        for row in rows:
            _put(found, row, rows.line_num)
    except csv.Error as error:
        raise BadSynonyms(f"{rows.line_num}行目: CSVとして読めません({error})。") from error
    return tuple(found.values())


def _put(found: dict[str, SynonymEntry], row: Mapping[str, str | None], line: int) -> None:
    cells = {name: unguarded(stripped(row.get(name) or "")) for name in COLUMNS}
    if not any(cells.values()):
        return
    try:
        entry = _entry(cells)
        if entry.key in found:
            raise BadSynonyms(f"「{entry.key}」は前の行にもあります。1つにまとめてください。")
    except BadSynonyms as error:
        raise BadSynonyms(f"{line}行目: {error}") from error
    found[entry.key] = entry


def _entry(cells: Mapping[str, str]) -> SynonymEntry:
    relation = _KINDS.get(cells["kind"])
    if relation is None:
        raise BadSynonyms(
            f"種類「{cells['kind']}」は使えません。same、abbrev、narrower のどれかに。"
        )
    state = _STATES.get(cells["state"])
    if state is None:
        raise BadSynonyms(f"状態「{cells['state']}」は使えません。on か off に。")
    words = tuple(
        dict.fromkeys(w for part in _BETWEEN.split(cells["words"]) if (w := part.strip()))
    )
    group = SynonymGroup(relation, words, cells["head"])
    key = cells["key"] or group.key
    if len(key) > LONGEST_KEY:
        raise BadSynonyms(f"key は{LONGEST_KEY}文字までにしてください。")
    origin = cells["origin"] or "own"
    if origin not in _ORIGINS:
        raise BadSynonyms(f"由来「{origin}」は使えません。own にするか、空けてください。")
    return SynonymEntry(key, group, state, origin)


# --- Sudachi's form -----------------------------------------------------------------------


def _sudachi(rows: Iterable[Sequence[str]], *, ambiguous: bool) -> SynonymList:
    groups: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        if len(row) > _WORD and row[_FLAG] != _NEVER and _is_usable(row[_WORD]):
            groups[row[_GROUP]].setdefault(row[_WORD], row[_FLAG])
    holding = Counter(word for words in groups.values() for word in words)
    entries, left_out = [], 0
    for number, words in groups.items():
        sure = tuple(
            word
            for word, flag in words.items()
            if ambiguous or (flag != _AMBIGUOUS and holding[word] == 1)
        )
        left_out += len(words) - len(sure)
        if len(sure) > 1:
            group = SynonymGroup(Relation.SAME, sure)
            entries.append(SynonymEntry(f"sudachi:{number}", group, origin="sudachi"))
    return SynonymList(tuple(entries), left_out)


def _is_usable(word: str) -> bool:
    """Whether a word can be kept, and written in our form without falling apart."""
    return 0 < len(word) <= LONGEST_WORD and _BETWEEN.split(word) == [word.strip()]
