"""Municipalities as they may be offered: those of today, by the names they once had, and by what
people call them."""

from collections import Counter
from collections.abc import Iterator, Mapping

from kb.domain.municipality import FormerName, Municipality, MunicipalityKind
from kb.domain.offerable import Offerable, OfferKind
from kb.domain.place_names import LOCAL_LABEL, LocalName, Places, changed

_SUFFIXES = {
    "市": ("し",), "区": ("く",), "町": ("ちょう", "まち"), "村": ("むら", "そん"),
    "県": ("けん",), "府": ("ふ",), "都": ("と",),
}  # fmt: skip


def offerable_places(
    places: Places, cases: Mapping[str, int], invented: frozenset[str]
) -> Iterator[Offerable]:
    """Every municipality under its names, then every former name under its successor, then what
    people call them.

    Args:
        places: of today, with names and codes gone; a change of code alone is no name.
        cases: municipality code -> published cases under it; a case under a body of the past
            counts for those that stand in its place.
        invented: codes of specimens.
    """
    today = {str(body.code): body for body in places.bodies}
    names = Counter(body.name for body in today.values())
    gone = [each for each in places.former if each.name != each.successor_name]
    counts = Counter(cases)
    for code, successor in {(str(g.code), str(g.successor_code)) for g in gone}:
        counts[successor] += cases.get(code, 0) if code != successor else 0
    for code, body in today.items():
        yield _present(body, counts[code], code in invented, twice=names[body.name] > 1)
    for each in dict.fromkeys(gone):
        yield _gone(each, today[str(each.successor_code)], counts, invented)
    for local in places.local:
        body = today[str(local.code)]
        yield _called(local, body, counts[local.code], specimen=local.code in invented)


def _present(body: Municipality, cases: int, specimen: bool, *, twice: bool) -> Offerable:
    prefecture, whole = body.kind is MunicipalityKind.PREFECTURE, body.full_name
    return Offerable(
        OfferKind.MUNICIPALITY, str(body.code), body.name,
        (body.name, whole),
        (body.kana, body.romaji, *_half_read(body.name, body.kana)),
        text=whole if twice else body.name,
        why=body.kana if prefecture else f"{body.prefecture} {body.kana}",
        cases=cases, specimen=specimen,
    )  # fmt: skip


def _gone(
    name: FormerName, body: Municipality, counts: Mapping[str, int], invented: frozenset[str]
) -> Offerable:
    code = str(body.code)
    return Offerable(
        OfferKind.MUNICIPALITY, code, body.name,
        (name.name,), (name.kana, *_half_read(name.name, name.kana)), text=name.name,
        why=f"旧{name.name[-1]}名 {name.name} ({changed(name)})",
        cases=counts.get(code, 0), specimen=code in invented, former=True,
    )  # fmt: skip


def _called(local: LocalName, body: Municipality, cases: int, *, specimen: bool) -> Offerable:
    return Offerable(
        OfferKind.MUNICIPALITY, str(body.code), body.name,
        (local.name,), (local.kana,) if local.kana else (), text=local.name,
        why=f"{LOCAL_LABEL} {local.name} ({body.full_name})", cases=cases, specimen=specimen,
    )  # fmt: skip


def _half_read(name: str, kana: str) -> tuple[str, ...]:
    """A reading with its suffix as it is written: ふくつ市."""
    ends = (end for end in _SUFFIXES.get(name[-1], ()) if kana.endswith(end))
    return tuple(kana.removesuffix(end) + name[-1] for end in ends)
