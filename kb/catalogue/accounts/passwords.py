"""Passwords: how they are kept and compared, made, and refused; the one room of argon2.

What is kept is Argon2id (RFC 9106). A password is taken in its NFKC form, so that one typed
in full-width letters is the same one.
"""

import secrets
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST = 12
"""Characters; length protects, kinds of characters do not (NIST SP 800-63B)."""

MOST = 200

LEAST_BESIDE_NAME = 6
"""What must be left of a password without its holder's names."""

LEAST_DIFFERENT = 4
"""Different characters in it."""

_COMMON = """
123456789012 1234567890123 12345678901234 1234567890123456 012345678901 0123456789012
098765432109 121212121212 123123123123 123412341234 112233445566 1q2w3e4r5t6y 1qaz2wsx3edc
q1w2e3r4t5y6 qwertyuiop12 qwertyuiop123 qwertyuiop1234 qwertyuiopasdf qwertyuiop[]
asdfghjkl123 asdfghjklzxcvbnm zxcvbnm12345 abcdefghijkl abcdefghijklm abcdef123456 abcd12345678
abc123456789 password1234 password12345 password123456 passwordpassword password2024
password2025 password2026 passw0rd1234 p@ssw0rd1234 p@ssword1234 administrator
administrator1 adminadmin12 adminadminadmin admin1234567 admin12345678 welcome12345
welcome123456 letmein12345 changeme1234 changemechangeme iloveyou1234 iloveyouiloveyou
sunshine1234 football1234 baseball1234 princess1234 superman1234 trustno11234
correcthorsebatterystaple aiueoaiueoaiueo kaizenkaizen kaizen123456 jichitai1234
jichitaikaizen shiyakusho123 yakusho12345 sakurasakura sakura123456 nippon123456 japan1234567
"""

COMMON = frozenset(_COMMON.split())
"""What is tried first, as far as it is long enough; lower case."""

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without what is easily read as something else: i, l, o, 0 and 1."""


class BadPassword(ValueError):
    """A password that may not be chosen; the message is for whoever chose it."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one comparison costs."""

    rounds: int = 3
    memory_kib: int = 32 * 1024
    lanes: int = 1


class Passwords:
    """Keeps and compares passwords at one cost (about 80 ms and 32 MiB each time)."""

    def __init__(self, cost: Cost | None = None) -> None:
        chosen = cost or Cost()
        self._hasher = PasswordHasher(chosen.rounds, chosen.memory_kib, chosen.lanes)

    @cached_property
    def of_nobody(self) -> str:
        """What a password is compared with where there is no account: no password fits."""
        return self._hasher.hash(secrets.token_hex(16))

    def kept(self, password: str) -> str:
        """What the catalogue keeps of a password."""
        return self._hasher.hash(_folded(password))

    def fits(self, kept: str | None, password: str) -> bool:
        """Whether it is the password; `None` (no account) costs as much and never fits."""
        nobody = self.of_nobody
        try:
            return self._hasher.verify(kept or nobody, _folded(password)) and kept is not None
        except (VerificationError, InvalidHashError):
            return False

    def outdated(self, kept: str) -> bool:
        """Whether it was kept at another cost than today's."""
        return self._hasher.check_needs_rehash(kept)


def one_time() -> str:
    """A password to be told once and replaced: 79 bits, easily read out."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


def refuse_weak(password: str, *names: str) -> None:
    """Refuse what is guessed first; `names` are its holder's.

    Raises:
        BadPassword: with what to do.
    """
    folded = _folded(password).casefold()
    if len(folded) < LEAST:
        raise BadPassword(f"パスワードは{LEAST}文字以上にしてください(いまは{len(folded)}文字)。")
    if len(folded) > MOST:
        raise BadPassword(f"パスワードは{MOST}文字までにしてください。")
    if folded in COMMON or len(set(folded)) < LEAST_DIFFERENT:
        raise BadPassword(
            "このパスワードは多くの人に使われていて、推測されます。"
            "関係のないことばをいくつか並べるなど、別のものにしてください。"
        )
    left = folded
    for name in names:
        left = left.replace(_folded(name).casefold(), "")
    if len(left) < LEAST_BESIDE_NAME:
        raise BadPassword(
            "ご自分の名前をもとにしたパスワードは推測されます。別のものにしてください。"
        )


def refuse_same(old: str, new: str) -> None:
    """Refuse a new password that is the old one.

    Raises:
        BadPassword: with what to do.
    """
    if _folded(old) == _folded(new):
        raise BadPassword("いまのパスワードと同じです。別のものにしてください。")


def _folded(password: str) -> str:
    return unicodedata.normalize("NFKC", password)
