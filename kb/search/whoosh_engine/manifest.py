"""What the files of one commit must look like: names, sizes, checksums, and what they hold.

Whoosh keeps no checksums, and a flipped bit can change an answer silently (measured: 20 of
80 flips went unnoticed). Each commit therefore has a manifest of its own. It is written
*before* the commit point (see ``storage``), under the number of the table of contents (TOC)
it belongs to, so a killed writer leaves either a manifest without its TOC, which nobody
reads, or both.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kb.search.engine import IndexDamaged
from kb.search.whoosh_engine import durable

REPAIR = "「kb rebuild」で作り直してください。"
"""How every message about a damaged index ends."""


@dataclass(frozen=True, slots=True)
class FileMark:
    """How a file must look."""

    size: int
    """Bytes."""
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """One commit: what it holds and the files it is made of."""

    fingerprint: str
    sequence: int
    """The catalogue's sequence number it was brought up to."""
    records: int
    files: Mapping[str, FileMark]
    """Name -> look, for the TOC and every segment file."""


def manifest_name(toc: int) -> str:
    """The file name of the manifest of TOC number `toc`."""
    return f"manifest_{toc}.json"


def mark(path: Path) -> FileMark:
    """How the file looks now.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return FileMark(path.stat().st_size, digest)


def write_manifest(folder: Path, toc: int, manifest: Manifest) -> None:
    """Write the manifest of TOC number `toc`, durably, with a checksum of its own."""
    body = json.dumps(asdict(manifest), ensure_ascii=False, sort_keys=True)
    durable.write(folder / manifest_name(toc), f"{_digest(body)}\n{body}\n")


def read_manifest(folder: Path, toc: int) -> Manifest:
    """The manifest of TOC number `toc`.

    Raises:
        FileNotFoundError: there is none (a later commit swept it, or it was lost).
        IndexDamaged: its text does not agree with its checksum.
    """
    try:
        text = (folder / manifest_name(toc)).read_text(encoding="utf-8")
        digest, _, body = text.rstrip("\n").partition("\n")
    except UnicodeDecodeError as error:
        raise IndexDamaged(f"索引の目録が壊れています。{REPAIR}") from error
    if digest != _digest(body):
        raise IndexDamaged(f"索引の目録が壊れています。{REPAIR}")
    return _from_json(json.loads(body))


def _from_json(fields: dict[str, Any]) -> Manifest:
    files = {name: FileMark(**look) for name, look in fields.pop("files").items()}
    return Manifest(files=files, **fields)


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()


def faults(folder: Path, manifest: Manifest, *, thorough: bool) -> Sequence[str]:
    """What is wrong with the files, in sentences: names and sizes; contents if `thorough`."""
    found = (_fault(folder / name, look, thorough) for name, look in manifest.files.items())
    return [sentence for sentence in found if sentence]


def _fault(path: Path, look: FileMark, thorough: bool) -> str | None:
    try:
        if path.stat().st_size != look.size:
            return f"索引のファイル {path.name} の大きさが記録と違います。{REPAIR}"
        if thorough and mark(path).sha256 != look.sha256:
            return f"索引のファイル {path.name} の中身が記録と違います。{REPAIR}"
    except FileNotFoundError:
        return f"索引のファイル {path.name} がありません。{REPAIR}"
    except OSError as error:
        return f"索引のファイル {path.name} を読めません({error.strerror})。{REPAIR}"
    return None
