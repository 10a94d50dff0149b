"""The table of what municipalities are called besides; see :mod:`kb.catalogue.models`."""

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column

from kb.catalogue.table_base import CODE, ID, Base

LONGEST_NAME = 40
"""Characters, as of the names that are shipped."""
LONGEST_KANA = 80


class LocalNameRow(Base):
    """地元での呼び名: a nickname, an abbreviation, an old village of one municipality."""

    __tablename__ = "local_name"
    __table_args__ = (Unique("code", "folded"),)

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    """The code and the name it was first recorded by: of a name that comes back the same again."""
    code: Mapped[str] = mapped_column(CODE, ForeignKey("municipality.code"))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    folded: Mapped[str] = mapped_column(String(LONGEST_KANA))
    """The name as it is compared."""
    kana: Mapped[str | None] = mapped_column(String(LONGEST_KANA))
    note: Mapped[str | None] = mapped_column(Text)
    """Where it comes from; readers see it."""
