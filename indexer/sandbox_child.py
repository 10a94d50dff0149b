"""The other side of `indexer.sandbox`: reads one file, or pages of it, in a confined child.

Started by :class:`kb.confined.Confined`.
"""

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from indexer.extract import formats
from indexer.extract.parts import Part, to_line
from indexer.extract.pdf import extractor as pdf
from indexer.extracted import Fault, Limits, Outcome, PageRange
from kb.confined.endings import EXIT_DONE, EXIT_OUT_OF_MEMORY
from kb.confined.serving import serve, write
from kb.confined.sources import opened

OWN_CODE = Path(__file__).parents[1] / "indexer"

_COLLECTED_AFTER = (50_000, 20, 100)
"""How many objects more than before let the collector look for cycles, which pages hardly make;
at Python's own 700 that took a tenth of the time. What memory it leaves is bounded by the
limits."""

BROKEN = "読み取りの途中で思わぬ状態になりました({kind})。PDFで保存し直してください。"


def read(request: dict[str, Any], source: int, results: int) -> int:
    """Read the pages that a request asks for and write their parts, a line each."""
    try:
        for part in _parts(request, source):
            write(results, to_line(part))
    except MemoryError:
        return EXIT_OUT_OF_MEMORY
    except Exception as error:  # extractors raise whatever a broken file leads them to
        write(results, to_line(Fault(Outcome.DAMAGED, BROKEN.format(kind=type(error).__name__))))
    return EXIT_DONE


def _parts(request: dict[str, Any], source: int) -> Iterator[Part]:
    limits = Limits(**request["limits"])
    with opened(source) as stream:
        yield from formats.read(
            stream, limits, password=request["password"], pages=PageRange(*request["pages"])
        )


def main() -> None:
    """Load what reading needs late, and serve."""
    gc.set_threshold(*_COLLECTED_AFTER)
    pdf.quieten()
    pdf.warm()
    serve(read, readable=(OWN_CODE,))


if __name__ == "__main__":
    main()
