"""A cache bounded in bytes: what was not asked for longest goes first."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, Protocol, TypeVar


class Sized(Protocol):
    """Something that knows how many bytes it takes."""

    @property
    def nbytes(self) -> int:
        """Bytes of its arrays."""
        ...


V = TypeVar("V", bound=Sized)
_ENTRY_OVERHEAD = 300
"""Bytes for key, node and array headers; without it a million empty answers would cost nothing."""


class ByteCache(Generic[V]):
    """Least recently used, bounded by the sum of its values' bytes; threads share it."""

    def __init__(self, budget: int) -> None:
        """`budget`: bytes."""
        self._budget = budget
        self._used = 0
        self._values: OrderedDict[Hashable, V] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def used(self) -> int:
        """Bytes held now."""
        return self._used

    def get(self, key: Hashable, make: Callable[[], V]) -> V:
        """The value of `key`, made when it is not held.

        Two threads may make the same value at once; the lock is not held meanwhile.
        """
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        made = make()
        with self._lock:
            self._keep(key, made)
        return made

    def _keep(self, key: Hashable, value: V) -> None:
        held = self._values.pop(key, None)
        if held is not None:
            self._used -= held.nbytes + _ENTRY_OVERHEAD
        self._values[key] = value
        self._used += value.nbytes + _ENTRY_OVERHEAD
        while self._used > self._budget:
            _, dropped = self._values.popitem(last=False)
            self._used -= dropped.nbytes + _ENTRY_OVERHEAD
