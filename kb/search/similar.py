"""Cases like one case, each with the reason: fields, themes and words they share.

Words are taken from what a case is called and says of itself, which everybody may read; the
pages behind them only help the engine to rank, as far as the audience may search them.
"""

import re
from collections.abc import Mapping, Sequence

from kb.catalogue.views import CaseLink, CaseView
from kb.domain.classification import DepartmentFunction
from kb.domain.rights import Audience
from kb.japanese.tokenise import Analyser
from kb.search.engine import EngineAnswer
from kb.search.query import Clause, EngineQuery, Facet, Match, Probe, Stream, Variant

MOST_WORDS = 24
"""Words of a case that others are asked for, those of its title and keywords first."""
MOST_SHOWN = 4
MOST_CANDIDATES = 24
WORDS_IN_REASON = 3
THEME_WEIGHT = 2.0
FUNCTION_WEIGHT = 1.0
"""What a shared theme or function counts beside words; a word of middling rarity counts about 4."""
COMMONEST = 1 / 3
"""A word that more of what was found holds is no reason: 年度, 改善, 職員."""
_NOUN = re.compile(r"[A-Za-zァ-ヺー一-鿿々]{2,}")
"""No hiragana, so no verbs, and no single characters (年, 人)."""


def query_for(case: CaseView, audience: Audience, analyser: Analyser) -> EngineQuery:
    """Any of a case's words, themes and functions."""
    words = list(words_of(case, analyser))[:MOST_WORDS]
    clauses = [_word_clause(term) for term in words]
    clauses += [_filed(Facet.THEME, theme.value, THEME_WEIGHT) for theme in case.themes]
    functions = case.department_functions
    clauses += [_filed(Facet.DEPARTMENT, slug, FUNCTION_WEIGHT) for slug in functions]
    return EngineQuery(tuple(clauses), audience=audience, match=Match.ANY, limit=MOST_CANDIDATES)


def words_of(case: CaseView, analyser: Analyser) -> Mapping[str, str]:
    """Term -> how it is written, of title, keywords and narrative, without places and years."""
    texts = (case.title, case.subtitle or "", *case.keywords, *case.narrative.values())
    found: dict[str, str] = {}
    for text in texts:
        for token in analyser.analyse(text).words:
            surface = text[token.start : token.end]
            if _telling(surface, case):
                found.setdefault(token.term, surface)
    return found


def _telling(surface: str, case: CaseView) -> bool:
    own = "".join(place.prefecture + place.name for place in case.municipalities)
    return _NOUN.fullmatch(surface) is not None and surface not in own


def telling_words(case: CaseView, answer: EngineAnswer, analyser: Analyser) -> Mapping[str, str]:
    """The words of a case that few others hold, the rarest first, from the answer to its query."""
    words = list(words_of(case, analyser).items())[:MOST_WORDS]
    held = sorted(zip(answer.clause_counts, words, strict=False), key=lambda pair: pair[0])
    most = max(answer.total * COMMONEST, WORDS_IN_REASON)
    return dict(word for count, word in held if count <= most)


def _word_clause(term: str) -> Clause:
    probes = tuple(Probe(stream, (term,)) for stream in (Stream.TITLE, Stream.WORDS))
    return Clause(term, (Variant(term, probes),))


def _filed(facet: Facet, value: str, weight: float) -> Clause:
    return Clause(value, (Variant(value, (), weight, (facet, value)),))


def linked(
    case: CaseView,
    candidates: Sequence[CaseView],
    mine: Mapping[str, str],
    analyser: Analyser,
) -> tuple[CaseLink, ...]:
    """Those of the candidates (best first) that share something that can be said, and what.

    `mine`: what :func:`telling_words` gives.
    """
    lineage = {case.id, *(link.id for link in (*case.earlier, *case.later))}
    links = []
    for other in candidates:
        why = None if other.id in lineage else reason(case, other, mine, analyser)
        if why:
            links.append(_link(other, why))
    return tuple(links[:MOST_SHOWN])


def reason(
    case: CaseView, other: CaseView, mine: Mapping[str, str], analyser: Analyser
) -> str | None:
    """What two cases share, in Japanese; None where it is too little to be named."""
    themes = [theme.label for theme in case.themes if theme in other.themes]
    slugs = [slug for slug in case.department_functions if slug in other.department_functions]
    theirs = words_of(other, analyser)
    words = [surface for term, surface in mine.items() if term in theirs]
    if not themes and len(words) < WORDS_IN_REASON:
        return None
    functions = [DepartmentFunction(slug).label for slug in slugs]
    parts = [
        f"同じテーマ「{'」「'.join(themes)}」" if themes else "",
        f"同じ部門「{'」「'.join(functions[:2])}」" if functions else "",
        f"共通のことば「{'」「'.join(words[:WORDS_IN_REASON])}」" if words else "",
    ]
    return "、".join(part for part in parts if part)


def _link(case: CaseView, why: str) -> CaseLink:
    return CaseLink(
        id=case.id,
        title=case.title,
        municipalities=case.municipalities,
        implemented_in=case.implemented_in,
        presented_in=case.presented_in,
        themes=case.themes,
        specimen=case.specimen,
        why=why,
    )
