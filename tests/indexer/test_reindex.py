"""The index follows the catalogue: by difference, and anew with the same answers."""

import shutil
from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import update

from indexer import checking
from indexer.installation import Installation
from indexer.records import RecordMaker
from kb.catalogue import models as m
from kb.catalogue.entries import Authorship, DocumentEntry, HeldFile, PageEntry
from kb.catalogue.indexable import IndexableReader
from kb.catalogue.views import PageLayout, TextBlock, TokenSpans
from kb.catalogue.writing import writing
from kb.domain.classification import DocumentKind
from kb.domain.rights import Audience, Rights, Terms
from kb.search.query import Asked, Stream
from kb.search.service import open_service

DOCUMENT = DocumentEntry(
    "doc-1", "窓口の待ち時間", DocumentKind.REPORT, Rights(Terms.OPEN), note="短くした記録。"
)


def record(installation: Installation, entry: DocumentEntry) -> None:
    with writing(installation.database, Authorship("test")) as writer:
        writer.record_document(entry)


def found(installation: Installation, typed: str, audience: Audience = Audience.ANONYMOUS) -> int:
    service = open_service(
        installation.database, installation.search_url, data_dir=installation.data_dir
    )
    return service.search(Asked(typed, audience=audience)).total


def test_a_sync_puts_what_is_new_and_only_that(installation: Installation) -> None:
    record(installation, DOCUMENT)
    assert installation.reindexer.behind()
    assert installation.reindexer.sync().put > 0
    assert found(installation, "待ち時間") == 1
    again = installation.reindexer.sync()
    assert (again.put, again.removed) == (0, 0)
    assert not installation.reindexer.behind()


def test_a_takedown_empties_the_index(installation: Installation) -> None:
    record(installation, DOCUMENT)
    installation.reindexer.sync()
    with writing(installation.database, Authorship("test")) as writer:
        writer.withdraw("doc-1")
    assert installation.reindexer.sync().removed > 0
    assert found(installation, "待ち時間") == 0


def test_an_internal_document_is_found_inside_only(installation: Installation) -> None:
    entry = DocumentEntry("doc-2", "庁内の手引き", DocumentKind.OTHER, Rights(Terms.INTERNAL))
    record(installation, entry)
    installation.reindexer.sync()
    assert found(installation, "手引き") == 0
    assert found(installation, "手引き", Audience.STAFF) == 1


def test_a_lost_index_is_made_again(installation: Installation) -> None:
    record(installation, DOCUMENT)
    installation.reindexer.sync()
    held = dict(installation.engine.holdings())
    installation.close()
    shutil.rmtree(installation.data_dir / "index")
    installation.prepare()
    installation.reindexer.rebuild()
    assert dict(installation.engine.holdings()) == held


def test_check_tells_what_does_not_agree_and_repairs_it(installation: Installation) -> None:
    record(installation, DOCUMENT)
    assert "kb sync" in checking.check(installation).problems[0]
    repaired = checking.check(installation, repair=True)
    assert repaired.problems == ()
    assert repaired.repaired
    assert checking.check(installation).problems == ()


HEADER = "第5回 改善発表会 資料"
BODY = "窓口の待ち時間を\n短くした記録です。"
TEXT = f"{HEADER}\n{BODY}\n- 12 -"
RUNNING = tuple(
    TextBlock("running", ((TEXT.index(part), TEXT.index(part) + len(part)),))
    for part in (HEADER, "- 12 -")
)


def hold(installation: Installation, short: TokenSpans) -> None:
    """A document of one page with a header and a page number."""
    words = installation.analyser.analyse(TEXT).word_spans
    page = PageEntry(
        number=1, text=TEXT, title=None, width=0, height=0, needs_ocr=False, fault=None,
        words=TokenSpans(words.terms, words.starts, words.ends),
        short=short,
        layout=PageLayout(blocks=RUNNING),
    )  # fmt: skip
    held = HeldFile(
        sha256="0" * 64, size=1, media_type="application/pdf", file_name="a.pdf",
        outcome="indexed", outcome_detail=None, extractor="test", declared_pages=1,
        file_title=None, pages=(page,), fingerprint=installation.analyser.fingerprint,
    )  # fmt: skip
    with writing(installation.database, Authorship("test")) as writer:
        writer.record_document(replace(DOCUMENT, title="記録", note=None))
        writer.attach_file("doc-1", held)


def streams(installation: Installation) -> dict[str, Mapping[Stream, tuple[str, ...]]]:
    """What the index would hold of each record, by the start of its key."""
    maker = RecordMaker(IndexableReader(installation.database), installation.analyser)
    return {draft.key.partition("@")[0]: draft.make().streams for draft in maker.drafts()}


def test_headers_are_found_in_the_case_and_not_on_the_page(installation: Installation) -> None:
    short = installation.analyser.analyse(TEXT).short_spans
    hold(installation, TokenSpans(short.terms, short.starts, short.ends))
    made = streams(installation)
    page, whole = made["page:doc-1:1"], made["document:doc-1"]
    alone = installation.analyser.analyse(BODY)
    assert page[Stream.WORDS] == alone.word_spans.terms
    assert page[Stream.SHORT] == alone.short_spans.terms
    assert page[Stream.BIGRAMS] == alone.bigrams
    everything = installation.analyser.analyse(TEXT)
    assert whole[Stream.WORDS][-len(everything.words) :] == everything.word_spans.terms
    assert whole[Stream.BIGRAMS][-len(everything.bigrams) :] == everything.bigrams


def test_tokens_of_another_analyser_are_made_again(installation: Installation) -> None:
    hold(installation, TokenSpans((), (), ()))
    before = streams(installation)["page:doc-1:1"]
    with installation.database.writing() as session:
        session.execute(update(m.PageTokensRow).values(fingerprint="another"))
    after = streams(installation)["page:doc-1:1"]
    assert before[Stream.WORDS] == after[Stream.WORDS]
    assert before.get(Stream.SHORT) == ()
    assert after[Stream.SHORT] == installation.analyser.analyse(BODY).short_spans.terms
