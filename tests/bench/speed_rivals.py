"""The engines that are timed: ours, SQLite FTS5 and, where installed, tantivy."""

import sqlite3
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from kb.search.engine import IndexRecord
from kb.search.query import Clause, EngineQuery, Facet, Match, Probe, Stream, Variant
from kb.search.whoosh_engine import WhooshEngine
from tests.bench.generated import SIZES, Question

TOP = 10
SHAPES = ("or", "or_facet", "or_facets", "and", "phrase", "filtered")
"""Any of several words; the same with the counts of one facet, and of all; two words; a phrase; any
of the words within one prefecture."""
ONE_FACET = (Facet.PREFECTURE,)
COUNTED = {"or_facet": ONE_FACET, "or_facets": tuple(SIZES)}


class Rival(Protocol):
    """Something that indexes the same tokens and answers the same five shapes of question."""

    name: str
    most: int
    """Questions of a shape that are put to it at most."""

    def build(self, records: Sequence[IndexRecord]) -> None:
        """Index everything, durably."""
        ...

    def fresh(self) -> None:
        """Open the index anew, with nothing decoded or cached in the process."""
        ...

    def ask(self, shape: str, question: Question) -> int:
        """Answer; returns how many records were found (of the best ten, where it counts none)."""
        ...


def rivals(folder: Path) -> list[Rival]:
    """Those that can run here."""
    made: list[Rival] = [Ours(folder / "ours"), Fts5(folder / "fts5")]
    if find_spec("tantivy"):
        made.append(Tantivy(folder / "tantivy"))
    return made


class Ours:
    """The embedded engine; counts clauses and hits as it always does."""

    name = "ours"
    most = 1_000

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._engine = WhooshEngine.create(folder, "bench")

    def build(self, records: Sequence[IndexRecord]) -> None:
        self._engine.rebuild(records, 1)

    def fresh(self) -> None:
        self._engine.close()
        self._engine = WhooshEngine(self._folder, "bench")
        self._engine.search(EngineQuery(limit=1))

    def ask(self, shape: str, question: Question) -> int:
        return self._engine.search(self._query(shape, question)).total

    def _query(self, shape: str, question: Question) -> EngineQuery:
        if shape == "phrase":
            clauses = [_clause(*question.words, phrase=True)]
        else:
            clauses = [_clause(word) for word in question.words]
        return EngineQuery(
            clauses=tuple(clauses),
            filters={Facet.PREFECTURE: (question.prefecture,)} if shape == "filtered" else {},
            match=Match.ALL if shape in ("and", "phrase") else Match.ANY,
            limit=TOP,
            facets=COUNTED.get(shape, ()),
        )


def _clause(*words: str, phrase: bool = False) -> Clause:
    return Clause(
        " ".join(words), (Variant(" ".join(words), (Probe(Stream.WORDS, words, phrase),)),)
    )


class Fts5:
    """SQLite's full-text search, with the facets in a table beside it.

    The two hints, `CROSS JOIN` and `+rowid`, make the text search the outer loop. Left alone,
    SQLite runs the whole text search again for every record that carries the facet: 190 times
    slower at 10,000 records, and worse with the square of their number.
    """

    name = "fts5"
    most = 30
    """Counting all facets takes it 0.2 to 0.6 s a question at 100,000 records."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._path = folder / "index.db"
        self._db = sqlite3.connect(self._path)

    def build(self, records: Sequence[IndexRecord]) -> None:
        self._db.executescript(
            "CREATE VIRTUAL TABLE texts USING fts5(words, content='', detail=full);"
            "CREATE TABLE carried (id INTEGER, facet TEXT, value TEXT);"
        )
        self._db.executemany(
            "INSERT INTO texts (rowid, words) VALUES (?, ?)",
            ((n, " ".join(r.streams[Stream.WORDS])) for n, r in enumerate(records)),
        )
        self._db.executemany(
            "INSERT INTO carried VALUES (?, ?, ?)",
            (
                (n, f.value, v)
                for n, r in enumerate(records)
                for f, vs in r.facets.items()
                for v in vs
            ),
        )
        self._db.execute("CREATE INDEX of_record ON carried (id, facet, value)")
        self._db.execute("CREATE INDEX by_value ON carried (facet, value, id)")
        self._db.commit()

    def fresh(self) -> None:
        self._db.close()
        self._db = sqlite3.connect(self._path)

    def ask(self, shape: str, question: Question) -> int:
        words = [f'"{word}"' for word in question.words]
        match = {"and": " AND ", "phrase": " + "}.get(shape, " OR ").join(words)
        found = self._db.execute(*self._best(shape, match, question)).fetchall()
        if facets := COUNTED.get(shape):
            self._db.execute(
                "SELECT facet, value, count(*) FROM texts"
                " CROSS JOIN carried ON carried.id = texts.rowid"
                f" WHERE texts MATCH ? AND facet IN ({', '.join('?' * len(facets))})"
                " GROUP BY facet, value",
                (match, *facets),
            ).fetchall()
        return len(found)

    def _best(self, shape: str, match: str, question: Question) -> tuple[str, tuple[str, ...]]:
        order = f"ORDER BY rank LIMIT {TOP}"
        if shape != "filtered":
            return f"SELECT rowid FROM texts WHERE texts MATCH ? {order}", (match,)
        inside = "+rowid IN (SELECT id FROM carried WHERE facet = 'prefecture' AND value = ?)"
        query = f"SELECT rowid FROM texts WHERE texts MATCH ? AND {inside} {order}"
        return query, (match, question.prefecture)


class Tantivy:
    """tantivy, by its Python binding."""

    name = "tantivy"
    most = 1_000

    def __init__(self, folder: Path) -> None:
        import tantivy  # type: ignore[import-not-found, unused-ignore] # not one of our packages

        folder.mkdir()
        self._tantivy: Any = tantivy
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("words", tokenizer_name="whitespace")
        for facet in SIZES:
            builder.add_text_field(facet.value, tokenizer_name="raw", fast=True)
        self._folder, self._schema = folder, builder.build()
        self._index: Any = tantivy.Index(self._schema, path=str(folder))

    def build(self, records: Sequence[IndexRecord]) -> None:
        writer = self._index.writer(256_000_000, 1)
        for record in records:
            fields = {facet.value: list(values) for facet, values in record.facets.items()}
            fields["words"] = [" ".join(record.streams[Stream.WORDS])]
            writer.add_document(self._tantivy.Document(**fields))
        writer.commit()
        writer.wait_merging_threads()

    def fresh(self) -> None:
        self._index = self._tantivy.Index(self._schema, path=str(self._folder))
        self._index.reload()
        self._searcher: Any = self._index.searcher()

    def ask(self, shape: str, question: Question) -> int:
        query = self._query(shape, question)
        if facets := COUNTED.get(shape):
            counts = {f.value: {"terms": {"field": f.value, "size": 1000}} for f in facets}
            self._searcher.aggregate(query, counts)
        return len(self._searcher.search(query, TOP, count=False).hits)

    def _query(self, shape: str, question: Question) -> Any:
        query, occur = self._tantivy.Query, self._tantivy.Occur
        if shape == "phrase":
            return query.phrase_query(self._schema, "words", list(question.words))
        how = occur.Must if shape == "and" else occur.Should
        terms = [query.term_query(self._schema, "words", word) for word in question.words]
        words = query.boolean_query([(how, term) for term in terms])
        if shape != "filtered":
            return words
        inside = query.term_query(self._schema, "prefecture", question.prefecture)
        return query.boolean_query([(occur.Must, words), (occur.Must, inside)])
