"""What speaks for a municipality beside the text: author, event, file name, web addresses."""

import re
from collections import Counter
from collections.abc import Iterator

from indexer.recognise.evidence import evidence_beside
from indexer.recognise.municipality_claims import Claim, meant
from indexer.recognise.reading import Reading
from indexer.recognise.source import Source
from kb.domain.gazetteer import Gazetteer, PlaceMatch
from kb.domain.municipality import MunicipalityKind
from kb.japanese.fold import fold_text

_AUTHOR, _JOINT_AUTHOR = 0.93, 0.9
_EVENT, _EVENT_SHARED = 0.6, 0.2
_CODE, _NAMED, _ROMAJI, _BARE_ROMAJI = 0.8, 0.85, 0.8, 0.45
_DOMAIN, _ONE_OF_DOMAINS = 0.8, 0.2

_TOGETHER = re.compile(r"[・、,，＆&/／]")
_OFFICE_AFTER = re.compile(r"(?:役所|役場|庁|議会|教育委員会)?(?:[\s　]+\S+)?$")
_LATIN = re.compile(r"[A-Za-z]+(?:-(?:shi|ku|cho|machi|mura|son|ken|fu|to|city|town|pref))?", re.I)
_CODES = re.compile(r"(?<!\d)\d{6}(?!\d)")
_WEB = re.compile(
    r"(?:@|[/.]|\b)(city|town|vill|pref|metro)\.([a-z][a-z-]{1,20})\.(?:([a-z]{3,12})\.)?(?:lg\.)?jp\b"
)
_SUFFIXES = {"city": ("-shi", "-ku"), "town": ("-cho", "-machi"), "vill": ("-mura", "-son")}
_SHORTEST = 5
"""Letters of a bare romaji name: shorter ones are too often something else."""


def _single(matches: tuple[PlaceMatch, ...]) -> PlaceMatch | None:
    """The match, where all lead to one municipality that still goes by the name."""
    codes = {match.municipality.code for match in matches}
    return matches[0] if len(codes) == 1 else None


def _is_prefecture(match: PlaceMatch) -> bool:
    return match.municipality.kind is MunicipalityKind.PREFECTURE


def author_claims(
    source: Source, gazetteer: Gazetteer, prefectures: Counter[str]
) -> Iterator[Claim]:
    """An author that is a municipality (延岡市, 延岡市役所), or several joined."""
    names = [name.strip() for name in _TOGETHER.split(source.author or "") if name.strip()]
    for name in names:
        spans = gazetteer.find_in(name)
        if not spans or spans[0].start or not _OFFICE_AFTER.match(name[spans[0].end :]):
            continue
        match = meant(spans[0].matches, prefectures)
        if match is not None and match.exact:
            rule, weight = ("author", _AUTHOR) if len(names) == 1 else ("joint_line", _JOINT_AUTHOR)
            evidence = evidence_beside("metadata", source.author or "")
            yield Claim(str(match.municipality.code), rule, weight, evidence)


def event_claims(reading: Reading) -> Iterator[Claim]:
    """The municipalities that presented at the event; the only one there is likely meant.

    What is named after the event (its flyer, its record) is the organiser's.
    """
    source = reading.source
    if source.event is None or _folded(source.event.title) in (reading.title or "-"):
        return
    codes = source.event.municipality_codes
    for code in codes:
        weight = _EVENT if len(codes) == 1 else _EVENT_SHARED
        yield Claim(code, "event", weight, evidence_beside("event", source.event.title))


def _folded(text: str) -> str:
    return "".join(fold_text(text).split()) or "\n"


def file_claims(source: Source, reading: Reading, gazetteer: Gazetteer) -> Iterator[Claim]:
    """Codes, names and romaji in the file's name; web and mail addresses on the pages."""
    evidence = evidence_beside("file", source.file_name)
    stem = source.file_name.rpartition(".")[0] or source.file_name
    for digits in _CODES.findall(stem):
        for bearer in gazetteer.resolve(digits)[:1]:
            yield Claim(str(bearer.municipality.code), "file_code", _CODE, evidence)
    for span in gazetteer.find_in(stem):
        named = _single(span.matches)
        if named is not None and not _is_prefecture(named):
            yield Claim(str(named.municipality.code), "file_name", _NAMED, evidence)
    for word in dict.fromkeys(_LATIN.findall(stem)):
        match = _single(gazetteer.resolve(word)) if len(word) >= _SHORTEST else None
        # Of a prefecture the whole name is asked for: what is bare is a region or a family.
        if match is not None and (match.exact or not _is_prefecture(match)):
            weight = _ROMAJI if "-" in word else _BARE_ROMAJI
            yield Claim(str(match.municipality.code), "file_romaji", weight, evidence)
    yield from _web_claims(reading, gazetteer)


def _web_claims(reading: Reading, gazetteer: Gazetteer) -> Iterator[Claim]:
    found = {}
    for line in reading.lines:
        for web in _WEB.finditer(line.text) if "jp" in line.text else ():
            match = _of_domain(web.group(1), web.group(2), web.group(3), gazetteer)
            if match is not None:
                found[match.municipality.code] = line.evidence(web.start(), web.end())
    weight = _DOMAIN if len(found) == 1 else _ONE_OF_DOMAINS
    for code, evidence in found.items():
        yield Claim(str(code), "domain", weight, evidence)


def _of_domain(
    level: str, name: str, prefecture: str | None, gazetteer: Gazetteer
) -> PlaceMatch | None:
    """city.nobeoka.miyazaki.jp: the municipality of that level, name and prefecture."""
    if level in ("pref", "metro"):
        return _single(
            tuple(match for match in gazetteer.resolve(name, loose=True) if _is_prefecture(match))
        )
    matches = [
        match
        for suffix in _SUFFIXES[level]
        for match in gazetteer.resolve(name + suffix, loose=True)
        if match.exact
    ]
    if prefecture:
        here = {m.municipality.name for m in gazetteer.resolve(prefecture, loose=True)}
        matches = [m for m in matches if m.municipality.prefecture in here] or matches
    return _single(tuple(matches))
