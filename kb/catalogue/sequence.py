"""How far the catalogue has come: the number of its last recorded change."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.catalogue import models as m

_NEWEST = select(func.max(m.SourceEventRow.id))


def newest_change(session: Session) -> int:
    """The number of the last SourceEvent; 0 where there is none."""
    return session.scalar(_NEWEST) or 0
