"""Filters: which municipalities a value means, and what is said where it can mean others."""

from dataclasses import replace

import pytest

from kb.catalogue.tables import load_former_names, load_municipalities
from kb.domain.gazetteer import Gazetteer
from kb.domain.municipality import MunicipalityCode
from kb.domain.place_names import LocalName
from kb.japanese.fold import fold_text
from kb.japanese.readings import romaji_key, romaji_key_long, to_hiragana
from kb.search.engine import BadQuery
from kb.search.query import Facet
from kb.search.readers.fields import facet_values, filter_notices, filters
from kb.search.readers.vocabulary import Vocabulary

BODIES = load_municipalities()
FORMER = load_former_names()
LOCAL = tuple(
    LocalName(MunicipalityCode(code), name)
    for code, name in (
        ("402249", "神興村"), ("402249", "中野"), ("402249", "ゆめの町"), ("202118", "ゆめの町"),
    )
)  # fmt: skip
VOCABULARY = Vocabulary(
    Gazetteer(
        BODIES, FORMER, LOCAL, romaji_key=romaji_key, other_romaji_key=romaji_key_long,
        to_hiragana=to_hiragana, fold=fold_text,
    ),
    {},
    str.casefold,
)  # fmt: skip


def codes(text: str) -> set[str]:
    return set(facet_values(Facet.MUNICIPALITY, text, VOCABULARY))


def notices(*texts: str) -> tuple[str, ...]:
    return filter_notices({Facet.MUNICIPALITY: texts}, VOCABULARY)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("福津市", {"402249"}),
        ("福間町", {"402249"}),
        ("403628", {"403628"}),
        ("４０３６２", {"403628"}),
        ("012017", {"011002"}),
        ("府中市", {"132063", "342084"}),
        ("広島県府中市", {"342084"}),
        ("中央区", {"131024"}),
        ("上九一色村", {"192015", "194301"}),
        ("福岡", {"401307"}),
        ("福岡県", {"400009"}),
        ("400009", {"400009"}),
        ("toheicho", {"235628"}),
        ("Tōei", {"235628"}),
        (" 津 ", {"242012"}),
        ("神興村", {"402249"}),
        ("中野", {"131148"}),
        ("ゆめの町", {"402249", "202118"}),
    ],
)
def test_a_value_means_a_municipality(text: str, expected: set[str]) -> None:
    assert codes(text) == expected


@pytest.mark.parametrize("text", ["改善町", "402240", "ooookaaaa", "Taga-choho"])
def test_a_value_that_means_none_is_refused(text: str) -> None:
    with pytest.raises(BadQuery, match="登録がありません"):
        codes(text)


@pytest.mark.parametrize(
    ("facet", "text", "expected"),
    [
        (Facet.THEME, "dx", {"digital"}), (Facet.THEME, "移住", {"migration"}),
        (Facet.THEME, "目標", {"objectives"}), (Facet.THEME, "働き方", {"workstyle"}),
        (Facet.KIND, "スライド", {"slides"}), (Facet.KIND, "報告書", {"report"}),
    ],
)  # fmt: skip
def test_a_theme_goes_by_a_part_of_its_name_and_a_kind_by_what_its_papers_are_called(
    facet: Facet, text: str, expected: set[str]
) -> None:
    assert set(facet_values(facet, text, VOCABULARY)) == expected


@pytest.mark.parametrize(
    ("facet", "text", "told"),
    [
        (Facet.THEME, "除雪", "働き方"), (Facet.THEME, "働", "働き方"),
        (Facet.KIND, "映画", "チラシ"),
        (Facet.DEPARTMENT, "なにか", "税務"), (Facet.IMPLEMENTED_IN, "いつか", "令和3年度"),
        (Facet.MUNICIPALITY, "福律市", "福津市"),
    ],
)  # fmt: skip
def test_a_value_that_is_refused_is_told_what_to_type(facet: Facet, text: str, told: str) -> None:
    names = tuple(body.name for body in BODIES)
    known = replace(VOCABULARY, place_names=names, active_codes=frozenset(["402249"]))
    with pytest.raises(BadQuery, match=told):
        facet_values(facet, text, known)


def test_every_code_of_today_means_its_body_and_is_taken_without_a_word() -> None:
    own = [str(body.code) for body in BODIES]
    typed = filters({Facet.MUNICIPALITY: tuple(own)}, VOCABULARY)
    assert list(typed[Facet.MUNICIPALITY]) == own
    assert notices(*own) == ()


def test_a_body_of_the_past_is_found_by_its_own_code_alone() -> None:
    today = {str(body.code) for body in BODIES}
    for former in FORMER:
        means = codes(former.code)
        if former.code not in today and not former.is_code_alone:
            assert means == {str(former.code)}
        else:
            assert means <= today
        assert codes(former.prefecture + former.name) <= today


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("府中市", ("自治体は2団体あり", "東京都府中市", "広島県府中市")),
        ("伊達市", ("自治体は2団体あり", "北海道伊達市", "福島県伊達市")),
        ("上九一色村", ("自治体は2団体あり", "山梨県甲府市", "山梨県富士河口湖町")),
        ("旭町", ("自治体は4団体あり",)),
        ("中野", ("東京都中野区として", "長野県中野市")),
        ("なかの", ("東京都中野区として", "長野県中野市")),
        ("403628", ("福間町(2005-01-24 合併、現 福津市)", "402249 を指定")),
        ("193411", ("現 甲府市、富士河口湖町",)),
    ],
)
def test_what_can_mean_others_is_told(text: str, said: tuple[str, ...]) -> None:
    (notice,) = notices(text)
    assert all(words in notice for words in said), notice


@pytest.mark.parametrize(
    "text", ["福津市", "福間町", "ふくつ", "福岡", "福岡県", "012017", "中央区"]
)
def test_what_means_one_is_not_talked_about(text: str) -> None:
    assert notices(text, text) == ()


def test_other_filters_have_nothing_told_of_them() -> None:
    assert (
        filter_notices({Facet.PREFECTURE: ("福岡",), Facet.MUNICIPALITY: (" ",)}, VOCABULARY) == ()
    )
