"""The synonym list: what is shipped can be read, and wrong lines are told."""

from collections.abc import Callable, Iterable

import pytest

from kb.domain.synonyms import BadSynonyms, Relation, SynonymEntry, effective
from kb.search.naming import name_key
from kb.search.readers.synonyms import Synonym, Synonyms, expansions, groups, shipped_groups


def parse(lines: Iterable[str], key: Callable[[str], str]) -> Synonyms:
    return expansions((SynonymEntry(group.key, group) for group in groups(lines)), key)


def shipped() -> Synonyms:
    return expansions(effective(shipped_groups(), ()), name_key)


def test_the_shipped_list_is_whole() -> None:
    synonyms = shipped()
    assert len(synonyms) > 200
    assert Synonym("行政改革", Relation.ABBREVIATION) in synonyms[name_key("行革")]
    assert Synonym("行革", Relation.ABBREVIATION) in synonyms[name_key("行政改革")]


def test_narrower_goes_one_way() -> None:
    synonyms = shipped()
    assert Synonym("町長", Relation.NARROWER) in synonyms[name_key("首長")]
    assert name_key("町長") not in synonyms


def test_comments_and_blank_lines_say_nothing() -> None:
    assert parse(["# 行", "", "same\tA,B # why"], str) == {
        "A": (Synonym("B", Relation.SAME),),
        "B": (Synonym("A", Relation.SAME),),
    }


@pytest.mark.parametrize("line", ["other\tA,B", "same\tA", "narrower\tA", "same", "narrower\t> B"])
def test_a_wrong_line_is_named(line: str) -> None:
    with pytest.raises(BadSynonyms, match="1行目"):
        parse([line], str)
