"""Hands out an original as it came, without letting it act in the site's name."""

import io
import mimetypes
from typing import BinaryIO

from flask import Response, request, send_file
from werkzeug.exceptions import Forbidden, NotFound

from kb.catalogue.views import DocumentView
from kb.domain.rights import Terms
from kb.web import texts
from kb.web.services import services

SHOWN_IN_BROWSER = frozenset({"application/pdf", "text/plain", "text/html"})
"""Formats a browser shows by itself; any other can only be saved."""

SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
"""For a foreign HTML page: its scripts and forms are dead, it has no origin."""

PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'"
"""A sandboxed PDF is not drawn by Chromium's viewer, which is a plug-in of its own."""


def answer(document: DocumentView, *, download: bool, may_download: bool) -> Response:
    """The file, whole or in the range asked for; the caller has asked the rights.

    Raises:
        Forbidden: it could only be saved, and that is not allowed.
        NotFound: it is not held, or cannot be found.
    """
    media_type = document.media_type or "application/octet-stream"
    attached = download or media_type not in SHOWN_IN_BROWSER
    if attached and not may_download:
        raise Forbidden(texts.ONLY_VIEWING)
    handle = _open(document)
    response = send_file(
        handle,
        mimetype=media_type,
        as_attachment=attached,
        download_name=file_name(document),
        etag=document.sha256 or False,
        conditional=False,
    )
    response.headers["Content-Security-Policy"] = (
        PDF_POLICY if media_type == "application/pdf" else SANDBOX
    )
    _set_cache(response, document)
    length = handle.seek(0, io.SEEK_END)
    handle.seek(0)
    response.content_length = length
    response.make_conditional(request, accept_ranges=True, complete_length=length)
    return response


def _open(document: DocumentView) -> BinaryIO:
    if document.sha256 is None:
        raise NotFound(texts.FILE_NOT_HELD)
    try:
        return services().originals.open(document.sha256)
    except FileNotFoundError as error:
        raise NotFound(texts.FILE_MISSING) from error


def _set_cache(response: Response, document: DocumentView) -> None:
    """A restricted file must not outlive its permission in a cache."""
    keep = "private, no-cache" if document.rights.terms is Terms.OPEN else "no-store"
    response.headers["Cache-Control"] = keep


def file_name(document: DocumentView) -> str:
    """The name the file came under, else its title with the extension of its format."""
    if document.file_name:
        return document.file_name
    extension = mimetypes.guess_extension(document.media_type or "") or ""
    return document.title.replace("/", "／") + extension
