"""Which cases cannot be merged, and which merges not be undone, and what to do about it."""

from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.merging import state
from kb.catalogue.review import states


def why_not(session: Session, kept: m.CaseRow, other: m.CaseRow, continues_id: str | None) -> str:
    """Why one case cannot go into the other; empty where it can."""
    if kept.id == other.id:
        return "同じ事例です。もう一つの事例を選んでください。"
    if kept.specimen != other.specimen:
        return "見本の事例と本物の事例は統合できません。"
    for row in (kept, other):
        if states.taken_down(session, row):
            return (
                f"事例「{row.title}」は取り下げられています。取り下げを取り消すまで統合できません。"
            )
    if other.published and not kept.published:
        return (
            "残す事例がまだ公開されていません。公開中の事例のほうを残してください"
            "(「残す事例を入れ替える」を押します)。"
        )
    return _circle(session, kept, other, continues_id)


def _circle(session: Session, kept: m.CaseRow, other: m.CaseRow, continues_id: str | None) -> str:
    """A case would continue itself by way of those between the two."""
    met: set[str] = set()
    while continues_id and continues_id not in met:
        if continues_id in (kept.id, other.id):
            return (
                "2つの事例は、別の年度の事例をはさんで前後につながっています。"
                "先に「前の年度の事例」を確かめて、つながりを外してください。"
            )
        met.add(continues_id)
        continues_id = session.get_one(m.CaseRow, continues_id).continues_id
    return ""


def why_not_split(session: Session, row: m.MergedCaseRow) -> str:
    """Why a merge cannot be undone now; empty where it can."""
    kept = session.get(m.CaseRow, row.kept_id)
    if kept is None:
        into = session.get(m.MergedCaseRow, row.kept_id)
        where = f"(いまは {into.kept_id} の中です)" if into else ""
        return f"残した事例 {row.kept_id} がもうありません{where}。先にそちらを分けてください。"
    if state.digest(state.told_of(session, kept)) != row.held.get("after"):
        return (
            "統合のあとで、事例か、その資料や人が変わりました。分けると変更が失われるため、"
            "分けられません。新しい事例を作って、資料を移してください。"
        )
    return ""
