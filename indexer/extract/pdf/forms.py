"""What is filled in on a PDF form, field by field (ISO 32000-2, 12.7)."""

from typing import Any

from indexer.extract.pdf.lenient import array, dictionary, long_text, resolved, text, whole

_MOST_PARENTS = 16
_MOST_CHOICES = 1_000
_LONGEST = 2_000
"""Characters of a value."""
_PASSWORD = 1 << 13
_PUSH_BUTTON = 1 << 16
_OFF = {"", "Off"}
_UNTOLD = {"on", "yes", "true", "checked"}
"""Names of the ticked state that say no more than that it is."""

TICK = "✓"


def field_text(widget: dict[Any, Any]) -> str:
    """Return what a field on the page shows, as "label: value"; empty for nothing to tell.

    Buttons, signatures, passwords and empty fields tell nothing. The label is the field's own
    description for people, else its name with its parents'.
    """
    chain = _chain(widget)
    value = _value(widget, chain)
    if not value:
        return ""
    label = _label(chain)
    return f"{label}: {value}" if label else value


def _chain(widget: dict[Any, Any]) -> list[dict[Any, Any]]:
    """Return a field and those it inherits from, nearest first."""
    chain = [widget]
    while len(chain) < _MOST_PARENTS:
        parent = dictionary(chain[-1].get("Parent"))
        if not parent or any(parent is node for node in chain):
            break
        chain.append(parent)
    return chain


def _inherited(chain: list[dict[Any, Any]], key: str) -> object:
    return next((node[key] for node in chain if key in node), None)


def _label(chain: list[dict[Any, Any]]) -> str:
    if told := text(_inherited(chain, "TU")):
        return told
    return ".".join(name for node in reversed(chain) if (name := text(node.get("T"))))


def _value(widget: dict[Any, Any], chain: list[dict[Any, Any]]) -> str:
    flags = whole(_inherited(chain, "Ff"))
    match text(_inherited(chain, "FT")):
        case "Tx" if not flags & _PASSWORD:
            return long_text(_inherited(chain, "V"), _LONGEST)
        case "Ch":
            return _chosen(chain)
        case "Btn" if not flags & _PUSH_BUTTON:
            return _ticked(widget, chain)
    return ""


def _chosen(chain: list[dict[Any, Any]]) -> str:
    """Return the choices made, as the form shows them."""
    value = resolved(_inherited(chain, "V"))
    chosen = [text(one) for one in (value[:_MOST_CHOICES] if isinstance(value, list) else [value])]
    shown: dict[str, str] = {}
    for option in array(_inherited(chain, "Opt"), _MOST_CHOICES):
        pair = array(option, 2)
        if len(pair) == 2:
            shown[text(pair[0])] = text(pair[1])
    return "、".join(shown.get(one) or one for one in chosen if one)


def _ticked(widget: dict[Any, Any], chain: list[dict[Any, Any]]) -> str:
    """Return the name of a ticked box or button where it tells something, else a tick."""
    state = text(widget["AS"] if "AS" in widget else _inherited(chain, "V"))
    if state in _OFF:
        return ""
    if state.isdecimal():
        options = array(_inherited(chain, "Opt"), _MOST_CHOICES)
        number = int(state) if len(state) < 5 else len(options)
        return (text(options[number]) if number < len(options) else "") or TICK
    return TICK if state.casefold() in _UNTOLD else state
