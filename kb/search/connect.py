"""From an address of a search engine to the engine."""

from pathlib import Path

from kb.search.engine import SearchEngine, SearchUnavailable
from kb.search.memory_engine import MemoryEngine
from kb.search.whoosh_engine import WhooshEngine

LOCK_SECONDS = 10.0
"""How long a command waits for another that writes."""
INDEX_FOLDER = "index"
"""Where the index lies in the data folder, unless the address says otherwise."""


def connect(
    search_url: str,
    fingerprint: str,
    *,
    data_dir: Path,
    create: bool = False,
    lock_seconds: float = LOCK_SECONDS,
) -> SearchEngine:
    """The engine at `search_url`.

    ``whoosh:`` is the folder ``index`` in `data_dir`, ``whoosh:/some/folder`` another one, and
    ``memory:`` is forgotten at the end of the process. With `create` an empty index is made
    where there is none; without, a missing one is told by the first use. A writer waits
    `lock_seconds` for another.

    Raises:
        SearchUnavailable: there is no such engine, or its index cannot be made.
    """
    scheme, _, rest = search_url.partition(":")
    match scheme:
        case "whoosh":
            return _whoosh(_folder(rest, data_dir), fingerprint, create, lock_seconds)
        case "memory":
            return MemoryEngine(fingerprint)
        case "opensearch+http" | "opensearch+https":
            raise SearchUnavailable(
                "OpenSearchを使う機能は、この版には入っていません。"
                "SEARCH_URLを「whoosh:」にしてください。"
            )
    raise SearchUnavailable(
        f"SEARCH_URL「{search_url}」の形が分かりません。"
        "「whoosh:」または「whoosh:/フォルダー」と書いてください。"
    )


def _folder(rest: str, data_dir: Path) -> Path:
    return Path(rest) if rest else data_dir / INDEX_FOLDER


def _whoosh(folder: Path, fingerprint: str, create: bool, lock_seconds: float) -> SearchEngine:
    if create:
        return WhooshEngine.create(folder, fingerprint, lock_seconds=lock_seconds)
    return WhooshEngine(folder, fingerprint, lock_seconds=lock_seconds)
