"""What may be done with a document, and by whom: the one place that decides it.

Every route, feed, export and index asks :func:`allowed`; none decides for itself.
The default is the careful one: a statement that is missing or unclear is treated as
a wish not to be copied.
"""

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Rights:
    """The terms of a document, and its author's own words where there are any."""

    terms: Terms = Terms.UNKNOWN
    statement: str | None = None
    """Verbatim; never shortened or mended."""


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
    """What `audience` may do with a document under `rights`.

    Raises nothing; terms nobody thought of are not possible (:class:`Terms` is closed).
    """
    inside = audience in (Audience.STAFF, Audience.CURATOR)
    match rights.terms:
        case Terms.OPEN:
            return _EVERYTHING
        case Terms.UNKNOWN | Terms.NO_COPY:
            return _READ_ONLY if audience is Audience.CURATOR else _METADATA_AND_SNIPPET
        case Terms.INTERNAL:
            return _READ_ONLY if inside else _NOTHING
        case Terms.WITHDRAWN:
            return _METADATA_ONLY if audience is Audience.CURATOR else _NOTHING
