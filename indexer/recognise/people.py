"""People and what they are: 酒井直人(中野区長), 延岡市長 三浦 久知, 中野区長 酒井直人.

Only names that stand beside a role are taken; a list of names is left alone. Nothing here
knows surnames: the role and the form of the line decide.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.recognise.evidence import Recognised, best_first, either
from indexer.recognise.reading import Line, Mention, Place, Reading
from kb.domain.classification import Rank
from kb.japanese.fold import fold_text

LEAST = 0.5
MOST = 12

_KANJI = "々〆ヶ一-鿿豈-\ufaff"
_ONE = rf"[{_KANJI}]"
_NAME = rf"{_ONE}{{2,5}}|{_ONE}{{1,3}}[\s　]{_ONE}{{1,4}}|{_ONE}{{2,3}}[\s　]?[ぁ-ん]{{2,3}}"
_BY_HEAD = "知事|市長|区長|町長|村長"
_RANKED = (
    f"{_BY_HEAD}|副市長|副区長|副町長|副村長|教育長|部長|局長|次長|課長|室長|所長|館長|係長|班長|補佐"
    "|センター長|主査|主任|主事|主幹|参事|理事長|理事|会長|委員長|議長|代表|世話人|園長|校長|准教授|教授"
    "|講師|デザイナー|アドバイザー|コンサルタント|プロデューサー"
)
ROLE_WORD = re.compile(_RANKED)
"""A line without any of these names nobody with a role."""
_IN_BRACKETS = re.compile(
    rf"(?P<name>{_NAME})[\s　]*[(（](?P<role>[^()（）\n]{{0,40}}?(?:{_RANKED}))[)）]"
)
_ROLE_FIRST = re.compile(
    rf"(?P<role>[^\s、。()（）「」:：]{{0,20}}(?:{_RANKED}))[\s　]+"
    rf"(?P<name>{_ONE}{{1,3}}[\s　][{_KANJI}ぁ-ん]{{1,4}}|{_ONE}{{3,5}})(?=[\s　、。)）さ氏様]|$)"
)
_LABELLED = re.compile(
    rf"(?P<role>代表|理事長|会長|{_BY_HEAD})[\s　:：]*(?P<name>{_ONE}{{3,5}})(?=[)）、。\s　]|$)"
)
# Not at a line's beginning: the name may have begun in the line above.
_NAME_THEN_ROLE = re.compile(
    rf"(?:[、・,(（「]|と|の)(?P<name>{_ONE}{{3,5}})(?P<role>理事長|会長|教授|准教授)(?!{_ONE})"
)
_AFTER_PROFESSION = re.compile(
    rf"(?P<role>[ァ-ヺー一-鿿]{{0,10}}(?:デザイナー|アドバイザー|コンサルタント|プロデューサー))"
    rf"の?(?P<name>{_ONE}{{3,6}})(?=[、。)）」\s　がはをと]|$)"
)
_PATTERNS = (
    ("in_brackets", _IN_BRACKETS),
    ("role_first", _ROLE_FIRST),
    ("labelled", _LABELLED),
    ("name_then_role", _NAME_THEN_ROLE),
    ("profession", _AFTER_PROFESSION),
)
_HEAD_AFTER_NAME = re.compile(rf"({_ONE}{{3,5}})({_BY_HEAD})")
_NAME_BEFORE = re.compile(rf"(?:^|[^{_KANJI}])({_ONE}{{3,5}})$")
_OFFICE_END = re.compile("[課部局室係班会所]$|センター$|事務局$")
_LONG_ROLE = 40
_NOT_A_NAME = re.compile(
    "(?:[市区町村県府都道課部局室係会所院校費税者員長年月日号条項回名件役金]|事業|予算|計画|推進|管理|担当"
    "|施設|制度|対策|研究|発表|議案|選任|方針|説明|参加|開催|応援|団体|大学|准)$"
    "|^(?:各|同|副|両|第|当該|現職|総務|企画|財政|主任|主査|前[市区町村会]|元[市区町村会職]|新任|全[員国課])"
)
_WEIGHTS = {
    "in_brackets": 0.9, "role_first": 0.75, "labelled": 0.7, "name_then_role": 0.75,
    "profession": 0.7, "before_office": 0.85, "before_head": 0.85,
}  # fmt: skip
_PRESENTS = 0.3

_RANKS = (
    (Rank.DEPUTY_HEAD, re.compile("副(?:知事|市長|区長|町長|村長)|助役")),
    (Rank.HEAD, re.compile(f"(?:{_BY_HEAD})$")),
    (Rank.SUBSECTION_CHIEF, re.compile("係長$|班長$")),
    (Rank.SECTION_CHIEF, re.compile("課長$|室長$|課長補佐$")),
    (Rank.DIRECTOR, re.compile("部長$|局長$")),
    (Rank.STAFF, re.compile("主査$|主任$|主事$|主幹$")),
)


@dataclass(frozen=True, slots=True)
class Person:
    """Someone named beside a role."""

    name: str
    """Without blanks between surname and given name."""
    role: str
    """As written: 朝凪市 財政課長."""
    rank: Rank | None
    """None where the role is none of an office."""


def recognise_people(reading: Reading) -> tuple[Recognised[Person], ...]:
    """The people named with a role, each once, surest first."""
    found: dict[str, Recognised[Person]] = {}
    for one in people_in(reading):
        key = fold_text(one.value.name)  # 原崎 and 原﨑 are one man
        held = found.get(key)
        if held is None or held.confidence < one.confidence:
            found[key] = one
    return best_first(found.values(), LEAST)[:MOST]


def rank_of(role: str) -> Rank | None:
    """The rank that a role names, by its last word; 係長 of 財政課 is 係長."""
    return next((rank for rank, pattern in _RANKS if pattern.search(role)), None)


def people_in(reading: Reading) -> Iterator[Recognised[Person]]:
    """Everyone named with a role, once for every form and place; the evidence tells where."""
    for line in reading.lines:
        if not ROLE_WORD.search(line.text):
            continue
        for rule, pattern in _PATTERNS:
            for match in pattern.finditer(line.text):
                yield from _person(line, match, match["name"], match["role"], rule)
    for mention in reading.places:
        yield from _beside_place(mention)


def _beside_place(mention: Mention) -> Iterator[Recognised[Person]]:
    """酒井直人中野区長 (a name, the municipality, its head) and 福津市原﨑智仁市長."""
    text, span = mention.line.text, mention.span
    head, name = re.match("長|知事", mention.after), _NAME_BEFORE.search(mention.before)
    if head and name and _is_name(name.group(1)):
        end = span.end + head.end()
        role = span.text + head.group()
        yield _made(mention.line, name.start(1), end, name.group(1), role, "before_office")
    after = _HEAD_AFTER_NAME.match(text, span.end)
    if after and _is_name(after.group(1)):
        role = span.text + after.group(2)[1:]
        yield _made(mention.line, span.start, after.end(), after.group(1), role, "before_head")


def _person(
    line: Line, match: re.Match[str], name: str, role: str, rule: str
) -> Iterator[Recognised[Person]]:
    name = _without_office(" ".join(name.split()))
    if _is_name(name) and len(role) <= _LONG_ROLE:
        yield _made(line, match.start(), match.end(), name, role, rule)


def _made(line: Line, start: int, end: int, name: str, role: str, rule: str) -> Recognised[Person]:
    presents = _PRESENTS if line.place >= Place.COVER else 0.0
    person = Person("".join(name.split()), " ".join(role.split()), rank_of(role))
    confidence = round(either((_WEIGHTS[rule], presents), 0.97), 3)
    return Recognised(person, confidence, (line.evidence(start, end),), rule)


def _is_name(text: str) -> bool:
    return len("".join(text.split())) >= 2 and not _NOT_A_NAME.search("".join(text.split()))


def _without_office(name: str) -> str:
    """税務課 見本花子: what stands before the last blank, where that is an office."""
    before, _, last = name.rpartition(" ")
    return last if before and _OFFICE_END.search(before.strip()) else name
