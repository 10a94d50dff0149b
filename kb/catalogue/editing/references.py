"""Cases, people and places as curators name them in a form: by title, name, identifier, address."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from urllib.parse import unquote

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.editing.columns import WORDS_HINT, Column, text
from kb.catalogue.editing.views import Box, Sort
from kb.catalogue.review.reading import full_name
from kb.catalogue.review.settling import read_values
from kb.domain.gazetteer import Gazetteer
from kb.domain.settled import Field

CASE_HINT = "事例の題名かID、または事例の画面のアドレス。"
PERSON_HINT = "登録してある氏名かID。"
_MOST_NAMED = 5
"""Namesakes told of in a refusal."""


# --- cases ----------------------------------------------------------------------------------


def show_case(session: Session, case_id: str | None) -> str:
    """A case by its title, or by its identifier where others have the same title."""
    row = session.get(m.CaseRow, case_id) if case_id else None
    if row is None:
        return case_id or ""
    same = select(func.count()).select_from(m.CaseRow).where(m.CaseRow.title == row.title)
    return row.title if session.scalar(same) == 1 else row.id


def find_case(session: Session, typed: str) -> str | None:
    """The case that is meant; None for nothing.

    Raises:
        ValueError: there is none, or there are several.
    """
    if not typed:
        return None
    given = unquote(typed.rpartition("/cases/")[2].partition("?")[0].partition("#")[0])
    if session.get(m.CaseRow, given) is not None:
        return given
    same = session.scalars(select(m.CaseRow.id).where(m.CaseRow.title == typed)).all()
    return _one(typed, same, "事例", "題名かID、または事例の画面のアドレスを確かめてください。")


def case_column(session: Session, name: str, label: str, hint: str = CASE_HINT) -> Column:
    """A box that names a case, or none."""
    return Column(
        Box(name, label, Sort.LINE, hint),
        lambda typed: find_case(session, typed),
        lambda held: show_case(session, held),
    )


def require_line(session: Session, case_id: str, earlier: str | None) -> None:
    """Be sure that a case does not continue itself, if only by way of others.

    Raises:
        ValueError: it would.
    """
    seen: set[str] = set()
    while earlier is not None and earlier not in seen:
        if earlier == case_id:
            raise ValueError(
                "取り組みのつながりが輪になります。この事例より前の事例を選んでください。"
            )
        seen.add(earlier)
        row = session.get(m.CaseRow, earlier)
        earlier = row.continues_id if row else None


# --- people ---------------------------------------------------------------------------------


def names_held(session: Session) -> Mapping[str, tuple[str, ...]]:
    """Every name, blanks in it aside -> who goes by it, in the order of identifiers."""
    row = m.PersonRow
    found: dict[str, tuple[str, ...]] = {}
    for id_, best, others in session.execute(
        select(row.id, row.name, row.other_names).order_by(row.id)
    ):
        for name in dict.fromkeys(map(_closed, (best, *others))):
            found[name] = (*found.get(name, ()), id_)
    return found


def show_person(row: m.PersonRow, held: Mapping[str, tuple[str, ...]]) -> str:
    """A person by name, or by identifier where the name means others too."""
    return row.name if namesakes(row.name, held) == (row.id,) else row.id


def find_person(session: Session, typed: str, held: Mapping[str, tuple[str, ...]]) -> str:
    """The person that is meant.

    Raises:
        ValueError: there is none, or there are several.
    """
    if session.get(m.PersonRow, typed) is not None:
        return typed
    remedy = "氏名を確かめるか、先に「人を登録」で登録してください。"
    return _one(typed, namesakes(typed, held), "人", remedy)


def namesakes(name: str, held: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Who goes by a name."""
    return held.get(_closed(name), ())


def _closed(name: str) -> str:
    return "".join(name.split())


def _one(typed: str, found: Iterable[str], what: str, remedy: str) -> str:
    each = list(found)
    if not each:
        raise ValueError(f"「{typed}」という{what}は登録されていません。{remedy}")
    if len(each) > 1:
        listed = "、".join(each[:_MOST_NAMED])
        raise ValueError(
            f"「{typed}」にあたる{what}が{len(each)}あります: {listed}。IDで指定してください。"
        )
    return each[0]


# --- places ---------------------------------------------------------------------------------


def show_places(places: Iterable[m.MunicipalityRow]) -> str:
    """Municipalities by their full names."""
    return "、".join(full_name(place) for place in places)


def find_places(
    typed: str, held: Iterable[m.MunicipalityRow], gazetteer: Callable[[], Gazetteer]
) -> tuple[str, ...]:
    """The codes that are meant; a name that the form itself has written means its own.

    Raises:
        ValueError: nothing goes by a name, or several do.
    """
    written: Mapping[str, str] = {full_name(place): place.code for place in held}
    found: list[str] = []
    for name in (part.strip() for part in typed.split("、")):
        known = written.get(name)
        found += [known] if known else map(str, read_values(Field.MUNICIPALITY, name, gazetteer))
    return tuple(dict.fromkeys(found))


def places_column(
    name: str,
    held: Iterable[m.MunicipalityRow],
    gazetteer: Callable[[], Gazetteer],
    *,
    needed: bool,
) -> Column:
    """A box that names municipalities; `held` are those that it shows at first."""
    shown = tuple(held)
    box = text(name, "自治体", f"名前か団体コード。{WORDS_HINT}", needed=needed)

    def read(typed: str) -> tuple[str, ...]:
        given = box.read(typed)
        return find_places(given, shown, gazetteer) if given else ()

    return replace(box, read=read, show=show_places)


# --- identifiers ----------------------------------------------------------------------------


def free_id(wanted: str, is_free: Callable[[str], bool]) -> str:
    """The wanted identifier, or it with the first number that makes it free."""
    number, found = 1, wanted
    while not is_free(found):
        number += 1
        found = f"{wanted}-{number}"
    return found
