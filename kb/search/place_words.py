"""What the name of a place may mean besides: the words that questions are asked with."""

from collections.abc import Iterable, Iterator
from functools import cache

from kb.domain.classification import Classified, DepartmentFunction, DocumentKind, Rank, Theme
from kb.domain.departments import functions_of
from kb.domain.fiscal_year import parse_date, parse_fiscal_year
from kb.domain.place_names import is_everyday
from kb.domain.theme_words import THEME_WORDS
from kb.japanese.readings import to_hiragana
from kb.japanese.tokenise import Analyser
from kb.search.naming import name_key
from kb.search.readers.synonyms import shipped_groups


class PlaceWords:
    """Judges names by our own lists and by the dictionary, which is loaded at the first name."""

    def __init__(self) -> None:
        self._analyser = Analyser()

    def key(self, text: str) -> str:
        """One form for all widths, variants and kana of a name."""
        return place_key(text)

    def meaning(self, name: str) -> str | None:
        """What a text means that is no place, as curators are told it; None for nothing."""
        if parse_fiscal_year(name) is not None or parse_date(name) is not None:
            return "年度や日付"
        key = place_key(name)
        known = next((what for what, words in _known().items() if key in words), None)
        if known is None and functions_of(name):
            return "部署のことば"
        common = is_everyday(name) or self._analyser.is_common_word(name)
        return known or ("ふつうのことば" if common else None)


def place_key(text: str) -> str:
    """The folding under which local names are the same."""
    return to_hiragana(name_key(text))


@cache
def _known() -> dict[str, frozenset[str]]:
    """What our own words are -> the words, folded."""
    themes = [*_labels(Theme), *(word for words in THEME_WORDS.values() for word in words)]
    groups = shipped_groups().values()
    return {
        what: frozenset(map(place_key, words))
        for what, words in (
            ("テーマのことば", themes),
            ("部署のことば", _labels(DepartmentFunction)),
            ("役職のことば", _labels(Rank)),
            ("資料の種類", _labels(DocumentKind)),
            ("同義語のことば", (word for group in groups for word in (group.head, *group.words))),
        )
    }


def _labels(members: Iterable[Classified]) -> Iterator[str]:
    """Labels, and what stands between their dots: 窓口・住民 is 窓口 and 住民."""
    for member in members:
        yield from (member.label, *member.label.split("・"))
