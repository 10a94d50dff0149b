"""From a typed question to an answer, over the sample corpus."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.domain.rights import SNIPPET_CHARACTERS, Audience, Terms
from kb.search.engine import BadQuery
from kb.search.query import Asked, Facet, ResultPage, Scope, Sort
from kb.search.readers.typed import LONGEST_QUERY
from kb.search.service import SearchService

Filters = dict[Facet, tuple[str, ...]]


def ask(service: SearchService, text: str, filters: Filters | None = None) -> ResultPage:
    return service.search(Asked(text, filters or {}))


def cases(page: ResultPage) -> list[str]:
    return [hit.case.id for hit in page.results if hit.case]


def chip(page: ResultPage, typed: str) -> tuple[str, tuple[str, ...]]:
    return next((c.kind, c.searched) for c in page.understood if c.typed == typed)


@pytest.mark.parametrize(
    "name",
    ["福津市", "福津", "ふくつし", "ﾌｸﾂ", "fukutsu", "Fukutsu-shi", "402249", "40224", "福間町",
     "津屋崎町", "福岡県福津市"],
)  # fmt: skip
def test_a_town_is_found_by_every_name_it_has_or_had(service: SearchService, name: str) -> None:
    page = ask(service, name)
    assert cases(page)[:2] == ["case-fukutsu-2020", "case-fukutsu-2021"]
    assert [card.id for card in page.entities if card.kind == "municipality"] == ["402249"]


def test_why_a_place_was_meant_is_said_and_can_be_taken_back(service: SearchService) -> None:
    page = ask(service, "福間町 改善")
    [reading] = [c for c in page.understood if c.kind == "place"]
    assert reading.searched == ("福津市",)
    assert "2005-01-24" in reading.label
    assert page.entities[0].why == "旧町名 福間町 (2005-01-24 合併)"
    assert reading.without == '"福間町" 改善'
    assert cases(ask(service, reading.without))[:1] != ["case-fukutsu-2020"]


@pytest.mark.parametrize("place", ["津市", "三重県津市", "京都", "京都府"])
def test_a_place_without_cases_is_not_found_in_the_name_of_another(
    service: SearchService, place: str
) -> None:
    page = ask(service, place)
    assert page.total == 0
    assert chip(page, place)[0] == "missing"
    assert page.entities


def test_of_two_places_of_one_name_the_other_is_offered(service: SearchService) -> None:
    page = ask(service, "中野")
    offered = [s.text for s in page.suggestions if s.kind == "choose_place"]
    assert "長野県中野市" in offered
    assert cases(page)[0].startswith("case-nakano")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("中野區", "中野区"),
        ("霧ケ沢村", "霧ヶ沢村"),
        ("霧が沢村", "霧ヶ沢村"),
        ("髙島市", "高島市"),
    ],
)
def test_a_place_in_other_characters_is_found_and_it_is_said(
    service: SearchService, typed: str, name: str
) -> None:
    assert chip(ask(service, typed), typed) == ("place", (name,))
    assert set(cases(ask(service, typed))) == set(cases(ask(service, name)))
    assert ask(service, name).understood == ()


def test_a_place_inside_a_longer_word_is_read(service: SearchService) -> None:
    assert cases(ask(service, "福津市の組織目標"))[0] == "case-fukutsu-2021"


def test_spellings_meet_and_it_is_said(service: SearchService) -> None:
    assert chip(ask(service, "カイゼン"), "カイゼン") == ("spelling", ("改善",))


def test_old_kanji_meet(service: SearchService) -> None:
    assert cases(ask(service, "原﨑市長")) == cases(ask(service, "原崎市長"))


def test_synonyms_answer_and_are_named(service: SearchService) -> None:
    page = ask(service, "行政改革")
    assert chip(page, "行政改革")[0] == "synonym"
    assert "case-nakano-2021" in cases(page)


def test_a_word_that_stands_nowhere_is_said_and_the_rest_answers(service: SearchService) -> None:
    page = ask(service, "縦割り 打破")
    assert chip(page, "打破")[0] == "missing"
    assert page.total > 0
    assert [c.without for c in page.understood if c.kind == "missing"] == ["縦割り"]


def test_a_word_of_several_units_that_stand_nowhere_is_one_missing_word(
    service: SearchService,
) -> None:
    page = ask(service, "改善 ブロックチェーン 打破")
    missing = [(c.typed, c.without) for c in page.understood if c.kind == "missing"]
    assert missing == [("ブロックチェーン", "改善 打破"), ("打破", "改善 ブロックチェーン")]
    assert page.total == ask(service, "改善").total


def test_only_missing_words_find_nothing(service: SearchService) -> None:
    page = ask(service, "打破")
    assert (page.total, page.results) == (0, ())


def test_where_all_that_must_be_held_is_missing_nothing_answers(service: SearchService) -> None:
    page = ask(service, "隕石の事例")
    assert page.total == 0
    assert chip(page, "隕石") == ("missing", ())


def test_a_year_that_nothing_is_of_is_not_offered_on_either_axis(service: SearchService) -> None:
    page = ask(service, "2050年度 中野区")
    assert chip(page, "2050年度") == ("missing", ())
    assert page.suggestions == ()


def test_a_mistyped_place_is_asked_after(service: SearchService) -> None:
    page = ask(service, "福律市")
    assert page.total == 0
    assert "福津市" in [s.text for s in page.suggestions if s.kind == "did_you_mean"]


def test_practice_and_presentation_year_are_told_apart(service: SearchService) -> None:
    practised = ask(service, "", {Facet.IMPLEMENTED_IN: ("R3",)})
    presented = ask(service, "", {Facet.PRESENTED_IN: ("2021",)})
    assert "case-fukutsu-2021" in cases(practised)
    assert "case-fukutsu-2021" not in cases(presented)
    assert "case-fukutsu-2020" in cases(presented)


@pytest.mark.parametrize("typed", ["R4.9.3", "令和4年9月3日", "2022/9/3"])
def test_a_date_leads_to_its_event(service: SearchService, typed: str) -> None:
    page = ask(service, typed)
    assert ("event", "ev-2022-09-03") in [(card.kind, card.id) for card in page.entities]
    assert chip(page, typed)[0] == "year"


def test_provisional_and_final_title_find_the_case(service: SearchService) -> None:
    for title in ("総合計画の推進に向けた管理部門の結束", "経営手法の改善"):
        assert cases(ask(service, title))[0] == "case-nakano-2021"


def test_departments_by_raw_name_and_by_what_they_do(service: SearchService) -> None:
    raw = ask(service, "部署:まちづくり推進課")
    assert {"case-minamiise-2020", "case-fukutsu-2020"} <= set(cases(raw))
    by_function = ask(service, "監査委員事務局")
    assert cases(by_function)[0] == "case-fukutsu-2020"
    assert chip(by_function, "監査委員事務局")[0] == "department"


def test_exclusions_leave_out_and_reach_no_synonyms(service: SearchService) -> None:
    everything = ask(service, "改善")
    without = ask(service, "改善 -福津市")
    assert 0 < without.total < everything.total
    assert not any(c.startswith("case-fukutsu") for c in cases(without))
    assert ask(service, "改善 -行政改革").total > ask(service, "改善 -行革 -行政改革").total - 1


def test_a_phrase_is_taken_literally(service: SearchService) -> None:
    page = ask(service, '"改善運動"')
    assert page.total > 0
    assert page.total <= ask(service, "改善運動").total
    assert not page.understood


def test_too_many_words_step_down_and_say_so(service: SearchService) -> None:
    page = ask(service, "若者 窓口 監査 総合計画 防災 保育所")
    assert page.total > 0
    assert "一部のことば" in page.notices[0]
    assert len([s for s in page.suggestions if s.kind == "drop_word"]) == 6


def test_filters_that_leave_nothing_say_how_many_there_would_be(service: SearchService) -> None:
    page = ask(service, "若者 定住", {Facet.PREFECTURE: ("北海道",)})
    assert page.total == 0
    assert "条件を外すと" in page.notices[0]


@pytest.mark.parametrize("value", ["中野区", "131148", "13114", "nakano", "なかのく"])
def test_a_filter_takes_what_a_person_types(service: SearchService, value: str) -> None:
    page = ask(service, "", {Facet.MUNICIPALITY: (value,)})
    assert sorted(cases(page)) == ["case-nakano-2021", "case-nakano-2022"]


@pytest.mark.parametrize(
    ("facet", "value"),
    [
        (Facet.MUNICIPALITY, "どこにもない市"), (Facet.THEME, "宇宙"), (Facet.KIND, "歌"),
        (Facet.IMPLEMENTED_IN, "来年"), (Facet.PREFECTURE, "77"), (Facet.DEPARTMENT, "秘密"),
        (Facet.RIGHTS, "x"), (Facet.EVENT, "x"), (Facet.STANDING, "x"),
    ],
)  # fmt: skip
def test_an_unknown_filter_is_told_and_never_means_everything(
    service: SearchService, facet: Facet, value: str
) -> None:
    with pytest.raises(BadQuery, match=value):
        ask(service, "", {facet: (value,)})


def test_facet_counts_leave_out_their_own_choice(service: SearchService) -> None:
    page = ask(service, "", {Facet.THEME: ("culture",)})
    counts = {c.value: c for c in page.facets[Facet.THEME]}
    assert counts["culture"].selected
    assert counts["culture"].count == page.total
    other = next(c for c in counts.values() if not c.selected)
    both = ask(service, "", {Facet.THEME: ("culture", other.value)})
    assert both.total <= page.total + other.count
    assert both.total > page.total or other.count == 0


def test_same_page_is_narrower_than_the_whole_case(service: SearchService) -> None:
    whole = service.search(Asked("窓口 申請書"))
    page = service.search(Asked("窓口 申請書", scope=Scope.PAGE))
    assert 0 < page.total <= whole.total


def test_orders_and_pages(service: SearchService) -> None:
    newest = service.search(Asked("", sort=Sort.IMPLEMENTED_IN, page_size=10))
    years = [hit.case.implemented_in for hit in newest.results if hit.case]
    assert years == sorted(years, key=lambda year: -(year or 0))
    second = service.search(Asked("", sort=Sort.IMPLEMENTED_IN, page_size=10, page=2))
    assert not {h.case and h.case.id for h in newest.results} & {
        h.case.id for h in second.results if h.case
    }


def test_specimens_never_stand_before_a_real_case_of_the_same_words(
    service: SearchService,
) -> None:
    page = ask(service, "改善")
    specimens = [hit.case.specimen for hit in page.results if hit.case]
    assert specimens[0] is False
    assert True in specimens


def test_restricted_documents_show_no_more_than_their_rights_allow(
    service: SearchService,
) -> None:
    page = service.search(Asked("あまのじゃく指標ベータ七", page_size=100))
    restricted = [
        document
        for hit in page.results
        for document in hit.documents
        if document.rights.terms in (Terms.NO_COPY, Terms.UNKNOWN)
    ]
    assert restricted
    for document in restricted:
        shown = sum(len(quote.text) for quote in document.passages if quote.page)
        assert shown <= SNIPPET_CHARACTERS


def test_reading_a_page_marks_every_variant_and_counts_the_others(
    service: SearchService,
) -> None:
    reading = service.read("doc-2018-07-29-record", 1, "カイゼン", Audience.ANONYMOUS)
    assert reading is not None
    assert set(reading.marked) == {"改善"}
    assert reading.hits_by_page[1] == len(reading.marks) > 0
    assert all(reading.text[a:b] == "改善" for a, b in reading.marks)


def test_a_page_that_may_not_be_read_gives_no_text(service: SearchService) -> None:
    reading = service.read("doc-mihon-tsukimihara-2021-slides", 2, "課長", Audience.ANONYMOUS)
    assert reading is not None
    assert (reading.text, reading.marks) == ("", ())


def test_an_unknown_page_is_none(service: SearchService) -> None:
    assert service.read("doc-2018-07-29-record", 99, "", Audience.ANONYMOUS) is None
    assert service.read("doc-none", 1, "", Audience.ANONYMOUS) is None


def test_a_question_too_long_is_refused(service: SearchService) -> None:
    with pytest.raises(BadQuery, match=str(LONGEST_QUERY)):
        ask(service, "改" * (LONGEST_QUERY + 1))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(
        alphabet=st.one_of(
            st.sampled_from('改善福津市中野区R4令和年度部署:"-　 「」課長'),
            st.characters(codec="utf-8"),
        ),
        max_size=40,
    )
)
def test_any_question_gets_an_answer_or_a_sentence(service: SearchService, typed: str) -> None:
    try:
        page = ask(service, typed)
    except BadQuery:
        page = ask(service, "")
    for hit in page.results:
        for document in hit.documents:
            for quote in document.passages:
                assert all(0 <= a < b <= len(quote.text) for a, b in quote.marks)
