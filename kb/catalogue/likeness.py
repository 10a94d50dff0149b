"""Documents that are alike: what texts are compared by, what was found, what was decided."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from kb.catalogue import models as m
from kb.catalogue.session import Database
from kb.domain.rights import Terms


@dataclass(frozen=True, slots=True)
class KnownText:
    """What the text of a held document is compared by."""

    document_id: str
    digest: str | None
    signature: bytes | None


@dataclass(frozen=True, slots=True)
class LikenessView:
    """Two documents that are alike."""

    document_id: str
    """The one that came later."""
    document_title: str
    other_id: str
    other_title: str
    kind: str
    """same_text or new_edition, as found."""
    similarity: float
    """0 to 1, estimated."""
    decision: str | None
    """What a curator has decided; None while nobody has."""


class LikenessReader:
    """Gives what is known of likeness."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def known_texts(self, version: str) -> tuple[KnownText, ...]:
        """What every held document is compared by, under one version of the signature."""
        row = m.DocumentRow
        with self._database.reading() as session:
            found = session.execute(
                select(row.id, row.text_digest, row.signature)
                .where(row.signature_version == version, row.rights_terms != Terms.WITHDRAWN)
                .order_by(row.id)
            )
            return tuple(KnownText(*values) for values in found)

    def pairs(self, *, undecided: bool = False) -> tuple[LikenessView, ...]:
        """Every pair that is alike, the most alike first."""
        with self._database.reading() as session:
            return _pairs(session, undecided=undecided)


def _pairs(session: Session, *, undecided: bool) -> tuple[LikenessView, ...]:
    later, earlier, pair = aliased(m.DocumentRow), aliased(m.DocumentRow), m.LikenessRow
    wanted = (
        select(pair, later.title, earlier.title)
        .join(later, later.id == pair.document_id)
        .join(earlier, earlier.id == pair.other_id)
        .order_by(pair.similarity.desc(), pair.document_id, pair.other_id)
    )
    if undecided:
        wanted = wanted.where(pair.decision.is_(None))
    return tuple(
        LikenessView(
            document_id=row.document_id,
            document_title=title,
            other_id=row.other_id,
            other_title=other_title,
            kind=row.kind,
            similarity=row.similarity,
            decision=row.decision,
        )
        for row, title, other_title in session.execute(wanted)
    )
