"""The whole table, by every way a body goes, and 10,000 texts that must lead nowhere wrong.

What a text may lead to is said here a second time, and more simply than the gazetteer does it:
:class:`Ways` lists everything each body goes by.

Three that ask thousands of times for what other tests reach as well are left out of coverage:
tracing them takes as long as running them.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.catalogue.tables import load_former_names, load_municipalities
from kb.domain.gazetteer import Gazetteer, MatchReason
from kb.domain.municipality import (
    FormerName,
    Municipality,
    MunicipalityCode,
    MunicipalityKind,
    check_digit,
)
from kb.domain.place_names import LocalName
from kb.japanese.fold import fold_text
from kb.japanese.readings import romaji, romaji_key, romaji_key_long, to_hiragana

BODIES = load_municipalities()
FORMER = load_former_names()
BY_CODE = {str(body.code): body for body in BODIES}
LOCAL = tuple(
    LocalName(MunicipalityCode(code), name, kana)
    for code, name, kana in (
        ("402249", "神興村", "じんごうむら"), ("402249", "ふくふく", None),
        ("402249", "FukuFuku", None), ("402249", "池田", "いけだ"), ("131148", "北都", "きた"),
        ("131148", "ゆめのまち", None), ("202118", "ゆめのまち", None),
        ("202118", "中の町", "なかのまち"), ("202118", "名古屋", "なごや"),
    )
)  # fmt: skip
"""What people call places, beside the tables: with namesakes among official and other names."""
PLACES = Gazetteer(
    BODIES, FORMER, LOCAL, romaji_key=romaji_key, other_romaji_key=romaji_key_long,
    to_hiragana=to_hiragana, fold=fold_text,
)  # fmt: skip
SUFFIXES = ("し", "く", "ちょう", "まち", "むら", "そん", "けん", "ふ", "と")
FULL_WIDTH = {ord("0") + digit: ord("０") + digit for digit in range(10)}
FULL_WIDTH_LETTERS = {point: point + 0xFEE0 for point in range(0x41, 0x7B)}
HALF_KANA = {
    unicodedata.normalize("NFKC", chr(point)): chr(point) for point in range(0xFFA0, 0xFF60, -1)
}


def codes(text: str, *, loose: bool = False) -> list[str]:
    return [str(match.municipality.code) for match in PLACES.resolve(text, loose=loose)]


def katakana(kana: str) -> str:
    return "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in kana)


def half_width(kana: str) -> str:
    marks = {"\u3099": "ﾞ", "\u309a": "ﾟ"}
    decomposed = unicodedata.normalize("NFD", katakana(kana))
    return "".join(marks.get(c) or HALF_KANA.get(c, c) for c in decomposed)


def stem_of(kana: str) -> str:
    return next(kana.removesuffix(s) for s in SUFFIXES if kana.endswith(s) and kana != s)


def as_typed(kana: str) -> Iterator[str]:
    """Romaji with every vowel, with a macron, with an h, and as in school."""
    full = "".join(romaji(mora) for mora in re.findall("っ?.[ゃゅょ]?", kana))
    macron = re.sub("uu", "ū", re.sub("o[ou]", "ō", full))
    yield from (full, full.upper(), macron)
    if "ōō" not in macron:
        yield re.sub("ō(?![aiueoy])", "oh", macron)
        yield re.sub("ō(?![ou])", "oh", macron)
    school = full
    for hepburn, plain in (
        ("shi", "si"), ("sh", "sy"), ("chi", "ti"), ("ch", "ty"), ("tsu", "tu"), ("fu", "hu"),
        ("ji", "zi"), ("j", "zy"),
    ):  # fmt: skip
        school = school.replace(hepburn, plain)
    yield school


def own_name(body: Municipality) -> tuple[str, str, str]:
    """Name, kana and romaji; of a ward without its city's."""
    if body.parent_code is None:
        return body.name, body.kana, body.romaji
    city = BY_CODE[body.parent_code]
    return (
        body.name.removeprefix(city.name),
        body.kana.removeprefix(city.kana),
        body.romaji.removeprefix(city.romaji).strip(),
    )


def suffixed(body: Municipality) -> Iterator[str]:
    """Every whole name, reading and spelling of a body of today, and its codes."""
    for name, kana, latin in {(body.name, body.kana, body.romaji), own_name(body)}:
        yield from (name, f" {name} ", kana, katakana(kana), half_width(kana))
        yield from (latin, latin.lower(), latin.upper(), latin.replace("-", " "))
        yield from (latin.replace("-", ""), latin.translate(FULL_WIDTH_LETTERS))
        yield from as_typed(kana)
    code = str(body.code)
    yield from (code, code[:5], code.translate(FULL_WIDTH), code[:5].translate(FULL_WIDTH))


def shortened(body: Municipality) -> Iterator[str]:
    """Its names without the suffix."""
    name, kana, latin = own_name(body)
    if body.name == "北海道":
        return
    stem = stem_of(kana)
    yield from (name[:-1], stem, katakana(stem), half_width(stem), latin.rpartition("-")[0])
    yield from as_typed(stem)


# --- everything in the table ----------------------------------------------------------------


@pytest.mark.no_cover
def test_every_whole_name_reading_spelling_and_code_leads_to_its_body() -> None:
    astray = [
        (text, body.name)
        for body in BODIES
        for text in suffixed(body)
        if str(body.code) not in codes(text)
    ]
    assert astray == []


def test_every_code_leads_to_its_body_alone() -> None:
    for body in BODIES:
        today = [m for m in PLACES.resolve(str(body.code)) if m.label == "団体コード"]
        assert [match.municipality for match in today] == [body]
        assert PLACES.resolve(body.code.code5) == PLACES.resolve(str(body.code))


def test_every_short_name_leads_to_its_body_where_a_place_is_asked_for() -> None:
    astray = [
        (text, body.name)
        for body in BODIES
        for text in shortened(body)
        if str(body.code) not in codes(text, loose=True)
    ]
    assert astray == []


def test_a_short_name_in_a_question_leads_to_its_body_or_is_no_place() -> None:
    """Never to another alone: 共和 is a word, and not 協和町 of once because it sounds so."""
    silent = [
        (text, body.name, found)
        for body in BODIES
        for text in shortened(body)
        if (found := codes(text)) and str(body.code) not in found and body.parent_code is None
    ]
    assert silent == []


def test_a_reading_with_the_suffix_in_kanji_leads_to_its_body() -> None:
    astray = [
        body.name
        for body in BODIES
        if body.parent_code is None and body.name != "北海道"
        for stem in (stem_of(body.kana), katakana(stem_of(body.kana)))
        if str(body.code) not in codes(stem + body.name[-1])
    ]
    assert astray == []


def test_wards_are_found_after_the_short_name_of_their_city() -> None:
    for body in BODIES:
        if body.parent_code is None:
            continue
        city = BY_CODE[body.parent_code]
        name, kana, latin = own_name(body)
        stem = city.romaji.removesuffix("-shi")
        for text in (city.name[:-1] + name, stem_of(city.kana) + kana, f"{stem} {latin}",
                     f"{stem} {latin.removesuffix('-ku')}", f"{stem}-{latin}"):  # fmt: skip
            assert str(body.code) in codes(text), text


@pytest.mark.no_cover
def test_every_name_and_code_since_1970_leads_to_its_successor() -> None:
    astray = []
    for former in FORMER:
        texts = [former.name, str(former.code), former.code.code5]
        if former.name != former.successor_name:
            texts += [former.kana, katakana(former.kana), half_width(former.kana)]
            texts += as_typed(former.kana)
            texts.append(former.prefecture + former.name)
        astray += [
            (text, former) for text in texts if str(former.successor_code) not in codes(text)
        ]
    assert astray == []


def test_every_short_name_since_1970_leads_to_its_successor_where_a_place_is_asked_for() -> None:
    astray = [
        (text, former)
        for former in FORMER
        if former.name != former.successor_name
        for text in (former.name[:-1], stem_of(former.kana))
        if str(former.successor_code) not in codes(text, loose=True)
    ]
    assert astray == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("中野", ["131148", "202118"]),
        ("府中市", ["132063", "342084"]),
        ("伊達市", ["012335", "072133"]),
        ("川崎", ["141305", "043249", "406058"]),
        ("池田", ["272043", "016446", "183822", "204811", "214043"]),
        ("ゆめのまち", ["131148", "202118"]),
        ("yume-no-machi", ["131148", "202118"]),
    ],
)
def test_names_that_several_bear_give_all_of_them(text: str, wanted: list[str]) -> None:
    assert codes(text)[: len(wanted)] == wanted


def test_every_local_name_and_reading_leads_to_its_body() -> None:
    astray = [
        (text, local)
        for local in LOCAL
        for text in called(local)
        if str(local.code) not in codes(text, loose=True)
    ]
    assert astray == []
    # Two kana mean too much in a question; officials stand before what people say.
    assert "131148" not in codes("きた")
    assert codes("池田")[0] == "272043"
    assert "402249" in codes("池田")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("神興村の改善", ["神興村"]),
        ("昔の神興村と池田", ["神興村"]),
        ("福岡県神興村の改善", ["福岡県神興村"]),
        ("宗像郡神興村の改善", ["神興村"]),
        ("大神興村", []),
        ("神興村史", []),
        ("ふくふく市場でゆめのまち", ["ふくふく"]),
        ("fukufukuの窓口", ["fukufuku"]),
        ("fukufuku2", []),
        ("北都の窓口", []),
        ("名古屋の改善", []),
    ],
)
def test_local_names_in_running_text_stand_by_themselves(text: str, found: list[str]) -> None:
    assert [span.text for span in PLACES.find_in(text)] == found


# --- anything at all ------------------------------------------------------------------------


PREFECTURES = [body.name for body in BODIES if body.kind is MunicipalityKind.PREFECTURE]


@cache
def goes_by() -> dict[str, frozenset[str]]:
    """Code -> everything a body of today or its forerunners are called, as `plain` has it."""
    names: dict[str, set[str]] = {code: set() for code in BY_CODE}
    for body in BODIES:
        names[str(body.code)].update(map(plain, (*suffixed(body), *shortened(body))))
        names[str(body.code)].update(map(plain, _joined(body)))
    for former in FORMER:
        names[str(former.successor_code)].update(map(plain, _formerly(former)))
    for local in LOCAL:
        names[str(local.code)].update(map(plain, called(local)))
    return {code: frozenset(each) for code, each in names.items()}


def called(local: LocalName) -> Iterator[str]:
    """A local name with its reading, in kana and in Latin letters."""
    yield from (local.name, local.name.upper(), local.name.lower())
    for kana in filter(None, (local.kana, local.name if plain_kana(local.name) else None)):
        yield from (kana, katakana(kana), half_width(kana), *as_typed(kana))


def plain_kana(text: str) -> bool:
    return re.fullmatch("[ぁ-ゖー]+", text) is not None


def _joined(body: Municipality) -> Iterator[str]:
    name, kana, latin = own_name(body)
    english = {
        MunicipalityKind.PREFECTURE: ("prefecture", "pref"), MunicipalityKind.CITY: ("city",),
        MunicipalityKind.SPECIAL_WARD: ("city", "ward"), MunicipalityKind.TOWN: ("town",),
        MunicipalityKind.VILLAGE: ("village",), MunicipalityKind.DESIGNATED_WARD: ("ward",),
    }  # fmt: skip
    stem = latin.rpartition("-")[0] or latin
    yield from (f"{stem} {word}" for word in english[body.kind])
    if body.parent_code:
        city = BY_CODE[body.parent_code]
        yield from (city.name[:-1] + name, stem_of(city.kana) + kana)
        for before in (city.romaji, city.romaji.removesuffix("-shi")):
            yield from (f"{before} {after}" for after in (latin, stem))
            yield from (f"{before} {stem} {word}" for word in english[body.kind])
    elif body.name != "北海道":
        yield stem_of(kana) + name[-1]


def _formerly(former: FormerName) -> Iterator[str]:
    yield from (str(former.code), former.code.code5)
    stem = stem_of(former.kana)
    yield from (former.name, former.name[:-1], former.kana, stem, stem + former.name[-1])
    yield from (*as_typed(former.kana), *as_typed(stem))


@cache
def plain(text: str) -> str:
    """One form for spellings that are the same name; Latin letters by their key."""
    folded = "".join(fold_text(text).translate(str.maketrans("ヶヵ竈鰺檮", "ケカ釜鯵梼")).split())
    return romaji_key(text) if re.search("[a-z]", folded.lower()) else to_hiragana(folded)


def without_what_stands_before(text: str) -> set[str]:
    """A text, without a prefecture, and without a 郡 of up to five characters after that."""
    whole = "".join(fold_text(text).split())
    rests = {text, whole}
    rests.update(whole.removeprefix(name) for name in PREFECTURES)
    for rest in tuple(rests):
        rests.update(rest[m.end() :] for m in re.finditer("郡", rest) if 0 < m.start() <= 5)
    return {key for rest in rests for key in (plain(rest), romaji_key_long(rest)) if key}


NAMES = [
    *(text for body in BODIES for text in (body.name, body.kana, body.romaji, str(body.code))),
    *(text for former in FORMER for text in (former.name, former.kana, str(former.code))),
    *(local.name for local in LOCAL),
]
PIECES = "市区町村郡県都府しくちょうまち-0123456789 北東中央野津aiueonstk"


def mutated(chance: Random) -> str:
    """A name or code with something put in, taken out, doubled or moved."""
    name = chance.choice(NAMES)
    start = chance.randrange(len(name) + 1)
    end = chance.randrange(start, len(name) + 1)
    new = "".join(chance.choices(PIECES, k=chance.randrange(4)))
    return (
        name[:start] + chance.choice((new, name[start:end] * 2, chance.choice(NAMES))) + name[end:]
    )


def strangers(text: str) -> list[str]:
    """The bodies that a text leads to without going by it."""
    said = without_what_stands_before(text)
    found = [m for loose in (False, True) for m in PLACES.resolve(text, loose=loose)]
    codes = [str(match.municipality.code) for match in found]
    return [code for code in codes if goes_by()[code].isdisjoint(said)]


@settings(max_examples=2000)
@given(st.text() | st.text(alphabet=PIECES, max_size=6))
def test_any_text_leads_only_to_bodies_that_go_by_it(text: str) -> None:
    assert strangers(text) == []


@settings(max_examples=400)
@given(st.integers(0, 2**32))
def test_a_mutated_name_leads_only_to_bodies_that_go_by_it(seed: int) -> None:
    """Twenty of a seed: drawing each by itself takes four times as long."""
    chance = Random(seed)
    for _ in range(20):
        text = mutated(chance)
        assert strangers(text) == [], text


@pytest.mark.no_cover
def test_a_code_with_a_wrong_check_digit_leads_nowhere() -> None:
    """Each code there is or was, with each of the nine other digits."""
    for code in {*BY_CODE, *(str(former.code) for former in FORMER)}:
        for digit in set("0123456789") - {code[5]}:
            wrong = code[:5] + digit
            assert PLACES.resolve(wrong) == PLACES.resolve(wrong, loose=True) == ()
            assert PLACES.resolve(wrong.translate(FULL_WIDTH)) == ()


def test_a_code_leads_only_to_those_who_bear_or_bore_it() -> None:
    """Every number of five digits there is."""
    borne = {code[:5] for code in BY_CODE} | {former.code.code5 for former in FORMER}
    for prefecture in range(1, 48):
        for number in range(1000):
            code5 = f"{prefecture:02}{number:03}"
            if code5 not in borne:
                assert not PLACES.resolve(code5)
    for former in FORMER:
        whys = {match.why for match in PLACES.resolve(former.code.code5)}
        assert whys == {MatchReason.CODE}
    assert MunicipalityCode("40224" + check_digit("40224")) == "402249"
