"""Addresses of the site, as paths: the one place that knows how they are spelt.

Free of Flask, so that a command can name the same addresses as a page does.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from urllib.parse import quote, urlencode

from kb.search.query import Asked, Facet, Filters, Scope, Sort, Standing

SEARCH = "/search"
HOME = "/"


def _id(text: str) -> str:
    return quote(text, safe="")


def _with(path: str, **parameters: str | int) -> str:
    kept = tuple((name, value) for name, value in parameters.items() if value not in ("", None))
    return f"{path}?{_encoded(kept)}" if kept else path


@lru_cache(maxsize=64)
def _encoded(parameters: tuple[tuple[str, str | int], ...]) -> str:
    """Parameters as they are written; a page of results has forty links with the same ones."""
    return urlencode(parameters)


def case(case_id: str, typed: str = "") -> str:
    """A case; `typed` keeps the question, so that its documents open with marks."""
    return _with(f"/cases/{_id(case_id)}", q=typed)


def document(document_id: str, typed: str = "") -> str:
    """A document."""
    return _with(f"/documents/{_id(document_id)}", q=typed)


def document_page(document_id: str, page: int, typed: str = "", hit: int = 0) -> str:
    """A page of a document; `hit`, from 1, opens it at that mark."""
    path = f"/documents/{_id(document_id)}/pages/{page}"
    return _with(path, q=typed, hit=hit or "") + (f"#hit-{hit}" if hit else "")


def page_image(document_id: str, page: int, width: int = 0) -> str:
    """The image of a page, `width` pixels wide (0: the usual width)."""
    return _with(f"/documents/{_id(document_id)}/pages/{page}.webp", width=width or "")


def passage(document_id: str, page: int, typed: str = "") -> str:
    """Where a passage stands: its page, or its document when it is of no page (0)."""
    return document_page(document_id, page, typed) if page else document(document_id, typed)


def document_file(document_id: str, *, page: int = 0, download: bool = False) -> str:
    """A document's original; `page` opens a PDF there."""
    path = _with(f"/documents/{_id(document_id)}/file", download="1" if download else "")
    return path + (f"#page={page}" if page else "")


def municipality(code: str) -> str:
    """A municipality, by its six digits."""
    return f"/municipalities/{_id(code)}"


def event(event_id: str) -> str:
    """An event."""
    return f"/events/{_id(event_id)}"


def theme(slug: str) -> str:
    """A theme."""
    return f"/themes/{_id(slug)}"


def department(slug: str) -> str:
    """A department function."""
    return f"/departments/{_id(slug)}"


def year(fiscal_year: int | str) -> str:
    """A practice year."""
    return f"/years/{fiscal_year}"


def person(person_id: str) -> str:
    """A person."""
    return f"/people/{_id(person_id)}"


def programme(programme_id: str) -> str:
    """A programme."""
    return f"/programmes/{_id(programme_id)}"


def series(name: str) -> str:
    """A series of events or documents, by its name."""
    return f"/series/{_id(name)}"


CURATION = "/curation"
ADD = "/curation/add"
UPLOADS = "/curation/uploads"
INTAKE = "/curation/intake"
INTAKES = "/curation/intakes"


def intake(intake_id: str, job: str = "", page: int = 1) -> str:
    """An intake of a seminar's page; `job` tells what became of what was sent."""
    return _with(f"{INTAKES}/{_id(intake_id)}", job=job, page=page if page > 1 else "")


def intake_job(key: str) -> str:
    """How the reading of a page comes along."""
    return f"{INTAKES}/jobs/{_id(key)}"


def intake_read(intake_id: str, line: int = 0) -> str:
    """The page of an intake as it was read, at one of its lines."""
    return f"{INTAKES}/{_id(intake_id)}/page" + (f"#l-{line}" if line else "")


def upload(upload_id: str) -> str:
    """How the files of a batch come along."""
    return f"{UPLOADS}/{_id(upload_id)}"


def together(upload_id: str, like: str = "") -> str:
    """Where the documents of a batch are settled together; `like` one that a person has settled."""
    return _with(f"{upload(upload_id)}/together", like=like)


BULK = "/curation/bulk"


def bulk(bulk_id: str, show: str = "", page: int = 1) -> str:
    """What the rows of a file of changes do; `show` tells which of them."""
    return _with(f"{BULK}/{_id(bulk_id)}", show=show, page=page if page > 1 else "")


SYNONYMS = "/curation/synonyms"
SYNONYM_GROUP = "/curation/synonyms/group"
SYNONYM_DRAFT = "/curation/synonyms/draft"
LISTS = "/curation/lists"
LOCAL_NAMES = "/curation/local-names"
LOCAL_NAME = "/curation/local-names/name"


def synonyms(word: str = "", show: str = "", page: int = 1) -> str:
    """Groups of synonyms, or those with a word or of an origin."""
    return _with(SYNONYMS, q=word, show=show, page=page if page > 1 else "")


def lists(named: str = "") -> str:
    """The lists that cases are filed under, and people of that name."""
    return _with(LISTS, q=named)


def local_names(text: str = "") -> str:
    """What municipalities are called, or those names that hold a text or a code."""
    return _with(LOCAL_NAMES, q=text)


def local_name(key: str = "", municipality: str = "") -> str:
    """The form of one name; of a new one where there is no `key`, for the body of a code."""
    return _with(LOCAL_NAME, key=key, municipality=municipality)


def readings(named: str = "") -> str:
    """Where the reading of a name is sent; `named` leads back to the same people."""
    return _with(f"{LISTS}/readings", q=named)


def synonym_group(key: str = "") -> str:
    """The form of a group of synonyms; of a new one without a key."""
    return _with(SYNONYM_GROUP, key=key)


WORKLIST = "/curation/worklist"


def worklist(kind: str, page: int = 1) -> str:
    """One list of what waits for a curator."""
    return _with(f"{WORKLIST}/{_id(kind)}", page=page if page > 1 else "")


def alike(one: str, other: str) -> str:
    """Two documents that are alike, for a curator to decide on."""
    return f"{WORKLIST}/alike/{_id(one)}/{_id(other)}"


def source_mark(number: int) -> str:
    """Where a curator says whether an address still holds what it held."""
    return f"{WORKLIST}/sources/{number}"


def review_queue(state: str = "", event_id: str = "", page: int = 1) -> str:
    """The documents that wait for a curator, or those of a state or an event."""
    return _with("/curation/review", state=state, event=event_id, page=page if page > 1 else "")


def review(document_id: str, page: int = 0, at: int = 0, after: str = "") -> str:
    """A document for a curator; `page` opens it there, with the evidence of field `at`.

    `after` is the one that was published just before.
    """
    return _with(f"/curation/review/{_id(document_id)}", page=page or "", at=at or "", after=after)


def review_case(document_id: str) -> str:
    """Where a curator says which case and event a document belongs to."""
    return f"/curation/review/{_id(document_id)}/case"


def review_rights(document_id: str) -> str:
    """The rights of a document, its permissions and its takedown."""
    return f"/curation/review/{_id(document_id)}/rights"


def case_form(case_id: str, document_id: str = "") -> str:
    """A case for a curator to change; `document_id` leads back to where one came from."""
    return _with(f"/curation/cases/{_id(case_id)}", document=document_id)


FOLDERS = {
    "case": "cases",
    "document": "documents",
    "event": "events",
    "person": "people",
    "programme": "programmes",
}
"""Kind of what a curator can change -> where its forms lie."""


def edit(kind: str, key: str) -> str:
    """The form of what is recorded, for a curator to change."""
    return f"/curation/{FOLDERS[kind]}/{_id(key)}"


def new_record(kind: str) -> str:
    """The empty form of an event, a person or a programme."""
    return f"/curation/{FOLDERS[kind]}/new"


def records(kind: str = "") -> str:
    """Events, people and programmes, to find the one that is to be changed."""
    return _with("/curation/records", kind=kind)


def merge(case_id: str, other_id: str = "") -> str:
    """Where another case is put into one; `other_id` shows the two side by side."""
    return _with(f"/curation/cases/{_id(case_id)}/merge", other=other_id)


def case_takedown(case_id: str) -> str:
    """Where a case is taken down, with its documents."""
    return f"/curation/cases/{_id(case_id)}/takedown"


def history(kind: str, key: str, page: int = 1, at: int = 0) -> str:
    """What was done to a thing, newest first, as SourceEvents name it; `at` opens it there."""
    path = f"/curation/history/{_id(kind)}/{_id(key)}"
    opened = _with(path, page=page if page > 1 else "", at=at or "")
    return f"{opened}#e-{at}" if at else opened


def log(asked: Mapping[str, str] | None = None, *, csv: bool = False, page: int = 1) -> str:
    """The audit log, or the part of it that is asked for; as a file with `csv`."""
    path = "/curation/log.csv" if csv else "/curation/log"
    return _with(path, **(asked or {}), **({"page": str(page)} if page > 1 else {}))


def casebook(document_id: str) -> str:
    """Which pages of a document tell of which case."""
    return f"/curation/documents/{_id(document_id)}/pages"


def edition(document_id: str, number: int, page: int = 0) -> str:
    """An original that a document had before; `page` opens it there."""
    return f"/documents/{_id(document_id)}/editions/{number}" + (f"/pages/{page}" if page else "")


def edition_file(document_id: str, number: int, *, download: bool = False) -> str:
    """The file of an earlier edition."""
    return _with(f"{edition(document_id, number)}/file", download="1" if download else "")


def replace_original(document_id: str) -> str:
    """Where a document is given a newer original."""
    return f"/curation/documents/{_id(document_id)}/edition"


_ENTITIES = {
    "municipality": municipality,
    "event": event,
    "person": person,
    "programme": programme,
    "theme": theme,
    "department": department,
    "document": document,
    "document_series": series,
    "event_series": series,
}


def entity(kind: str, entity_id: str, label: str) -> str:
    """What an entity card leads to; what has no page is searched for."""
    known = _ENTITIES.get(kind)
    return known(entity_id) if known else search(Asked(text=label))


def search(asked: Asked) -> str:
    """The results of `asked`; whatever is as usual is left out of the address."""
    pairs = [("q", asked.text)] if asked.text else []
    pairs += [(facet.value, value) for facet, values in asked.filters.items() for value in values]
    if asked.scope is not Scope.CASE:
        pairs.append(("scope", asked.scope.value))
    if asked.sort is not Sort.RELEVANCE:
        pairs.append(("sort", asked.sort.value))
    if asked.page > 1:
        pairs.append(("page", str(asked.page)))
    if asked.explain:
        pairs.append(("explain", "1"))
    return f"{SEARCH}?{urlencode(pairs)}" if pairs else SEARCH


def search_by(facet: str, value: str) -> str:
    """Everything that carries one value of a facet."""
    return search(Asked(filters={Facet(facet): (value,)}))


def documents_of(code: str) -> str:
    """The documents filed under a municipality that belong to no case."""
    filters = {Facet.MUNICIPALITY: (code,), Facet.STANDING: (Standing.DOCUMENT.value,)}
    return search(Asked(filters=filters))


def search_by_text(text: str) -> str:
    """Everything that answers `text`."""
    return search(Asked(text=text))


def with_text(asked: Asked, text: str) -> str:
    """The same question in other words, from its first page."""
    return search(replace(asked, text=text, page=1))


def with_filters(asked: Asked, filters: Filters) -> str:
    """The same words under other filters, from the first page."""
    return search(replace(asked, filters=filters, page=1))


def without_value(asked: Asked, facet: Facet, value: str) -> str:
    """The same question with one chosen value given up."""
    kept = {
        each: tuple(v for v in values if (each, v) != (facet, value))
        for each, values in asked.filters.items()
    }
    return with_filters(asked, {each: values for each, values in kept.items() if values})
