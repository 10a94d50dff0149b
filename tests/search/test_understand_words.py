"""Words that are read as something: people, departments, kinds, numbers, synonyms."""

import pytest

from kb.search.condition import AllOf, AnyOf
from kb.search.engine import BadQuery
from kb.search.query import Asked, Facet, ResultPage, SearchHit
from kb.search.service import SearchService
from kb.search.understand import MOST_READINGS
from kb.search.understanding import Understanding


def ask(service: SearchService, text: str) -> ResultPage:
    return service.search(Asked(text, page_size=100))


def read(service: SearchService, text: str) -> Understanding:
    return service._understand(text, service._vocabulary())


def _name(hit: SearchHit) -> str:
    return hit.case.id if hit.case else hit.documents[0].id


def facets(understanding: Understanding) -> set[tuple[Facet, str]]:
    return {
        variant.facet
        for reading in understanding.readings
        for variant in reading.clause.variants
        if variant.facet
    }


def chips(service: SearchService, text: str) -> dict[str, tuple[str, ...]]:
    return {chip.kind: chip.searched for chip in ask(service, text).understood}


@pytest.mark.parametrize(
    ("typed", "facet"),
    [
        ("人事課", (Facet.DEPARTMENT, "personnel")),
        ("監査委員事務局", (Facet.DEPARTMENT, "audit")),
        ("スライド", (Facet.KIND, "slides")),
        ("報告書", (Facet.KIND, "report")),
        ("チラシ", (Facet.KIND, "flyer")),
    ],
)
def test_words_that_name_what_is_filed(
    service: SearchService, typed: str, facet: tuple[Facet, str]
) -> None:
    understanding = read(service, typed)
    assert facet in facets(understanding)
    assert any(v.probes for r in understanding.readings for v in r.clause.variants)


@pytest.mark.parametrize("typed", ["人事課の取組", "人事担当者の事例", "福津市と人事課"])
def test_a_department_is_read_within_a_longer_word(service: SearchService, typed: str) -> None:
    assert (Facet.DEPARTMENT, "personnel") in facets(read(service, typed))


def test_a_department_of_several_words_is_read_within_a_longer_word(
    service: SearchService,
) -> None:
    assert chips(service, "まちづくり推進課の係長")["department"] == ("まちづくり推進課", "企画")


def test_a_loanword_in_hiragana_is_that_word(service: SearchService) -> None:
    assert chips(service, "てれわーく")["spelling"][0] == "テレワーク"
    written, spelt = ask(service, "テレワーク"), ask(service, "てれわーく")
    assert {_name(hit) for hit in written.results} == {_name(hit) for hit in spelt.results}


def test_a_kind_in_a_question_is_no_filter_and_with_its_field_is_one(
    service: SearchService,
) -> None:
    loose, strict = ask(service, "スライド"), ask(service, "種類:slides")
    assert loose.total >= strict.total > 0
    assert all(
        any(document.kind == "slides" for document in hit.documents) for hit in strict.results
    )


@pytest.mark.parametrize("typed", ["No.10", "No10", "第10号", "10号", "Vol.10", "№10"])
def test_a_number_of_a_series_however_it_is_written(service: SearchService, typed: str) -> None:
    [reading] = read(service, typed).readings
    surfaces = {variant.surface for variant in reading.clause.variants}
    assert {"No.10", "第10号"} & surfaces
    assert ask(service, f"通信 {typed}").results[0].documents[0].id == "doc-2019-newsletter-10"


@pytest.mark.parametrize("rank", ["係長", "部長", "市長"])
def test_a_rank_is_found_however_its_neighbours_make_the_analyser_cut_it(
    service: SearchService, rank: str
) -> None:
    written, cut = ask(service, f'"{rank}"'), ask(service, rank)
    assert written.total > 2
    named = [{_name(hit) for hit in page.results} for page in (written, cut)]
    assert named[0] <= named[1]


@pytest.mark.parametrize(
    ("typed", "case"),
    [("雪かき", "case-mihon-kirigasawa-2020"), ("時間外", "case-mihon-yukino-2015"),
     ("入所選考", "case-mihon-tachibana-2018"), ("kaizen", "case-takashima-2018"),
     ("失敗談", "case-mihon-tsubaki-2020")],
)  # fmt: skip
def test_words_of_offices_find_what_papers_call_otherwise(
    service: SearchService, typed: str, case: str
) -> None:
    page = ask(service, typed)
    assert case in {_name(hit) for hit in page.results}
    assert [chip.kind for chip in page.understood] == ["synonym"]


def test_the_short_and_the_long_form_find_each_other(service: SearchService) -> None:
    for one, other in (("DX", "デジタルトランスフォーメーション"), ("行革", "行政改革")):
        assert other in chips(service, one)["synonym"]
        assert one in chips(service, other)["synonym"]


def test_the_wider_word_finds_the_narrower_one_only(service: SearchService) -> None:
    assert "町長" in chips(service, "首長")["synonym"]
    assert "首長" not in chips(service, "町長").get("synonym", ())


def test_synonyms_of_several_words_are_seen_inside_a_sentence(service: SearchService) -> None:
    [chip] = [c for c in ask(service, "改善提案の進め方").understood if c.typed == "改善提案"]
    assert chip.kind == "synonym"
    assert chip.without == '"改善提案" の進め方'


def test_a_person_is_found_by_every_spelling(service: SearchService) -> None:
    people = service._vocabulary().things.people
    person = next(person for person in people if person.name in ("原﨑智仁", "原崎智仁"))
    for typed in ("原﨑智仁", "原崎智仁"):
        assert {v.surface for r in read(service, typed).readings for v in r.clause.variants} >= {
            person.name
        }
    assert ask(service, "原﨑智仁").total == ask(service, "原崎智仁").total > 0


def test_fields_are_chips_with_their_label(service: SearchService) -> None:
    page = ask(service, "部署:まちづくり推進課 年度:R2")
    assert [(c.typed, c.kind, c.label, c.without) for c in page.understood] == [
        ("部署:まちづくり推進課", "department", "部門の指定", "年度:R2"),
        ("年度:R2", "year", "実践年度の指定", "部署:まちづくり推進課"),
    ]


def test_a_relative_year_is_taken_in_a_question_and_not_in_an_address(
    service: SearchService,
) -> None:
    assert read(service, "年度:昨年度").readings
    with pytest.raises(BadQuery, match="昨年度"):
        service.search(Asked("", {Facet.IMPLEMENTED_IN: ("昨年度",)}))


def test_plain_questions_need_no_condition(service: SearchService) -> None:
    assert read(service, "福津市 改善 -DX").condition is None
    condition = read(service, "福津市 OR (改善 窓口)").condition
    assert isinstance(condition, AnyOf)
    assert isinstance(condition.parts[1], AllOf)


def test_a_sentence_is_searched_for_so_many_words(service: SearchService) -> None:
    understanding = read(service, "課長と部長と市長と町長が" * 40)
    assert len(understanding.readings) == MOST_READINGS
    assert [c.label for c in understanding.dropped] == [f"{MOST_READINGS}語をこえた分は使いません"]


def test_half_a_character_is_no_text(service: SearchService) -> None:
    page = ask(service, "改善 \ud800")
    assert page.query == "改善 \ufffd"
    assert page.total == ask(service, "改善").total
