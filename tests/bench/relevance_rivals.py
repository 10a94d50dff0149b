"""The engines whose answers are compared: ours, and what one would reach for otherwise."""

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from indexer.records import RecordMaker
from kb.catalogue.indexable import IndexableDocument, IndexablePage, IndexableSubject
from kb.domain.rights import Rights, Terms
from kb.japanese.fold import fold_text
from kb.japanese.tokenise import Analyser, bigrams
from kb.search.query import Asked
from kb.search.service import SearchService, open_service
from tests.bench.relevance_sets import Text
from tests.conftest import installation_in

TOP = 10


class Rival(Protocol):
    """Something that finds texts."""

    name: str

    def build(self, texts: Sequence[Text]) -> None:
        """Index the texts."""
        ...

    def ask(self, question: str) -> Sequence[str]:
        """The identifiers of the best ten, best first."""
        ...


def rivals(folder: Path) -> list[Rival]:
    """Those that can run here; ours first."""
    made: list[Rival] = [Ours(folder / "ours"), Trigrams(), Bigrams()]
    if find_spec("tantivy"):
        made.append(Tantivy())
    return made


class _Given:
    """Texts in the place of a catalogue: each a document of one page that belongs to no case."""

    def __init__(self, texts: Sequence[Text]) -> None:
        self._texts = {text.id: text for text in texts}

    def subjects(self) -> Iterator[IndexableSubject]:
        yield from (_subject(text) for text in self._texts.values())

    def pages(
        self, document_id: str, fingerprint: str, within: tuple[int, int] | None = None
    ) -> Mapping[int, IndexablePage]:
        return {1: IndexablePage(self._texts[document_id].text, None)}


def _subject(text: Text) -> IndexableSubject:
    titles = (text.title,) if text.title else ()
    document = IndexableDocument(
        id=text.id, rights=Rights(Terms.OPEN), kind="other", presented_in=None, titles=titles,
        note="", municipality_codes=(), event_id=None, pages=((1, text.id),), called=titles,
    )  # fmt: skip
    return IndexableSubject(
        subject=f"document:{text.id}", titles=(), texts=(), municipality_codes=(), prefectures=(),
        implemented_in=None, presented_in=None, themes=(), functions=(), event_id=None,
        specimen=False, documents=(document,),
    )  # fmt: skip


class Ours:
    """The records, the reading of questions and the embedded engine, as they are used."""

    name = "ours"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._service: SearchService | None = None

    def build(self, texts: Sequence[Text]) -> None:
        installation = installation_in(self._folder)
        installation.prepare()
        maker = RecordMaker(_Given(texts), Analyser())
        installation.engine.rebuild((draft.make() for draft in maker.drafts()), 1)
        self._service = open_service(installation.database, "whoosh:", data_dir=self._folder)

    def ask(self, question: str) -> Sequence[str]:
        if self._service is None:
            raise RuntimeError("build comes before ask")
        found = self._service.ranked(Asked(question, page_size=TOP))
        return [subject.partition(":")[2] for subject in found]


class Trigrams:
    """SQLite FTS5 with its trigram tokeniser, any of the question's trigrams."""

    name = "fts5 trigram"
    _tokenizer = "trigram"

    def __init__(self) -> None:
        self._db = sqlite3.connect(":memory:")

    def build(self, texts: Sequence[Text]) -> None:
        self._db.execute(
            "CREATE VIRTUAL TABLE texts USING fts5"
            f"(id UNINDEXED, title, text, tokenize='{self._tokenizer}')"
        )
        self._db.executemany(
            "INSERT INTO texts VALUES (?, ?, ?)",
            ((text.id, self._prepared(text.title), self._prepared(text.text)) for text in texts),
        )

    def ask(self, question: str) -> Sequence[str]:
        tokens = dict.fromkeys(self._tokens(question))
        if not tokens:
            return []
        match = " OR ".join('"{}"'.format(token.replace('"', '""')) for token in tokens)
        wanted = f"SELECT id FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT {TOP}"
        return [id_ for (id_,) in self._db.execute(wanted, (match,))]

    def _prepared(self, text: str) -> str:
        return text

    def _tokens(self, question: str) -> Sequence[str]:
        plain = re.sub(r"\s+", " ", question)
        return [plain[at : at + 3] for at in range(len(plain) - 2)]


class Bigrams(Trigrams):
    """Pairs of characters, folded as ours are, under FTS5's BM25."""

    name = "char bigram"
    _tokenizer = "unicode61"

    def _prepared(self, text: str) -> str:
        return " ".join(self._tokens(text))

    def _tokens(self, question: str) -> Sequence[str]:
        # Spelt in hexadecimal: the tokeniser would cut and fold the characters themselves.
        return ["x" + pair.encode().hex() for pair in bigrams(fold_text(question))]


class Tantivy:
    """tantivy with its default tokeniser and query parser, by its Python binding."""

    name = "tantivy"

    def __init__(self) -> None:
        import tantivy  # type: ignore[import-not-found, unused-ignore] # not one of our packages

        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw")
        for name in ("title", "text"):
            builder.add_text_field(name)
        self._tantivy: Any = tantivy
        self._index: Any = tantivy.Index(builder.build())

    def build(self, texts: Sequence[Text]) -> None:
        writer = self._index.writer(256_000_000, 1)
        for text in texts:
            writer.add_document(
                self._tantivy.Document(id=text.id, title=text.title, text=text.text)
            )
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher: Any = self._index.searcher()

    def ask(self, question: str) -> Sequence[str]:
        # What the parser takes for syntax is no part of a question.
        plain = re.sub(r"[^\w]+", " ", question).strip()
        if not plain:
            return []
        query, _ = self._index.parse_query_lenient(plain, ["title", "text"])
        found = self._searcher.search(query, TOP, count=False).hits
        return [self._searcher.doc(address)["id"][0] for _, address in found]
