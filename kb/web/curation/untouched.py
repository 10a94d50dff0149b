"""What a form showed, carried along in short, to tell what was typed from what was left alone.

Who comes second must not put back what the first has changed only because the older value still
stands in a box that nobody has touched.
"""

import hashlib
from collections.abc import Mapping

FIELD = "was"
"""The hidden field that carries it."""

_DIGITS = 12
"""Hexadecimal digits of a value's digest: by chance two of 10,000 values never share it."""


def mark(values: Mapping[str, str]) -> str:
    """What the hidden field carries of the values of a form's boxes, by name."""
    return " ".join(f"{name}={_digest(value)}" for name, value in values.items())


def left_alone(typed: Mapping[str, str], carried: str) -> frozenset[str]:
    """The boxes that hold what they held when their form was made; none where nobody can say."""
    shown = dict(part.rpartition("=")[::2] for part in carried.split(" "))
    return frozenset(name for name, text in typed.items() if shown.get(name) == _digest(text))


def _digest(value: str) -> str:
    """Of a value without what a browser does to its line ends, and to the blanks around it."""
    lines = value.replace("\r\n", "\n").strip()
    return hashlib.sha256(lines.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
