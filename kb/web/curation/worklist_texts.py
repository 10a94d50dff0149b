"""What the worklist says of its lists, and where the things on them are settled."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kb.catalogue.worklist.views import (
    ASKED_DAYS,
    FAILED_DAYS,
    Kind,
    Pair,
    PairSide,
    Waiting,
)
from kb.domain.rights import Audience, allowed
from kb.web import addresses, display

INTRODUCTIONS = MappingProxyType(
    {
        Kind.SECOND_PERSON: "2人で公開する設定なので、まだ何も書き込んでいません。送った人とは"
        "別の編集担当が開いて内容を確かめ、書き込むか取りやめるかを決めます。",
        Kind.NOT_TAKEN: f"ここ{FAILED_DAYS}日に送られて、資料にならなかったファイルです。"
        "理由を確かめて、もう一度ためしてください。",
        Kind.FAILED: "原本はありますが、本文で検索できません。別の形のファイルを取り込むか、"
        "題名などを確かめて公開すると、ここから外れます。",
        Kind.DOUBTFUL: "文字を読み違えているかもしれません。本文を画像と見比べてください。"
        "確かめて公開すると、ここから外れます。",
        Kind.RIGHTS: "決まるまでは、複写を控える資料と同じに扱っています。分からないときは"
        "「確認できていない」と決めてください。",
        Kind.ALIKE: "2つを並べて、同じ資料か、版違いか、別の資料かを決めます。",
        Kind.STALE: "確かめて公開するか、いらないものは取り下げてください。",
        Kind.CASES: "年度や自治体でしぼり込む人には見つかりません。",
        Kind.SOURCES: "アドレスを開いて、まだあるかを確かめてください。",
        Kind.QUESTIONS: f"ここ{ASKED_DAYS}日に検索され、最後の日にも何も見つからなかった質問です。"
        "同義語や資料を足すと見つかるようになるかもしれません。",
    }
)

UNITS = MappingProxyType(
    {Kind.NOT_TAKEN: "個", Kind.ALIKE: "組", Kind.CASES: "件", Kind.SOURCES: "件"}
    | {Kind.QUESTIONS: "件", Kind.SECOND_PERSON: "件"}
)
"""What a list is counted in; all others in 点."""

FOUND_AS = MappingProxyType(
    {"same_text": "本文が同じ別のファイル", "new_edition": "内容が近い資料(改訂版・抜粋など)"}
)
"""How a pair was found, for curators."""

_WAYS: Mapping[Kind, Callable[[Waiting], str]] = MappingProxyType(
    {
        Kind.SECOND_PERSON: lambda each: (
            addresses.bulk(each.id) if each.of_file else addresses.intake(each.id)
        ),
        Kind.NOT_TAKEN: lambda each: addresses.upload(each.id),
        Kind.FAILED: lambda each: addresses.review(each.id),
        Kind.DOUBTFUL: lambda each: addresses.review(each.id),
        Kind.RIGHTS: lambda each: addresses.review_rights(each.id),
        Kind.ALIKE: lambda each: addresses.alike(each.id, each.other_id),
        Kind.STALE: lambda each: addresses.review(each.id),
        Kind.CASES: lambda each: addresses.case_form(each.id),
        Kind.SOURCES: lambda each: (
            addresses.event(each.id) if each.of_event else addresses.review(each.id)
        ),
        Kind.QUESTIONS: lambda each: addresses.search_by_text(each.title),
    }
)


def way(each: Waiting) -> str:
    """The address at which a thing is settled."""
    return _WAYS[each.kind](each)


def unit(kind: Kind) -> str:
    """What the things of a list are counted in."""
    return UNITS.get(kind, "点")


@dataclass(frozen=True, slots=True)
class Compared:
    """One fact of two documents."""

    label: str
    values: tuple[str, str]
    """The earlier one's first; なし where there is none."""

    @property
    def same(self) -> bool:
        """Both say so."""
        return self.values[0] == self.values[1]


def compared(pair: Pair) -> tuple[Compared, ...]:
    """The facts by which a curator tells whether two documents are one."""
    told = [_facts(side) for side in pair.sides]
    return tuple(
        Compared(label, (told[0][label] or "なし", told[1][label] or "なし")) for label in told[0]
    )


def _facts(side: PairSide) -> dict[str, str]:
    document = side.document
    named = allowed(document.rights, Audience.CURATOR).view
    return {
        "題名": document.title,
        "種類": document.kind.label,
        "自治体": "、".join(display.place(each) for each in document.municipalities),
        "実践年度": display.years(side.implemented_in) if side.implemented_in else "",
        "発表年度": display.years(document.presented_in) if document.presented_in else "",
        "催し": document.event_title or "",
        "事例": document.case_title or "",
        "版": document.edition or "",
        "ファイル": document.file_name or "" if named else "",
        "大きさ": display.size(document.size) if document.size else "",
        "ページ数": f"{document.pages}ページ" if document.pages else "",
        "状態": side.state.label,
        "利用条件": document.rights.effective.label,
        "出典": "、".join(source.url for source in document.sources),
    }
