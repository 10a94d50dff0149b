"""Where the exceptions of Whoosh and of the disk end, as named ones of ours."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from kb.search.engine import BadQuery, IndexDamaged, SearchUnavailable
from kb.search.whoosh_engine.manifest import REPAIR

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Retry(Exception):
    """A commit came between two looks at the disk; look again."""


@contextmanager
def reading() -> Iterator[None]:
    """Turn what damaged files make Whoosh raise into :class:`IndexDamaged`.

    A torn file raises whatever its bytes happen to provoke (pickle, zlib, struct, key and
    value errors were all seen), so every exception that is not ours counts as damage. A file
    that is not found passes: a commit may just have replaced it.
    """
    try:
        yield
    except (SearchUnavailable, BadQuery, Retry, FileNotFoundError):
        raise
    except MemoryError as error:  # also what a torn pickle asks for
        raise SearchUnavailable(
            "索引を読むためのメモリーが足りません。"
            "くり返すときは「kb check」で索引を調べてください。"
        ) from error
    except PermissionError as error:
        raise SearchUnavailable(_refused(error)) from error
    except Exception as error:
        raise IndexDamaged(f"索引を読めません({type(error).__name__})。{REPAIR}") from error


@contextmanager
def writing() -> Iterator[None]:
    """Turn what a full or failing disk raises into :class:`SearchUnavailable`."""
    try:
        yield
    except PermissionError as error:
        raise SearchUnavailable(_refused(error)) from error
    except OSError as error:
        if error.errno in _FULL:
            why = "ディスクの空きが足りないため、索引を書けませんでした。空きを増やしてください。"
        else:
            why = f"索引を書けませんでした({error.strerror or error})。"
        raise SearchUnavailable(f"{why}索引は書く前のままです。") from error


def _refused(error: PermissionError) -> str:
    return (
        f"索引のフォルダーを使う権限がありません({error.filename})。"
        "サーバーと同じ利用者で実行してください。"
    )
