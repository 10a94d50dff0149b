"""The other side of `indexer.zipped`: unpacks one ZIP in a confined child.

Started by :class:`kb.confined.Confined`. What it writes is lines of JSON; a line that tells of
`bytes` is followed by so many of them.
"""

import json
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from indexer.extract import formats
from indexer.extract.containers import MOST_UNPACKED_BYTES, zip_contents
from indexer.extract.media_types import ZIP
from kb.confined.endings import EXIT_DONE, EXIT_OUT_OF_MEMORY
from kb.confined.serving import serve, write
from kb.confined.sources import opened

OWN_CODE = Path(__file__).parents[1] / "indexer"

_PIECE = 256 * 1024
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1
_BAD_NAME = re.compile(r"(?:^|/)\.\.?(?:/|$)|^/|^[A-Za-z]:|[\x00-\x1f\x7f]")
_UNWANTED = re.compile(r"(?:^|/)(?:__MACOSX/|\.|~\$|Thumbs\.db$|desktop\.ini$)", re.I)
"""What systems put beside people's files."""

# RuntimeError: zipfile's for a version or a method that it does not know.
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError)


class _WrongPassword(Exception):
    pass


def folded(entry: zipfile.ZipInfo) -> str:
    """The name of an entry: as Windows in Japan writes it where it does not say UTF-8.

    zipfile takes such names for CP437, in which every byte is a character. Composed, since
    macOS writes が as two characters.
    """
    name = entry.filename
    if not entry.flag_bits & _UTF8_NAME:
        raw = name.encode("cp437")
        for encoding in ("utf-8", "cp932"):
            try:
                name = raw.decode(encoding)
            except UnicodeDecodeError:
                continue
            break
        name = name.replace("\\", "/")
    return unicodedata.normalize("NFC", name)


def unpack(request: dict[str, Any], source: int, results: int) -> int:
    """Write the entries of a ZIP one after the other."""
    try:
        for line, piece in _lines(request, source):
            write(results, json.dumps(line).encode() + b"\n" + piece)
    except MemoryError:
        return EXIT_OUT_OF_MEMORY
    except _WrongPassword:
        write(results, b'{"refused": "password"}\n')
    except _BROKEN:
        write(results, b'{"refused": "torn"}\n')
    return EXIT_DONE


def _lines(request: dict[str, Any], source: int) -> Iterator[tuple[dict[str, Any], bytes]]:
    with opened(source) as stream:
        if formats.inspect(stream).media_type != ZIP:
            yield {"refused": "other"}, b""
            return
        contents = zip_contents(stream)
        if contents.bomb:
            yield {"refused": "bomb"}, b""
            return
        with zipfile.ZipFile(stream) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            named = [(folded(entry), entry) for entry in entries]
            wanted = [(name, entry) for name, entry in named if not _UNWANTED.search(name)]
            names = {name.casefold() for name, _ in wanted}
            if len(names) < len(wanted) or any(_BAD_NAME.search(name) for name, _ in named):
                yield {"refused": "crooked"}, b""
                return
            archive.setpassword(str(request["password"]).encode())
            yield from _entries(archive, wanted)


def _entries(
    archive: zipfile.ZipFile, wanted: list[tuple[str, zipfile.ZipInfo]]
) -> Iterator[tuple[dict[str, Any], bytes]]:
    left = MOST_UNPACKED_BYTES
    for name, entry in wanted:
        yield {"entry": name}, b""
        try:
            with archive.open(entry) as reader:
                while piece := reader.read(_PIECE):
                    left -= len(piece)
                    if left < 0:
                        yield {"refused": "bomb"}, b""
                        return
                    yield {"bytes": len(piece)}, piece
        except RuntimeError as error:  # what zipfile raises for a password that is not right
            if entry.flag_bits & _ENCRYPTED:
                raise _WrongPassword from error
            yield {"whole": False}, b""
        except _BROKEN as error:
            if entry.flag_bits & _ENCRYPTED and isinstance(error, zlib.error | zipfile.BadZipFile):
                # One byte checks a password: of 256 wrong ones, one is found out only here.
                raise _WrongPassword from error
            yield {"whole": False}, b""
        else:
            yield {"whole": True}, b""


def main() -> None:
    """Serve."""
    serve(unpack, readable=(OWN_CODE,))


if __name__ == "__main__":
    main()
