"""The JSON shape of an answer: ``GET /api/v1/search`` and ``kb search --json``.

Free of Flask: the command has no request.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kb.domain.rights import Rights, allowed
from kb.domain.settled import Field, Settled
from kb.search.explanation import Explanation, Part, RecordParts
from kb.search.query import (
    Asked,
    CaseRef,
    DocumentHit,
    EventRef,
    Facet,
    FacetCount,
    MunicipalityRef,
    Passage,
    ResultPage,
    SearchHit,
)
from kb.web import addresses
from kb.web.drawable import has_images

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes the answer to one question.

    Addresses begin with `base` (``https://kb.example.jp``); when it is empty they are paths.
    """

    asked: Asked
    base: str = ""

    def answer(self, page: ResultPage) -> Json:
        """The whole object, in the contract's field names."""
        return {
            "query": page.query,
            "total": page.total,
            "page": page.page,
            "page_size": page.page_size,
            "took_ms": round(page.took_ms, 1),
            "understood": [
                {
                    "typed": each.typed,
                    "kind": each.kind,
                    "searched": list(each.searched),
                    "label": each.label,
                    "without_url": self._search(each.without),
                }
                for each in page.understood
            ],
            "results": [self._hit(hit) for hit in page.results],
            "facets": _facets(page.facets),
            "entities": [
                {
                    "kind": each.kind,
                    "id": each.id,
                    "label": each.label,
                    "why": each.why,
                    "url": self.base + addresses.entity(each.kind, each.id, each.label),
                    **({} if each.count is None else {"count": each.count}),
                }
                for each in page.entities
            ],
            "suggestions": [
                {
                    "kind": each.kind,
                    "text": each.text,
                    "label": each.label,
                    "url": self._search(each.text),
                }
                for each in page.suggestions
            ],
            "notices": list(page.notices),
        }

    def _search(self, text: str) -> str:
        return self.base + addresses.with_text(self.asked, text)

    def _hit(self, hit: SearchHit) -> Json:
        event = {"event": self._event(hit.event)} if hit.case is None and hit.event else {}
        return {
            "score": round(hit.score, 4),
            "case": self._case(hit.case) if hit.case else None,
            "documents": [{**self._document(document), **event} for document in hit.documents],
            **({"explanation": _explanation(hit.explanation)} if hit.explanation else {}),
        }

    def _case(self, case: CaseRef) -> Json:
        return {
            "id": case.id,
            "title": case.title,
            "municipalities": [
                {
                    "code": body.code,
                    "name": body.name,
                    "prefecture": body.prefecture,
                    "specimen": body.specimen,
                    **_now(body),
                }
                for body in case.municipalities
            ],
            "implemented_in": case.implemented_in,
            "presented_in": case.presented_in,
            "event": self._event(case.event) if case.event else None,
            "themes": [theme.label for theme in case.themes],
            "departments": list(case.departments),
            "specimen": case.specimen,
            "url": self.base + addresses.case(case.id, self.asked.text),
        }

    def _event(self, event: EventRef) -> Json:
        return {
            "id": event.id,
            "title": event.title,
            "held_on": event.held_on,
            "url": self.base + addresses.event(event.id),
        }

    def _document(self, document: DocumentHit) -> Json:
        return {
            "id": document.id,
            "title": document.title,
            "kind": document.kind,
            "holding": document.holding,
            "pages": document.pages,
            "pages_matched": document.pages_matched,
            "url": self.base + addresses.document(document.id, self.asked.text),
            "source_url": document.source_url,
            "rights": self._rights(document.rights),
            "passages": [self._passage(document, passage) for passage in document.passages],
            **_excerpt(document),
            "settled": _settled(document.settled),
        }

    def _rights(self, rights: Rights) -> Json:
        may = allowed(rights, self.asked.audience)
        return {
            "terms": rights.effective.value,
            "statement": rights.statement,
            "permission": rights.permission.plain() if rights.permission else None,
            "may": {
                "quote": may.snippet_characters > 0,
                "view": may.view,
                "download": may.download,
            },
        }

    def _passage(self, document: DocumentHit, passage: Passage) -> Json:
        told: Json = {
            "page": passage.page,
            "text": passage.text,
            "marks": [list(mark) for mark in passage.marks],
            "url": self.base + addresses.passage(document.id, passage.page, self.asked.text),
        }
        if passage.page and has_images(document, self.asked.audience):
            told["image_url"] = self.base + addresses.page_image(document.id, passage.page)
        return told


def _explanation(told: Explanation) -> Json:
    """What a result's score is added up from: (case.score + lift) x standing."""
    return {
        "case": _record(told.case),
        "best_page": _record(told.best_page) if told.best_page else None,
        "page_weight": told.page_weight,
        "lift": round(told.lift, 6),
        "standing": told.standing,
        "score": told.score,
        "year": told.year,
        "equals": told.equals,
    }


def _record(parts: RecordParts) -> Json:
    page = {"document": parts.document, "page": parts.page} if parts.page else {}
    return {
        **page,
        "clauses": [_part(part) for part in parts.clauses],
        "hints": [_part(part) for part in parts.hints],
        "found": round(parts.found, 6),
        "coverage": round(parts.coverage, 6),
        "score": round(parts.score, 6),
    }


def _part(part: Part) -> Json:
    return {
        "typed": part.typed,
        "surface": part.surface,
        "stream": part.stream,
        "tokens": list(part.tokens),
        "phrase": part.phrase,
        "times": list(part.times),
        "weight": round(part.weight, 6),
        "rarity": round(part.rarity, 6),
        "amount": round(part.amount, 6),
    }


def _settled(settled: Mapping[Field, Settled]) -> Json:
    """What stands for each field and on whose word; how sure, where that is the machine's."""
    return {
        name.value: {
            "value": each.value,
            "basis": each.basis.value,
            **({} if each.confidence is None else {"confidence": each.confidence}),
        }
        for name, each in settled.items()
    }


def _now(body: MunicipalityRef) -> Json:
    """What a body of the past is today; nothing for one of today."""
    return {"now": [{"code": n.code, "name": n.name} for n in body.now]} if body.now else {}


def _excerpt(document: DocumentHit) -> Json:
    """Which pages of a casebook tell of the result's case; nothing for other documents."""
    if document.excerpt is None:
        return {}
    told = [{"first_page": a, "last_page": b} for a, b in document.excerpt.spans]
    whole = {"first_page": document.excerpt.first, "last_page": document.excerpt.last}
    return {"excerpt": {**whole, "ranges": told}}


ALWAYS_PRESENT = tuple(f for f in Facet if f not in (Facet.EVENT, Facet.STANDING))


def _facets(facets: Mapping[Facet, tuple[FacetCount, ...]]) -> Json:
    """Every facet is named, also when nothing was counted; 催し only when it was."""
    named = [*ALWAYS_PRESENT, *(facet for facet in facets if facet not in ALWAYS_PRESENT)]
    return {
        facet.value: [
            {
                "value": count.value,
                "label": count.label,
                "count": count.count,
                "selected": count.selected,
            }
            for count in facets.get(facet, ())
        ]
        for facet in named
    }
