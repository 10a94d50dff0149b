"""Whose document it is: the municipality that speaks, not those that are spoken of.

A name counts by where it stands. On the cover, in the title, in a header, as author or owner
it says whose the document is; in running text it is a mention. What several municipalities
can claim alike belongs to none of them, unless one line names them together as its authors.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from indexer.recognise.evidence import Evidence, Recognised, best_first, either
from indexer.recognise.municipality_beside import author_claims, event_claims, file_claims
from indexer.recognise.municipality_claims import Claim, meant, prefectures_named
from indexer.recognise.reading import Line, Mention, Place, Reading
from kb.domain.gazetteer import Gazetteer, PlaceMatch
from kb.domain.municipality import MunicipalityKind

LEAST = 0.6
"""Below this a municipality is not proposed; running text alone does not reach it."""

_STUDIED = re.compile(
    r"^(?:役所|役場)?(?:への?|を|の|で)?.{0,6}(?:視察|訪問|に学ぶ|に学んで|先進|研修)"
)
_VENUE = re.compile(
    r"^(?:役所|役場|庁舎|市民|文化|民会館|立)?.{0,8}(?:階|会議室|ホール|会館|プラザ|会場|議場)"
)
_VENUE_LABEL = re.compile(r"(?:会場|場所|開催地|ところ)[^。]{0,12}$")
_OFFICE = re.compile(
    r"^(?:議会|長(?!期|寿|さ|い|野)|役所|役場|庁|知事|教育委員会|監査委員|一般会計|特別会計"
    r"|職員|税条例|[^、。\s]{0,20}条例|立[小中図保病]|消防|水道事業)"
)
_DEPARTMENTS = re.compile(
    r"^[\s　]*(?:$|[^、。\s]{1,24}(?:課|部|局|室|係|事務局|委員会|センター)(?:[・、\s　]|$))"
)
_HEAD = re.compile(r"^(?:長|知事)[\s　]+\S|^(?:長|知事)[\s　]*$")
_ADDRESS = re.compile(r"(?:〒\s?\d{3}[-‐−－ー]?\d{4}|所在地|住所)[\s　:：]*(?:\S{2,3}[都道府県])?$")
_FORM_LABEL = re.compile(
    r"^[\s　]*(?:団体・部署|団体名?|自治体名?|市区?町村名?|対象組織|都市名|所属)[\s　:：]+$"
)
_JOINED = re.compile(r"[\s　]*[・、,，と＆&/／][\s　]*")
_NATIONAL = re.compile(
    r"^(?:内閣府|内閣官房|総務省|厚生労働省|国土交通省|文部科学省|経済産業省|農林水産省|環境省"
    r"|デジタル庁|こども家庭庁|消防庁|全国知事会|全国市長会|全国町村会)"
)  # fmt: skip

_WEIGHTS = {
    "owner_line": 0.93, "form_label": 0.9, "joint_line": 0.9, "head": 0.9, "title": 0.9,
    "title_brackets": 0.75,
    "running": 0.85, "address": 0.7, "cover": 0.5, "mention": 0.05,
}  # fmt: skip
_OFFICE_ONCE, _OFFICE_EACH, _OFFICE_MOST = 0.15, 0.08, 0.55
_MENTIONS_MOST = 0.2
_UNDER_A_MINISTRY = 0.5
"""What is left of every weight when a ministry or a national association is the author."""


@dataclass(slots=True)
class _Case:
    """What speaks for one municipality."""

    weights: dict[str, float] = field(default_factory=dict)
    evidence: dict[str, Evidence] = field(default_factory=dict)
    offices: int = 0
    mentions: int = 0

    def add(self, claim: Claim) -> None:
        if claim.weight > self.weights.get(claim.rule, 0.0):
            self.weights[claim.rule] = claim.weight
            self.evidence[claim.rule] = claim.evidence

    def strength(self, share: float) -> float:
        """How sure it is, with `share` of each weight counting."""
        return either(weight * share for weight in self._all().values())

    def _all(self) -> dict[str, float]:
        counted = dict(self.weights)
        if self.offices:
            grown = _OFFICE_ONCE + _OFFICE_EACH * self.offices
            counted["office"] = min(_OFFICE_MOST, grown)
        if self.mentions:
            counted["mention"] = min(_MENTIONS_MOST, _WEIGHTS["mention"] * self.mentions)
        return counted

    @property
    def rule(self) -> str:
        counted = self._all()
        return max(counted, key=lambda rule: counted[rule])

    @property
    def grounds(self) -> tuple[Evidence, ...]:
        """The weightiest evidence first, three at most."""
        order = sorted(self.evidence, key=lambda rule: -self._all().get(rule, 0.0))
        return tuple(self.evidence[rule] for rule in order[:3])


def recognise_municipality(reading: Reading) -> tuple[Recognised[str], ...]:
    """The municipality (its code) that the document comes from; several when joint authors.

    A ward of a designated city is proposed where most of the evidence names the ward.
    """
    known = prefectures_named(reading.places)
    cases: dict[str, _Case] = defaultdict(_Case)
    for claim in _claims(reading, known):
        case = cases[claim.code]
        case.add(claim)
        case.offices += claim.rule == "office"
        case.mentions += claim.rule == "mention"
    wards = _wards(cases, reading.gazetteer)
    share = _UNDER_A_MINISTRY if _is_national(reading) else 1.0
    return _decided({code: case for code, case in cases.items() if code not in wards}, share)


def _decided(cases: dict[str, _Case], share: float) -> tuple[Recognised[str], ...]:
    found = best_first(
        (
            Recognised(code, case.strength(share), case.grounds, case.rule)
            for code, case in cases.items()
        ),
        LEAST,
    )
    if len(found) < 2:
        return found
    together = [r for r in found if "joint_line" in cases[r.value].weights]
    return found if len(together) == len(found) else ()


def _wards(cases: dict[str, _Case], gazetteer: Gazetteer) -> set[str]:
    """Of a city and its ward, the code that gives way, its evidence going to the other."""
    giving_way = set()
    for code in list(cases):
        body = gazetteer.get(code)
        if body is None or body.kind is not MunicipalityKind.DESIGNATED_WARD:
            continue
        city = str(body.parent_code)
        ward_first = city not in cases or cases[code].strength(1) >= cases[city].strength(1)
        winner, loser = (code, city) if ward_first else (city, code)
        for rule, weight in cases[loser].weights.items() if loser in cases else ():
            cases[winner].add(Claim(winner, rule, weight, cases[loser].evidence[rule]))
        giving_way.add(loser)
    return giving_way


def _is_national(reading: Reading) -> bool:
    author = reading.source.author or ""
    return bool(_NATIONAL.match(author)) or any(
        _NATIONAL.match(line.text.strip()) and len(line.text) < 30 for line in reading.cover
    )


def _claims(reading: Reading, known: Counter[str]) -> Iterator[Claim]:
    source, gazetteer = reading.source, reading.gazetteer
    yield from author_claims(source, gazetteer, known)
    yield from event_claims(reading)
    yield from file_claims(source, reading, gazetteer)
    joint = _joint_lines(reading.places, known)
    for mention in reading.places:
        match = meant(mention.span.matches, known)
        if match is None:
            continue
        code = str(match.municipality.code)
        rule = "joint_line" if mention.line in joint else _rule(mention, match)
        if rule is not None:
            yield Claim(code, rule, _WEIGHTS.get(rule, _OFFICE_ONCE), mention.evidence)


def _joint_lines(mentions: Iterable[Mention], known: Counter[str]) -> frozenset[Line]:
    """Lines of the cover, or headers, that are nothing but a list of municipalities."""
    by_line: dict[Line, list[Mention]] = defaultdict(list)
    for mention in mentions:
        if mention.line.place >= Place.RUNNING:
            by_line[mention.line].append(mention)
    return frozenset(
        line
        for line, named in by_line.items()
        if len(named) > 1 and _only_names(line, named, known)
    )


def _only_names(line: Line, named: list[Mention], known: Counter[str]) -> bool:
    if line.text[: named[0].span.start].strip():
        return False
    between = (line.text[one.span.end : other.span.start] for one, other in pairwise(named))
    rest = line.text[named[-1].span.end :]
    bodies = [meant(mention.span.matches, known) for mention in named]
    return (
        all(_JOINED.fullmatch(words) for words in between)
        and (not rest.strip() or rest[:1].isspace())
        and not any(body is None or is_prefecture(body) for body in bodies)
    )


def is_prefecture(match: PlaceMatch) -> bool:
    """Whether a name stands for a prefecture, which mostly only tells where a town lies."""
    return match.municipality.kind is MunicipalityKind.PREFECTURE


def _rule(mention: Mention, match: PlaceMatch) -> str | None:
    """What the place of a mention says; None for a venue or a town that was visited."""
    after, before, place = mention.after, mention.before, mention.line.place
    if _STUDIED.match(after) or _VENUE_LABEL.search(before) or _VENUE.match(after):
        return None
    alone = not before.strip()
    if place is Place.RUNNING and alone and (not after or after[0].isspace()):
        return "running"
    if place >= Place.COVER and alone and _DEPARTMENTS.match(after):
        return "owner_line" if not is_prefecture(match) or after.strip() else "cover"
    if mention.line.page.number == 1 and _FORM_LABEL.match(before) and _DEPARTMENTS.match(after):
        return "form_label"
    if place >= Place.COVER and _HEAD.match(after):
        return "head"
    if is_prefecture(match):
        return "office" if _OFFICE.match(after) else None
    if place is Place.TITLE:
        return "title_brackets" if before.endswith(("(", "（")) else "title"
    if _ADDRESS.search(before):
        return "address"
    if place is Place.COVER and _OFFICE.match(after) and len(mention.line.text) < 30:
        return "cover"
    return "office" if _OFFICE.match(after) else "mention"
