"""Drafts of synonyms: proposed, refused, published together, and taken back in one step."""

import pytest
from sqlalchemy import select

from indexer.installation import Installation
from kb.catalogue import models as m
from kb.catalogue.entries import Authorship
from kb.catalogue.review.views import ChangedMeanwhile
from kb.catalogue.synonyms.desk import SynonymDesk
from kb.catalogue.synonyms.records import SynonymReader
from kb.catalogue.synonyms.rules import MOST_WORDS
from kb.catalogue.synonyms.store import UnknownSynonym
from kb.catalogue.synonyms.views import GroupFields, GroupsAsked, NotReady, Shown
from kb.catalogue.writing import writing
from kb.domain.synonym_rehearsal import Effect, Rehearsal, from_plain
from kb.domain.synonyms import BadSynonyms, Relation, SynonymEntry, SynonymGroup
from kb.search.naming import name_key

SHIPPED = {
    group.key: group
    for group in (
        SynonymGroup(Relation.SAME, ("窓口", "カウンター")),
        SynonymGroup(Relation.SAME, ("橋", "橋梁")),
        SynonymGroup(Relation.ABBREVIATION, ("行革", "行政改革")),
        SynonymGroup(Relation.NARROWER, ("市長", "町長"), "首長"),
    )
}
HANAKO, TARO = "編集担当 花子", "編集担当 太郎"


@pytest.fixture
def desk(installation: Installation) -> SynonymDesk:
    return SynonymDesk(installation.database, SHIPPED, name_key)


def fields(words: str, head: str = "", relation: str = "same") -> GroupFields:
    return GroupFields("narrower" if head else relation, head, words)


def version_of(desk: SynonymDesk, key: str) -> str:
    form = desk.form(key)
    assert form is not None
    return form.version


def rehearsed(desk: SynonymDesk) -> str:
    version = desk.draft().version
    desk.keep_rehearsal(version, Rehearsal(3, ()).plain())
    return version


def test_several_changes_are_published_together_and_taken_back_in_one_step(
    installation: Installation, desk: SynonymDesk
) -> None:
    reader = SynonymReader(installation.database)
    key = desk.propose(None, fields("のびのび課、企画課"), "", HANAKO)
    desk.take_back("same:窓口", version_of(desk, "same:窓口"), TARO)
    narrower = "narrower:首長"
    desk.propose(narrower, fields("市長、町長、村長", "首長"), version_of(desk, narrower), HANAKO)
    assert reader.entries() == ()
    draft = desk.draft()
    assert [(c.key, c.actor) for c in draft.changes] == [
        (narrower, HANAKO), (key, HANAKO), ("same:窓口", TARO),
    ]  # fmt: skip
    with pytest.raises(NotReady, match="先に「予行する」"):
        desk.publish(draft.version, Authorship(HANAKO))
    assert desk.publish(rehearsed(desk), Authorship(HANAKO, "4月から")) == 3
    assert desk.draft().changes == ()
    assert {e.key: e.active for e in reader.entries()} == {
        narrower: True, key: True, "same:窓口": False,
    }  # fmt: skip
    [published] = desk.published()
    assert (published.action, published.actor, published.why) == ("published", HANAKO, "4月から")
    assert desk.step_back(published.id, Authorship(TARO)) == 3
    assert reader.entries() == ()
    assert [each.key for each in desk.draft().changes] == [narrower, key, "same:窓口"]
    assert [each.action for each in desk.published()] == ["stepped_back", "published"]
    with pytest.raises(NotReady, match="もう戻せません"):
        desk.step_back(published.id, Authorship(TARO))


def test_every_group_published_or_taken_back_leaves_its_own_story(
    installation: Installation, desk: SynonymDesk
) -> None:
    key = desk.propose(None, fields("のびのび課、企画課"), "", HANAKO)
    desk.publish(rehearsed(desk), Authorship(HANAKO))
    desk.step_back(desk.published()[0].id, Authorship(TARO))
    row = m.SourceEventRow
    with installation.database.reading() as session:
        wanted = select(row.action, row.subject_id, row.actor).where(row.subject_kind == "synonym")
        told = [tuple(each) for each in session.execute(wanted.order_by(row.id))]
    assert told == [("recorded", key, HANAKO), ("removed", key, TARO)]


def test_a_step_back_never_undoes_what_somebody_else_did_since(
    installation: Installation, desk: SynonymDesk
) -> None:
    key = desk.propose(None, fields("のびのび課、企画課"), "", HANAKO)
    desk.publish(rehearsed(desk), Authorship(HANAKO))
    with writing(installation.database, Authorship("kb synonyms")) as writer:
        writer.synonyms.record(
            SynonymEntry(key, SynonymGroup(Relation.SAME, ("のびのび課", "政策課")))
        )
    with pytest.raises(NotReady, match="別の方法"):
        desk.step_back(desk.published()[0].id, Authorship(TARO))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (fields("企画課"), "2つ以上"),
        (fields("企画課、橋"), "「橋」は1文字です"),
        (fields("企画課、窓口"), "別の「同じ意味の語」の組にもあります(窓口、カウンター)"),
        (fields("企画課、ＩＣＴ、ICT"), "検索では同じ語"),
        (fields("首長", "市長"), "ひと回りします(市長 → 首長 → 市長)"),
        (fields("三役", "町長"), ""),
        (fields("首長、町長"), "どちらか一方"),
        (fields("行政改革", "行革"), "どちらか一方"),
        (fields("企画課、政策課", "", "似た"), "種類を選んで"),
        (fields("、".join(f"語{n}" for n in range(MOST_WORDS + 1))), "語が多すぎます"),
        (fields("あ" * 61 + "、企画課"), "60文字まで"),
        (GroupFields("same", "上", "企画課、政策課"), "「上の語」は"),
        (GroupFields("narrower", "", "企画課"), "「上の語」と"),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_to_do(
    desk: SynonymDesk, typed: GroupFields, said: str
) -> None:
    if not said:
        assert desk.propose(None, typed, "", HANAKO) == "narrower:町長"
        return
    with pytest.raises(BadSynonyms) as refused:
        desk.propose(None, typed, "", HANAKO)
    assert said in str(refused.value)
    assert desk.draft().changes == ()


def test_longer_loops_are_found_through_the_draft(desk: SynonymDesk) -> None:
    desk.propose(None, fields("三役", "町長"), "", HANAKO)
    with pytest.raises(BadSynonyms, match="三役 → 首長 → 町長 → 三役"):
        desk.propose(None, fields("首長", "三役"), "", HANAKO)


def test_a_shipped_group_of_a_short_word_can_still_be_changed(desk: SynonymDesk) -> None:
    key = "same:橋"
    desk.propose(key, fields("橋、橋梁、ブリッジ"), version_of(desk, key), HANAKO)
    [change] = desk.draft().changes
    assert change.after is not None
    assert change.after.group.words == ("橋", "橋梁", "ブリッジ")
    desk.propose(key, fields("橋、橋梁"), version_of(desk, key), HANAKO)
    assert desk.draft().changes == ()


def test_publishing_looks_again_at_what_the_draft_has_become(desk: SynonymDesk) -> None:
    desk.take_back("same:窓口", version_of(desk, "same:窓口"), HANAKO)
    desk.propose(None, fields("受付、窓口"), "", HANAKO)
    desk.forget("same:窓口", TARO)
    with pytest.raises(BadSynonyms, match="「窓口」は、別の"):
        desk.publish(rehearsed(desk), Authorship(HANAKO))
    assert desk.forget(None, HANAKO)
    with pytest.raises(NotReady, match="変更がありません"):
        desk.publish(desk.draft().version, Authorship(HANAKO))


def test_who_comes_second_is_told_and_changes_nothing(desk: SynonymDesk) -> None:
    key = desk.propose(None, fields("のびのび課、企画課"), "", HANAKO)
    old, draft = version_of(desk, key), rehearsed(desk)
    desk.propose(key, fields("のびのび課、政策課"), old, TARO)
    for late in (
        lambda: desk.propose(key, fields("のびのび課、財政課"), old, HANAKO),
        lambda: desk.take_back(key, old, HANAKO),
        lambda: desk.publish(draft, Authorship(HANAKO)),
    ):
        with pytest.raises(ChangedMeanwhile):
            late()
    [change] = desk.draft().changes
    assert change.actor == TARO
    assert desk.draft().rehearsal is None
    with pytest.raises(UnknownSynonym):
        desk.take_back("same:ない", "", HANAKO)


def test_groups_are_found_by_part_of_a_word_and_by_where_they_come_from(
    desk: SynonymDesk,
) -> None:
    key = desk.propose(None, fields("のびのび課、行政企画課"), "", HANAKO)
    found = desk.groups(GroupsAsked("行政"))
    assert [(view.entry.key, view.drafted) for view in found.groups] == [
        (key, True), ("abbrev:行革", False),
    ]  # fmt: skip
    desk.take_back("same:窓口", version_of(desk, "same:窓口"), HANAKO)
    desk.publish(rehearsed(desk), Authorship(HANAKO))
    shown = {each: desk.groups(GroupsAsked(shown=each)).total for each in Shown}
    assert shown == {
        Shown.ALL: 5, Shown.SHIPPED: 3, Shown.OWN: 1, Shown.CHANGED: 0, Shown.SUDACHI: 0,
        Shown.OFF: 1,
    }  # fmt: skip
    desk.restore("same:窓口", version_of(desk, "same:窓口"), HANAKO)
    [change] = desk.draft().changes
    assert (change.before and change.before.active, change.after and change.after.active) == (
        False, True,
    )  # fmt: skip


def test_a_rehearsal_is_kept_as_it_was_made(desk: SynonymDesk) -> None:
    desk.propose(None, fields("のびのび課、企画課"), "", HANAKO)
    version = desk.draft().version
    effect = Effect("企画", "theme=dx", True, 0, ("case:a",), ("document:b",), ("足りない",), 2)
    made = Rehearsal(7, (effect,))
    desk.keep_rehearsal(version, None)
    waiting = desk.draft().rehearsal
    assert waiting is not None
    assert waiting.result is None
    desk.keep_rehearsal(version, made.plain())
    kept = desk.draft().rehearsal
    assert kept is not None
    assert kept.result == made == from_plain(made.plain())
