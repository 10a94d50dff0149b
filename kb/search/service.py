"""How a question becomes an answer.

Read it (:mod:`kb.search.understand`), put it to the engine, say which words nothing holds,
step down when all the words together are too many, and turn what was found into results
(:mod:`kb.search.results`), with the rights of every document applied.
"""

import time
from pathlib import Path

from kb.catalogue.names import NameReader
from kb.catalogue.offerable import OfferableReader
from kb.catalogue.reading import CatalogueReader
from kb.catalogue.session import CatalogueUnavailable, Database
from kb.catalogue.synonyms.records import SynonymReader
from kb.catalogue.views import CaseLink, CaseView
from kb.domain.rights import Audience, allowed
from kb.japanese.tokenise import Analyser
from kb.search import similar
from kb.search.connect import connect
from kb.search.engine import (
    BadQuery,
    SearchEngine,
    SearchUnavailable,
    index_fingerprint,
)
from kb.search.facets import FACETS, FacetLabels, counted
from kb.search.finding import Finder, Found
from kb.search.naming import SynonymSource, VocabularySource
from kb.search.query import (
    Asked,
    Clause,
    DocumentReading,
    EngineQuery,
    Match,
    ResultPage,
    Scope,
    Suggestion,
)
from kb.search.readers.beginnings import unfinished
from kb.search.readers.fields import filter_notices, filters
from kb.search.readers.probing import Prober
from kb.search.readers.typed import LONGEST_QUERY
from kb.search.readers.vocabulary import Vocabulary
from kb.search.results import ResultMaker
from kb.search.suggesting import Offer, Suggester
from kb.search.suggestions.meant import mistyped, torn_words, words_around
from kb.search.telling import chips, notices_of_sentence, suggestions, with_counts
from kb.search.term_patterns import TermPattern, TermsFound
from kb.search.understand import Understander
from kb.search.understanding import Understanding
from kb.search.withholding import WithholdingEngine

MOST_RESULTS = 100
"""The largest page of results."""
DEEPEST_RESULT = 10_000
"""How far down a list may be paged."""
_OUT_OF_TIME = (
    "時間内に調べきれなかったため、一部のことばだけで探しました。ことばを減らしてください。"
)


def open_service(
    database: Database,
    search_url: str,
    *,
    data_dir: Path,
    synonyms: SynonymSource | None = None,
) -> "SearchService":
    """The service over one catalogue and the index at `search_url`.

    Opens neither: a missing index is told by :meth:`SearchService.ready` and by a search.
    `synonyms`: other groups than those the catalogue keeps, to see what they would change.

    Raises:
        SearchUnavailable: there is no such engine.
    """
    analyser = Analyser()
    fingerprint = index_fingerprint(analyser.fingerprint)
    engine = connect(search_url, fingerprint, data_dir=data_dir)
    names = VocabularySource(NameReader(database), synonyms or SynonymReader(database))
    catalogue = CatalogueReader(database)
    suggester = Suggester(OfferableReader(database), NameReader(database), catalogue)
    return SearchService(catalogue, engine, analyser, names, suggester)


class SearchService:
    """Answers questions for the web and the command line; safe to share between threads."""

    def __init__(
        self,
        catalogue: CatalogueReader,
        engine: SearchEngine,
        analyser: Analyser,
        names: VocabularySource,
        suggester: Suggester | None = None,
    ) -> None:
        """Stand on these; without a suggester nothing is suggested."""
        self._catalogue = catalogue
        self._suggester = suggester
        self._engine = engine = WithholdingEngine(engine, catalogue.withheld)
        self._analyser = analyser
        self._finder = Finder(engine, analyser)
        self._names = names
        self._labels: FacetLabels | None = None
        self._results = ResultMaker(catalogue, engine, analyser.fingerprint)

    def search(self, asked: Asked) -> ResultPage:
        """The page of answers to what was asked.

        Raises:
            BadQuery: a filter or field names nothing, or the question is too long.
            SearchUnavailable: the index or the catalogue cannot be read.
        """
        started = time.perf_counter()
        vocabulary = self._vocabulary()
        understanding, found = self._answered(asked, vocabulary)
        results = self._results.results(found.query, found.answer, explain=asked.explain)
        labels = self._labelled(vocabulary)
        return ResultPage(
            query=understanding.typed,
            total=found.answer.total,
            page=asked.page,
            page_size=found.query.limit,
            took_ms=(time.perf_counter() - started) * 1000,
            results=results,
            understood=chips(understanding, found),
            facets={f: counted(f, found.answer, found.query, labels) for f in FACETS},
            entities=with_counts(
                self._results.entities(understanding.entities, results), vocabulary
            ),
            suggestions=suggestions(understanding, found, self._mistyped(found, understanding)),
            notices=(
                *filter_notices(asked.filters, vocabulary),
                *notices_of_sentence(understanding, found),
                *found.notices,
                *([] if found.answer.complete else [_OUT_OF_TIME]),
            ),
        )

    def ranked(self, asked: Asked) -> tuple[str, ...]:
        """The subjects (``case:ID``, ``document:ID``) that answer, best first, without texts.

        Raises:
            BadQuery: as :meth:`search`.
            SearchUnavailable: as :meth:`search`.
        """
        vocabulary = self._vocabulary()
        _, found = self._answered(asked, vocabulary)
        return tuple(hit.subject for hit in found.answer.hits)

    def similar(self, case: CaseView, audience: Audience) -> tuple[CaseLink, ...]:
        """Cases like `case`, each with the reason, best first; none of its own lineage.

        Raises:
            SearchUnavailable: the index cannot be read.
        """
        answer = self._engine.search(similar.query_for(case, audience, self._analyser))
        subjects = (hit.subject.partition(":") for hit in answer.hits)
        ids = [id_ for kind, _, id_ in subjects if kind == "case"]
        known = self._catalogue.cases_in_brief(ids, audience)
        candidates = [known[id_] for id_ in ids if id_ in known]
        words = similar.telling_words(case, answer, self._analyser)
        return similar.linked(case, candidates, words, self._analyser)

    def read(
        self, document_id: str, page: int, typed: str, audience: Audience
    ) -> DocumentReading | None:
        """One page with what was asked for marked; None when there is no such page.

        Raises:
            SearchUnavailable: the index cannot be read.
            BadQuery: the question names a place, theme ... that does not exist.
        """
        document = self._catalogue.document(document_id, audience)
        if document is None or self._catalogue.document_page(document_id, page) is None:
            return None
        if not allowed(document.rights, audience).page_text:
            return DocumentReading("", (), {}, ())
        understanding = self._understand(typed, self._vocabulary(), audience)
        clauses = tuple(reading.clause for reading in understanding.readings)
        return self._results.reading(document, page, clauses, audience)

    def suggest(self, typed: str, audience: Audience) -> tuple[Offer, ...]:
        """What may be meant by what is typed so far, as far as the audience may know of it.

        Raises:
            SearchUnavailable: the catalogue cannot be read.
        """
        try:
            return self._suggester.offers(typed, audience) if self._suggester else ()
        except CatalogueUnavailable as reason:
            raise SearchUnavailable(str(reason)) from reason

    def ready(self) -> str | None:
        """Why questions cannot be answered now, in Japanese; None when they can.

        The first call loads what the first question would wait for: dictionary, names, index, and
        the statements that a list of results is read by.
        """
        try:
            self.search(Asked("改善"))
            if self._suggester:
                self._suggester.prepare()
        except (SearchUnavailable, CatalogueUnavailable) as reason:
            return str(reason)
        return None

    # -- the question --------------------------------------------------------------------

    def _closed_since(self, sequence: int) -> bool:
        return bool(self._catalogue.withheld(sequence, Audience.ANONYMOUS))

    def _labelled(self, vocabulary: Vocabulary) -> FacetLabels:
        """The labels of facets, kept as long as the vocabulary is."""
        if self._labels is None or self._labels.vocabulary is not vocabulary:
            self._labels = FacetLabels(vocabulary)
        return self._labels

    def _vocabulary(self) -> Vocabulary:
        try:
            return self._names.at(self._catalogue.sequence(), self._closed_since)
        except CatalogueUnavailable as reason:
            raise SearchUnavailable(str(reason)) from reason

    def _answered(self, asked: Asked, vocabulary: Vocabulary) -> tuple[Understanding, Found]:
        """The question as it was read, and what answers it.

        A last word in kana that stands nowhere may not have been typed to its end.
        """
        understanding = self._understand(asked.text, vocabulary, asked.audience)
        found = self._finder.find(self._query(asked, understanding, vocabulary), understanding)
        longer = unfinished(understanding.typed, [(r.start, r.end) for r in found.missing])
        if longer is None or len(longer) > LONGEST_QUERY:
            return understanding, found
        finished = self._understand(longer, vocabulary, asked.audience)
        if not finished.begins_words:
            return understanding, found
        query = self._query(asked, finished, vocabulary)
        return finished, self._finder.find(query, finished)

    def _understand(
        self, typed: str, vocabulary: Vocabulary, audience: Audience = Audience.ANONYMOUS
    ) -> Understanding:
        """`audience`: of whose words beginnings of words may be."""
        if len(typed) > LONGEST_QUERY:
            raise BadQuery(f"検索することばは{LONGEST_QUERY}文字までにしてください。")

        def terms(pattern: TermPattern) -> TermsFound:
            return self._engine.terms(pattern, audience)

        return Understander(vocabulary, self._analyser, terms=terms).understand(typed)

    def _query(
        self, asked: Asked, understanding: Understanding, vocabulary: Vocabulary
    ) -> EngineQuery:
        size = min(max(asked.page_size, 1), MOST_RESULTS)
        offset = (max(asked.page, 1) - 1) * size
        if offset > DEEPEST_RESULT:
            raise BadQuery(f"{DEEPEST_RESULT:,}件目より先は表示できません。条件を加えてください。")
        return EngineQuery(
            clauses=tuple(reading.clause for reading in understanding.readings),
            condition=understanding.condition,
            filters=filters(asked.filters, vocabulary),
            audience=asked.audience,
            scope=asked.scope,
            match=Match.ALL if asked.scope is Scope.PAGE else understanding.match,
            sort=asked.sort,
            offset=offset,
            limit=size,
            facets=FACETS,
            hints=understanding.hints,
        )

    def _mistyped(self, found: Found, understanding: Understanding) -> tuple[Suggestion, ...]:
        """What the words may have meant that stand nowhere."""
        typed, audience, suggester = understanding.typed, found.query.audience, self._suggester
        words = words_around(typed, [(r.start, r.end) for r in found.missing])
        if found.stepped_down or not found.answer.total:
            words += torn_words(typed, [(r.start, r.end) for r in understanding.readings])
        if suggester is None or not words:
            return ()
        prober = Prober(self._analyser)

        def held(word: str) -> bool:
            clauses = (Clause(word, (prober.exact(word),)),)
            return self._engine.search(EngineQuery(clauses, audience=audience, limit=1)).total > 0

        try:
            return mistyped(typed, words, lambda word: suggester.meant(word, audience), held)
        except CatalogueUnavailable as reason:
            raise SearchUnavailable(str(reason)) from reason
