"""Which case of the catalogue a row means, so that nothing is entered twice."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain, count

from kb.catalogue.entries import CaseEntry
from kb.catalogue.exchange.cells import BadCell
from kb.catalogue.exchange.fields import ID, ORGANISATION, TITLE
from kb.catalogue.name_changes import codes_now
from kb.japanese.fold import fold_text

LONGEST_ID = 80
"""Characters; the catalogue's column holds no more."""

_Key = tuple[str, int | None, str]
# What an address cannot hold as one of its parts.
_UNFIT = re.compile(r"[\s/\\?#%\x00-\x1f\x7f]|^\.{1,2}$")


class KnownCases:
    """Cases by identifier and by municipality, practice year and title (or provisional title).

    Holds what the catalogue holds and, one after the other, what a file adds.
    """

    def __init__(self, entries: Iterable[CaseEntry]) -> None:
        self._by_id: dict[str, CaseEntry] = {}
        self._filed: defaultdict[_Key, set[str]] = defaultdict(set)
        self._today: defaultdict[_Key, set[str]] = defaultdict(set)
        for entry in entries:
            self.add(entry)

    def add(self, entry: CaseEntry) -> None:
        """Know one more case, or a case as it will be."""
        self._by_id[entry.id] = entry
        codes, year, titles = entry.municipality_codes, entry.implemented_in, _titles(entry)
        for key in _keys(codes, year, titles):
            self._filed[key].add(entry.id)
        for key in _keys(_now(codes), year, titles):
            self._today[key].add(entry.id)

    def meant(
        self, case_id: str | None, codes: Sequence[str], year: int | None, titles: Sequence[str]
    ) -> CaseEntry | None:
        """The case a row is about; None when it is a new one.

        A row with an identifier means the case of that identifier. A row without one means
        the case of the same municipality, practice year and title.

        Raises:
            BadCell: it may be several; or it goes by another identifier; or the identifier
                belongs to a case that has nothing in common with the row.
        """
        if case_id is not None and case_id in self._by_id:
            found = self._by_id[case_id]
            _refuse_stranger(found, codes, titles)
            return found
        alike = {i for key in _keys(codes, year, titles) for i in self._filed.get(key, ())}
        if not alike:
            # Of a body that went up in another one: the case may be held under either.
            keys = _keys(_now(codes), year, titles)
            alike = {i for key in keys for i in self._today.get(key, ())}
        if case_id is not None:
            _refuse_unfit(case_id)
            _refuse_second_name(case_id, alike)
            return None
        if not codes:
            remedy = "IDか、対象組織(または団体コード)を書いてください。"
            raise BadCell(ORGANISATION, "", "どの事例の行か分かりません", remedy)
        if len(alike) > 1:
            why = f"当てはまる事例が{len(alike)}件あります: {'、'.join(sorted(alike))}"
            raise BadCell(ID, "", why, "どの事例かをIDの列に書いてください。")
        return self._by_id[alike.pop()] if alike else None

    def new_id(self, codes: Sequence[str], year: int | None, title: str) -> str:
        """An identifier for a case that comes without one; the same whenever it is asked for."""
        digest = hashlib.blake2b(_key_of(title).encode(), digest_size=4).hexdigest()
        wanted = f"case-{codes[0]}-{year or 'x'}-{digest}"
        tries = chain([wanted], (f"{wanted}-{number}" for number in count(2)))
        return next(name for name in tries if name not in self._by_id)


def _titles(entry: CaseEntry) -> tuple[str, ...]:
    return tuple(filter(None, (entry.title, entry.provisional_title)))


def _key_of(title: str) -> str:
    return "".join(fold_text(title).casefold().split())


def _now(codes: Iterable[str]) -> set[str]:
    return {now for code in codes for now in codes_now(code)}


def _keys(codes: Iterable[str], year: int | None, titles: Sequence[str]) -> set[_Key]:
    folded = {_key_of(title) for title in titles}
    return {(code, year, title) for code in codes for title in folded}


def _refuse_stranger(found: CaseEntry, codes: Sequence[str], titles: Sequence[str]) -> None:
    same_title = {_key_of(t) for t in titles} & {_key_of(t) for t in _titles(found)}
    elsewhere = bool(codes) and not _now(codes) & _now(found.municipality_codes)
    if titles and not same_title and elsewhere and found.municipality_codes:
        why = f"このIDは別の自治体の「{found.title}」です"
        raise BadCell(ID, found.id, why, "IDを直すか、空欄にしてください。")


def _refuse_unfit(case_id: str) -> None:
    if len(case_id) > LONGEST_ID or _UNFIT.search(case_id):
        why = "IDに使えない文字があるか、長すぎます"
        remedy = f"空白と / \\ ? # % のない{LONGEST_ID}文字までの文字列にしてください。"
        raise BadCell(ID, case_id, why, remedy)


def _refuse_second_name(case_id: str, alike: set[str]) -> None:
    if alike:
        known = "、".join(sorted(alike))
        why = f"同じ自治体、年度、題の事例が別のIDであります: {known}"
        remedy = f"同じ事例ならIDを {known} に、別の事例なら{TITLE}を変えてください。"
        raise BadCell(ID, case_id, why, remedy)
