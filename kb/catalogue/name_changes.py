"""What names became of which: the shipped table of former names, read as a history."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from itertools import groupby

from kb.catalogue.place_views import FormerNameView, NameChange
from kb.catalogue.tables import load_former_names, load_municipalities
from kb.catalogue.views import MunicipalityView
from kb.domain.municipality import BodyName, FormerName, Municipality, MunicipalityKind
from kb.domain.size_class import size_class_of

_KINDS = {
    "市": MunicipalityKind.CITY,
    "町": MunicipalityKind.TOWN,
    "村": MunicipalityKind.VILLAGE,
    "区": MunicipalityKind.DESIGNATED_WARD,
}

Named = tuple[str, str]
"""Code and name: a body as long as it keeps both."""


def name_changes(code: str) -> tuple[NameChange, ...]:
    """Everything that led to today's body of `code`, oldest first."""
    return _changes(_by_successor().get(code, ()))


def past_body(code: str) -> MunicipalityView | None:
    """The body that bore `code` last, where that is past; None when the table knows of none."""
    last = _last_bearers().get(code)
    if last is None:
        return None
    kind = _KINDS[last.name[-1]]
    return MunicipalityView(
        code=str(last.code),
        name=last.name,
        kana=last.kana,
        romaji="",
        kind=kind.value,
        prefecture=last.prefecture,
        abolished_on=last.changed_on,
        successor_code=str(last.successor_code),
        size_class=size_class_of(kind),
        now=names_now(code),
    )


def former_body(code: str) -> MunicipalityView | None:
    """The body of the past under which something may be filed; None where there is none.

    A code of today means the body of today; so does one that has only been replaced.
    """
    last = _last_bearers().get(code)
    return None if last is None or code in _today() or last.is_code_alone else past_body(code)


def bodies_now(code: str) -> tuple[Municipality, ...]:
    """Those of today in the place of the past bearer of `code`: several where it was split.

    In code order; () for a code that is borne today or by an invented municipality.
    """
    return _heirs().get(code, ())


def names_now(code: str) -> tuple[BodyName, ...]:
    """The names of :func:`bodies_now`."""
    return tuple(BodyName(str(body.code), body.name) for body in bodies_now(code))


def codes_now(code: str) -> tuple[str, ...]:
    """Under which codes of today that is counted which is filed under `code`: its own, if any."""
    return tuple(str(body.code) for body in bodies_now(code)) or (code,)


def codes_over_time(code: str) -> tuple[str, ...]:
    """Today's `code`, and those of the past in whose place its body stands, in order."""
    return code, *_past_codes().get(code, ())


def past_codes_in(prefecture: str) -> tuple[str, ...]:
    """Codes of the past in whose place a body of the prefecture stands today."""
    return tuple(
        code
        for code, heirs in _heirs().items()
        if any(heir.prefecture == prefecture for heir in heirs)
    )


def successor_codes(body: MunicipalityView) -> tuple[str, ...]:
    """The bodies of today that stand in the place of a past one; several where it was split."""
    heirs = [n.successor_code for n in _former() if (n.code, n.name) == (body.code, body.name)]
    return tuple(sorted({str(heir) for heir in heirs}))


def past_changes(body: MunicipalityView) -> tuple[NameChange, ...]:
    """What led to a past body, and from it to today; not what else its successors took in."""
    known = [n for heir in successor_codes(body) for n in _by_successor()[heir]]
    line = _line((body.code, body.name), known)
    return tuple(
        change
        for change in _changes(known)
        if any((name.code, name.name) in line for name in change.before)
    )


def _line(body: Named, known: Iterable[FormerName]) -> set[Named]:
    """`body`, all it came from and all it went into."""
    came, went = defaultdict(set), defaultdict(set)
    for name in known:
        came[_became(name)].add(_named(name))
        went[_named(name)].add(_became(name))
    return _reached(body, came) | _reached(body, went)


def _reached(start: Named, steps: Mapping[Named, set[Named]]) -> set[Named]:
    found, frontier = {start}, {start}
    while frontier:
        frontier = {there for here in frontier for there in steps.get(here, ())} - found
        found |= frontier
    return found


def _changes(names: Iterable[FormerName]) -> tuple[NameChange, ...]:
    ordered = sorted(names, key=_by_change)
    return tuple(
        NameChange(
            on=on,
            kind=kind,
            before=tuple(_named_view(_named(n), n.kana) for n in group),
            after=_named_view(after),
        )
        for (on, kind, after), group in groupby(ordered, _of_change)
    )


def _named_view(body: Named, kana: str = "") -> FormerNameView:
    code, name = body
    today = _today().get(code)
    past = past_body(code) if today is None else None
    shown = past or today
    return FormerNameView(name, kana, code, has_page=shown is not None and name == shown.name)


def _of_change(name: FormerName) -> tuple[date, str, Named]:
    return name.changed_on, name.change, _became(name)


def _by_change(name: FormerName) -> tuple[tuple[date, str, Named], str, str]:
    return _of_change(name), name.code, name.name


def _named(name: FormerName) -> Named:
    return str(name.code), name.name


def _became(name: FormerName) -> Named:
    return str(name.became_code), str(name.became_name)


@cache
def _former() -> tuple[FormerName, ...]:
    """The shipped table, read once (30 ms)."""
    return load_former_names()


@cache
def _today() -> Mapping[str, Municipality]:
    """Code -> body of today."""
    return {str(body.code): body for body in load_municipalities()}


@cache
def _last_bearers() -> Mapping[str, FormerName]:
    """Code -> the body that bore it last."""
    ordered = sorted(_former(), key=lambda name: name.changed_on)
    return {str(name.code): name for name in ordered}


@cache
def _heirs() -> Mapping[str, tuple[Municipality, ...]]:
    """Code of the past -> the bodies of today in the place of its last bearer."""
    codes: dict[Named, set[str]] = defaultdict(set)
    for name in _former():
        codes[_named(name)].add(str(name.successor_code))
    return {
        code: tuple(_today()[heir] for heir in sorted(codes[_named(last)]))
        for code, last in _last_bearers().items()
        if code not in _today()
    }


@cache
def _past_codes() -> Mapping[str, tuple[str, ...]]:
    """Code of today -> codes of the past."""
    found: dict[str, list[str]] = defaultdict(list)
    for code, heirs in sorted(_heirs().items()):
        for heir in heirs:
            found[str(heir.code)].append(code)
    return {code: tuple(past) for code, past in found.items()}


@cache
def _by_successor() -> Mapping[str, tuple[FormerName, ...]]:
    found: dict[str, list[FormerName]] = defaultdict(list)
    for name in _former():
        found[str(name.successor_code)].append(name)
    return {code: tuple(names) for code, names in found.items()}
