"""How much work one question may be."""

import time

SECONDS = 1.0
"""Of the processor time of one thread."""


class Budget:
    """Processor time that is used up by the thread that made it; asked between steps."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._end = time.thread_time() + seconds

    @property
    def spent(self) -> bool:
        """Whether no further step should be begun."""
        return time.thread_time() > self._end
