"""ZIPs as people's machines make them, and as nobody should."""

import io
import struct
import zipfile


def zip_of(files: dict[str, bytes], *, cp932: bool = False) -> bytes:
    """A ZIP of files; `cp932` writes names as Windows in Japan does, without saying so."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            stored = name.encode("cp932").decode("cp437") if cp932 else name
            archive.writestr(stored, content)
    return _without_utf8_mark(made.getvalue()) if cp932 else made.getvalue()


def _without_utf8_mark(content: bytes) -> bytes:
    """Names of CP437 characters written back as single bytes, the mark for UTF-8 taken away."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(made, "w") as archive:
        for entry in source.infolist():
            plain = _Narrow(entry.filename)
            archive.writestr(plain, source.read(entry))
    return made.getvalue()


class _Narrow(zipfile.ZipInfo):
    """An entry whose name is written in CP437."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - zipfile's own name
        return self.filename.encode("cp437"), self.flag_bits & ~0x800


def encrypted_zip(name: str, content: bytes, password: bytes) -> bytes:
    """A stored entry under the cipher of [APPNOTE] 6.1, which zipfile reads but does not write."""
    sum_ = zipfile.crc32(content)  # type: ignore[attr-defined] # re-exported from zlib
    keys = _Keys(password)
    head = bytes(11) + bytes([sum_ >> 24])
    body = bytes(keys.encrypt(byte) for byte in head + content)
    raw = name.encode()
    fields = (20, 1, 0, 0, 0x21, sum_, len(body), len(content), len(raw), 0)
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", *fields) + raw + body
    central = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, *fields, 0, 0, 0, 0, 0) + raw
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(central), len(local), 0)
    return local + central + end


class _Keys:
    def __init__(self, password: bytes) -> None:
        self.keys = [0x12345678, 0x23456789, 0x34567890]
        for byte in password:
            self._update(byte)

    def encrypt(self, byte: int) -> int:
        mixed = (self.keys[2] | 2) & 0xFFFF
        stream = ((mixed * (mixed ^ 1)) >> 8) & 0xFF
        self._update(byte)
        return byte ^ stream

    def _update(self, byte: int) -> None:
        one, two, three = self.keys
        one = _crc(byte, one)
        two = ((two + (one & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        self.keys = [one, two, _crc(two >> 24, three)]


def _crc(byte: int, sum_: int) -> int:
    value = (sum_ ^ byte) & 0xFF
    for _ in range(8):
        value = (value >> 1) ^ (0xEDB88320 if value & 1 else 0)
    return (sum_ >> 8) ^ value
