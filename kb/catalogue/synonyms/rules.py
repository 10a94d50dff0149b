"""What a group of synonyms may not be: refused alike on curators' pages and by `kb synonyms`."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache

from kb.domain.synonyms import BadSynonyms, Relation, SynonymEntry

Key = Callable[[str], str]
"""The folding under which words are compared."""

MOST_WORDS = 40
"""Of one group; the largest that is shipped has 14."""

Groups = Mapping[str, SynonymEntry]


def require_usable(changed: Iterable[SynonymEntry], all_: Groups, before: Groups, key: Key) -> None:
    """Be sure that groups can be used beside one another.

    What stood there already is left alone: only what `changed` brings is judged, and groups of a
    Sudachi file, whose words of several meanings somebody has asked for, are not.

    Args:
        changed: the groups that are new or other than before.
        all_: every group as it would be, the changed ones among them.
        before: every group as it is.
        key: folds a word for comparing.

    Raises:
        BadSynonyms: one cannot be used; the message says why and what to do.
    """
    judged = [entry for entry in changed if entry.active and entry.origin != "sudachi"]
    if not judged:
        return
    key = cache(key)
    same = _same(all_.values(), key)
    below = _below(all_.values(), key)
    for entry in judged:
        _require_words(entry, before.get(entry.key), key)
        _require_one_group(entry, same, before.get(entry.key), key)
        _require_no_loop(entry, below, all_.values(), key)


def _require_words(entry: SynonymEntry, before: SynonymEntry | None, key: Key) -> None:
    known = set(_all_words(before)) if before else set()
    words = _all_words(entry)
    if len(words) > MOST_WORDS:
        raise BadSynonyms(
            f"語が多すぎます({len(words)}語)。1組は{MOST_WORDS}語までにしてください。"
        )
    for word in words:
        if len(key(word)) < 2 and word not in known:
            raise BadSynonyms(
                f"「{word}」は1文字です。関係のない語にも当たるため使えません。"
                "2文字以上のことばにしてください。"
            )
    folded: dict[str, str] = {}
    for word in words:
        other = folded.setdefault(key(word), word)
        if other != word and {word, other} - known:
            raise BadSynonyms(
                f"「{other}」と「{word}」は、検索では同じ語として扱われます。片方を消してください。"
            )


def _all_words(entry: SynonymEntry) -> tuple[str, ...]:
    return (*filter(None, [entry.group.head]), *entry.group.words)


def _same(entries: Iterable[SynonymEntry], key: Key) -> Mapping[str, list[SynonymEntry]]:
    """Folded word -> the active groups of one meaning it stands in."""
    found: dict[str, list[SynonymEntry]] = defaultdict(list)
    for entry in entries:
        if entry.active and entry.group.relation is Relation.SAME:
            for folded in {key(word) for word in entry.group.words}:
                found[folded].append(entry)
    return found


def _require_one_group(
    entry: SynonymEntry,
    same: Mapping[str, list[SynonymEntry]],
    before: SynonymEntry | None,
    key: Key,
) -> None:
    if entry.group.relation is not Relation.SAME:
        return
    known = set(before.group.words) if before and before.active else set()
    for word in entry.group.words:
        others = [each for each in same.get(key(word), ()) if each.key != entry.key]
        if others and word not in known:
            words = "、".join(others[0].group.words)
            raise BadSynonyms(
                f"「{word}」は、別の「{Relation.SAME.label}」の組にもあります({words})。"
                "その組に語を加えるか、どちらかの組からこの語を消してください。"
            )


def _below(entries: Iterable[SynonymEntry], key: Key) -> Mapping[str, Mapping[str, str]]:
    """Folded head -> folded word that answers it -> as it is written."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for entry in entries:
        if entry.active and entry.group.head:
            found[key(entry.group.head)].update({key(word): word for word in entry.group.words})
    return found


def _require_no_loop(
    entry: SynonymEntry,
    below: Mapping[str, Mapping[str, str]],
    entries: Iterable[SynonymEntry],
    key: Key,
) -> None:
    head = entry.group.head
    if not head:
        for asked, word in entry.group.pairs():
            if key(word) in below.get(key(asked), ()):
                raise BadSynonyms(_both_ways(asked, word))
        return
    for word in entry.group.words:
        path = _way(key(word), key(head), below)
        if path is not None:
            said = " → ".join((head, word, *path))
            raise BadSynonyms(
                f"「{Relation.NARROWER.label}」がひと回りします({said})。"
                "どこか1つを消すか、同じ意味なら1つの組にまとめてください。"
            )
        if any(_holds(each, head, word, key) for each in entries):
            raise BadSynonyms(_both_ways(head, word))


def _both_ways(head: str, word: str) -> str:
    return (
        f"「{head}」と「{word}」は、「{Relation.NARROWER.label}」の組にも、同じ意味または略語の"
        "組にもあります。どちらか一方にしてください。"
    )


def _holds(entry: SynonymEntry, one: str, other: str, key: Key) -> bool:
    """Whether an active group says that two words mean the same."""
    if not entry.active or entry.group.head:
        return False
    folded = {key(word) for word in entry.group.words}
    return {key(one), key(other)} <= folded


def _way(start: str, end: str, below: Mapping[str, Mapping[str, str]]) -> tuple[str, ...] | None:
    """The words between a word and one that it leads to, that one included; None for no way."""
    trails: list[tuple[str, tuple[str, ...]]] = [(start, ())]
    seen = {start}
    while trails:
        at, trail = trails.pop()
        if at == end:
            return trail
        trails += ((folded, (*trail, word)) for folded, word in _new(below.get(at, {}), seen))
    return None


def _new(words: Mapping[str, str], seen: set[str]) -> Iterator[tuple[str, str]]:
    for folded, word in words.items():
        if folded not in seen:
            seen.add(folded)
            yield folded, word
