"""The other side of `kb.confined.programs`: hands its process over to a program."""

import os
import signal
from typing import Any

from kb.confined.serving import MOST_DESCRIPTORS, serve


def become(request: dict[str, Any], source: int, results: int) -> int:
    """Become the program that the request names; returns for no program."""
    os.dup2(source, 0)
    os.dup2(results, 1)
    os.closerange(3, MOST_DESCRIPTORS)
    # Python ignores it, and a program would inherit that.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    os.execve(request["argv"][0], request["argv"], request["environment"])  # noqa: S606


if __name__ == "__main__":
    serve(become, watched=False)
