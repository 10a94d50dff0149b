"""Whose case it is: by code or name, asked rather than guessed."""

import pytest

from kb.catalogue.exchange.cells import BadCell, Row
from kb.catalogue.tables import load_municipalities
from tests.indexer.exchange.grids import SHIPPED


def codes(**cells: str) -> tuple[str, ...] | None:
    return SHIPPED.read(Row(2, cells)).codes


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"対象組織": "福津市"}, ("402249",)),
        ({"対象組織": "福岡県福津市"}, ("402249",)),
        ({"対象組織": "中野区;福津市;中野区"}, ("131148", "402249")),
        ({"対象組織": "東京都"}, ("130001",)),
        ({"対象組織": "東京都府中市"}, ("132063",)),
        ({"対象組織": "府中市", "事例の場所": "広島県"}, ("342084",)),
        ({"対象組織": "府中市", "団体コード": "342084"}, ("342084",)),
        ({"団体コード": "４０２２４９"}, ("402249",)),
        ({"団体コード": "40224"}, ("402249",)),
        ({"団体コード": "11002"}, ("011002",)),
        ({"団体コード": "11002", "対象組織": "札幌市"}, ("011002",)),
        ({}, None),
        ({"対象組織": "", "団体コード": ""}, None),
    ],
)
def test_places_are_read(cells: dict[str, str], expected: tuple[str, ...] | None) -> None:
    assert codes(**cells) == expected


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"対象組織": "福間町"}, "旧町名 2005-01-24 合併"),
        ({"団体コード": "403628"}, "旧団体コード"),
        ({"対象組織": "ふくつし"}, "読み"),
        ({"団体コード": "11002"}, "011002"),
        ({"対象組織": "改善研究会", "団体コード": "402249"}, "記録せず"),
    ],
)
def test_what_is_read_otherwise_than_written_is_said(cells: dict[str, str], said: str) -> None:
    read = SHIPPED.read(Row(2, cells))
    assert said in "".join(read.remarks)
    assert read.codes in {("402249",), ("011002",)}


@pytest.mark.parametrize(
    ("cells", "column", "said"),
    [
        ({"対象組織": "府中市"}, "対象組織", "東京都府中市(132063)、広島県府中市(342084)"),
        ({"対象組織": "中野"}, "対象組織", "中野区(131148)"),
        ({"対象組織": "改善研究会"}, "対象組織", "読めません"),
        ({"団体コード": "402240"}, "団体コード", "登録されていない"),
        ({"団体コード": "千"}, "団体コード", "5桁または6桁"),
        ({"団体コード": "131148", "対象組織": "福津市"}, "団体コード", "合いません"),
    ],
)
def test_what_is_not_clear_is_refused(cells: dict[str, str], column: str, said: str) -> None:
    with pytest.raises(BadCell) as bad:
        codes(**cells)
    assert bad.value.column == column
    assert said in bad.value.why
    assert bad.value.remedy


def test_every_municipality_is_read_by_its_code_and_by_its_name_with_its_prefecture() -> None:
    for body in load_municipalities():
        assert codes(団体コード=body.code, 対象組織=body.name) == (body.code,)
        assert codes(対象組織=body.name, 事例の場所=body.prefecture) == (body.code,), body
