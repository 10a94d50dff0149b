"""Permissions as the catalogue keeps them: which hold on a day, and what SQL must know of them.

What a permission allows is decided by :func:`kb.domain.rights.allowed` alone; the conditions
here ask it for every short form of terms.
"""

from datetime import date

from sqlalchemy import ColumnElement, and_, exists, or_

from kb.catalogue import models as m
from kb.catalogue.judgements import PermissionRow
from kb.domain.rights import Audience, Permission, Rights, Terms, allowed, in_force


def permission_of(row: PermissionRow) -> Permission:
    """A stored permission, in the words of the domain."""
    return Permission(
        terms=Terms(row.terms),
        allowed_by=row.allowed_by,
        allowed_on=row.allowed_on,
        valid_until=row.valid_until,
        ended_on=row.ended_on,
    )


def rights_on(row: m.DocumentRow, day: date) -> Rights:
    """The rights of a document on a day."""
    stated = Rights(Terms(row.rights_terms), row.rights_statement)
    return in_force(stated, map(permission_of, row.permissions), day)


def known_to(audience: Audience, day: date) -> ColumnElement[bool]:
    """The documents whose rights let an audience know of them on a day.

    The same as :func:`~kb.domain.rights.allowed` says of each (``metadata``).
    """
    visible = [terms.value for terms in Terms if allowed(Rights(terms), audience).metadata]
    permitted = exists().where(
        PermissionRow.document_id == m.DocumentRow.id,
        PermissionRow.terms.in_(visible),
        holding(day),
    )
    stated = m.DocumentRow.rights_terms
    return or_(stated.in_(visible), and_(stated != Terms.WITHDRAWN.value, permitted))


def holding(day: date) -> ColumnElement[bool]:
    """The permissions in force on a day; the same as :meth:`Permission.holds`."""
    row = PermissionRow
    return and_(
        row.allowed_on <= day,
        or_(row.valid_until.is_(None), row.valid_until >= day),
        or_(row.ended_on.is_(None), row.ended_on > day),
    )


def run_out(day: date) -> ColumnElement[bool]:
    """The permissions whose last day has gone by, and nobody has noted it."""
    return and_(PermissionRow.valid_until < day, PermissionRow.ended_on.is_(None))


def begun(day: date) -> ColumnElement[bool]:
    """The permissions that lay ahead when they were recorded and have begun, unnoted."""
    row = PermissionRow
    return and_(row.noted.is_(False), row.allowed_on <= day, row.ended_on.is_(None))
