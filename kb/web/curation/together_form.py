"""The form of a batch: which fields it shows, and what its sender wants of all documents."""

from collections.abc import Mapping
from dataclasses import dataclass

from kb.catalogue.review.views import Review, RightsWish
from kb.catalogue.together.views import Batch, Chosen, FieldWish, How, Tally, TogetherWish
from kb.domain.classification import Classified
from kb.domain.rights import Terms
from kb.domain.settled import LISTS, Field
from kb.web.curation.review_form import SHOWN, STATED, Form, control

OWN = frozenset({Field.TITLE, Field.SERIES_NUMBER})
"""Fields whose value is each document's own: one for all of them makes no sense."""


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """Everything the template draws of one field."""

    tally: Tally
    how: How
    offered: tuple[How, ...]
    control: str
    """none, text, select or ticks."""
    options: tuple[Classified, ...]
    values: tuple[str, ...]
    error: str

    @property
    def field(self) -> Field:
        """Which one."""
        return self.tally.field


def choices(
    batch: Batch, wish: TogetherWish, errors: Mapping[Field, ValueError]
) -> tuple[FieldChoice, ...]:
    """The fields with what is chosen of them; one that all documents have settled is left out."""
    chosen = {each.field: each for each in wish.each}
    found = []
    for tally in batch.tallies:
        if tally.field not in SHOWN or tally.settled == len(batch.rows):
            continue
        each = chosen.get(tally.field)
        found.append(
            FieldChoice(
                tally=tally,
                how=each.how if each else How.KEEP,
                offered=tuple(how for how in How if how is not How.SAME or tally.field not in OWN),
                control="none" if tally.field in OWN else control(tally.field),
                options=tuple(LISTS[tally.field]) if tally.field in LISTS else (),
                values=each.texts if each else (),
                error=str(errors.get(tally.field, "")),
            )
        )
    return tuple(found)


def wish_of(form: Form) -> TogetherWish:
    """What the sender of a form wants of every document; what is typed is meant."""
    each, usual = [], How.EACH if form.get("likely") == "1" else How.KEEP
    for name in SHOWN:
        texts = tuple(filter(None, (text.strip() for text in form.getlist(f"value-{name}"))))
        how = How.from_text(form.get(f"how-{name}", How.KEEP)) or How.KEEP
        if how is How.KEEP and texts:
            how = How.SAME
        how = usual if how is How.KEEP else how
        if how is not How.KEEP:
            each.append(FieldWish(name, how, texts))
    return TogetherWish(
        tuple(each), form.get("event") or None, _rights(form), form.get("publish") == "1"
    )


def _rights(form: Form) -> RightsWish | None:
    terms = form.get("terms", "")
    if terms not in set(STATED):
        return None
    statement = form.get("statement", "").replace("\r\n", "\n").strip()
    return RightsWish(Terms(terms), statement or None)


def chosen_of(form: Form) -> Chosen:
    """The documents that are ticked, each with the version of what was shown of it."""
    told = (each.rpartition(":") for each in form.getlist("document"))
    return {document_id: version for document_id, _, version in told}


def like(review: Review) -> TogetherWish:
    """What one document shares with those that came with it: its event and its terms.

    Nothing of its fields: a year that was settled for one would be filled in for all the others.
    """
    rights = review.rights.rights
    if review.rights_open or rights.terms not in STATED:
        return TogetherWish(event_id=review.own_event_id)
    stated = RightsWish(rights.terms, rights.statement)
    return TogetherWish(event_id=review.own_event_id, rights=stated)
