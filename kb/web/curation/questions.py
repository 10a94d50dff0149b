"""What people asked and did not find, and how the known questions fare: for curators."""

from dataclasses import dataclass

from flask import Blueprint, current_app, render_template, request
from werkzeug.exceptions import NotFound

from kb.catalogue.questions.asked import AskedCount, WordCount
from kb.domain.rights import Audience
from kb.domain.roles import Role
from kb.search.asking import filters_of
from kb.search.missing_words import WordHint, WordHints
from kb.search.query import Asked, Scope
from kb.search.suggesting import Offer
from kb.web import access, addresses, display, parameters, texts
from kb.web.services import services

blueprint = Blueprint("curation_questions", __name__, url_prefix="/curation")
access.declare(blueprint, Role.CURATOR)

PERIODS = (7, 30, 90, 365)
"""Days a report may look back."""
USUAL_DAYS = 90


@dataclass(frozen=True, slots=True)
class HintedWord:
    """A word that nothing held, with what may help."""

    count: WordCount
    hint: WordHint


@blueprint.get("/questions")
def questions() -> str:
    """The last score, and the report of the chosen days."""
    desk = services().questions
    if desk is None:
        raise NotFound
    days = parameters.number_among(request.args, "days", usual=USUAL_DAYS, choices=PERIODS)
    report = desk.report(days)
    hints = WordHints(desk.synonyms(), _offers)
    known, score = desk.known(), desk.score()
    return render_template(
        "curation/questions.html",
        report=report,
        days=days,
        periods=PERIODS,
        words=[HintedWord(count, hints.of(count.word)) for count in report.missing],
        score=score,
        asked_at=display.moment(score.asked_at) if score and score.asked_at else "",
        known=known,
        active=sum(question.active for question in known),
        kept_days=current_app.config.get("KB_QUERY_LOG_DAYS"),
        again=again,
        narrowed=narrowed,
    )


def again(count: AskedCount) -> str:
    """The address at which a question of the report can be asked again."""
    try:
        filters, scope = filters_of(count.filters)
    except ValueError:  # the line was cut, or names a filter of another version
        return addresses.search_by_text(count.question)
    return addresses.search(Asked(count.question, filters, scope))


def narrowed(count: AskedCount) -> str:
    """The filters of a question in words: 「テーマ: dx、同じページ内」."""
    try:
        filters, scope = filters_of(count.filters)
    except ValueError:
        return count.filters
    chosen = [f"{texts.FACETS.get(f, f)}: {'・'.join(values)}" for f, values in filters.items()]
    return "、".join(chosen + ["同じページ内"] * (scope is Scope.PAGE))


def _offers(word: str) -> tuple[Offer, ...]:
    return services().search.suggest(word, Audience.CURATOR)
