"""Taking in what curators send: files are kept piece by piece, then put as jobs.

Free of Flask. The work itself is done by the worker, a process of its own.
"""

import re
import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

from kb.catalogue.jobs.incoming import Incoming, WrongSum
from kb.catalogue.jobs.queue import JobQueue, UnknownJob
from kb.catalogue.jobs.views import Incoming as Came
from kb.catalogue.jobs.views import JobEnd, JobEntry, UploadEntry, UploadView
from kb.domain.jobs import JobState, kind_of
from kb.domain.rights import Terms
from kb.web import texts

PIECE_BYTES = 4 * 1024 * 1024
"""What is sent at once: some seconds on a slow line, so little is lost when it breaks."""

MOST_NAME = 200
TOKEN = re.compile(r"[0-9a-f]{32}")

OFFERED_TERMS = (Terms.UNKNOWN, Terms.NO_COPY, Terms.INTERNAL, Terms.OPEN)
"""What a batch can be taken in under."""


class Refused(ValueError):
    """What was sent is not taken; the message is for the curator."""


class TooLarge(Refused):
    """A file is larger than this site takes."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A file all of whose pieces have been sent."""

    path: str
    """As the browser names it, with folders."""
    size: int
    sha256: str | None
    beside: frozenset[str] = frozenset()
    """Names in the same folder, in lower case."""
    password: str | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """How files are to be taken in."""

    actor: str
    terms: Terms
    draft: bool
    event_id: str | None
    note: str | None


class UploadDesk:
    """Where files come in; safe to use from several threads."""

    def __init__(
        self, jobs: JobQueue, incoming: Incoming, most_bytes: int, *, drafts_only: bool = False
    ) -> None:
        """`most_bytes` is what one file may have; with `drafts_only` none is published unread."""
        self.jobs = jobs
        self._incoming = incoming
        self.most_bytes = most_bytes
        self.drafts_only = drafts_only

    def begin(self, batch: Batch) -> str:
        """Begin a batch; its identifier.

        Raises:
            Refused: the event is not there, or nothing is published at once here.
        """
        if self.drafts_only and not batch.draft:
            raise Refused(texts.DRAFTS_ONLY)
        upload_id = f"up-{secrets.token_hex(8)}"
        entry = UploadEntry(
            upload_id, batch.actor, batch.terms, batch.draft, batch.event_id, batch.note
        )
        try:
            self.jobs.begin(entry)
        except UnknownJob as error:
            raise Refused(str(error)) from error
        return upload_id

    def known(self, upload_id: str) -> UploadView:
        """A batch that more files may be sent to.

        Raises:
            Refused: there is none such.
        """
        found = self.jobs.upload(upload_id)
        if found is None or found.origin != "web":
            raise Refused(texts.NO_UPLOAD)
        return found

    def arrived(self, upload_id: str, token: str) -> tuple[int, bool]:
        """How many bytes of a file have arrived, and whether it has been put already."""
        file, key = _place(upload_id, token)
        if self.jobs.by_key(key) is not None:
            return 0, True
        return self._incoming.held(file), False

    def add(self, upload_id: str, token: str, offset: int, piece: bytes) -> int:
        """Keep a piece; how many bytes there are then.

        Raises:
            TooLarge: the file is larger than this site takes.
            WrongOffset: the piece does not follow on what has arrived.
        """
        if offset + len(piece) > self.most_bytes:
            raise TooLarge(self.too_large())
        file, _ = _place(upload_id, token)
        return self._incoming.add(file, offset, piece)

    def complete(self, upload_id: str, token: str, sent: Sent) -> int:
        """Put a file that has arrived whole; repeatable. The job's number.

        Raises:
            Refused: it did not arrive as it was sent; nothing of it is kept.
        """
        file, key = _place(upload_id, token)
        known = self.jobs.by_key(key)
        if known is not None:
            return known.id
        if sent.size == 0:
            self._incoming.add(file, 0, b"")
        if self._incoming.held(file) != sent.size:
            raise Refused(texts.INCOMPLETE)
        try:
            sha256 = self._incoming.complete(file, sent.sha256)
        except WrongSum as error:
            raise Refused(texts.WRONG_SUM) from error
        entry = self._entry(file, key, sent, sent.size, sha256)
        return self.jobs.put(upload_id, (entry, None))[0]

    def keep(
        self, upload_id: str, files: Iterable[tuple[str, BinaryIO]], password: str | None
    ) -> int:
        """Keep files of one plain form, and put them all at once; how many."""
        sent = [(split(name), stream) for name, stream in files]
        beside: dict[str, set[str]] = {}
        for (folder, name), _ in sent:
            beside.setdefault(folder, set()).add(name.lower())
        came: list[Came] = []
        for (folder, name), stream in sent:
            file, key = _place(upload_id, secrets.token_hex(16))
            kept = self._incoming.keep(file, stream, self.most_bytes)
            path = f"{folder}/{name}" if folder else name
            size, sha256 = kept or (0, None)
            near = frozenset(beside[folder])
            entry = self._entry(file, key, Sent(path, size, sha256, near, password), size, sha256)
            came.append((entry, None if kept else self._too_large_end()))
        self.jobs.put(upload_id, *came)
        return len(came)

    def too_large(self) -> str:
        """What is said of a file that is larger than this site takes."""
        return texts.FILE_TOO_LARGE.format(most=self.most_bytes // 1048576)

    def _too_large_end(self) -> JobEnd:
        return JobEnd(
            JobState.FAILED, "too_large", texts.TOO_LARGE, self.too_large(), texts.SEND_SMALLER
        )

    def _entry(self, file: str, key: str, sent: Sent, size: int, sha256: str | None) -> JobEntry:
        folder, name = split(sent.path)
        return JobEntry(
            key=key,
            kind=kind_of(name, sent.beside),
            name=name,
            folder=folder,
            size=size,
            sha256=sha256,
            work={"file": file},
            password=sent.password or None,
        )


def split(path: str) -> tuple[str, str]:
    """Folder and name of what a browser sends as a file's name, free of tricks."""
    composed = unicodedata.normalize("NFC", path.replace("\\", "/"))
    readable = "".join(c for c in composed if unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    parts = [part.strip()[-MOST_NAME:] for part in readable.split("/")]
    kept = [part for part in parts if part not in ("", ".", "..")]
    if not kept:
        return "", texts.NAMELESS
    return "/".join(kept[:-1])[-MOST_NAME:], kept[-1]


def _place(upload_id: str, token: str) -> tuple[str, str]:
    """Where a file is kept, and the key of its job.

    Raises:
        Refused: the token is none of ours.
    """
    if not TOKEN.fullmatch(token):
        raise Refused(texts.NO_UPLOAD)
    return f"{upload_id}/{token}", f"{upload_id}-{token}"
