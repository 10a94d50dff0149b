"""Settling what the machine proposes: from what a curator types to decisions.

The command and the review page call the same functions.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kb.catalogue.entries import Authorship
from kb.catalogue.review.decisions import CannotDecide
from kb.catalogue.session import Database
from kb.catalogue.writing import CatalogueWriter, writing
from kb.domain.fiscal_year import parse_fiscal_year
from kb.domain.gazetteer import Gazetteer
from kb.domain.place_names import MatchReason, PlaceMatch
from kb.domain.settled import LISTS, SEVERAL, YEARS, Field, Value
from kb.domain.word_lists import split_words

MOST_CHOICES = 8
"""Municipalities named when one name means several."""

_UNOFFICIAL = (MatchReason.FORMER_NAME, MatchReason.LOCAL_NAME)
"""What a name means where no name of today does."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One municipality that a name may mean."""

    code: str
    name: str
    """With its prefecture: 東京都府中市."""


class Ambiguous(CannotDecide):
    """A name means several municipalities; the message lists them for the curator."""

    def __init__(self, typed: str, choices: tuple[Choice, ...]) -> None:
        listed = "、".join(f"{each.code} {each.name}" for each in choices[:MOST_CHOICES])
        super().__init__(
            f"「{typed}」にあたる自治体が{len(choices)}あります: {listed}。"
            "団体コードで指定してください。"
        )
        self.typed = typed
        self.choices = choices[:MOST_CHOICES]


@dataclass(frozen=True, slots=True)
class Orders:
    """What is to be settled of each document, as it was typed."""

    given: tuple[tuple[str, str], ...] = ()
    """Field and value."""
    none: tuple[str, ...] = ()
    """Fields that have no value."""
    accepted: tuple[str, ...] = ()
    """Fields that are as they are proposed."""
    undone: tuple[str, ...] = ()
    """Fields whose decision is taken back."""
    accept_sure: bool = False

    def __bool__(self) -> bool:
        """Whether anything is to be done."""
        return bool(self.given or self.none or self.accepted or self.undone or self.accept_sure)


@dataclass(frozen=True, slots=True)
class _Order:
    """One thing to do to one field of every document."""

    field: Field
    do: Callable[[CatalogueWriter, str, Field], bool]


class Settler:
    """Settles fields of documents in somebody's name."""

    def __init__(self, database: Database, gazetteer: Callable[[], Gazetteer], who: str) -> None:
        """`gazetteer` is asked for only when a municipality is named."""
        self._database = database
        self._gazetteer = gazetteer
        self._who = who

    def settle(self, documents: Iterable[str], orders: Orders) -> int:
        """Do what is ordered to every document, all of it or nothing; how many fields changed.

        Raises:
            CannotDecide: a field, a value or an order makes no sense; the message says why.
            UnknownReference: no such document, or no such municipality.
        """
        each = self._read(orders)
        changed = 0
        with writing(self._database, Authorship(self._who)) as writer:
            for document_id in documents:
                changed += sum(order.do(writer, document_id, order.field) for order in each)
                if orders.accept_sure:
                    changed += len(writer.decisions.accept_sure(document_id))
        return changed

    def _read(self, orders: Orders) -> tuple[_Order, ...]:
        """Every order, its words understood: nothing is written before all of them are."""
        gathered: dict[Field, list[str]] = {}
        for name, text in orders.given:
            gathered.setdefault(field_of(name), []).append(text)
        return (
            *(_setting(name, self._values(name, texts)) for name, texts in gathered.items()),
            *(_setting(field_of(name), ()) for name in orders.none),
            *(_Order(field_of(name), _accept) for name in orders.accepted),
            *(_Order(field_of(name), _undo) for name in orders.undone),
        )

    def _values(self, name: Field, texts: list[str]) -> tuple[Value, ...]:
        places = self._gazetteer if name is Field.MUNICIPALITY else None
        return tuple(value for text in texts for value in read_values(name, text, places))


def _setting(name: Field, values: tuple[Value, ...]) -> _Order:
    return _Order(
        name, lambda writer, document_id, field: writer.decisions.decide(document_id, field, values)
    )


def _accept(writer: CatalogueWriter, document_id: str, field: Field) -> bool:
    return writer.decisions.accept(document_id, field)


def _undo(writer: CatalogueWriter, document_id: str, field: Field) -> bool:
    return writer.decisions.take_back(document_id, field)


# --- understanding what is typed -----------------------------------------------------------


def field_of(typed: str) -> Field:
    """The field of a name, English or Japanese.

    Raises:
        CannotDecide: there is none of that name.
    """
    found = Field.from_text(typed.replace("-", "_"))
    if found is None:
        names = "、".join(f"{field.value}({field.label})" for field in Field)
        raise CannotDecide(f"「{typed}」という項目はありません。項目は {names} です。")
    return found


def read_values(
    name: Field, text: str, gazetteer: Callable[[], Gazetteer] | None = None
) -> tuple[Value, ...]:
    """The values that a curator means; several as :mod:`kb.domain.word_lists` reads them.

    Raises:
        CannotDecide: a value is unknown or means several things; the message names them.
    """
    parts = split_words(text) if name in SEVERAL else (text.strip(),)
    return tuple(_value(name, part, gazetteer) for part in parts if part)


def _value(name: Field, text: str, gazetteer: Callable[[], Gazetteer] | None) -> Value:
    if name in YEARS:
        return _year(text)
    if name is Field.MUNICIPALITY and gazetteer is not None:
        return _code(text, gazetteer())
    listed = LISTS.get(name)
    if listed is None:
        return text
    member = listed.from_text(text)
    if member is None:
        choices = "、".join(each.label for each in listed)
        raise CannotDecide(
            f"「{text}」は{name.label}の一覧にありません。次から選んでください: {choices}"
        )
    return member.value


def _year(text: str) -> int:
    year = parse_fiscal_year(text)
    if year is None:
        raise CannotDecide(
            f"「{text}」は年度として読めません。2021、R3、令和3年度 のように指定してください。"
        )
    return year.year


def _code(text: str, gazetteer: Gazetteer) -> str:
    """The code of the one municipality that is meant.

    Raises:
        CannotDecide: nothing goes by that name, or several do equally.
    """
    former = gazetteer.former(text)
    if former is not None:
        return former.code
    matches = gazetteer.resolve(text, loose=True)
    if not matches:
        raise CannotDecide(
            f"「{text}」という自治体はありません。名前か団体コードを確かめてください。"
        )
    official = [match for match in matches if match.why not in _UNOFFICIAL]
    today = official or matches
    meant = [match for match in today if match.exact] or today
    if len(meant) > 1:
        raise Ambiguous(text, tuple(map(_choice, meant)))
    return str(meant[0].municipality.code)


def _choice(match: PlaceMatch) -> Choice:
    return Choice(str(match.municipality.code), match.municipality.full_name)
