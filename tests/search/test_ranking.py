"""Which of two cases comes first, and why: through the whole service, on both engines."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256

import pytest

from indexer.installation import Installation
from indexer.reindex import Reindexer
from kb.catalogue.entries import Authorship, CaseEntry, DocumentEntry
from kb.catalogue.names import NameReader
from kb.catalogue.synonyms.records import SynonymReader
from kb.catalogue.writing import writing
from kb.domain.classification import DocumentKind
from kb.domain.rights import Rights, Terms
from kb.search.connect import connect
from kb.search.naming import VocabularySource
from kb.search.query import Asked, ResultPage, Scope, Understood
from kb.search.service import SearchService
from tests.search.casebooks import held_file

CODE = "402249"
AUTHOR = Authorship("編集担当", "試験")
FILLER = "書庫の棚を北から南へ並べ替え、鍵の置き場を決めた。"

CASES = {
    # A word in a title, and the same word in a text.
    "titled": ("羅針盤の手入れ", (FILLER,)),
    "told": ("道具の手入れ", (f"羅針盤について。{FILLER}",)),
    # A whole title, and another that holds more of the words and more often.
    "whole": ("水門の番人", (f"{FILLER}合図の旗。",)),
    "longer": (
        "水門の番人の心得",
        (f"水門の番人は合図の旗。水門の番人、合図の旗。{FILLER}",),
    ),
    # Neighbouring words, and the same words apart.
    "together": ("朝の会", (f"灯台の見学を始めた。{FILLER}", FILLER)),
    "apart": ("夕べの会", (f"見学を始めた。{FILLER}灯台へ。", FILLER)),
    # All words of a question, and some of them, however often.
    "all": ("帳面の作り直し", (f"潮位の記録を掲示し、漁港で配布した。{FILLER}",)),
    "some": ("帳面の見直し", (f"潮位の掲示。潮位の掲示。潮位の掲示を漁港で。{FILLER}",)),
    # A rare word, and one that three cases hold.
    "rare": ("秋の支度", (f"砂時計を戻した。{FILLER}",)),
    "usual": ("冬の支度", (f"風車を戻した。{FILLER}",)),
    "usual-2": ("春の支度", (f"風車を拭いた。{FILLER}",)),
    "usual-3": ("夏の支度", (f"風車を塗った。{FILLER}",)),
    # The same words on one page, and on two.
    "one-page": ("桟橋の番", (f"蝋燭と羊皮紙を備えた。{FILLER}", f"{FILLER}{FILLER}")),
    "two-pages": ("波止場の番", (f"蝋燭を備えた。{FILLER}", f"羊皮紙を備えた。{FILLER}")),
    # Alike but for their year, and the older one with a word more.
    "older": ("竹馬の貸出", (FILLER,)),
    "newer": ("竹馬の貸出", (FILLER,)),
    "oldest-but-better": ("竹馬の貸出", (f"竹馬は貸出の帳面に記す。{FILLER}",)),
    # The same once more for an invented town and for a paper without a case.
    "real": ("凧揚げの催し", (FILLER,)),
    "invented": ("凧揚げの催し", (FILLER,)),
}
YEARS = {"older": 2015, "newer": 2022, "oldest-but-better": 2010}


def record(installation: Installation) -> None:
    papers = {name: DocumentEntry(
        f"doc-{name}", "当日の資料", DocumentKind.OTHER, Rights(Terms.OPEN), case_id=name
    ) for name in CASES}  # fmt: skip
    alone = DocumentEntry(
        "doc-alone", "凧揚げの催し", DocumentKind.OTHER, Rights(Terms.OPEN),
        municipality_codes=(CODE,),
    )  # fmt: skip
    with writing(installation.database, AUTHOR) as writer:
        for name, (title, _) in CASES.items():
            year, invented = YEARS.get(name, 2020), name == "invented"
            writer.record_case(
                CaseEntry(name, title, (CODE,), implemented_in=year, specimen=invented)
            )
        for document in (*papers.values(), alone):
            writer.record_document(document)
            texts = CASES[document.case_id][1] if document.case_id else (FILLER,)
            digest = sha256(document.id.encode()).hexdigest()
            file = replace(held_file(installation, texts), sha256=digest)
            writer.attach_file(document.id, file)


@pytest.fixture(scope="module")
def held(another: Callable[[], Installation]) -> Iterator[Installation]:
    installation = another()
    record(installation)
    yield installation
    installation.close()


@pytest.fixture(scope="module", params=["whoosh:", "memory:"])
def service(held: Installation, request: pytest.FixtureRequest) -> Iterator[SearchService]:
    engine = connect(request.param, held.fingerprint, data_dir=held.data_dir)
    Reindexer(held.database, engine, held.analyser).sync()
    names = VocabularySource(NameReader(held.database), SynonymReader(held.database))
    yield SearchService(held.catalogue, engine, held.analyser, names)
    engine.close()


def ask(service: SearchService, text: str, scope: Scope = Scope.CASE) -> ResultPage:
    return service.search(Asked(text, scope=scope, page_size=50))


def found(page: ResultPage) -> list[str]:
    return [hit.case.id if hit.case else hit.documents[0].id for hit in page.results]


def as_sentence(page: ResultPage) -> list[Understood]:
    return [chip for chip in page.understood if chip.label.startswith("文として")]


# --- what comes first -----------------------------------------------------------------------


def test_a_word_of_a_title_counts_more_than_one_of_a_text(service: SearchService) -> None:
    assert found(ask(service, "羅針盤")) == ["titled", "told"]


def test_a_title_that_is_typed_whole_comes_first(service: SearchService) -> None:
    assert found(ask(service, "水門の番人 合図")) == ["whole", "longer"]
    assert found(ask(service, "水門 番人 旗")) == ["whole", "longer"]
    assert found(ask(service, "水門 合図")) == ["longer", "whole"]


def test_words_that_stand_together_as_asked_come_before_scattered_ones(
    service: SearchService,
) -> None:
    assert found(ask(service, "灯台の見学")) == ["together", "apart"]
    assert found(ask(service, "灯台 見学")) == ["together", "apart"]
    assert found(ask(service, '"灯台の見学"')) == ["together"]


def test_all_words_come_before_some_of_them_however_often(service: SearchService) -> None:
    assert found(ask(service, "潮位の記録を掲示して漁港で配布する"))[:2] == ["all", "some"]


def test_a_rare_word_counts_more_than_a_frequent_one(service: SearchService) -> None:
    page = ask(service, "砂時計 風車")
    assert found(page)[0] == "rare"
    assert set(found(page)[1:]) == {"usual", "usual-2", "usual-3"}
    assert "一部のことば" in page.notices[0]


def test_the_best_page_lifts_its_case(service: SearchService) -> None:
    assert found(ask(service, "蝋燭 羊皮紙")) == ["one-page", "two-pages"]
    assert found(ask(service, "蝋燭 羊皮紙", Scope.PAGE)) == ["one-page"]


def test_the_newer_comes_first_of_equals_only(service: SearchService) -> None:
    page = ask(service, "竹馬 貸出")
    assert found(page) == ["oldest-but-better", "newer", "older"]
    better, newer, older = (hit.score for hit in page.results)
    assert better > newer == older


def test_real_cases_come_before_papers_without_a_case_and_those_before_specimens(
    service: SearchService,
) -> None:
    assert found(ask(service, "凧揚げ")) == ["real", "doc-alone", "invented"]


# --- sentences --------------------------------------------------------------------------------


def test_of_a_sentence_any_word_is_enough_and_it_is_said(service: SearchService) -> None:
    page = ask(service, "潮位の記録を掲示して漁港で配布するにはどうすればよいですか")
    assert found(page)[:2] == ["all", "some"]
    assert page.notices[0].startswith("文として読み、")
    assert page.notices[1] == "「どう」は検索に使っていません。"
    assert not [s for s in page.suggestions if s.kind == "drop_word"]


def test_a_sentence_can_be_taken_back_and_then_all_its_words_are_asked_for(
    service: SearchService,
) -> None:
    [chip] = as_sentence(ask(service, "潮位の記録を掲示して漁港で配布する"))
    assert chip.without == "潮位 記録 掲示 漁港 配布"
    strict = ask(service, chip.without)
    assert found(strict) == ["all"]
    assert not as_sentence(strict)
    assert strict.notices == ()


def test_on_one_page_a_sentence_asks_for_all_its_words(service: SearchService) -> None:
    page = ask(service, "潮位の記録を掲示して漁港で配布する", Scope.PAGE)
    assert found(page) == ["all"]
    assert page.notices == ()


def test_words_with_blanks_and_short_sentences_ask_for_all(service: SearchService) -> None:
    assert found(ask(service, "潮位 記録 掲示 漁港")) == ["all"]
    assert found(ask(service, "潮位の記録とは何ですか")) == ["all"]


def test_a_sentence_of_which_nothing_stands_anywhere_finds_nothing(
    service: SearchService,
) -> None:
    page = ask(service, "麒麟や獏や鳳凰や玄武を飼うには")
    assert (page.total, page.notices) == (0, ())
