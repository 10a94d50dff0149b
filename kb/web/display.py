"""How values are written for readers: years, dates, sizes, names; and what rights allow."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from kb.catalogue.relation_views import ContainedCase
from kb.catalogue.views import DocumentView, MunicipalityView, SourceView
from kb.domain.classification import DepartmentFunction, DocumentKind, Holding
from kb.domain.clock import JAPAN, in_words
from kb.domain.fiscal_year import FIRST_YEAR, LAST_YEAR, FiscalYear
from kb.domain.page_ranges import PageRanges, Span
from kb.domain.rights import Audience, Permissions, Rights, Terms, allowed
from kb.domain.settled import (
    LISTS,
    SURE,
    YEARS,
    Field,
    Proposal,
    Settled,
    Value,
    shown,
    to_settle,
)
from kb.search.query import DocumentHit, MunicipalityRef, Passage, Understood
from kb.web import texts
from kb.web.services import audience

WEEKDAYS = "月火水木金土日"

CERTAINTY = ((SURE, "高い"), (0.6, "中くらい"), (0.0, "低い"))
"""From which confidence on -> in words."""

SPECIMEN_CODES = ("98", "99")
"""First two digits of the codes of invented municipalities; no prefecture has them."""


def permissions(rights: Rights) -> Permissions:
    """What whoever is looking may do with a document under `rights`."""
    return allowed(rights, audience())


def for_curator() -> bool:
    """Whoever is looking settles what the machine proposes."""
    return audience() is Audience.CURATOR


def settled(document: DocumentView) -> Mapping[Field, Settled]:
    """On whose word the fields of a document stand, as far as whoever is looking may read it."""
    return shown(document.settlement, document.rights, audience())


def open_proposals(document: DocumentView) -> Mapping[Field, tuple[Proposal, ...]]:
    """What waits for whoever is looking to settle it."""
    return to_settle(document.settlement, document.rights, audience())


def settled_value(field: Field, value: Value) -> str:
    """A value of a field for readers: labels for slugs, both calendars for years."""
    listed = LISTS.get(field)
    if listed is not None:
        return listed(str(value)).label
    return years(value) if field in YEARS else str(value)


def certainty(confidence: float) -> str:
    """How sure the machine is, in words."""
    return next(word for least, word in CERTAINTY if confidence >= least)


def visible(documents: Iterable[DocumentView]) -> tuple[DocumentView, ...]:
    """Those that may be named to whoever is looking."""
    return tuple(document for document in documents if permissions(document.rights).metadata)


def restrictions(documents: Iterable[DocumentView]) -> tuple[Rights, ...]:
    """The different rights, other than open ones, that stand on these documents."""
    found = dict.fromkeys(document.rights for document in documents)
    return tuple(rights for rights in found if rights.terms is not Terms.OPEN or rights.statement)


def has_words(rights: Rights) -> bool:
    """There is more to say of it than its short form: the author's words, or a permission."""
    return bool(rights.statement or rights.permission)


def is_year(text: str) -> bool:
    """`text` is a number that :class:`~kb.domain.fiscal_year.FiscalYear` takes."""
    return text.isdecimal() and len(text) == 4 and FIRST_YEAR <= int(text) <= LAST_YEAR


def years(fiscal_year: int | str) -> str:
    """Both calendars: 2021 -> 2021年度(令和3年度)."""
    year = FiscalYear(int(fiscal_year))
    return f"{year.label}({year.era_label})"


def era(fiscal_year: int | str) -> str:
    """The Japanese era alone: 2021 -> 令和3年度."""
    return str(FiscalYear(int(fiscal_year)).era_label)


def plain_date(day: date) -> str:
    """2022年9月3日."""
    return in_words(day)


def full_date(day: date | str) -> str:
    """2022年9月3日(土)."""
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{day.year}年{month_day(day)}"


def month_day(day: date | str) -> str:
    """9月3日(土)."""
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{day.month}月{day.day}日({WEEKDAYS[day.weekday()]})"


def clock(text: str) -> str:
    """13:30 -> 13時30分, 09:00 -> 9時."""
    hour, _, minute = text.partition(":")
    return f"{int(hour)}時" + (f"{int(minute)}分" if minute.strip("0") else "")


def size(octets: int) -> str:
    """A size in bytes as people say it: 2936013 -> 2.8MB."""
    if octets < 1024:
        return f"{octets}バイト"
    if octets < 1024 * 1024:
        return f"{octets / 1024:.0f}KB"
    return f"{octets / (1024 * 1024):.1f}MB"


def media_type(document: DocumentView) -> str:
    """The format's everyday name, or an empty text when it is not known."""
    return texts.MEDIA_TYPES.get(document.media_type or "", "")


def recognised(passage: Passage) -> bool:
    """The passage stands on a page that was read by character recognition."""
    return passage.confidence is not None


def per_cent(share: float) -> str:
    """0.923 -> 92%."""
    return f"{share:.0%}"


def kind_label(slug: str) -> str:
    """A document kind's Japanese label."""
    return DocumentKind(slug).label


def function_label(slug: str) -> str:
    """A department function's Japanese label."""
    return DepartmentFunction(slug).label


def is_located(document: DocumentView | DocumentHit) -> bool:
    """Only its whereabouts are known (所在のみ)."""
    return document.holding == Holding.LOCATED.value


def place(body: MunicipalityView | MunicipalityRef) -> str:
    """福岡県福津市; a prefecture stands by itself."""
    return body.name if body.name == body.prefecture else f"{body.prefecture}{body.name}"


def is_specimen_code(code: str) -> bool:
    """The code belongs to an invented municipality."""
    return code[:2] in SPECIMEN_CODES


def web_address(text: str | None) -> str | None:
    """`text` when a browser may be sent there (http or https), else None."""
    return text if text and urlsplit(text).scheme in ("http", "https") else None


def source_address(sources: Iterable[SourceView]) -> str | None:
    """Where a document can be found now: the first source that has an address."""
    addresses = [source.url for source in sources if web_address(source.url)]
    return addresses[0] if addresses else None


def understood_removal(understood: Understood) -> str:
    """What 外す takes away, for those who hear the link alone."""
    whole = understood.kind in ("missing", "dropped")
    return f"{understood.typed}を" if whole else f"{understood.typed}の読み替えを"


def page_ranges(pages: PageRanges) -> str:
    """Pages in words: 3〜5ページ, 3ページ, 3〜5、9ページ."""
    spans = (f"{a}〜{b}" if a != b else str(a) for a, b in pages.spans)
    return f"{'、'.join(spans)}ページ"


def span(pages: Span) -> str:
    """Pages that follow each other: 3〜5ページ."""
    return page_ranges(PageRanges((pages,)))


def cases_on(document: DocumentView, page: int) -> tuple[ContainedCase, ...]:
    """The cases of a casebook that one of its pages tells of."""
    return tuple(c for c in document.contains if page in c.pages)


def period(first: date | None, last: date | None) -> str:
    """The years between two days: 2021年, 2021〜2023年; empty when they are not known."""
    if first is None or last is None:
        return ""
    return f"{first.year}年" if first.year == last.year else f"{first.year}〜{last.year}年"


def moment(at: datetime) -> str:
    """2022年9月3日 13時05分 in Japan; the catalogue keeps UTC, SQLite without saying so."""
    local = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(JAPAN)
    return f"{plain_date(local.date())} {local.hour}時{local.minute:02}分"
