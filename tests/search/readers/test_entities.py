"""What a question names becomes a card: people, programmes, series, events, lists."""

import pytest

from kb.domain.series import numbers_in, series_number, without_numbers
from kb.search.naming import name_key
from kb.search.query import Asked, Entity
from kb.search.readers.things import family_kana, forms
from kb.search.service import SearchService

SEMINAR = "自治体改善ステップアップセミナー"
PAPER = "自治体改善の輪 通信"


OF_RESULTS = "この催しの資料に書かれています"
"""Why an event has a card that the question did not name."""


def cards(service: SearchService, typed: str) -> dict[tuple[str, str], Entity]:
    found = service.search(Asked(typed)).entities
    return {(card.kind, card.id): card for card in found if card.why != OF_RESULTS}


@pytest.mark.parametrize(
    ("typed", "person"),
    [
        ("原﨑智仁", "person-harazaki"), ("原崎智仁", "person-harazaki"),
        ("原崎 智仁 基本構想", "person-harazaki"), ("原崎", "person-harazaki"),
        ("原﨑市長の応援メッセージ", "person-harazaki"), ("福津市長", "person-harazaki"),
        ("酒井区長", "person-sakai"), ("中野区長", "person-sakai"),
        ("酒井直人区長", "person-sakai"),
        ("もとよし ゆきこ", "person-motoyoshi"), ("モトヨシユキコ", "person-motoyoshi"),
        ("ﾓﾄﾖｼ", "person-motoyoshi"), ("見本はな子", "person-mihon-hanako"),
    ],
)  # fmt: skip
def test_a_person_is_named_by_every_spelling(
    service: SearchService, typed: str, person: str
) -> None:
    found = cards(service, typed)
    assert [id_ for kind, id_ in found if kind == "person"] == [person]
    assert found["person", person].why


def test_the_reason_tells_another_spelling_from_the_name_itself(service: SearchService) -> None:
    same = cards(service, "原﨑智仁")["person", "person-harazaki"].why
    other = cards(service, "原崎智仁")["person", "person-harazaki"].why
    assert same == "名前が一致しました"
    assert other == "「原﨑智仁」の別の書き方です"


@pytest.mark.parametrize(
    "typed",
    [
        "見本",
        "架空",
        "改善",
        "カイゼン",
        "市長",
        "係長",
        "-酒井直人 中野区",
        "由紀子の記録",
        "中野",
    ],
)
def test_what_names_nobody_gives_no_card_of_a_person(service: SearchService, typed: str) -> None:
    assert not [kind for kind, _ in cards(service, typed) if kind == "person"]


@pytest.mark.parametrize(
    ("typed", "programme"),
    [("チーム経営研究会", "prog-team-keiei"), ("チーム経営研究会の成果", "prog-team-keiei"),
     ("経営研究会 2021", "prog-team-keiei"), ("カイゼン実践塾", "prog-mihon-juku")],
)  # fmt: skip
def test_a_programme_is_named_by_its_title_and_for_short(
    service: SearchService, typed: str, programme: str
) -> None:
    assert ("programme", programme) in cards(service, typed)


@pytest.mark.parametrize(
    ("typed", "event"),
    [
        ("ステップアップセミナー 2022", "ev-2022-09-03"),
        ("ステップアップセミナー2022", "ev-2022-09-03"),
        ("ステップアップセミナー ２０２２年", "ev-2022-09-03"),
        ("令和4年度 自治体改善ステップアップセミナー", "ev-2022-09-03"),
        ("2018年のステップアップセミナー アンケート", "ev-2018-07-29"),
        ("第1回ステップアップセミナー", "ev-2017-07-30"),
        ("改善事例発表会 第7回", "ev-mihon-2021-11-20"),
        ("平成30年度 セミナー", "ev-2018-07-29"),
        ("2022年9月3日", "ev-2022-09-03"),
        ("2022年度自治体改善ステップアップセミナー", "ev-2022-09-03"),
    ],
)  # fmt: skip
def test_an_event_is_named_by_series_and_year_edition_or_day(
    service: SearchService, typed: str, event: str
) -> None:
    assert [id_ for kind, id_ in cards(service, typed) if kind == "event"] == [event]


def test_a_series_of_events_has_a_card_of_its_own(service: SearchService) -> None:
    found = cards(service, "ステップアップセミナー")
    assert list(found) == [("event_series", SEMINAR)]
    assert found["event_series", SEMINAR].why == "シリーズの短い言い方です"


def test_a_year_without_an_event_names_the_series_alone(service: SearchService) -> None:
    assert list(cards(service, "ステップアップセミナー 2020")) == [("event_series", SEMINAR)]


@pytest.mark.parametrize(
    "typed", ["通信 No10", "通信No.10", "通信 第10号", "自治体改善の輪 通信 №10"]
)
def test_an_issue_of_a_series_is_named_by_its_number(service: SearchService, typed: str) -> None:
    found = cards(service, typed)
    assert ("document", "doc-2019-newsletter-10") in found
    assert ("document_series", PAPER) in found
    assert ("document_series", "えんがわ通信") not in found


def test_a_bare_number_names_no_issue(service: SearchService) -> None:
    assert not [kind for kind, _ in cards(service, "通信 10") if kind == "document"]


@pytest.mark.parametrize(
    ("typed", "card"),
    [("職場風土・対話", ("theme", "culture")), ("対話", ("theme", "culture")),
     ("財政", ("department", "finance")), ("人事課", ("department", "personnel")),
     ("監査委員事務局", ("department", "audit"))],
)  # fmt: skip
def test_themes_and_departments_are_named(
    service: SearchService, typed: str, card: tuple[str, str]
) -> None:
    assert card in cards(service, typed)


def test_the_particular_stands_before_the_general(service: SearchService) -> None:
    found = list(cards(service, "福津市 財政 原崎智仁"))
    assert [kind for kind, _ in found] == ["person", "municipality", "theme", "department"]


def test_a_person_read_in_kana_stands_before_a_town_of_that_sound(service: SearchService) -> None:
    assert next(iter(cards(service, "もとよし ゆきこ"))) == ("person", "person-motoyoshi")


@pytest.mark.parametrize("typed", ["Motoyoshi Yukiko", "yukiko motoyoshi", "motoyosiyukiko"])
def test_a_person_is_known_in_latin_letters_in_either_order(
    service: SearchService, typed: str
) -> None:
    assert next(iter(cards(service, typed))) == ("person", "person-motoyoshi")


def test_short_forms_cut_through_no_run_of_katakana_and_keep_half() -> None:
    found = forms(SEMINAR, name_key)
    assert found[0] == SEMINAR
    assert "ステップアップセミナー" in found
    assert not {"アップセミナー", "自治体改善", "セミナー"} & set(found)


def test_short_forms_leave_out_asides() -> None:
    assert "カイゼン実践塾" in forms("カイゼン実践塾(見本)", name_key)
    assert "カイゼン" not in forms("カイゼン実践塾(見本)", name_key)


def test_numbers_of_a_series_in_any_writing() -> None:
    assert [series_number(text) for text in ("No10", "第12号", "３", None, "増刊")] == [
        10, 12, 3, None, None,
    ]  # fmt: skip
    assert list(numbers_in("通信 Ｎｏ．１０ と第12号、№3、2022年")) == [10, 12, 3]
    assert without_numbers("通信No10") == ("通信",)


def test_a_family_name_is_read_only_before_a_blank() -> None:
    assert (family_kana("もとよし ゆきこ"), family_kana("もとよし"), family_kana(None)) == (
        "もとよし", "", "",
    )  # fmt: skip
