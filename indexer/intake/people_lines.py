"""The people of a page and their roles as draft lines."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from indexer.intake.blocks import Block
from indexer.intake.case_lines import Case
from indexer.intake.document_lines import Document
from indexer.intake.draft import LineKind
from indexer.intake.events import Event
from indexer.intake.making import Making
from indexer.intake.people import Mention

_KANA = re.compile(r"[\s　]*[(（]([ぁ-んァ-ヺー]{2,10}[\s　]?[ぁ-んァ-ヺー]{2,10})[)）]")
_PRESENTS = re.compile("発表|報告|登壇")


def people_lines(mentions: Sequence[Mention]) -> Iterator[Making]:
    """Each person once, under the fuller spelling, with the others beside it."""
    by_key: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        by_key[mention.key].append(mention)
    for key, named in by_key.items():
        made = Making(LineKind.PERSON, person_key(key))
        name = spellings(named)[0]
        made.put("name", name, *(one.line.evidence(one.start) for one in named))
        others = [one for one in named if one.name != name]
        why = [one.line.evidence(one.start) for one in others]
        made.put("other_names", list(dict.fromkeys(one.name for one in others)), *why)
        for one in named:
            kana = _KANA.match(one.line.text, one.start + len(one.name))
            if kana:
                made.put("kana", kana.group(1), one.line.evidence(one.start))
        yield made


def spellings(named: Sequence[Mention]) -> list[str]:
    """The spellings of one person: a variant character first, which is the one registered."""
    counted = Counter(one.name for one in named)
    return sorted(counted, key=lambda name: (name == named[0].key, -counted[name], name))


def person_key(key: str) -> str:
    """The key of a person's line, by the folded name."""
    return f"person:{key}"


def role_lines(
    mentions: Sequence[Mention],
    event_of: Mapping[Block, Event],
    documents: Sequence[Document],
    cases: Sequence[Case],
) -> Iterator[Making]:
    """What they did, each part once for every event; who is only named has no role."""
    messages = {one.paper.line.number: one for one in documents}
    own = {line.number: case for case in cases for line in case.lines}
    roles = {mention.key: mention.role for mention in reversed(mentions) if mention.role}
    made: dict[str, Making] = {}
    for mention in mentions:
        if not mention.part:
            continue
        event = event_of.get(mention.block)
        line = mention.line.number
        document = messages.get(line) if "メッセージ" in mention.part else None
        where = event.key.removeprefix("event:") if event is not None else "-"
        key = f"role:{mention.key}:{where}:{mention.part}"
        if key not in made:
            made[key] = _role(mention, key, event, roles.get(mention.key, mention.part))
        why = mention.line.evidence(mention.start)
        made[key].put("document_id", document.key if document is not None else None, why)
        case = document.case if document is not None else own.get(line)
        if case is not None and (document is not None or _PRESENTS.search(mention.part)):
            made[key].put("case_id", case.key, why)
    yield from made.values()


def _role(mention: Mention, key: str, event: Event | None, usual: str) -> Making:
    why = mention.line.evidence(mention.start)
    made = Making(LineKind.ROLE, key)
    made.put("person_id", person_key(mention.key), why)
    made.put("title", mention.role or usual, why)
    made.put("part", mention.part, why)
    if event is not None:
        made.put("event_id", event.key, why)
        made.put("on", event.on.isoformat() if event.on else None, why)
    return made
