"""Settings: read from the environment once, at the two tops, and handed down.

Nothing here opens a file or a connection, except :func:`secret_key`, which the web's
top calls when it starts.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


class BadSetting(ValueError):
    """A setting has a value that cannot be used; the message names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an installation can choose; docs/settings.md tells each."""

    data_dir: Path
    database_url: str
    search_url: str
    originals_url: str
    secret_key: str | None
    host: str
    port: int
    max_upload_mb: int
    extract_seconds: int
    extract_memory_mb: int
    public_url: str | None
    ocr: str
    image_cache_mb: int
    """How much of the disk drawn pages may take."""
    audience: str
    """Who everybody is taken for: anonymous, or staff inside an office's own network."""
    anonymous: bool
    """Whether one may read without having signed in."""
    two_person: bool
    """Whether whoever settled a document last may not be the one who publishes it."""
    inbox: Path | None
    """A folder that is watched for files to take in; None: there is none."""
    query_log: bool
    """Whether it is counted what is asked."""
    query_log_days: int
    """How long the counts are kept."""
    trusted_proxies: int
    """How many proxies stand before the web and tell whose request they hand on."""

    @property
    def originals_dir(self) -> Path:
        """Where originals are kept.

        Raises:
            BadSetting: ORIGINALS_URL names a store this version cannot use.
        """
        scheme, _, path = self.originals_url.partition(":")
        if scheme != "file":
            raise BadSetting("ORIGINALS_URL: この版で使えるのは file: だけです。")
        return Path(path) if path else self.data_dir / "originals"


NAMES = (
    "KB_DATA_DIR",
    "DATABASE_URL",
    "SEARCH_URL",
    "ORIGINALS_URL",
    "SECRET_KEY",
    "KB_HOST",
    "KB_PORT",
    "KB_MAX_UPLOAD_MB",
    "KB_EXTRACT_SECONDS",
    "KB_EXTRACT_MEMORY_MB",
    "KB_PUBLIC_URL",
    "KB_OCR",
    "KB_IMAGE_CACHE_MB",
    "KB_AUDIENCE",
    "KB_ANONYMOUS",
    "KB_TWO_PERSON",
    "KB_INBOX",
    "KB_QUERY_LOG",
    "KB_QUERY_LOG_DAYS",
    "KB_TRUSTED_PROXIES",
)
"""Every environment variable that is read."""


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from `environment` (the process's own by default).

    Raises:
        BadSetting: a value cannot be used.
    """
    given = {k: v for k, v in (os.environ if environment is None else environment).items() if v}
    data_dir = Path(given.get("KB_DATA_DIR", "var")).absolute()
    return Settings(
        data_dir=data_dir,
        database_url=given.get("DATABASE_URL", f"sqlite:///{data_dir / 'catalogue.sqlite'}"),
        search_url=given.get("SEARCH_URL", "whoosh:"),
        originals_url=given.get("ORIGINALS_URL", "file:"),
        secret_key=given.get("SECRET_KEY"),
        host=given.get("KB_HOST", "127.0.0.1"),
        port=_number(given, "KB_PORT", 8000, 0, 65535),
        max_upload_mb=_number(given, "KB_MAX_UPLOAD_MB", 200, 1, 100_000),
        extract_seconds=_number(given, "KB_EXTRACT_SECONDS", 120, 1, 86_400),
        extract_memory_mb=_number(given, "KB_EXTRACT_MEMORY_MB", 1024, 128, 1_000_000),
        public_url=given.get("KB_PUBLIC_URL", "").rstrip("/") or None,
        ocr=_choice(given, "KB_OCR", "auto", ("auto", "off")),
        image_cache_mb=_number(given, "KB_IMAGE_CACHE_MB", 512, 0, 10_000_000),
        audience=_choice(given, "KB_AUDIENCE", "anonymous", ("anonymous", "staff")),
        anonymous=_choice(given, "KB_ANONYMOUS", "on", ("on", "off")) == "on",
        two_person=_choice(given, "KB_TWO_PERSON", "off", ("on", "off")) == "on",
        inbox=_folder(given, "KB_INBOX"),
        query_log=_choice(given, "KB_QUERY_LOG", "on", ("on", "off")) == "on",
        query_log_days=_number(given, "KB_QUERY_LOG_DAYS", 400, 1, 36_500),
        trusted_proxies=_number(given, "KB_TRUSTED_PROXIES", 0, 0, 9),
    )


def secret_key(settings: Settings) -> str:
    """The key that signs sessions: the one given, or one made and kept in the data folder."""
    if settings.secret_key:
        return settings.secret_key
    path = settings.data_dir / "secret-key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        key = secrets.token_hex(32)
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    return key


def _folder(given: Mapping[str, str], name: str) -> Path | None:
    return Path(given[name]).absolute() if name in given else None


def _number(given: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = given.get(name, str(default))
    if not text.isdecimal() or not least <= int(text) <= most:
        raise BadSetting(f"{name}: {least}から{most}までの整数にしてください(今の値: {text})。")
    return int(text)


def _choice(given: Mapping[str, str], name: str, default: str, allowed: tuple[str, ...]) -> str:
    text = given.get(name, default)
    if text not in allowed:
        raise BadSetting(f"{name}: {'、'.join(allowed)} のどれかにしてください(今の値: {text})。")
    return text
