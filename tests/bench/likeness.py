"""Which documents are alike: ``python -m tests.bench.likeness FOLDER [--json]``.

Compares all PDFs of FOLDER with each other and prints the pairs that would be offered to a
curator, with the true share of common shingles beside the estimate; then what is left of the
likeness when sentences are replaced by those of other documents, or pages are left out; then
the time of fingerprints and of comparing one with 10,000.
"""

import argparse
import itertools
import json
import random
import re
import statistics
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pypdfium2

from indexer.likeness import (
    SIGNATURE_VERSION,
    Fingerprint,
    _letters,
    _shingles,
    alike,
    fingerprint,
    similarity,
)

Pages = list[str]
REPLACED = (0.05, 0.1, 0.2, 0.3, 0.4)
KEPT = (0.2, 0.33, 0.5, 0.7)
KNOWN = 10_000


def texts(folder: Path) -> dict[str, Pages]:
    """The text layers of all PDFs, by file name."""
    found = {}
    for path in sorted(folder.rglob("*.pdf")):
        document = pypdfium2.PdfDocument(path)
        found[path.name] = [page.get_textpage().get_text_range() for page in document]
        document.close()
    return found


def pairs(held: Mapping[str, Pages], prints: Mapping[str, Fingerprint]) -> list[dict[str, Any]]:
    """Every pair that is alike, best first."""
    found = []
    for a, b in itertools.combinations(held, 2):
        for match in alike(prints[a], [(b, prints[b])]):
            one, other = _shingles(_letters(held[a])), _shingles(_letters(held[b]))
            common = len(one & other)
            found.append(
                {
                    "likeness": match.likeness.value,
                    "similarity": round(match.similarity, 3),
                    "true_similarity": round(common / len(one | other), 3),
                    "containment": round(match.containment, 3),
                    "true_containment": round(common / min(len(one), len(other)), 3),
                    "files": [a, b],
                }
            )
    return sorted(found, key=lambda pair: -float(pair["similarity"]))


def likeness_of(old: Sequence[str], new: Sequence[str]) -> tuple[float, bool]:
    """How similar a new text is to an old one, and whether it would be offered."""
    a, b = fingerprint(new), fingerprint(old)
    if a.signature is None or b.signature is None:
        return 0.0, False
    return similarity(a.signature, b.signature), bool(alike(a, [("", b)]))


def edited(held: Mapping[str, Pages], share: float) -> dict[str, Any]:
    """Replace a share of the sentences of each long document; how many are still found."""
    chance = random.Random(5)
    split = {name: re.split(r"(?<=[。\n])", "".join(pages)) for name, pages in held.items()}
    sentences = {name: [s for s in found if len(s) > 10] for name, found in split.items()}
    pool = [sentence for found in sentences.values() for sentence in found]
    matches = []
    for old in (found for found in sentences.values() if len(found) >= 40):
        new = list(old)
        for place in chance.sample(range(len(new)), round(share * len(new))):
            new[place] = chance.choice(pool)
        matches.append(likeness_of(["".join(old)], ["".join(new)]))
    return _summary(f"{share:.0%} replaced", matches)


def cut(held: Mapping[str, Pages], share: float) -> dict[str, Any]:
    """Keep only the first pages of each document of six pages or more."""
    long = (pages for pages in held.values() if len(pages) >= 6)
    matches = [likeness_of(pages, pages[: max(1, round(share * len(pages)))]) for pages in long]
    return _summary(f"first {share:.0%} kept", matches)


def _summary(change: str, matches: Sequence[tuple[float, bool]]) -> dict[str, Any]:
    found = sum(offered for _, offered in matches)
    median = round(statistics.median(share for share, _ in matches), 3) if matches else None
    return {"change": change, "of": len(matches), "found": found, "median": median}


def benchmark(folder: Path) -> dict[str, Any]:
    """Everything measured, as it is printed."""
    held = texts(folder)
    start = time.process_time()
    prints = {name: fingerprint(pages) for name, pages in held.items()}
    making = time.process_time() - start
    several = list(prints.values())
    known = [(str(n), several[n % len(several)]) for n in range(KNOWN)]
    start = time.process_time()
    alike(several[0], known)
    comparing = time.process_time() - start
    return {
        "version": SIGNATURE_VERSION,
        "documents": len(held),
        "characters": sum(len(page) for pages in held.values() for page in pages),
        "fingerprints_cpu_seconds": round(making, 3),
        f"compare_{KNOWN}_cpu_seconds": round(comparing, 4),
        "pairs": pairs(held, prints),
        "changes": [*(edited(held, s) for s in REPLACED), *(cut(held, s) for s in KEPT)],
    }


def show(result: Mapping[str, Any]) -> None:
    """The tables."""
    print(f"{'similar':>8}{'true':>7}{'holds':>7}{'true':>7}")
    for pair in result["pairs"]:
        names = ("similarity", "true_similarity", "containment", "true_containment")
        figures = "".join(f"{pair[name]:7.3f}" for name in names)
        print(f" {figures}  {pair['likeness']}: {' | '.join(pair['files'])}")
    for change in result["changes"]:
        print(f"{change['change']:>16}: {change['found']} of {change['of']}, {change['median']}")
    print({name: value for name, value in result.items() if name not in ("pairs", "changes")})


def main() -> None:
    """Compare and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    result = benchmark(options.folder)
    print(json.dumps(result, ensure_ascii=False)) if options.json else show(result)


if __name__ == "__main__":
    main()
