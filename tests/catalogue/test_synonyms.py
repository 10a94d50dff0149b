"""A town's own synonyms: kept with a SourceEvent, and effective at the next question."""

import pytest
from sqlalchemy import select

from indexer.installation import Installation
from kb.catalogue import models as m
from kb.catalogue.entries import Authorship
from kb.catalogue.synonyms.records import SynonymReader
from kb.catalogue.writing import writing
from kb.domain.synonyms import (
    LONGEST_WORD,
    BadSynonyms,
    Relation,
    SynonymEntry,
    SynonymGroup,
    effective,
)
from kb.search.naming import name_key
from kb.search.readers.synonyms import Synonym, expansions, shipped_groups

AUTHOR = Authorship("編集担当", "試験")
GROUP = SynonymGroup(Relation.SAME, ("チーム経営", "組織経営"))
ENTRY = SynonymEntry(GROUP.key, GROUP)


def events(installation: Installation) -> list[tuple[str, str]]:
    with installation.database.reading() as session:
        row = m.SourceEventRow
        found = session.execute(
            select(row.action, row.subject_id).where(row.subject_kind == "synonym").order_by(row.id)
        )
        return [(action, key) for action, key in found]


def test_a_group_is_kept_changed_and_removed_with_its_story(installation: Installation) -> None:
    reader = SynonymReader(installation.database)
    assert (reader.entries(), reader.change()) == ((), 0)
    with writing(installation.database, AUTHOR) as writer:
        assert writer.synonyms.record(ENTRY)
    assert reader.entries() == (ENTRY,)
    first = reader.change()
    off = SynonymEntry(ENTRY.key, ENTRY.group, active=False)
    with writing(installation.database, AUTHOR) as writer:
        assert writer.synonyms.record(off)
        assert not writer.synonyms.record(off)
    assert reader.entries() == (off,)
    assert reader.change() > first
    with writing(installation.database, AUTHOR) as writer:
        assert writer.synonyms.remove(ENTRY.key)
        assert not writer.synonyms.remove(ENTRY.key)
    assert reader.entries() == ()
    assert events(installation) == [
        ("recorded", ENTRY.key), ("changed", ENTRY.key), ("removed", ENTRY.key),
    ]  # fmt: skip


def test_own_groups_stand_in_for_shipped_ones_of_their_key() -> None:
    shipped = shipped_groups()
    off = SynonymEntry("same:窓口", shipped["same:窓口"], active=False)
    changed = SynonymEntry("same:滞納", SynonymGroup(Relation.SAME, ("滞納", "未収")))
    table = expansions(effective(shipped, (off, changed, ENTRY)), name_key)
    assert "窓口" not in table
    assert table["滞納"] == (Synonym("未収", Relation.SAME),)
    assert table["組織経営"] == (Synonym("チーム経営", Relation.SAME),)
    assert Synonym("市長", Relation.NARROWER) in table["首長"]


def test_the_shipped_groups_have_keys_of_their_own_and_go_the_right_way() -> None:
    groups = shipped_groups()
    assert len(groups) > 250
    assert {group.relation for group in groups.values()} == set(Relation)
    table = expansions(effective(groups, ()), name_key)
    heads = {name_key(g.head) for g in groups.values() if g.head}
    assert Synonym("首長", Relation.NARROWER) not in table.get(name_key("市長"), ())
    assert all(name_key(synonym.word) != word for word in table for synonym in table[word])
    assert heads <= set(table)


@pytest.mark.parametrize(
    ("relation", "words", "head"),
    [
        (Relation.SAME, ("甲",), ""), (Relation.SAME, ("甲", "甲"), ""),
        (Relation.SAME, ("甲", "乙"), "丙"), (Relation.NARROWER, ("甲",), ""),
        (Relation.NARROWER, (), "甲"), (Relation.NARROWER, ("甲",), "甲"),
        (Relation.SAME, ("甲", "乙" * (LONGEST_WORD + 1)), ""),
    ],
)  # fmt: skip
def test_groups_that_say_nothing_are_refused(
    relation: Relation, words: tuple[str, ...], head: str
) -> None:
    with pytest.raises(BadSynonyms):
        SynonymGroup(relation, words, head)
