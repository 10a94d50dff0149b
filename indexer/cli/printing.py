"""What commands print: progress on a terminal, JSON lines for programs, sentences for people."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import click

from indexer.extracted import Outcome
from indexer.ingest import Ingested
from indexer.likeness import Likeness
from indexer.pace import Pace
from indexer.reindex import Progress, SyncReport
from kb.catalogue.likeness import LikenessView
from kb.catalogue.pages.quality import PageQuality
from kb.catalogue.views import Holdings
from kb.domain.classification import DocumentKind, LikenessDecision
from kb.domain.rights import Rights
from kb.domain.settled import Basis, Field
from kb.search.query import DocumentHit, Passage, ResultPage, SearchHit

_SUGGESTIONS = {
    "did_you_mean": "もしかして",
    "choose_place": "ほかの同じ名前",
    "choose_year": "年度の別の読み方",
    "drop_word": "外してみる",
}


def as_json(value: Any) -> None:
    """One line of JSON, sent at once."""
    click.echo(json.dumps(value, ensure_ascii=False))
    sys.stdout.flush()


def with_progress(
    results: Iterable[Ingested], sizes: Sequence[int], *, show: bool
) -> Iterator[Ingested]:
    """The results as they come, with a line on the terminal that tells how far they are.

    `sizes` are those of the files, in bytes and in the order of the results.
    """
    if not (show and sys.stderr.isatty()):
        yield from results
        return
    pace = Pace(len(sizes), sum(sizes))
    for result, size in zip(results, sizes, strict=True):
        pace.add(size, result.pages)
        click.echo("\r\033[K", nl=False, err=True)
        yield result
        click.echo(f"\r\033[K{pace}", nl=False, err=True)
    click.echo("\r\033[K", nl=False, err=True)


@contextmanager
def record_bar(label: str) -> Iterator[Progress]:
    """A counter of index records on the terminal."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    made = 0

    def progress(count: int) -> None:
        nonlocal made
        made += count
        if made % 50 == 0:
            click.echo(f"\r{label} {made:,}件", nl=False, err=True)

    yield progress
    click.echo("\r\033[K", nl=False, err=True)


def ingested(result: Ingested) -> None:
    """One line for a person."""
    detail = f" {result.detail}" if result.detail else ""
    click.echo(f"{result.outcome.label:　<8} {result.file} ({result.pages}ページ){detail}")
    for other in result.alike:
        near = f"{other.document_id}(近さ{other.similarity:.0%})"
        click.echo(f"　　　　　　　　 {other.likeness.label}: {near}")


def ingest_summary(results: Iterable[Ingested], report: SyncReport | None) -> None:
    """What a batch came to."""
    tally: dict[Outcome, int] = {}
    for result in results:
        tally[result.outcome] = tally.get(result.outcome, 0) + 1
    counts = "、".join(f"{outcome.label} {count}" for outcome, count in tally.items())
    click.echo(f"{sum(tally.values())}ファイル: {counts or 'なし'}", err=True)
    if report is not None:
        synced(report)


def synced(report: SyncReport) -> None:
    """What a sync or a rebuild did."""
    click.echo(
        f"索引: 追加・変更 {report.put:,}件、削除 {report.removed:,}件、"
        f"変更なし {report.unchanged:,}件",
        err=True,
    )


def results(page: ResultPage) -> None:
    """Search results for a terminal."""
    for chip in page.understood:
        searched = f" → {'、'.join(chip.searched)}" if chip.searched else ""
        click.echo(f"[{chip.typed}{searched}] {chip.label}")
    for notice in page.notices:
        click.echo(notice)
    for entity in page.entities:
        click.echo(f"◆ {entity.label}({entity.why})" if entity.why else f"◆ {entity.label}")
    click.echo(f"{page.total}件")
    for number, hit in enumerate(page.results, 1 + (page.page - 1) * page.page_size):
        _hit(number, hit)
    for suggestion in page.suggestions:
        click.echo(f"{_SUGGESTIONS[suggestion.kind]}: {suggestion.label}")


def _hit(number: int, hit: SearchHit) -> None:
    if hit.case is not None:
        places = " ".join(f"{m.prefecture}{m.name}" for m in hit.case.municipalities)
        named = (("実践", hit.case.implemented_in), ("発表", hit.case.presented_in))
        year = " ".join(f"{axis}{year}年度" for axis, year in named if year)
        mark = "【見本】" if hit.case.specimen else ""
        click.echo(f"\n{number}. {mark}{hit.case.title}\n   {places} {year} /cases/{hit.case.id}")
    else:
        _lone(number, hit.documents[0])
    for document in hit.documents:
        for quote in document.passages:
            kind = DocumentKind(document.kind).label
            where = f" {quote.page}ページ目" if quote.page else ""
            click.echo(f"   {document.title}({kind}){where}: {_marked(quote)}")
        if document.passages or hit.case is None:
            click.echo(f"   　{_rights(document.rights)}")


def _lone(number: int, document: DocumentHit) -> None:
    """A document that is a result by itself: whose it is, of which years, on whose word."""
    bodies = document.municipalities
    names = (m.name if m.name == m.prefecture else f"{m.prefecture}{m.name}" for m in bodies)
    places = " ".join(names)
    told = [places + _basis(document, Field.MUNICIPALITY)] if places else []
    for name, label in ((Field.IMPLEMENTED_IN, "実践"), (Field.PRESENTED_IN, "発表")):
        if year := document.year(name):
            told.append(f"{label}{year}年度{_basis(document, name)}")
    about = " ".join((*told, f"/documents/{document.id}"))
    click.echo(f"\n{number}. {document.title}{_basis(document, Field.TITLE)}\n   {about}")


def _basis(document: DocumentHit, name: Field) -> str:
    standing = document.settled.get(name)
    proposed = standing is not None and standing.basis is Basis.PROPOSED
    return f"({Basis.PROPOSED.label})" if proposed else ""


def _rights(rights: Rights) -> str:
    """What stands beside every hit: the short form, the author's own words, who allowed more."""
    statement = f" 資料の原文:「{rights.statement}」" if rights.statement else ""
    permission = f" 許諾: {rights.permission.label}" if rights.permission else ""
    return f"利用条件: {rights.effective.label}{statement}{permission}"


def _marked(quote: Passage) -> str:
    text, position = "", 0
    for start, end in quote.marks:
        text += quote.text[position:start] + click.style(quote.text[start:end], bold=True)
        position = end
    return text + quote.text[position:]


def holdings_json(holdings: Holdings) -> dict[str, Any]:
    """What is held, for a program."""
    return {**asdict(holdings), "outcomes": dict(holdings.outcomes)}


def status(holdings: Holdings, lines: Iterable[tuple[str, str]]) -> None:
    """What is held, for a person."""
    outcomes = "、".join(
        f"{Outcome(name).label} {count}" for name, count in sorted(holdings.outcomes.items())
    )
    rows = [
        ("事例", f"{holdings.cases:,}件(ほかに見本 {holdings.specimen_cases:,}件)"),
        ("資料", f"保有 {holdings.documents_held:,}点、所在のみ {holdings.documents_located:,}点"),
        ("ページ", f"{holdings.pages:,}ページ"),
        (
            "文字認識",
            f"認識済み {holdings.pages_recognised:,}、待ち {holdings.pages_awaiting_ocr:,}ページ",
        ),
        ("似た資料", f"確認待ち {holdings.alike_undecided:,}組"),
        ("読み取りの結果", outcomes or "なし"),
        ("催し", f"{holdings.events:,}件"),
        ("自治体表", f"{holdings.municipalities:,}団体"),
        *lines,
    ]
    for label, value in rows:
        click.echo(f"{label}: {value}")


def worst_pages(pages: Iterable[PageQuality]) -> None:
    """The pages whose text can be trusted least."""
    for page in pages:
        click.echo(
            f"{page.quality:4.0%} {page.document_id} {page.number}ページ目 {page.reason}"
            f" [{page.reader}] {page.document_title}"
        )


def alike(pairs: Iterable[LikenessView]) -> None:
    """Documents that are alike, with what was decided."""
    for pair in pairs:
        decided = LikenessDecision(pair.decision).label if pair.decision else "未確認"
        click.echo(
            f"{pair.similarity:4.0%} {Likeness(pair.kind).label} [{decided}]\n"
            f"     {pair.document_id} {pair.document_title}\n"
            f"     {pair.other_id} {pair.other_title}"
        )
