"""What may be done with a document, and by whom: the one place that decides it.

Every route, feed, export and index asks :func:`allowed`; none decides for itself.
The default is the careful one: a statement that is missing or unclear is treated as
a wish not to be copied.

What is stated can be widened by a :class:`Permission` for as long as it holds
(:func:`in_force`), but never above a takedown.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum

SNIPPET_CHARACTERS = 120
"""The most characters of a restricted document that one answer may show, in all."""

OPEN_SNIPPET_CHARACTERS = 400
"""The most characters of an open document that one answer shows."""


class Audience(StrEnum):
    """Who is looking (閲覧者区分)."""

    ANONYMOUS = "anonymous"
    STAFF = "staff"
    MEMBER = "member"
    CURATOR = "curator"

    @property
    def label(self) -> str:
        """The Japanese name of the audience."""
        return {"anonymous": "匿名", "staff": "庁内", "member": "会員", "curator": "編集担当"}[self]


class Terms(StrEnum):
    """The short form of a rights statement (利用条件)."""

    OPEN = "open"
    UNKNOWN = "unknown"
    NO_COPY = "no_copy"
    INTERNAL = "internal"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """The Japanese short form that stands beside every hit and page."""
        return {
            "open": "閲覧・引用・ダウンロードできます",
            "unknown": "利用条件は確認できていません",
            "no_copy": "複写・転用はお控えください",
            "internal": "庁内限り",
            "withdrawn": "取り下げ済み",
        }[self]


_OPENNESS = (Terms.WITHDRAWN, Terms.INTERNAL, Terms.UNKNOWN, Terms.NO_COPY, Terms.OPEN)
"""From the closest to the most open, as far as one name can say it."""

PERMITTED = (Terms.OPEN, Terms.NO_COPY, Terms.INTERNAL)
"""What somebody can allow: to everybody, to be quoted, inside the office."""


class BadPermission(ValueError):
    """A permission that says nothing or contradicts itself; the message is for the curator."""


@dataclass(frozen=True, slots=True)
class Permission:
    """What somebody entitled has allowed for a document, and for how long (許諾)."""

    terms: Terms
    allowed_by: str
    allowed_on: date
    """The first day it holds."""
    valid_until: date | None = None
    """The last day it holds; None is without end."""
    ended_on: date | None = None
    """The first day it holds no more, because it was taken back or noted to have run out."""

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            BadPermission: nobody allows it, nothing is allowed, or it ends before it begins.
        """
        if self.terms not in PERMITTED:
            names = "、".join(terms.value for terms in PERMITTED)
            raise BadPermission(f"許諾できるのは {names} のどれかです。")
        if not self.allowed_by.strip():
            raise BadPermission("だれが許諾したかを書いてください。")
        if self.valid_until is not None and self.valid_until < self.allowed_on:
            raise BadPermission(
                f"期限({self.valid_until})が、許諾の日({self.allowed_on})より前です。"
                "期限を直してください。"
            )

    def holds(self, day: date) -> bool:
        """Whether it is in force on a day, its first and its last included."""
        begun = self.allowed_on <= day
        run_out = self.valid_until is not None and self.valid_until < day
        ended = self.ended_on is not None and self.ended_on <= day
        return begun and not run_out and not ended

    @property
    def label(self) -> str:
        """Who allowed it, since when and until when: 福津市総務課 (2026-04-01、2027-03-31まで)."""
        until = f"、{self.valid_until}まで" if self.valid_until else ""
        return f"{self.allowed_by} ({self.allowed_on}{until})"

    def plain(self) -> dict[str, str | None]:
        """What is said of it to programs: dates as ISO 8601."""
        return {
            "terms": self.terms.value,
            "allowed_by": self.allowed_by,
            "allowed_on": self.allowed_on.isoformat(),
            "valid_until": self.valid_until.isoformat() if self.valid_until else None,
        }


@dataclass(frozen=True, slots=True)
class Rights:
    """The terms of a document, its author's own words where there are any, and what widens them."""

    terms: Terms = Terms.UNKNOWN
    """As stated."""
    statement: str | None = None
    """Verbatim; never shortened or mended."""
    permission: Permission | None = None
    """The one in force; only :func:`in_force` sets it."""

    @property
    def effective(self) -> Terms:
        """The terms that hold now, in one word; :func:`allowed` says it exactly."""
        if self.permission is None:
            return self.terms
        return max(self.terms, self.permission.terms, key=_OPENNESS.index)


@dataclass(frozen=True, slots=True)
class Permissions:
    """What one audience may do with one document."""

    metadata: bool
    """Title, kind, municipality and source may be named."""
    index: bool
    """The text may be searched."""
    snippet_characters: int
    """The most characters of text shown in one answer, over all its passages."""
    page_text: bool
    page_image: bool
    view: bool
    """The original may be opened in the browser."""
    download: bool
    api_text: bool
    feed: bool
    export: bool


_NOTHING = Permissions(
    metadata=False, index=False, snippet_characters=0, page_text=False, page_image=False,
    view=False, download=False, api_text=False, feed=False, export=False,
)  # fmt: skip
_METADATA_AND_SNIPPET = Permissions(
    metadata=True, index=True, snippet_characters=SNIPPET_CHARACTERS, page_text=False,
    page_image=False, view=False, download=False, api_text=False, feed=True, export=True,
)  # fmt: skip
_READ_ONLY = Permissions(
    metadata=True, index=True, snippet_characters=OPEN_SNIPPET_CHARACTERS, page_text=True,
    page_image=True, view=True, download=False, api_text=True, feed=False, export=False,
)  # fmt: skip
_EVERYTHING = Permissions(
    metadata=True, index=True, snippet_characters=OPEN_SNIPPET_CHARACTERS, page_text=True,
    page_image=True, view=True, download=True, api_text=True, feed=True, export=True,
)  # fmt: skip
_METADATA_ONLY = Permissions(
    metadata=True, index=False, snippet_characters=0, page_text=False, page_image=False,
    view=False, download=False, api_text=False, feed=False, export=False,
)  # fmt: skip


def allowed(rights: Rights, audience: Audience) -> Permissions:
    """What `audience` may do with a document under `rights`, and under a permission in force.

    Raises nothing; terms nobody thought of are not possible (:class:`Terms` is closed).
    """
    stated = _under(rights.terms, audience)
    if rights.permission is None or rights.terms is Terms.WITHDRAWN:
        return stated
    return _either(stated, _under(rights.permission.terms, audience))


def in_force(stated: Rights, permissions: Iterable[Permission], day: date) -> Rights:
    """The rights of a document on a day: what is stated, widened by the best permission that holds.

    A permission that allows nobody more than the statement is left out, and so is every one
    of a document that has been taken down.
    """
    bare = replace(stated, permission=None)
    holding = [permission for permission in permissions if permission.holds(day)]
    for permission in sorted(holding, key=_widest_and_longest, reverse=True):
        widened = replace(bare, permission=permission)
        if any(allowed(widened, who) != allowed(bare, who) for who in Audience):
            return widened
    return bare


def _widest_and_longest(permission: Permission) -> tuple[int, date]:
    return _OPENNESS.index(permission.terms), permission.valid_until or date.max


def _under(terms: Terms, audience: Audience) -> Permissions:
    inside = audience in (Audience.STAFF, Audience.CURATOR)
    match terms:
        case Terms.OPEN:
            return _EVERYTHING
        case Terms.UNKNOWN | Terms.NO_COPY:
            return _READ_ONLY if audience is Audience.CURATOR else _METADATA_AND_SNIPPET
        case Terms.INTERNAL:
            return _READ_ONLY if inside else _NOTHING
        case Terms.WITHDRAWN:
            return _METADATA_ONLY if audience is Audience.CURATOR else _NOTHING


def _either(one: Permissions, other: Permissions) -> Permissions:
    """Everything that either allows."""
    names = [field.name for field in fields(Permissions)]
    return Permissions(*(max(getattr(one, name), getattr(other, name)) for name in names))
