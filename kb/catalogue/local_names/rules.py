"""What a local name may not be: refused where a question would understand something else."""

import re
from collections.abc import Callable
from typing import Protocol

from kb.catalogue.editing.views import BadEdit
from kb.catalogue.local_names.tables import LONGEST_KANA, LONGEST_NAME
from kb.catalogue.local_names.views import LocalNameFields
from kb.domain.gazetteer import Gazetteer
from kb.domain.municipality import Municipality, MunicipalityKind
from kb.domain.place_names import KANA_ONLY, MatchReason, PlaceMatch, is_too_short

LONGEST_NOTE = 200
"""Characters."""
LEAST_LATIN = 3
"""Letters; two are a country, a unit or a grade."""

_LETTERS = "々〆ヶ\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffffぁ-ゖァ-ヺA-Za-z\u00c0-\u024f"
_NAME = re.compile(rf"(?=.*[{_LETTERS}])[{_LETTERS}0-9](?:[{_LETTERS}ー0-9・-]*[{_LETTERS}ー0-9])?")
"""Without blanks: a question is cut at them before anything is read."""
_ONLY_LATIN = re.compile(r"[a-z0-9\u00c0-\u024f・-]+")

_TAKEN = (
    "「{name}」は{place}の名前です。{place}をさがす質問の意味が変わるので、登録できません。"
    "ほかの呼び名にしてください。"
)
_OWN = "「{name}」では、すでに{place}が見つかります({label})。登録はいりません。"
_MEANS = (
    "「{name}」は{what}なので、自治体の名前として読むと、そのことばをさがせなくなります。"
    "「{name}の町」のように、自治体だけを指す呼び名にしてください。"
)


class NameWords(Protocol):
    """The Japanese that names are judged by."""

    def key(self, text: str) -> str:
        """One form for all widths, variants and kana of a name."""
        ...

    def meaning(self, name: str) -> str | None:
        """What a text means that is no place: a common word, a theme's ...; None for nothing."""
        ...


def require_usable(
    fields: LocalNameFields,
    body: Municipality,
    places: Gazetteer,
    words: NameWords,
    is_department: Callable[[str], bool],
) -> None:
    """Be sure that a name can lead to a municipality of today.

    Namesakes are let be, as the gazetteer lets be those of short and former names: only a name
    that is another's whole name of today, or a prefecture's, is refused.

    Args:
        fields: the name with its reading and note, without blanks at their ends.
        body: whose name it is to be.
        places: what names lead to now, this one's earlier form included.
        words: judges what else it means.
        is_department: whether a department is recorded under a folded name.

    Raises:
        BadEdit: it cannot; each box with what is wrong and what to do.
    """
    name = fields.name
    found = {
        "name": _ill_formed(name, words)
        or _of_others(name, body, places)
        or _ambiguous(name, words, is_department),
        "kana": _bad_kana(fields.kana, words),
        "note": _bad_note(fields.note),
    }
    errors = {box: said for box, said in found.items() if said}
    if errors:
        raise BadEdit(errors)


def namesakes(name: str, body: Municipality, places: Gazetteer) -> tuple[str, ...]:
    """Other municipalities that go by a name, with their prefectures."""
    others = (match.municipality for match in places.resolve(name))
    return tuple(other.full_name for other in others if other.code != body.code)


def _ill_formed(name: str, words: NameWords) -> str | None:
    folded = words.key(name)
    if not folded:
        return "名前を入れてください。"
    if len(name) > LONGEST_NAME or len(folded) > LONGEST_NAME:
        return f"名前は{LONGEST_NAME}文字までです。短い呼び名にしてください。"
    if not _NAME.fullmatch(name):
        return (
            "名前に使えるのは、漢字、かな、ローマ字と、その間の数字、「・」、ハイフンです。"
            "空白や記号を消してください。数字だけの名前も使えません。"
        )
    if _ONLY_LATIN.fullmatch(folded) and len(folded) < LEAST_LATIN:
        return f"ローマ字の名前は{LEAST_LATIN}文字からです。もう少し長い呼び名にしてください。"
    if is_too_short(folded):
        return (
            f"「{name}」は短すぎます。関係のないことばにも当たるので、漢字なら2文字、"
            "かなだけなら3文字からにしてください。"
        )
    return None


def _of_others(name: str, body: Municipality, places: Gazetteer) -> str | None:
    """What official name it is already."""
    for match in places.resolve(name, loose=True):
        if match.municipality.code != body.code and _is_taken(match):
            return _TAKEN.format(name=name, place=match.municipality.full_name)
    for match in places.resolve(name):
        if match.municipality.code == body.code and match.why is not MatchReason.LOCAL_NAME:
            return _OWN.format(name=name, place=body.full_name, label=match.label)
    return None


def _is_taken(match: PlaceMatch) -> bool:
    """Whether a question means this body by the whole name, or by any name of a prefecture."""
    past = match.why in (MatchReason.FORMER_NAME, MatchReason.LOCAL_NAME)
    prefecture = match.municipality.kind is MunicipalityKind.PREFECTURE
    return not past and (match.exact or prefecture)


def _ambiguous(name: str, words: NameWords, is_department: Callable[[str], bool]) -> str | None:
    what = words.meaning(name) or ("登録された部署の名前" if is_department(name) else None)
    return _MEANS.format(name=name, what=what) if what else None


def _bad_kana(kana: str, words: NameWords) -> str | None:
    if not kana:
        return None
    if len(kana) > LONGEST_KANA or not KANA_ONLY.fullmatch(kana):
        return (
            f"「{kana}」を読みとして使えません。ひらがなかカタカナで、空白を入れずに"
            f"{LONGEST_KANA}文字までで書いてください。"
        )
    what = words.meaning(kana)
    if what:
        return f"読みの「{kana}」は{what}と同じです。読みを空けてください。名前だけで見つかります。"
    return None


def _bad_note(note: str) -> str | None:
    too_long = len(note) > LONGEST_NOTE
    return f"由来は{LONGEST_NOTE}文字までで書いてください。" if too_long else None
