"""Synonyms for curators: the groups, a draft of changes, its rehearsal, publishing, a step back."""

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from kb.catalogue.entries import Authorship
from kb.catalogue.review.views import ChangedMeanwhile
from kb.catalogue.synonyms.desk import SynonymDesk
from kb.catalogue.synonyms.store import UnknownSynonym
from kb.catalogue.synonyms.views import GroupFields, GroupForm, GroupsAsked, NotReady, Shown
from kb.domain.rights import Audience
from kb.domain.roles import Role
from kb.domain.synonyms import BadSynonyms, Relation, SynonymEntry
from kb.web import access, addresses, parameters
from kb.web.curation.questions import again, narrowed
from kb.web.curation.reviewing import MEANWHILE, fresh
from kb.web.curation.synonym_service import Synonyms
from kb.web.display import moment
from kb.web.services import services

blueprint = Blueprint("synonym_pages", __name__, url_prefix="/curation/synonyms")
access.declare(blueprint, Role.CURATOR)

MOST_TOLD = 10
"""Cases named of one question; the rest is counted."""
HINTS = {
    Relation.SAME: "どの語で検索しても、ほかの語も探します。",
    Relation.ABBREVIATION: "短い言い方と正式な言い方。どちらで検索しても、もう一方も探します。",
    Relation.NARROWER: "「上の語」で検索したときだけ、含まれる語も探します。逆には探しません。",
}


def synonyms() -> Synonyms:
    """The synonyms of this application; 404 where it has none."""
    return services().synonyms or abort(404)


def desk() -> SynonymDesk:
    """Where they are kept."""
    return synonyms().desk


@blueprint.get("", strict_slashes=False)
def groups() -> Response:
    """The draft with its rehearsal, the groups, and what was published."""
    return _list_page()


@blueprint.get("/group")
def group() -> Response:
    """The form of one group, or of a new one."""
    return _group_page(_form(request.args.get("key")))


@blueprint.post("/group")
def change_group() -> Response:
    """Draft a change of a group; what cannot be taken comes back as it was typed."""
    form = request.form
    key = form.get("key") or None
    fields = GroupFields(*(form.get(name, "").strip() for name in ("relation", "head", "words")))
    try:
        told = _do(form.get("do", ""), key, fields)
    except UnknownSynonym:
        abort(404)
    except BadSynonyms as error:
        return _group_page(_typed(_form(key), fields), f"下書きに入れていません。{error}", 422)
    except ChangedMeanwhile:
        return _group_page(_typed(_form(key), fields), MEANWHILE, 409)
    flash(told)
    return redirect(addresses.SYNONYMS, 303)


def _do(do: str, key: str | None, fields: GroupFields) -> str:
    """Do what a button of a group's form says; what to tell of it."""
    version, actor = request.form.get("version", ""), access.actor()
    if do == "save":
        desk().propose(key, fields, version, actor)
        return "下書きに入れました。予行してから公開すると、検索に使われます。"
    if key is None or do not in ("take_back", "restore"):
        raise BadRequest("このボタンは、この画面にはありません。")
    if do == "take_back":
        desk().take_back(key, version, actor)
        return "組を使わない変更を、下書きに入れました。"
    desk().restore(key, version, actor)
    return "組をもとに戻す変更を、下書きに入れました。"


@blueprint.post("/draft")
def change_draft() -> Response:
    """Take changes out of the draft, rehearse it, publish it, or take the last one back."""
    name, _, value = request.form.get("do", "").partition(":")
    try:
        told = _draft(name, value)
    except ChangedMeanwhile:
        told = "画面を開いたあとで、下書きか同義語が変わりました。まだ公開していません。"
        return _list_page(f"{told}いまの内容を確かめて、もう一度予行してください。", 409)
    except (BadSynonyms, NotReady) as error:
        return _list_page(str(error), 422)
    flash(told)
    return redirect(addresses.SYNONYMS, 303)


def _draft(name: str, value: str) -> str:
    """Do what a button of the draft says; what to tell of it."""
    actor, why = access.actor(), request.form.get("why", "").strip() or None
    if name == "rehearse":
        done = synonyms().rehearse(actor, Audience(current_app.config["KB_AUDIENCE"]))
        return "予行しました。" if done else "予行を始めました。終わるまで少し待ってください。"
    if name == "publish":
        version = request.form.get("version", "")
        count = desk().publish(version, Authorship(actor, why))
        return f"{count}組の変更を公開しました。次の検索から使われます。"
    if name == "step_back" and value.isdecimal() and len(value) < 19:
        count = desk().step_back(int(value), Authorship(actor, why))
        return f"公開を取り消し、{count}組を一つ前に戻しました。変更は下書きに残っています。"
    if name == "forget" and value:
        desk().forget(value, actor)
        return "下書きから1組を消しました。"
    if name == "forget_all":
        desk().forget(None, actor)
        return "下書きを空にしました。"
    raise BadRequest("このボタンは、この画面にはありません。")


# --- showing --------------------------------------------------------------------------------


def said(entry: SynonymEntry | None) -> str:
    """A group in one line: 「首長 → 市長、町長」."""
    if entry is None:
        return "なし"
    group = entry.group
    words = "、".join(group.words)
    line = f"{group.head} → {words}" if group.head else words
    return f"{line}({group.relation.label})" + ("" if entry.active else "[使わない]")


def _asked() -> GroupsAsked:
    shown = Shown.from_text(request.args.get("show", "")) or Shown.ALL
    page = parameters.number(request.args, "page", usual=1, most=parameters.LAST_PAGE)
    return GroupsAsked(parameters.query_text(request.args), shown, page)


def _list_page(told: str = "", status: int = 200) -> Response:
    asked = _asked()
    found, published = desk().groups(asked), desk().published()
    pager = {
        label: addresses.synonyms(asked.word, asked.shown.value, number)
        for label, number in (("前のページ", asked.page - 1), ("次のページ", asked.page + 1))
        if 1 <= number <= found.pages
    }
    page = render_template(
        "curation/synonyms.html",
        found=found,
        draft=desk().draft(),
        published=published,
        last=published[0] if published and published[0].action == "published" else None,
        told=told,
        pager=pager,
        Shown=Shown,
        most=MOST_TOLD,
        said=said,
        again=again,
        narrowed=narrowed,
        moment=moment,
        subject=_subject,
    )
    return fresh(page, status)


def _subject(subject: str) -> str:
    """The address of what a question would gain or lose."""
    kind, _, key = subject.partition(":")
    return addresses.case(key) if kind == "case" else addresses.document(key)


def _group_page(form: GroupForm, told: str = "", status: int = 200) -> Response:
    page = render_template(
        "curation/synonyms_group.html",
        form=form,
        told=told,
        hints=HINTS,
        said=said,
    )
    return fresh(page, status)


def _form(key: str | None) -> GroupForm:
    found = desk().form(key or None)
    if found is None:
        abort(404)
    return found


def _typed(form: GroupForm, fields: GroupFields) -> GroupForm:
    """The form as it is now, with what was typed in it."""
    return GroupForm(form.key, form.version, fields, form.now, form.drafted, form.shipped)
