"""Departments as the document names them, with the municipality they belong to.

係長 and 課長 are ranks, 管理部門 is a kind of division: neither is a department, but 総務課長 is
総務課 and 課長. The same name may stand in two towns (まちづくり推進課), so a department goes with
the municipality named before it, where one is. 監査委員事務局 and 監査事務局 are one.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.recognise.evidence import Evidence, Recognised, best_first, either
from indexer.recognise.municipality_claims import meant, prefectures_named
from indexer.recognise.people import rank_of
from indexer.recognise.reading import Line, Mention, Place, Reading
from kb.domain.classification import DepartmentFunction, Rank
from kb.domain.departments import functions_of

LEAST = 0.45
MOST = 12
"""Departments proposed of one document; an organisation chart has hundreds."""

_STEM = (
    "[々〆ヶ一-鿿ァ-ヺーA-ZＡ-Ｚ]|こども|子ども|ふるさと|ひと|しごと|障がい|にぎわい|まちの"
    "|[ぁ-ん](?<![のをはがにでとへも])"
)
_INFLECTED = re.compile(
    "から|まで|より|った|して|する|した|れる|いる|ある|ない|など|また|され|その|この"
)
_NAME = re.compile(
    rf"(?:{_STEM}){{2,14}}?(?:委員会事務局|委員事務局|事務局|[課部局室](?![員門内分屋数品下会所題税程面目]|長[い期短寿時野者])|委員会(?=[\s・、)）]|$))"
    r"(?:[一-鿿ァ-ヺー]{2,8}?[係班室課](?![長員内数所]))?"
)
_PARTICLE_HEAD = re.compile(
    r"^(?:各|全|同|両|他|本|当|この|その|では|には|のは|から|まで|との|また|と|や|の|は|が|を|に|も|で|へ)"
)
_NOT_DEPARTMENTS = re.compile(
    r"^(?:管理部門|事業部門|全部|一部|内部|外部|本部|支部|上部|下部|大部|中央部|関係課|担当課|所管課|各課|主管課"
    r"|.*(?:新任|歴代|現職|担当|所管|主管|関係|女性|若手|先輩|直属|同席)[課部局室]|放課|日課|賦課|学部|幹部|市街地の一部|当局|結局|郵便局|薬局|放送局|教室|会議室|病室|図書室|別室|温室|教員室"
    r"|.*(?:会議室|教室|相談室|研修室|大学.*部|一部|全部|外部|内部|本部|郵便局|薬局))$"
)
_RANK = re.compile("係?長(?:補佐)?|次長|班長")
_OF_A_BOARD = re.compile("委員会?事務局$")
_OWN = re.compile(r"^[^。、]{0,60}$")
_WEIGHTS = {
    Place.TITLE: 0.75, Place.COVER: 0.85, Place.RUNNING: 0.8, Place.HEADING: 0.5, Place.BODY: 0.3,
}  # fmt: skip
_AFTER_OWNER = 0.95
_BY_NAME = 0.92
"""How often a name tells rightly what is done: 44 of 49 in the corpus."""
_UNKNOWN_WORK = 0.7
"""What is left where the name does not say what the department does."""
_FORM_LABEL = re.compile(r"^(?:団体・部署|部署|所属|担当課?|作成)[\s　:：]")


@dataclass(frozen=True, slots=True)
class Department:
    """A department of one municipality, as the document writes it."""

    name: str
    municipality: str | None
    """The code of the municipality named before it, or None."""
    functions: tuple[DepartmentFunction, ...]
    rank: Rank | None = None
    """Of who speaks for it, where the name is written with one: 総務課長."""


@dataclass(frozen=True, slots=True)
class _Seen:
    line: Line
    start: int
    end: int
    name: str
    municipality: str | None
    weight: float
    rule: str
    rank: Rank | None = None


def recognise_departments(reading: Reading) -> tuple[Recognised[Department], ...]:
    """The departments the document comes from, or tells of more than once."""
    seen: dict[tuple[str, str | None], list[_Seen]] = defaultdict(list)
    for one in _seen(reading):
        seen[_office(one.name), one.municipality].append(one)
    named = {name for name, municipality in seen if municipality}
    found = [
        _proposed(group) for key, group in seen.items() if key[1] is not None or key[0] not in named
    ]
    return best_first(found, LEAST)[:MOST]


def recognise_functions(
    departments: tuple[Recognised[Department], ...],
) -> tuple[Recognised[DepartmentFunction], ...]:
    """What the departments proposed do, as far as their names tell."""
    by_function: dict[DepartmentFunction, list[Recognised[Department]]] = defaultdict(list)
    for department in departments:
        for function in department.value.functions:
            by_function[function].append(department)
    return best_first(
        (
            Recognised(
                function,
                round(_BY_NAME * max(one.confidence for one in group), 3),
                tuple(one.evidence[0] for one in group[:3]),
                group[0].rule,
            )
            for function, group in by_function.items()
        ),
        LEAST,
    )


def _office(name: str) -> str:
    """監査委員事務局 is the same office as 監査事務局."""
    return _OF_A_BOARD.sub("事務局", name)


def _proposed(group: list[_Seen]) -> Recognised[Department]:
    best = sorted(group, key=lambda one: -one.weight)
    name, municipality = best[0].name, best[0].municipality
    rank = next((one.rank for one in best if one.rank), None)
    weights = [best[0].weight, *(0.12 for _ in best[1:4])]
    functions = functions_of(name)
    share = 1.0 if functions or best[0].weight >= _AFTER_OWNER else _UNKNOWN_WORK
    evidence: tuple[Evidence, ...] = tuple(o.line.evidence(o.start, o.end) for o in best[:3])
    confidence = round(either(weights, 0.97) * share, 3)
    return Recognised(
        Department(name, municipality, functions, rank), confidence, evidence, best[0].rule
    )


def _seen(reading: Reading) -> Iterator[_Seen]:
    prefectures = prefectures_named(reading.places)
    owners: dict[Line, list[Mention]] = defaultdict(list)
    for mention in reading.places:
        owners[mention.line].append(mention)
    for line in reading.lines:
        for start, end in _names(line, owners.get(line, [])):
            owner = _owner(line, start, owners.get(line, []), prefectures)
            rule, weight = _weight(line, owner is not None)
            name, rank = line.text[start:end], _rank_after(line.text, end)
            # 新任課長 names no office: with a rank the name must say what is done, or whose it is.
            if rank is None or owner is not None or functions_of(name):
                yield _Seen(line, start, end, name, owner, weight, rule, rank)


def _names(line: Line, mentions: list[Mention]) -> Iterator[tuple[int, int]]:
    """Where department names stand; a municipality written right before is no part of it."""
    ends = [mention.span.end for mention in mentions]
    for match in _NAME.finditer(line.text):
        start = max([match.start(), *(end for end in ends if match.start() < end < match.end())])
        while head := _PARTICLE_HEAD.match(line.text[start : match.end()]):
            start += head.end()
        name = line.text[start : match.end()]
        if len(name) >= 3 and not (_NOT_DEPARTMENTS.match(name) or _INFLECTED.search(name)):
            yield start, match.end()


def _rank_after(text: str, end: int) -> Rank | None:
    """The rank written onto a department's name: 総務課長, 財政課係長."""
    after = _RANK.match(text, end)
    return rank_of(text[end - 1 : after.end()]) if after else None


def _owner(
    line: Line, start: int, mentions: list[Mention], prefectures: Counter[str]
) -> str | None:
    """The municipality named before a department, with nothing like a sentence between."""
    before = [mention for mention in mentions if mention.span.end <= start]
    if not before or not re.fullmatch(
        r"[\s　・、と一-鿿ァ-ヺーぁ-ん()（）]{0,40}", line.text[before[-1].span.end : start]
    ):
        return None
    match = meant(before[-1].span.matches, prefectures)
    return str(match.municipality.code) if match else None


def _weight(line: Line, has_owner: bool) -> tuple[str, float]:
    presents = line.place in (Place.COVER, Place.TITLE) or bool(_FORM_LABEL.match(line.text))
    if presents and has_owner and _OWN.match(line.text):
        return "owner_line", _AFTER_OWNER
    if presents and not _OWN.match(line.text):
        return "body", _WEIGHTS[Place.BODY]
    return line.place.name.lower(), _WEIGHTS[line.place]
