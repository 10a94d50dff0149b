"""Filling the closed tables: municipalities, former names and themes, as they ship."""

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.name_changes import past_body
from kb.catalogue.session import Database
from kb.catalogue.tables import load_former_names, load_municipalities
from kb.domain.classification import Theme
from kb.domain.municipality import FormerName, Municipality


def fill_reference_tables(database: Database) -> bool:
    """Bring the closed tables to what this version ships; whether anything changed.

    One SourceEvent tells of it. Invented municipalities are left alone.
    """
    with database.writing() as session:
        changed = _fill_themes(session)
        changed |= _fill_municipalities(session, load_municipalities())
        changed |= _end_bodies(session, load_municipalities())
        changed |= _fill_former_names(session, load_former_names())
        if changed:
            session.add(
                m.SourceEventRow(
                    actor="kb init",
                    action="recorded",
                    subject_kind="reference",
                    subject_id="municipalities",
                    why="同梱の自治体表とテーマの一覧",
                )
            )
    return changed


def _fill_themes(session: Session) -> bool:
    held = {row.slug: (row.label, row.position) for row in session.scalars(select(m.ThemeRow))}
    wanted = {theme.value: (theme.label, at) for at, theme in enumerate(Theme)}
    for slug, (label, position) in wanted.items():
        if held.get(slug) != (label, position):
            session.merge(m.ThemeRow(slug=slug, label=label, position=position))
    return held != wanted


_MUNICIPALITY_COLUMNS = ("name", "kana", "romaji", "kind", "prefecture", "parent_code", "status")


def _municipality_values(body: Municipality) -> tuple[str | None, ...]:
    return (
        body.name,
        body.kana,
        body.romaji,
        body.kind.value,
        body.prefecture,
        str(body.parent_code) if body.parent_code else None,
        body.status.value if body.status else None,
    )


def _fill_municipalities(session: Session, bodies: tuple[Municipality, ...]) -> bool:
    held = {
        row.code: tuple(getattr(row, column) for column in _MUNICIPALITY_COLUMNS)
        for row in session.scalars(select(m.MunicipalityRow))
    }
    changed = [body for body in bodies if held.get(body.code) != _municipality_values(body)]
    rows = [
        {
            "code": str(body.code),
            **dict(zip(_MUNICIPALITY_COLUMNS, _municipality_values(body), strict=True)),
            "specimen": False,
            "abolished_on": None,
        }
        for body in changed
    ]
    known = [row for row in rows if row["code"] in held]
    new = [row for row in rows if row["code"] not in held]
    if known:
        session.execute(update(m.MunicipalityRow), known)
    if new:
        session.execute(insert(m.MunicipalityRow), new)
    return bool(changed)


def _end_bodies(session: Session, bodies: tuple[Municipality, ...]) -> bool:
    """Mark those that a former version held as of today: what is filed under them stays."""
    today = {str(body.code) for body in bodies}
    row_of = m.MunicipalityRow
    held = session.scalars(
        select(row_of).where(row_of.abolished_on.is_(None), row_of.specimen.is_(False))
    )
    ended = [(row, past_body(row.code)) for row in held if row.code not in today]
    for row, past in ended:
        row.abolished_on = past.abolished_on if past else None
    return any(past for _, past in ended)


def _fill_former_names(session: Session, names: tuple[FormerName, ...]) -> bool:
    held = {
        (row.code, row.name, row.changed_on, row.change, row.successor_code)
        for row in session.scalars(select(m.FormerNameRow))
    }
    wanted = {(str(n.code), n.name, n.changed_on, n.change, str(n.successor_code)) for n in names}
    if held == wanted:
        return False
    session.execute(delete(m.FormerNameRow))
    session.add_all(
        m.FormerNameRow(
            code=str(name.code),
            name=name.name,
            kana=name.kana,
            prefecture=name.prefecture,
            changed_on=name.changed_on,
            change=name.change,
            successor_code=str(name.successor_code),
        )
        for name in names
    )
    return True
