"""A curator's afternoon in a real browser: ``python -m tests.bench.afternoon FOLDER [--json]``.

On a new data folder an administrator is made and makes a curator; she drops every PDF of FOLDER
and one with a password, one broken, one double; opens what is locked, publishes three by keyboard
alone, the others together, and what is left one by one. Every click, key, shortcut and filled field
is an action. ``--shots DIR`` keeps a picture of each step, 1280 and 320 pixels wide.
"""

import argparse
import json
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

from kb.catalogue.together.service import Together
from kb.domain.rights import SNIPPET_CHARACTERS
from kb.domain.settled import Field
from tests.bench import afternoon_steps as steps
from tests.bench.afternoon_files import Folder, laid_out
from tests.bench.afternoon_hand import Hand
from tests.conftest import ARGUMENTS, CHROMIUM
from tests.distributed.commands import Place
from tests.distributed.served import Served, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_ONCE = re.compile(r"一度だけ使えるパスワード: (\S+)")
_WORD = re.compile(r"(?<![一-龥])[一-龥]{4,10}(?![一-龥])")
_ASKED = 3
"""Documents that are looked for in the browser; all of them are by the API."""

Open = Mapping[str, tuple[Field, ...]]
"""Document -> the fields that somebody has to look at, before anybody has."""


def group(waiting: Sequence[Field]) -> str:
    """What a document's review comes to, by the fields that are not sure."""
    if not waiting:
        return "every field sure"
    if set(waiting) <= {Field.TITLE}:
        return "all but the title sure"
    if set(waiting) <= {Field.TITLE, Field.THEMES}:
        return "all but title and themes sure"
    return "more to look at"


def per_document(
    counted: Mapping[str, int], waiting: Open, alone: Sequence[str], together: Sequence[str]
) -> list[dict[str, Any]]:
    """Of each group: how many documents, and the actions of one of them, alone and together.

    The actions for all are shared equally by those that they settled.
    """
    shared = counted.get(steps.TOGETHER, 0) / max(len(together), 1)
    rows = []
    for name in dict.fromkeys(map(group, waiting.values())):
        members = {each for each, fields in waiting.items() if group(fields) == name}
        singly = [counted.get(steps.ALONE + each, 0) for each in alone if each in members]
        done = [*singly, *(shared for each in together if each in members)]
        rows.append({
            "documents": len(members),
            "group": name,
            "alone": len(singly),
            "actions_alone": round(sum(singly) / len(singly), 2) if singly else None,
            "together": len(done) - len(singly),
            "actions_each": round(sum(done) / len(done), 2) if done else None,
        })  # fmt: skip
    return rows


# --- what is asked beside the browser --------------------------------------------------------


def rare_words(texts: Mapping[str, str]) -> dict[str, str]:
    """A word of each document's own text that the fewest others have."""
    held = {name: set(_WORD.findall(text)) for name, text in texts.items()}
    spread = Counter(word for words in held.values() for word in words)
    return {
        name: min(words, key=lambda word: (spread[word], -len(word), word))
        for name, words in held.items()
        if words
    }


def texts_of(place: Place, documents: Sequence[str]) -> dict[str, str]:
    """The text of every page of these documents, by document."""
    with place.installation() as held:
        return {
            each: "\n".join(page.text for page in held.catalogue.document_pages(each))
            for each in documents
        }


def open_of(place: Place, upload: str) -> Open:
    """The documents of a batch that wait, and what is open of each."""
    with place.installation() as held:
        desk = Together(held.database, lambda: (_ for _ in ()).throw(AssertionError))
        return {row.id: row.open for row in desk.batch(upload).rows}


def outcomes_of(place: Place, upload: str) -> dict[str, int]:
    """How the files of a batch ended: label -> how many."""
    with place.installation() as held:
        labels = Counter(job.label or job.state.label for job in held.jobs.jobs_of(upload))
    return dict(labels.most_common())


def found_by(served: Served, words: Mapping[str, str]) -> list[str]:
    """The documents that an anonymous search for their own word finds."""
    return [each for each, word in words.items() if each in served.documents(f'"{word}"')]


def seen_by_anonymous(served: Served, document: str, word: str) -> dict[str, Any]:
    """What somebody who has not signed in is given of one document."""
    status = {
        name: served.get(f"/documents/{document}{path}")[0]
        for name, path in (("about", ""), ("page text", "/pages/1"), ("file", "/file"))
    }
    answer = served.asked(f'"{word}"')
    shown = [d for hit in answer["results"] for d in hit["documents"] if d["id"] == document]
    passages = [len(p["text"]) for d in shown for p in d["passages"]]
    return {**status, "passage_characters": sum(passages), "at_most": SNIPPET_CHARACTERS}


# --- the afternoon ---------------------------------------------------------------------------


@contextmanager
def hand_of(browser: "Browser", actions: "Counter[str]", shots: Path | None) -> Iterator[Hand]:
    """A window of its own; what its scripts complain of ends the run."""
    context = browser.new_context(locale="ja-JP")
    context.set_default_timeout(60_000)
    page: Page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield Hand(page, actions, shots)
    context.close()
    if complaints:
        raise SystemExit(f"scripts complain: {complaints}")


def once_of(served: Served) -> str:
    """The password that the first start prints, once."""
    assert served.process.stderr is not None
    for line in served.process.stderr:
        if found := _ONCE.search(line):
            return found[1]
    raise SystemExit("the first start printed no password")


def afternoon(
    browser: "Browser", place: Place, served: Served, folder: Folder, shots: Path | None
) -> dict[str, Any]:
    """All of it, as it is printed."""
    site, counted = f"http://{served.address}", Counter[str]()
    with hand_of(browser, counted, shots) as hand, hand.at(steps.SETUP):
        steps.sign_in(hand, site, "admin", once_of(served))
        once = steps.make_curator(hand, site)
    began = time.monotonic()
    with hand_of(browser, counted, shots) as hand:
        with hand.at(steps.SETUP):
            steps.sign_in(hand, site, steps.CURATOR, once)
        with hand.at(steps.SENDING):
            upload = steps.send(hand, site, folder)
        progress = steps.watch(hand, len(folder.all))
        with hand.at(steps.TROUBLE):
            steps.open_locked(hand, len(folder.all))
        waiting = open_of(place, upload)
        alone = steps.first_ones(hand, site)
        with hand.at(steps.TOGETHER):
            told = steps.the_rest(hand, site, upload)
        left = steps.left_over(hand, site)
        together = [each for each in waiting if each not in (*alone, *left)]
        words = rare_words(texts_of(place, list(waiting)))
        steps.until(lambda: len(found_by(served, words)) == len(words))
        with hand.at(steps.FINDING):
            shown = {w: steps.find(hand, site, w) for w in list(words.values())[:_ASKED]}
    sample = together[0] if together else alone[0]
    return {
        "files": len(folder.all),
        "minutes_until_all_readable": round(progress.seconds / 60, 2),
        "minutes_in_all": round((time.monotonic() - began) / 60, 2),
        "progress_told": len(progress.told),
        "progress_first": progress.told[:3],
        "outcomes": outcomes_of(place, upload),
        "documents": len(waiting),
        "actions": {task: n for task, n in counted.items() if not task.startswith(steps.ALONE)}
        | {"one by one": steps.actions_of(counted, set(waiting))},
        "actions_in_all": sum(counted.values()),
        "groups": per_document(counted, waiting, [*alone, *left], together),
        "settled_together": len(together),
        "settled_alone": len(alone),
        "left_over": len(left),
        "said": told,
        "found": len(found_by(served, words)),
        "looked_for": len(words),
        "first_hits": {word: hits[:1] for word, hits in shown.items()},
        "anonymous": seen_by_anonymous(served, sample, words[sample]),
    }


def show(result: Mapping[str, Any]) -> None:
    """The tables."""
    print(f"{result['files']} files:", *(f"{k} {n}" for k, n in result["outcomes"].items()))
    print(
        f"readable after {result['minutes_until_all_readable']} min, done after"
        f" {result['minutes_in_all']} min; progress told {result['progress_told']} times"
    )
    print(f"{'documents':>9}{'alone':>7}{'actions':>9}{'together':>10}{'actions each':>14}  whose")
    for row in result["groups"]:
        cells = (row["documents"], row["alone"], row["actions_alone"], row["together"])
        print("{:>9}{:>7}{!s:>9}{:>10}".format(*cells), f"{row['actions_each']!s:>13}", end="  ")
        print(row["group"])
    for task, count in result["actions"].items():
        print(f"{count:5} actions: {task}")
    print(f"{result['actions_in_all']:5} actions in all")
    print(f"found by a word of their own: {result['found']} of {result['looked_for']}")
    print("anonymous:", ", ".join(f"{k} {v}" for k, v in result["anonymous"].items()))


def main() -> None:
    """Spend the afternoon, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--shots", type=Path, help="keep a picture of each step here")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if CHROMIUM is None:
        raise SystemExit("Chromium is not installed (apt-get install chromium)")
    with tempfile.TemporaryDirectory() as scratch:
        folder = laid_out(options.folder, Path(scratch, "files"))
        place = Place(Path(scratch, "data"))
        with sync_playwright() as playwright, serving(place) as served:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            result = afternoon(browser, place, served, folder, options.shots)
            browser.close()
    if options.json:
        print(json.dumps(result, ensure_ascii=False))
    else:
        show(result)


if __name__ == "__main__":
    main()
