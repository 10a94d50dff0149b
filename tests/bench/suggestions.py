"""How fast suggestions come: ``python -m tests.bench.suggestions --records 100000``.

Made-up titles beside the real tables of municipalities. What is typed: beginnings of titles and
names that grow letter by letter, words from inside titles, kana, Latin letters, words with wrong
characters, and words that nothing holds. Everything is asked through the service's own suggester,
the check of the catalogue's state among it.
"""

import argparse
import json
import random
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from kb.catalogue.entries import Authorship, CaseEntry
from kb.catalogue.names import NameReader
from kb.catalogue.offerable import OfferableReader
from kb.catalogue.reading import CatalogueReader
from kb.catalogue.writing import writing
from kb.domain.offerable import Offerable, OfferKind
from kb.domain.rights import Audience
from kb.search.suggesting import Suggester
from kb.search.suggestions.making import Opening
from tests.bench.speed import resident_mb, summary
from tests.conftest import installation_in

ENOUGH = 200
"""Cases truly recorded: the catalogue is asked its state on every request."""
PLACES = ("窓口", "税務課", "図書館", "学校給食", "水道", "保育所", "公民館", "道路", "消防団")
DEEDS = ("改善", "効率化", "見える化", "電子化", "再編", "対話", "共同化", "見直し", "民間活用")
KANJI = (
    "市民業務改革推進計画企画財政人事評価研修育成対話協働防災福祉健康環境産業観光教育施設管理運営"
)


def titles(count: int, chance: random.Random) -> Iterator[str]:
    """As many different titles: words that recur, and words that hardly do."""
    for number in range(count):
        rare = "".join(chance.choices(KANJI, k=chance.randint(2, 5)))
        place, deed = chance.choice(PLACES), chance.choice(DEEDS)
        shape = chance.randrange(3)
        if shape == 0:
            yield f"{place}の{deed}による{rare}の取組{number % 97}"
        elif shape == 1:
            yield f"{rare}を進める{place}の{deed}"
        else:
            yield f"{chance.choice(KANJI)}{rare} ― {place}から始める{deed}"


class Things:
    """What the catalogue holds, and the made-up cases beside it."""

    def __init__(self, reader: OfferableReader, made: Sequence[str]) -> None:
        self._reader = reader
        self._made = made

    def things(self) -> tuple[Offerable, ...]:
        """Both."""
        cases = (
            Offerable(OfferKind.CASE, f"case-{n}", title, (title,), why="福津市 2021年度", cases=1)
            for n, title in enumerate(self._made)
        )
        return (*self._reader.things(), *cases)

    def places(self) -> Any:
        """Those of the catalogue."""
        return self._reader.places()

    def titles(self) -> int:
        """Those of the catalogue alone, so that the table is made here, where these are."""
        return self._reader.titles()

    def elsewhere(self) -> Opening:
        """The catalogue without them."""
        return self._reader.elsewhere()


def questions(made: Sequence[str], names: Sequence[str], count: int) -> dict[str, list[str]]:
    """What is typed, by how it is met."""
    chance = random.Random(2)
    some = chance.choices(made, k=count)
    beginnings = [title[: chance.randint(1, 8)] for title in some]
    insides = [title[at : at + chance.randint(2, 5)] for title in some for at in [len(title) // 2]]
    wrong = [_wrong(chance.choice(names), chance) for _ in range(count)]
    return {
        "beginning": beginnings,
        "inside": insides,
        "reading": [_begun(chance.choice(names), chance) for _ in range(count)],
        "wrong name": wrong,
        "wrong title": [_wrong(title[:9], chance) for title in some],
        "nowhere": ["".join(chance.choices("鬱鷹麒麟薔薇檸檬", k=4)) for _ in range(count)],
    }


def _begun(name: str, chance: random.Random) -> str:
    return name[: chance.randint(2, max(2, len(name)))]


def _wrong(name: str, chance: random.Random) -> str:
    at = chance.randrange(len(name))
    return name[:at] + chance.choice(KANJI) + name[at + 1 :]


def measure(records: int, count: int, folder: Path) -> dict[str, Any]:
    """Build, then ask; milliseconds and megabytes."""
    made = list(titles(records, random.Random(1)))
    installation = installation_in(folder)
    installation.prepare()
    with writing(installation.database, Authorship("bench")) as writer:
        for number, title in enumerate(made[:ENOUGH]):
            writer.record_case(CaseEntry(f"held-{number}", title, ("402249",), date.today().year))
    bodies = NameReader(installation.database)
    things = Things(OfferableReader(installation.database), made)
    before, peak = resident_mb(), _peak_mb()
    suggester = Suggester(things, bodies, CatalogueReader(installation.database))
    started = time.perf_counter()
    suggester.prepare()
    while not suggester.offers("福津市", Audience.ANONYMOUS):
        time.sleep(0.05)
    seconds = time.perf_counter() - started
    places = bodies.places().bodies
    names = [place.name for place in places] + [place.kana for place in places]
    shapes = {}
    for shape, typed in questions(made, names, count).items():
        shapes[shape] = summary([_timed(suggester, text) for text in typed])
    everything = [each for typed in questions(made, names, count).values() for each in typed]
    installation.close()
    return {
        "records": records,
        "made_in_seconds": round(seconds, 1),
        "memory_mb": round(resident_mb() - before, 1),
        "peak_mb": round(_peak_mb() - peak, 1),
        "all": summary([_timed(suggester, text) for text in everything]),
        "shapes": shapes,
    }


def _timed(suggester: Suggester, typed: str) -> float:
    """Milliseconds for one answer."""
    start = time.perf_counter()
    suggester.offers(typed, Audience.ANONYMOUS)
    return (time.perf_counter() - start) * 1000


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def table(result: dict[str, Any]) -> str:
    """The result as a table for people."""
    made, held = result["made_in_seconds"], result["memory_mb"]
    lines = [
        f"{result['records']:,} titles in {made} s, {held} MB (peak {result['peak_mb']} MB)",
        f"{'ms':<14}{'p50':>8}{'p95':>8}",
    ]
    for shape, times in (*result["shapes"].items(), ("all", result["all"])):
        lines.append(f"{shape:<14}{times['p50']:>8.2f}{times['p95']:>8.2f}")
    return "\n".join(lines)


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000, help="how many titles")
    parser.add_argument("--questions", type=int, default=300, help="how many of each shape")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        result = measure(options.records, options.questions, Path(name))
    print(json.dumps(result) if options.json else table(result))


if __name__ == "__main__":
    main()
