"""The process that makes a table and ends; started by :mod:`kb.search.suggestions.apart`."""

import gc
import os
import pickle
import sys
import threading

from kb.search.suggestions.making import Opening, made


def main() -> None:
    """Read from standard input how to open the catalogue; write the table to standard output."""
    results = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever is printed is no result
    opening: Opening = pickle.load(sys.stdin.buffer)  # noqa: S301 - written by our own program
    threading.Thread(target=_end_with_parent, daemon=True).start()
    gc.disable()  # nothing is let go before the end
    with results:
        pickle.dump(made(*opening()), results, protocol=pickle.HIGHEST_PROTOCOL)


def _end_with_parent() -> None:
    """Wait for the end of standard input, which the parent keeps open as long as it lives."""
    # Not through sys.stdin, whose lock would be held when this process ends by itself.
    os.read(0, 1)
    os._exit(1)
