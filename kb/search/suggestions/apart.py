"""The table made by a process of its own, so that no request waits for the interpreter's lock.

A table of 100,000 titles takes seconds of nothing but Python: beside it, in a thread, questions
took four times as long, whatever the interpreter's switch interval was. What the process makes
comes back through a pipe as a few large objects. It is our own program with our own words, so
both ways are pickled; how the catalogue is opened goes through its standard input, since an
address may hold a password, and other users may read command lines.
"""

import pickle
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kb.search.suggestions.making import Opening
from kb.search.suggestions.table import SuggestionTable

LONGEST_SECONDS = 600.0
"""After which the process is ended; 100,000 titles take it some seconds, on a busy machine more."""

_ROOT = Path(__file__).resolve().parents[3]
_CHILD = (
    "import os, sys; getattr(os, 'nice', int)(10); sys.path.insert(0, sys.argv[1]); "
    "from kb.search.suggestions.apart_child import main; main()"
)
"""Nice (where there is such a thing) before it imports, which is a tenth of its work. `-m` would
need our folder in the environment, or the working directory in the path."""


class NotMade(RuntimeError):
    """The process did not give a table; the message says how it ended."""


def made_apart(opening: Opening) -> SuggestionTable:
    """The table as :func:`kb.search.suggestions.making.made` makes it, made by another process.

    Raises:
        NotMade: the process could not be started, or ended without a table.
    """
    try:
        with _process() as process:
            return _table_of(process, opening)
    except (OSError, EOFError, pickle.UnpicklingError) as error:
        raise NotMade(f"{error.__class__.__name__}: {error}") from error


def _table_of(process: "subprocess.Popen[bytes]", opening: Opening) -> SuggestionTable:
    if process.stdin is None or process.stdout is None:
        raise OSError("the process has no pipes")
    process.stdin.write(pickle.dumps(opening))
    # Not closed: by its closing the process learns that this one has ended.
    process.stdin.flush()
    table = pickle.load(process.stdout)  # noqa: S301 - written by our own program
    if not isinstance(table, SuggestionTable):
        raise pickle.UnpicklingError(f"{type(table)} is no table")
    return table


@contextmanager
def _process() -> Iterator["subprocess.Popen[bytes]"]:
    """The other process, which is gone when this is left."""
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-P", "-X", "utf8", "-c", _CHILD, str(_ROOT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # A Ctrl-C at the terminal is for the server; this one ends with it. No session of its
        # own: Linux shares time out by sessions first, and then its niceness would count nothing.
        process_group=0,
    )
    overdue = threading.Timer(LONGEST_SECONDS, process.kill)
    overdue.daemon = True
    overdue.start()
    with process:
        try:
            yield process
        finally:
            overdue.cancel()
            process.kill()  # all that it had to say has been read
