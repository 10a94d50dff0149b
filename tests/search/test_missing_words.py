"""What may help with a word that nothing held."""

from kb.domain.offerable import OfferKind
from kb.domain.synonyms import Relation, SynonymEntry, SynonymGroup
from kb.search.missing_words import WordHints
from kb.search.suggesting import Offer


def entry(*words: str, head: str = "", active: bool = True) -> SynonymEntry:
    relation = Relation.NARROWER if head else Relation.SAME
    return SynonymEntry(f"own:{words[0]}", SynonymGroup(relation, words, head), active)


OWN = (
    entry("ぬめり取り課", "ぬるぬる対策室"),
    entry("ぬめり", "ねばり"),
    entry("へ", "ほ"),
    entry("ぬめぬめ係", "ぬめぬめ班", active=False),
    entry("ぬめりどめ", head="ぬるつき"),
)


def offered(word: str) -> tuple[Offer, ...]:
    names = ("福津市", "福井市", "福津市", "福島市", "福山市") if word == "福律市" else ()
    return tuple(Offer(OfferKind.MUNICIPALITY, "", name, name, "") for name in names)


def test_near_names_are_told_once_and_the_first_of_them_alone() -> None:
    assert WordHints((), offered).of("福律市").nearest == ("福津市", "福井市", "福島市")


def test_the_group_that_a_word_stands_in_comes_before_those_that_hold_it_in_part() -> None:
    hints = WordHints(OWN, offered)
    assert hints.of("ヌルツキ").groups == ()
    assert hints.of("ぬるつき").groups == (("ぬるつき", "ぬめりどめ"),)
    assert hints.of("ぬめり").groups == (("ぬめり", "ねばり"), ("ぬるつき", "ぬめりどめ"))
    assert hints.of("ぬめぬめ係").groups == ()


def test_one_character_is_part_of_no_other_word() -> None:
    hints = WordHints(OWN, offered)
    assert hints.of("へ").groups == (("へ", "ほ"),)
    assert hints.of("ほへと").groups == ()
