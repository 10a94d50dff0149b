"""The review form: what it shows of every field, and what its sender wants.

A field is one box (or list, or row of ticks) and one choice of what to do. What is typed without
a choice counts as chosen, so that nothing typed is lost; what was shown travels along as `was-`
to tell the two apart.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from kb.catalogue.review.settling import Ambiguous, Choice
from kb.catalogue.review.states import open_fields
from kb.catalogue.review.views import Do, Review, RightsWish, Wish, Wishes
from kb.domain.classification import Classified
from kb.domain.fiscal_year import FiscalYear
from kb.domain.rights import Terms
from kb.domain.settled import (
    LIKELY,
    LISTS,
    SEVERAL,
    SURE,
    YEARS,
    Basis,
    Decision,
    Field,
    Ground,
    Proposal,
    Settled,
    Value,
)
from kb.domain.word_lists import join_words

Form = MultiDict[str, str]

SHOWN = tuple(f for f in Field if f not in (Field.RIGHTS_STATEMENT, Field.PEOPLE))
"""The fields of the form, in its order; the number of one is its evidence's on the page."""

RIGHTS_NUMBER = len(SHOWN) + 1
"""What the evidence of a rights statement goes by."""

STATED = (Terms.OPEN, Terms.NO_COPY, Terms.INTERNAL, Terms.UNKNOWN)
"""The terms that a document can be stated to have."""

CERTAINTY = ((SURE, "確か"), (LIKELY, "たぶん"), (0.0, "不確か"))
"""From which confidence on -> in words."""

_BREAKS = re.compile(r"[\r\n]+")


@dataclass(frozen=True, slots=True)
class Reason:
    """Words that a value rests on, and which page shows them."""

    where: str
    text: str
    page: int | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A proposed value that does not stand."""

    text: str
    """As it would be typed."""
    label: str
    confidence: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class FieldView:
    """Everything the template draws of one field."""

    number: int
    field: Field
    control: str
    """text, select or ticks."""
    values: tuple[str, ...]
    """What stands in the control: one text, or the slugs that are ticked."""
    was: str
    """The same when the form was made."""
    do: Do
    offered: tuple[Do, ...]
    options: tuple[Classified, ...]
    settled: Settled | None
    decision: Decision | None
    confidence: float | None
    """Of what stands in the control; None where a person has settled or recorded it."""
    open: bool
    reasons: tuple[Reason, ...]
    candidates: tuple[Candidate, ...]
    error: str = ""
    choices: tuple[tuple[Choice, str], ...] = ()
    """Where a name means several municipalities: each, and what would be typed for it."""
    recorded: str = ""
    """What is recorded by now, where that is not what was shown when the form was made."""

    @property
    def certainty(self) -> str:
        """How sure the machine is, in words."""
        sure = self.confidence or 0.0
        return next(word for least, word in CERTAINTY if sure >= least)


# --- showing --------------------------------------------------------------------------------


def field_views(
    review: Review, typed: Form | None = None, errors: Mapping[Field, ValueError] | None = None
) -> tuple[FieldView, ...]:
    """The fields of a document; `typed` keeps what a form held that was not taken."""
    waiting = open_fields(review.settlement)
    return tuple(
        _field_view(review, number, name, name in waiting, typed, (errors or {}).get(name))
        for number, name in enumerate(SHOWN, start=1)
    )


def _field_view(
    review: Review,
    number: int,
    name: Field,
    waits: bool,
    typed: Form | None,
    error: ValueError | None,
) -> FieldView:
    settled = review.settlement.standing.get(name)
    decision = review.settlement.decisions.get(name)
    proposals = review.settlement.open_proposals().get(name, ())
    shown, confidence, grounds = _filled_in(settled, review.settlement.offered(name))
    values = _as_typed(review, name, shown)
    was, do, recorded = _joined(values), Do.KEEP, ""
    wish = _wish(typed, name) if typed is not None else None
    if typed is not None and wish is not None:
        do, values = wish.do, wish.texts or values
        if _one_line(typed.get(f"was-{name}", was)) != _one_line(was):
            recorded = _label(review, name, shown) or "なし"
    return FieldView(
        number=number,
        field=name,
        control=control(name),
        values=values,
        was=was,
        do=do,
        offered=tuple(each for each in Do if _offered(each, name, decision)),
        options=tuple(LISTS[name]) if name in LISTS else (),
        settled=settled,
        decision=decision,
        confidence=confidence,
        open=waits,
        reasons=_reasons(grounds),
        candidates=_candidates(review, name, proposals, shown),
        error=str(error or ""),
        choices=_choices(values, error),
        recorded=recorded,
    )


def control(name: Field) -> str:
    """How a field is asked for: text, select or ticks."""
    if name not in LISTS:
        return "text"
    return "ticks" if name in SEVERAL else "select"


def _offered(do: Do, name: Field, decision: Decision | None) -> bool:
    if do is Do.UNDO:
        return decision is not None
    return not (do is Do.NONE and name is Field.TITLE)


def _filled_in(
    settled: Settled | None, chosen: tuple[Proposal, ...]
) -> tuple[tuple[Value, ...], float | None, tuple[Ground, ...]]:
    """What stands in the control: what stands, else what is proposed best."""
    if settled is not None:
        said = settled.confidence if settled.basis is Basis.PROPOSED else None
        return settled.values, said, settled.evidence
    if not chosen:
        return (), None, ()
    grounds = tuple(dict.fromkeys(ground for p in chosen for ground in p.evidence))
    return tuple(p.value for p in chosen), min(p.confidence for p in chosen), grounds


def _as_typed(review: Review, name: Field, values: Iterable[Value]) -> tuple[str, ...]:
    if name in LISTS:
        return tuple(str(value) for value in values)
    texts = [_text(review, name, value) for value in values]
    # A title with 、 in it is one value, and stays as it is.
    return tuple(filter(None, [join_words(texts) if name in SEVERAL else _joined(texts)]))


def _text(review: Review, name: Field, value: Value) -> str:
    if name is Field.MUNICIPALITY:
        return review.places.get(str(value), str(value))
    if name in YEARS:
        return FiscalYear(int(value)).both
    return LISTS[name](str(value)).label if name in LISTS else str(value)


def _label(review: Review, name: Field, values: Iterable[Value]) -> str:
    return "、".join(_text(review, name, value) for value in values)


def _joined(values: Iterable[str]) -> str:
    return "、".join(values)


def _reasons(grounds: Iterable[Ground]) -> tuple[Reason, ...]:
    quoted = dict.fromkeys(ground.quoted for ground in grounds)
    return tuple(Reason(g.where, g.text, g.page) for g in list(quoted)[:3])


def _candidates(
    review: Review, name: Field, proposals: Iterable[Proposal], shown: tuple[Value, ...]
) -> tuple[Candidate, ...]:
    others = [p for p in proposals if p.value not in shown]
    return tuple(
        Candidate(
            _joined(_as_typed(review, name, [each.value])),
            _text(review, name, each.value),
            each.confidence,
            _reasons(each.evidence),
        )
        for each in others[:4]
    )


def _choices(values: tuple[str, ...], error: ValueError | None) -> tuple[tuple[Choice, str], ...]:
    if not isinstance(error, Ambiguous) or not values:
        return ()
    return tuple((each, values[0].replace(error.typed, each.name)) for each in error.choices)


# --- reading --------------------------------------------------------------------------------


def wishes(form: Form, *, accept_sure: bool, publish: bool) -> Wishes:
    """What the sender of a form wants."""
    each = tuple(filter(None, (_wish(form, name) for name in SHOWN)))
    return Wishes(form.get("version", ""), each, accept_sure, rights_wish(form), publish)


def _wish(form: Form, name: Field) -> Wish | None:
    """What is wanted of one field; None where it is to stay as it is."""
    do = Do.from_text(form.get(f"do-{name}", Do.KEEP)) or Do.KEEP
    picked = form.get(f"pick-{name}", "").strip()
    given = [picked] if picked else form.getlist(f"value-{name}")
    texts = tuple(filter(None, map(_one_line, given)))
    typed = f"was-{name}" in form and _joined(texts) != _one_line(form[f"was-{name}"])
    if do is Do.KEEP:
        if not typed:
            return None
        do = Do.SET if texts or name is Field.TITLE else Do.NONE
    return Wish(name, do, texts)


def rights_wish(form: Form) -> RightsWish | None:
    """The stated rights that are wanted; None where they are to stay as they are."""
    was, typed = form.get("was-terms", ""), form.get("terms", "")
    statement, shown = (_plain(form.get(name, "")) for name in ("statement", "was-statement"))
    if typed not in set(STATED):
        typed = ""
    if (not typed or typed == was) and statement == shown:
        return None
    return RightsWish(Terms(typed or was or Terms.UNKNOWN), statement or None)


def _one_line(text: str) -> str:
    """A value as it is kept: a box may be higher than one line, a value never is."""
    return _BREAKS.sub(" ", text).strip()


def _plain(text: str) -> str:
    """A text as it was typed: browsers end its lines with CR LF."""
    return text.replace("\r\n", "\n").strip()
