"""Whether catalogue, originals and index agree, and how to bring them back together."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from indexer.extracted import Outcome
from indexer.installation import Installation
from kb.catalogue.holdings import HeldOriginal, HoldingsReader
from kb.catalogue.originals import digest
from kb.search.engine import SearchUnavailable


@dataclass(frozen=True, slots=True)
class Disagreements:
    """What does not agree; sentences for the operator."""

    problems: tuple[str, ...] = ()
    leftovers: tuple[str, ...] = ()
    """Remains of interrupted work: harmless, and removed by a repair."""
    repaired: tuple[str, ...] = field(default=())


def check(installation: Installation, *, repair: bool = False) -> Disagreements:
    """Compare catalogue, originals and index; with `repair`, mend what can be mended."""
    originals = tuple(_originals(installation))
    leftovers = tuple(_leftovers(installation))
    index = tuple(_index(installation))
    if not repair:
        return Disagreements((*originals, *index), leftovers)
    repaired = [*_remove_leftovers(installation)]
    if index:
        installation.reindexer.rebuild()
        repaired.append("索引を作り直しました。")
    return Disagreements((*originals, *_index(installation)), (), tuple(repaired))


def _originals(installation: Installation) -> Iterator[str]:
    for held in HoldingsReader(installation.database).originals():
        path = installation.originals.path(held.sha256)
        if not path.is_file():
            yield f"{held.document_id}: 原本がありません({held.sha256[:12]})。"
        elif path.stat().st_size != held.size or digest(path) != held.sha256:
            yield f"{held.document_id}: 原本の中身が登録時と違います({held.sha256[:12]})。"
        elif problem := _pages(held):
            yield problem


def _pages(held: HeldOriginal) -> str | None:
    read = held.outcome in (Outcome.INDEXED, Outcome.INDEXED_PARTLY)
    if read and not held.pages:
        return f"{held.document_id}: 読めたはずのページが目録にありません。"
    return None


def _known(installation: Installation) -> set[str]:
    return {held.sha256 for held in HoldingsReader(installation.database).originals()}


def _leftovers(installation: Installation) -> Iterator[str]:
    known = _known(installation)
    for sha256 in installation.originals.kept():
        if sha256 not in known:
            yield f"登録の途中で残った原本があります({sha256[:12]})。"
    for path in installation.originals.unfinished():
        yield f"保存の途中で残ったファイルがあります({path.name})。"


def _remove_leftovers(installation: Installation) -> Iterator[str]:
    known = _known(installation)
    for sha256 in installation.originals.kept():
        if sha256 not in known:
            installation.originals.remove(sha256)
            yield f"登録されていない原本を片付けました({sha256[:12]})。"
    for path in installation.originals.unfinished():
        path.unlink(missing_ok=True)
        yield f"保存途中のファイルを片付けました({path.name})。"


def _index(installation: Installation) -> Iterator[str]:
    try:
        state = installation.engine.state()
        if state.fingerprint != installation.fingerprint:
            yield "索引が別の版で作られています。kb rebuild を実行してください。"
            return
        yield from installation.engine.verify()
        stale, extra = installation.reindexer.differences()
    except SearchUnavailable as reason:
        yield str(reason)
        return
    if stale:
        yield f"索引にないか古い記録が{len(stale)}件あります。kb sync を実行してください。"
    if extra:
        yield f"目録にない記録が索引に{len(extra)}件あります。kb sync を実行してください。"
