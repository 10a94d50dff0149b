"""A form that could not be taken, kept in the next page itself until it can be sent again.

Its contents travel as a hidden field, signed and packed (itsdangerous), so that nothing is
stored for somebody who has not signed in, and nobody can make one up. Files cannot be kept, and
passwords are not.
"""

import re
from dataclasses import dataclass

from flask import current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer

from kb.web import csrf

MOST_BYTES = 200_000
"""Of its names and values in UTF-8; a long review form has 20,000."""

HOURS = 24
"""How long it can be sent again."""

FIELD = "kept"

_UNSEEN = re.compile(r"(was|has|do|v)-.*|was|do|version|turn|page|goto|editing|proposal|key")
"""Names of fields that no form shows: what it was made from, and which button was pressed."""

_SLUG = re.compile(r"[a-z_]+([-:][a-z0-9_]+)*|[01]")
"""What a box to tick or a list sends: the page has other words for it."""


@dataclass(frozen=True, slots=True)
class KeptForm:
    """What was sent where; without tokens, passwords and files."""

    path: str
    fields: tuple[tuple[str, str], ...]
    files: bool
    """There were files, which have to be chosen again."""
    too_large: bool = False
    """It was more than can be kept: nothing of it is."""

    @property
    def typed(self) -> tuple[str, ...]:
        """What is worth showing of it: whatever is not empty."""
        return tuple(value for _, value in self.fields if value.strip())

    @property
    def shown(self) -> tuple[str, ...]:
        """What its sender knows again: the words in its boxes, each once."""
        words = (
            value
            for name, value in self.fields
            if value.strip() and not _UNSEEN.fullmatch(name) and not _SLUG.fullmatch(value)
        )
        return tuple(dict.fromkeys(words))


def from_request() -> KeptForm | None:
    """The form that this request sends; None when it sends none."""
    if request.method != "POST" or not request.mimetype.startswith(
        ("application/x-www-form-urlencoded", "multipart/form-data")
    ):
        return None
    path = request.full_path.removesuffix("?")
    multipart = request.mimetype == "multipart/form-data"
    if (request.content_length or 0) > current_app.config["MAX_CONTENT_LENGTH"]:
        return KeptForm(path, (), multipart, too_large=not multipart)
    fields = tuple(
        (name, value) for name, value in request.form.items(multi=True) if _may_be_kept(name)
    )
    files = any(file.filename for file in request.files.values())
    if sum(len((name + value).encode()) for name, value in fields) > MOST_BYTES:
        return KeptForm(path, (), files, too_large=True)
    return KeptForm(path, fields, files)


def sealed(form: KeptForm | None) -> str:
    """What the hidden field carries; empty for no form."""
    if form is None or not form.fields:
        return ""
    content = _serializer().dumps([form.path, form.fields, form.files])
    return content if isinstance(content, str) else content.decode("ascii")


def unsealed(text: str) -> KeptForm | None:
    """The form that a hidden field carries; None when it is none of ours, or too old."""
    try:
        path, fields, files = _serializer().loads(text, max_age=HOURS * 3600)
    except BadData:
        return None
    return KeptForm(path, tuple((name, value) for name, value in fields), files)


def _may_be_kept(name: str) -> bool:
    return name not in (csrf.FIELD, FIELD) and "password" not in name


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="kb-kept-form")
