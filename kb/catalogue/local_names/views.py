"""Local names as their pages show them and hand them in: frozen, no database behind them."""

from dataclasses import dataclass

PAGE_SIZE = 100
"""Names listed at once; who looks for more types a part of one."""


@dataclass(frozen=True, slots=True)
class LocalNameFields:
    """The form of a name as it is typed."""

    municipality: str = ""
    """Asked of a new name alone."""
    name: str = ""
    kana: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class LocalNameView:
    """One recorded name."""

    key: str
    code: str
    place: str
    """The municipality with its prefecture: 福岡県福津市."""
    name: str
    kana: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class LocalNameForm:
    """The form of one name."""

    held: LocalNameView | None
    """None: a new one."""
    version: str
    fields: LocalNameFields


@dataclass(frozen=True, slots=True)
class SavedName:
    """What became of a form."""

    name: str
    place: str
    changed: bool
    """False where it was just so already."""
    namesakes: tuple[str, ...] = ()
    """Other municipalities that go by the name, with their prefectures."""


class UnknownLocalName(LookupError):
    """There is no such name any more."""
