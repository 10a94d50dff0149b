"""Whose case a row is: 団体コード and 対象組織 as codes of today's municipalities.

What can mean several bodies is never guessed: the row is refused and the candidates named.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from indexer.exchange.cells import BadCell, Row
from indexer.exchange.fields import CODES, ORGANISATION, PLACE
from kb.domain.gazetteer import Gazetteer, MatchReason, PlaceMatch
from kb.domain.municipality import BadMunicipalityCode, MunicipalityCode

_MOST_NAMED = 8
"""Candidates named in one message."""
_FIVE_DIGITS = re.compile(r"[0-9]{5}")
_PLAIN = (MatchReason.NAME, MatchReason.PREFECTURE)


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
        if row.text(CODES) is None:
            return _read([self._named(word, row) for word in row.words(ORGANISATION)])
        found = [self._coded(word) for word in row.words(CODES)]
        return self._agreeing(_read(found), row)

    def _coded(self, word: str) -> tuple[PlaceMatch, str | None]:
        matches = self._by_code(word)
        if not matches:
            remedy = "6桁の団体コードを書いてください。"
            raise BadCell(CODES, word, "登録されていない団体コードです", remedy)
        today = [match for match in matches if match.matched == match.municipality.code]
        match = _the_one(CODES, word, today or matches)
        plain = match.municipality.code == unicodedata.normalize("NFKC", word)
        return match, None if plain else _read_as(word, match)

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

    def _named(self, word: str, row: Row) -> tuple[PlaceMatch, str | None]:
        matches = self._gazetteer.resolve(word)
        today = [m for m in matches if m.exact and m.why is not MatchReason.FORMER_NAME]
        pool = today or list(matches)
        prefecture = row.text(PLACE)
        here = [match for match in pool if match.municipality.prefecture == prefecture]
        match = _the_one(ORGANISATION, word, here or pool)
        return match, None if match.why in _PLAIN else _read_as(word, match)

    def _agreeing(self, read: PlacesRead, row: Row) -> PlacesRead:
        """What the codes say, when the names do not say otherwise."""
        meant: set[str] = set()
        remarks = list(read.remarks)
        for word in row.words(ORGANISATION):
            matches = self._gazetteer.resolve(word)
            meant.update(str(match.municipality.code) for match in matches)
            if not matches:
                remarks.append(f"対象組織「{word}」は記録せず、団体コードの自治体名を使います。")
        strange = [code for code in read.codes or () if meant and code not in meant]
        if strange:
            named = row.text(ORGANISATION)
            why = f"団体コード {'、'.join(strange)} は対象組織「{named}」と合いません"
            remedy = "どちらかを直すか、空欄にしてください。"
            raise BadCell(CODES, row.text(CODES) or "", why, remedy)
        return PlacesRead(read.codes, tuple(remarks))


def _read(found: Sequence[tuple[PlaceMatch, str | None]]) -> PlacesRead:
    codes = dict.fromkeys(str(match.municipality.code) for match, _ in found)
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
