"""Questions typed as a sentence: what is searched for, what is left out, how it is taken back."""

import pytest

from kb.domain.rights import Audience
from kb.japanese.tokenise import Analyser
from kb.search.query import Asked, Match, Stream, Variant
from kb.search.readers.nearness import hints
from kb.search.service import SearchService
from kb.search.understanding import Understanding


def read(service: SearchService, typed: str) -> Understanding:
    return service._understand(typed, service._vocabulary(), Audience.ANONYMOUS)


def searched(understanding: Understanding) -> list[str]:
    return [understanding.typed[r.start : r.end] for r in understanding.readings]


@pytest.mark.parametrize(
    ("typed", "kept", "left_out"),
    [
        (
            "窓口の待ち時間を短くするにはどうすればよいですか",
            ["窓口", "待ち時間", "短く"],
            ("どう",),
        ),
        ("どの町が何人で議事録の要約に取り組んだのですか", ["町", "議事録", "要約", "取り組ん"],
         ("どの", "何人")),
        ("備品の棚卸しの進め方について教えてください。", ["備品", "棚卸し", "進め方"],
         ("教えてください",)),
        ("係長の役割を知りたい", ["係長", "役割"], ("知りたい",)),
        ("『朝の点検』とは何ですか?", ["『朝の点検』"], ("何",)),
    ],
)  # fmt: skip
def test_what_only_asks_or_joins_is_left_out(
    service: SearchService, typed: str, kept: list[str], left_out: tuple[str, ...]
) -> None:
    understanding = read(service, typed)
    assert understanding.sentence is not None
    assert searched(understanding) == kept
    assert understanding.sentence.left_out == left_out
    assert understanding.match is (Match.ANY if len(kept) > 3 else Match.ALL)


@pytest.mark.parametrize(
    "typed",
    [
        "", "改善", "何", "どこ", "ある", "中野区", "2021年", "令和3年9月3日",
        "まちづくり推進課職員研修計画",  # a name: nothing joins its words
        "窓口の改善 待ち時間の短縮 備品の棚卸し",
        "窓口の待ち時間を短くする または 備品の棚卸しを進める",
        '"窓口の待ち時間を短くする方法"の紹介と備品の棚卸しの進め方',
        "-窓口の待ち時間を短くする備品の棚卸し",
        "テーマ:culture",
    ],
)  # fmt: skip
def test_names_words_and_questions_with_operators_are_no_sentences(
    service: SearchService, typed: str
) -> None:
    understanding = read(service, typed)
    assert understanding.sentence is None
    assert understanding.match is Match.ALL


@pytest.mark.parametrize(
    ("typed", "all_of"),
    [
        ("係長が中心となった改善の取り組みを知りたい", "係長 中心 改善 取り組み"),
        ("係長と課長、もしくは部長の役割と研修の計画", "係長 課長 部長 役割 研修 計画"),
        ("経費の節減や職員の増員を除くとの方針", '経費 節減 職員 増員 "除く" 方針'),
        ("『朝の点検』で変わる課長の役割と研修", "『朝の点検』 変わる 課長 役割 研修"),
    ],
)
def test_it_can_be_taken_back(service: SearchService, typed: str, all_of: str) -> None:
    [(_, chip)] = read(service, typed).operators
    assert chip.typed == typed
    assert chip.without == all_of
    again = read(service, chip.without)
    assert again.sentence is None
    assert searched(again) == chip.without.split()


def test_a_year_of_a_sentence_is_met_by_its_words_too(service: SearchService) -> None:
    def sought(typed: str) -> list[tuple[Stream, tuple[str, ...]]]:
        [year] = [r for r in read(service, typed).readings if r.chip and r.chip.kind == "year"]
        return [(p.stream, p.tokens) for v in year.clause.variants for p in v.probes]

    words = (Stream.WORDS, ("1939", "年"))
    assert words in sought("1939年に始まった港の荷役の記録を読む")
    assert words not in sought("1939年 荷役 記録")


def test_a_title_typed_whole_finds_its_case_first_and_others_after_it(
    service: SearchService,
) -> None:
    typed = "総合計画の推進に向けた管理部門の結束"
    loose = service.search(Asked(typed, page_size=100))
    strict = service.search(Asked("総合計画 推進 向け 管理部門 結束", page_size=100))
    assert loose.total > strict.total > 0
    assert [page.results[0].case.id for page in (loose, strict) if page.results[0].case] == [
        "case-nakano-2021",
        "case-nakano-2021",
    ]
    assert loose.notices[0].startswith("文として読み、")
    assert strict.notices == ()


# --- what stands together -------------------------------------------------------------------


def test_neighbours_are_hints_across_blanks_too() -> None:
    found = {v.surface for v in hints(["業務", "改善"], Analyser()) if v.probes[0].phrase}
    assert found == {"業務改善"}


def _pairs(found: tuple[Variant, ...]) -> set[str]:
    return {each.surface for each in found if each.probes[0].stream is Stream.BIGRAMS}


def test_pairs_of_hiragana_are_no_hints_in_a_sentence() -> None:
    text = "帳面をつくるには"
    of_words = _pairs(hints([text], Analyser()))
    of_a_sentence = _pairs(hints([text], Analyser(), of_a_sentence=True))
    assert of_words - of_a_sentence == {"をつ", "つく", "くる", "るに", "には"}
    assert of_a_sentence == {"帳面", "面を"}
