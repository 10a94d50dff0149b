"""What terms come to for every audience, as :func:`kb.domain.rights.allowed` says it."""

from dataclasses import dataclass

from kb.domain.rights import Audience, Permissions, Rights, Terms, allowed

COLUMNS = ("題名", "検索", "抜粋", "本文", "画像", "閲覧", "保存", "API", "フィード", "書き出し")


@dataclass(frozen=True, slots=True)
class EffectRow:
    """One audience, and what it may do: a cell for each of :data:`COLUMNS`."""

    audience: Audience
    cells: tuple[str, ...]


def effect(rights: Rights) -> tuple[EffectRow, ...]:
    """A row for every audience."""
    return tuple(EffectRow(who, _cells(allowed(rights, who))) for who in Audience)


def _cells(may: Permissions) -> tuple[str, ...]:
    excerpt = f"{may.snippet_characters}字まで" if may.snippet_characters else _mark(False)
    first = (_mark(may.metadata), _mark(may.index), excerpt)
    rest = (may.page_text, may.page_image, may.view, may.download, may.api_text, may.feed,
            may.export)  # fmt: skip
    return (*first, *map(_mark, rest))


def _mark(given: bool) -> str:
    return "○" if given else "×"


def in_short(terms: Terms) -> str:
    """What everybody is shown under these terms, in a sentence."""
    may = allowed(Rights(terms), Audience.ANONYMOUS)
    if not may.metadata:
        inside = allowed(Rights(terms), Audience.STAFF).page_text
        return "匿名には題名も出しません" + ("(庁内と編集担当だけが読めます)" if inside else "")
    if may.download:
        return "だれでも本文と画像を読み、ファイルを保存できます"
    if may.page_text:
        return "だれでも本文と画像を読めます"
    return f"題名などと{may.snippet_characters}字までの抜粋だけを公開し、本文と画像は出しません"
