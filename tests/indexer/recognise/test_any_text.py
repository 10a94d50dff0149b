"""Whatever a page says, recognisers answer, and their evidence lies on it."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.extracted import Block, BlockKind, ExtractedPage
from indexer.recognise.evidence import MOST_WORDS
from indexer.recognise.reading import looked_at
from indexer.recognise.recognise import FIELDS, Recognisers, Source, as_json

_WORDS = st.sampled_from(
    [
        *(
            "福津市",
            "中野区",
            "府中市",
            "福岡県",
            "横浜市青葉区",
            "福間町",
            "長",
            "議会",
            "総務課",
            "係長",
        ),
        *(
            "令和4年度",
            "R4.9.3",
            "昨年度",
            "令和五年一一月一八日",
            "(仮)",
            "「",
            "」",
            "。",
            "\n",
            " ",
            "　",
        ),
        *(
            "複写はお控えください",
            "本資料の",
            "通信 No10",
            "第12号",
            "酒井直人",
            "(",
            ")",
            "〒",
            "㍻",
            "ｶﾞ",
        ),
        *(
            "city.nobeoka.miyazaki.jp",
            "2020-03",
            "実施した",
            "窓口",
            "財政",
            "\u3099",
            "\ud7ff",
            "原﨑",
            "福津",
            "市",
            "2018年5",
            "月",
            "2018\t3",
            "この一年",
        ),
    ]
)
_TEXT = st.lists(_WORDS | st.text(max_size=5), max_size=40).map("".join)


@st.composite
def pages(draw: st.DrawFn) -> ExtractedPage:
    text = draw(_TEXT)
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, len(text)))
    kind = draw(st.sampled_from(BlockKind))
    title = draw(st.none() | st.just(text[start:end]) | _TEXT)
    number = draw(st.integers(1, 9))
    return ExtractedPage(number, text, 595, 842, title, blocks=(Block(kind, ((start, end),)),))


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(
    read=st.lists(pages(), max_size=9),
    file=_TEXT,
    metadata=st.none() | _TEXT,
    author=st.none() | _TEXT,
    created=st.none() | st.sampled_from(["2022-09-03", "2022", "x", "1970-01-01"]),
)
def test_any_document_gets_an_answer(
    recognisers: Recognisers,
    read: list[ExtractedPage],
    file: str,
    metadata: str | None,
    author: str | None,
    created: str | None,
) -> None:
    found = recognisers.recognise(Source(file, read, metadata, author, created))
    assert set(found) == set(FIELDS)
    by_number: dict[int, list[str]] = {}
    for one in looked_at(read):
        by_number.setdefault(one.number, []).append(one.text)
    for proposals in found.values():
        confidences = [proposal.confidence for proposal in proposals]
        assert confidences == sorted(confidences, reverse=True)
        assert all(0.0 < confidence < 1.0 for confidence in confidences)
        for evidence in (e for proposal in proposals for e in proposal.evidence):
            assert len(evidence.text) <= MOST_WORDS
            if evidence.source == "page":
                assert evidence.page is not None
                assert evidence.start is not None
                assert evidence.end is not None
                longest = max(len(text) for text in by_number[evidence.page])
                assert 0 <= evidence.start <= evidence.end <= longest
            else:
                assert evidence.page is None
                assert evidence.start is None
    as_json(found)


@pytest.mark.parametrize(
    "text",
    [
        "通" * 4000,
        "あ\n" * 2000,
        "複写禁止資料" * 600,
        "令和4年9月3日" * 400,
        "福津市長" * 1000,
        "企画課" * 1300,
        "(" * 4000,
        "酒井直人(" * 800,
        "「" * 2000 + "(仮)" * 600,
        "2019年度\n" * 500,
    ],
)
def test_no_page_costs_more_than_others_by_its_form(recognisers: Recognisers, text: str) -> None:
    page = ExtractedPage(1, text, 595, 842, title=text[:1000])
    begun = time.process_time()
    recognisers.recognise(Source(f"{text[:200]}.pdf", [page] * 7, text[:1000], text[:1000]))
    # 7 dense pages; measured 0.04 to 0.9 s, where a square of the length would be many seconds.
    assert time.process_time() - begun < 10


def test_only_the_front_and_the_back_of_a_long_document_are_read() -> None:
    book = [ExtractedPage(number, "", 595, 842) for number in range(1, 601)]
    assert [page.number for page in looked_at(book)] == [1, 2, 3, 4, 5, 599, 600]
    assert len(looked_at(book[:6])) == 6
