"""Whose case a row is: 団体コード and 対象組織 as codes of municipalities.

What can mean several bodies is never guessed: the row is refused and the candidates named.

A name or code of the past means the body it was where the practice year had begun before that
body ended, or where a row has both its name and its code; else the body of today.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from kb.catalogue.exchange.cells import BadCell, Row
from kb.catalogue.exchange.fields import CODES, ORGANISATION, PLACE
from kb.domain.gazetteer import Gazetteer, MatchReason, PlaceMatch
from kb.domain.municipality import BadMunicipalityCode, FormerName, MunicipalityCode
from kb.domain.place_names import changed

_MOST_NAMED = 8
"""Candidates named in one message."""
_FIVE_DIGITS = re.compile(r"[0-9]{5}")
YEAR = "事例実施年"
_PLAIN = (MatchReason.NAME, MatchReason.PREFECTURE)


Read = tuple[str, str | None]
"""A code, and what to say where it was read otherwise than it is written."""


@dataclass(frozen=True, slots=True)
class PlacesRead:
    """What a row says of its municipalities."""

    codes: tuple[str, ...] | None
    """The leading one first; None where the row says nothing."""
    remarks: tuple[str, ...] = ()
    """What was read otherwise than it is written."""


class Places:
    """Reads municipalities with one gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer

    def read(self, row: Row) -> PlacesRead:
        """The municipalities of a row: by code where it has one, else by name.

        Raises:
            BadCell: a code or name means no body or several, or the two disagree.
        """
        year = _year(row)
        if row.text(CODES) is None:
            return _read([self._named(word, row, year) for word in row.words(ORGANISATION)])
        names = {code for word in row.words(ORGANISATION) for code in self._formerly(word)}
        found = [self._coded(word, names, year) for word in row.words(CODES)]
        return self._agreeing(_read(found), row)

    def _coded(self, word: str, names: Collection[str], year: int | None) -> Read:
        """A body by its code; `names`: codes of the past whose bodies the row names as well."""
        matches = self._by_code(word)
        if not matches:
            remedy = "6桁の団体コードを書いてください。"
            raise BadCell(CODES, word, "登録されていない団体コードです", remedy)
        today = [match for match in matches if match.matched == match.municipality.code]
        past = {} if today else {m.matched: self._gazetteer.former(m.matched) for m in matches}
        former = next(iter(past.values())) if len(past) == 1 else None
        if former is not None and (former.code in names or _had_begun(year, former)):
            return former.code, self._kept_as(word, former)
        match = _the_one(CODES, word, today or matches)
        plain = match.municipality.code == unicodedata.normalize("NFKC", word)
        return str(match.municipality.code), None if plain else _read_as(word, match)

    def _by_code(self, word: str) -> list[PlaceMatch]:
        digits = unicodedata.normalize("NFKC", word)
        try:
            found = list(self._gazetteer.resolve(MunicipalityCode.from_text(digits)))
        except BadMunicipalityCode as error:
            found, fault = [], error
        if _FIVE_DIGITS.fullmatch(digits):
            found += self._with_lost_zero(digits)
        elif not found and len(digits) != 6:
            raise BadCell(CODES, word, str(fault), "6桁の団体コードを書いてください。") from fault
        return found

    def _with_lost_zero(self, digits: str) -> Iterator[PlaceMatch]:
        """Excel drops the first zero of Hokkaido's to Tochigi's codes."""
        # Most five digits are no such code, and need not be.
        with suppress(BadMunicipalityCode):
            yield from self._gazetteer.resolve(MunicipalityCode(f"0{digits}"))

    def _named(self, word: str, row: Row, year: int | None) -> Read:
        matches = self._gazetteer.resolve(word)
        today = [m for m in matches if m.exact and m.why is not MatchReason.FORMER_NAME]
        pool = today or list(matches)
        prefecture = row.text(PLACE)
        here = [match for match in pool if match.municipality.prefecture == prefecture]
        past = [f for f in self._formerly(word).values() if _had_begun(year, f)]
        past = [f for f in past if f.prefecture == prefecture] or past
        if len(past) == 1:
            return past[0].code, self._kept_as(word, past[0])
        match = _the_one(ORGANISATION, word, here or pool)
        plain = match.why in _PLAIN
        return str(match.municipality.code), None if plain else _read_as(word, match)

    def _formerly(self, word: str) -> dict[str, FormerName]:
        """The bodies of the past that a word names, by code; none where it means one of today."""
        matches = self._gazetteer.resolve(word)
        if any(match.why is not MatchReason.FORMER_NAME for match in matches):
            return {}
        called = [
            self._gazetteer.former(former.code)
            for match in matches
            for former in self._gazetteer.predecessors(match.municipality.code)
            if former.name == match.matched
        ]
        return {str(former.code): former for former in called if former is not None}

    def _meant_by(self, code: str) -> set[str]:
        """A code, and those of today in the place of its body."""
        return {code, *(str(heir.code) for heir in self._gazetteer.successors(code))}

    def _kept_as(self, word: str, former: FormerName) -> str:
        heirs = "、".join(heir.name for heir in self._gazetteer.successors(former.code))
        return (
            f"「{word}」を、{changed(former)}より前の{former.prefecture}{former.name}"
            f"({former.code})として登録します(現 {heirs})。"
        )

    def _agreeing(self, read: PlacesRead, row: Row) -> PlacesRead:
        """What the codes say, when the names do not say otherwise."""
        meant: set[str] = set()
        remarks = list(read.remarks)
        for word in row.words(ORGANISATION):
            matches = self._gazetteer.resolve(word)
            meant.update(str(match.municipality.code) for match in matches)
            meant.update(self._formerly(word))
            if not matches:
                remarks.append(f"対象組織「{word}」は記録せず、団体コードの自治体名を使います。")
        codes = read.codes or ()
        strange = [code for code in codes if meant and meant.isdisjoint(self._meant_by(code))]
        if strange:
            named = row.text(ORGANISATION)
            why = f"団体コード {'、'.join(strange)} は対象組織「{named}」と合いません"
            remedy = "どちらかを直すか、空欄にしてください。"
            raise BadCell(CODES, row.text(CODES) or "", why, remedy)
        return PlacesRead(read.codes, tuple(remarks))


def _year(row: Row) -> int | None:
    """The practice year, where it can be read; where it cannot, another reader tells of it."""
    with suppress(BadCell):
        return row.year(YEAR)
    return None


def _had_begun(year: int | None, former: FormerName) -> bool:
    """Whether a fiscal year began, on 1 April, while the body was there."""
    return year is not None and date(year, 4, 1) < former.changed_on


def _read(found: Sequence[Read]) -> PlacesRead:
    codes = dict.fromkeys(code for code, _ in found)
    return PlacesRead(tuple(codes) or None, tuple(remark for _, remark in found if remark))


def _the_one(column: str, word: str, matches: Sequence[PlaceMatch]) -> PlaceMatch:
    if not matches:
        remedy = "自治体の名前を書くか、団体コードの列に6桁のコードを書いてください。"
        raise BadCell(column, word, "自治体の名前として読めません", remedy)
    if len(matches) > 1:
        named = [_with_code(match) for match in matches[:_MOST_NAMED]]
        rest = f"、ほか{len(matches) - _MOST_NAMED}" if len(matches) > _MOST_NAMED else ""
        why = f"{len(matches)}通りに読めます: {'、'.join(named)}{rest}"
        raise BadCell(column, word, why, "団体コードの列に6桁のコードを書いてください。")
    return matches[0]


def _with_code(match: PlaceMatch) -> str:
    body = match.municipality
    within = "" if body.name == body.prefecture else body.prefecture
    return f"{within}{body.name}({body.code})"


def _read_as(word: str, match: PlaceMatch) -> str:
    return f"「{word}」を{_with_code(match)}と読みました({match.label})。"
