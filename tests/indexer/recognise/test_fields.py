"""Kind, title, departments, themes, people, series, rights."""

import pytest

from indexer.recognise.recognise import as_json
from kb.domain.classification import DepartmentFunction, DocumentKind, Rank, Theme
from tests.indexer.recognise.conftest import Recognise, page, values

PROSE = "この資料では、取組の経過と結果を、担当した職員の言葉でまとめています。" * 8


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("参加者アンケートの結果", DocumentKind.SURVEY),
        ("改善ステップアップシート(管理部門編)", DocumentKind.STEP_UP_SHEET),
        ("南伊勢町小山巧町長からの応援メッセージ", DocumentKind.MESSAGE),
        ("セミナー2021 チラシ", DocumentKind.FLYER),
        ("自治体改善の輪 通信 2019 No10", DocumentKind.NEWSLETTER),
        ("改善事例集", DocumentKind.CASEBOOK),
        ("開催レポート", DocumentKind.REPORT),
        ("「職場力を高める組織目標とは?」発表資料", DocumentKind.SLIDES),
        ("令和6年度一般会計予算書", DocumentKind.OTHER),
    ],
)
def test_the_title_tells_the_kind(recognise: Recognise, title: str, kind: DocumentKind) -> None:
    found = recognise(f"{title}\n{PROSE}", title=title)
    assert values(found, "kind")[0] is kind


def test_the_form_tells_slides_and_web_pages(recognise: Recognise) -> None:
    slides = tuple(page(f"見出し{number}\n要点を3つ", number, wide=True) for number in range(1, 5))
    assert values(recognise(pages=slides), "kind") == [DocumentKind.SLIDES]
    assert values(recognise(PROSE, file="index.html"), "kind") == [DocumentKind.WEB_PAGE]


def test_metadata_is_believed_when_it_stands_on_the_page(recognise: Recognise) -> None:
    text = f"職場力を高める\n組織目標とは?\n{PROSE}"
    found = recognise(text, title="職場力を高める", metadata="職場力を高める組織目標とは?")["title"]
    assert found[0].value == "職場力を高める組織目標とは?"
    left = recognise(text, title="職場力を高める", metadata="議案付託表")["title"]
    assert left[0].value == "職場力を高める"
    dull = recognise(text, title="職場力を高める", metadata="PowerPoint プレゼンテーション")
    assert "PowerPoint プレゼンテーション" not in values(dull, "title")


def test_a_provisional_title_is_kept_without_its_mark(recognise: Recognise) -> None:
    """Trap 3 of the domain: a provisional title finds the case too."""
    text = "プログラム\n②中野区(東京都)「新しい総合計画の推進に向けた管理部門の結束」(仮)"
    assert values(recognise(text), "provisional_title") == [
        "新しい総合計画の推進に向けた管理部門の結束"
    ]


def test_ranks_and_kinds_of_division_are_no_departments(recognise: Recognise) -> None:
    """Trap 7 of the domain: 係長 is a rank, 管理部門 a kind of division."""
    found = recognise(
        "福津市 総務課・まちづくり推進課・監査事務局と事業課の係長チーム\n管理部門の結束"
    )
    names = [department.name for department in values(found, "departments")]
    assert {"総務課", "まちづくり推進課", "監査事務局", "事業課"} == set(names)
    functions = values(found, "functions")
    assert {DepartmentFunction.GENERAL_AFFAIRS, DepartmentFunction.POLICY} <= set(functions)


def test_one_name_in_two_towns_is_two_departments(recognise: Recognise) -> None:
    """Trap 7 of the domain: まちづくり推進課 exists in two towns."""
    found = recognise("発表\n南伊勢町 まちづくり推進課\n福津市 まちづくり推進課")
    towns = {d.municipality for d in values(found, "departments") if d.name == "まちづくり推進課"}
    assert towns == {"244724", "402249"}


def test_words_with_ka_are_no_departments(recognise: Recognise) -> None:
    text = "申告書の受付から課税台帳への入力まで\n会議室と相談室\n課題と成果\n一部の職員"
    assert values(recognise(text), "departments") == []


def test_people_stand_beside_their_roles(recognise: Recognise) -> None:
    text = (
        "首長対談\n酒井直人中野区長、福津市原﨑智仁市長、元吉由紀子理事長\n"
        "見本花子(福津市 総務課 係長)\n延岡市長 三浦 久知"
    )
    people = {person.name: person for person in values(recognise(text), "people")}
    assert people["酒井直人"].role == "中野区長"
    assert people["原﨑智仁"].role == "福津市長"
    assert people["原﨑智仁"].rank is Rank.HEAD
    assert people["見本花子"].rank is Rank.SUBSECTION_CHIEF
    assert people["三浦久知"].role == "延岡市長"
    assert people["元吉由紀子"].rank is None


def test_a_list_of_names_is_no_list_of_roles(recognise: Recognise) -> None:
    text = "議席番号\n氏名\n松田 満男\n賛成\n峯田 克明\n反対\n市長提出議案\n議長の選挙"
    assert values(recognise(text), "people") == []


def test_themes_come_from_what_is_said_not_from_who_says_it(recognise: Recognise) -> None:
    text = "在宅勤務を試す\n福津市 財政課\n在宅勤務の職員は月に8日、テレワーク用の端末を使った。"
    found = values(recognise(text, title="在宅勤務を試す"), "themes")
    assert found[0] is Theme.WORKSTYLE
    assert Theme.FINANCE not in found


def test_series_and_number_as_they_are_written(recognise: Recognise) -> None:
    title = "自治体改善の輪 通信 2019 No10"
    found = recognise(f"{title}\n{PROSE}", title=title)
    assert values(found, "series") == ["自治体改善の輪 通信"]
    assert values(found, "series_number") == ["No10"]
    quoted = recognise(f"庁内報「ゆきのカイゼン」第1号\n{PROSE}")
    assert (values(quoted, "series"), values(quoted, "series_number")) == (
        ["ゆきのカイゼン"],
        ["第1号"],
    )


@pytest.mark.parametrize(
    "statement",
    [
        "(報告資料の複写・転用などはお控えくださるようお願いします。)",
        "本資料の複写及び転載は固くお断りします。",
        "庁内限り(朝凪市職員以外への配布を禁じます)",
        "この資料は参加者に限り配布するものです。無断での複写・転用はご遠慮ください。",
    ],
)
def test_rights_statements_are_kept_verbatim(recognise: Recognise, statement: str) -> None:
    """Trap 9 of the domain: the sentence stands as it was printed."""
    found = recognise(f"職場力を高める\n令和4年9月3日 セミナー\n{statement}\n次の見出し")
    assert values(found, "rights_statement") == [statement]
    assert found["rights_statement"][0].confidence >= 0.9


def test_a_statement_goes_on_over_a_full_line(recognise: Recognise) -> None:
    text = "表紙\n(この報告資料の複写や転用などは、どうかお控えくださるようお\n願いします。)\n目次"
    assert values(recognise(text), "rights_statement") == [
        "(この報告資料の複写や転用などは、どうかお控えくださるようお願いします。)"
    ]


def test_copying_in_general_is_no_statement(recognise: Recognise) -> None:
    text = "事務の見直し\n窓口で申請書を複写する手間をなくし、押印を禁止ではなく任意とした。"
    assert values(recognise(text), "rights_statement") == []


def test_json_has_the_first_proposal_or_the_list(recognise: Recognise) -> None:
    made = as_json(recognise("職場力を高める\n福津市 総務課\n令和4年9月3日"))
    assert made["municipality"]["value"] == "402249"
    assert made["municipality"]["evidence"][0]["page"] == 1
    assert made["departments"][0]["value"]["name"] == "総務課"
    assert made["functions"][0]["value"] == "general-affairs"
    assert made["presented_in"]["value"] == 2022
    assert "series" not in made


@pytest.mark.parametrize(
    ("text", "name", "rank"),
    [
        ("福津市 総務課長", "総務課", Rank.SECTION_CHIEF),
        ("福津市 財政課係長", "財政課", Rank.SUBSECTION_CHIEF),
        ("福津市 議会事務局長", "議会事務局", Rank.DIRECTOR),
        ("福津市 企画部次長", "企画部", None),
    ],
)
def test_a_rank_is_split_off(recognise: Recognise, text: str, name: str, rank: Rank | None) -> None:
    [found] = values(recognise(f"職場力を高める\n{text}\n2022年9月3日"), "departments")
    assert (found.name, found.rank) == (name, rank)


@pytest.mark.parametrize(
    "text",
    ["新任課長の研修", "係長のチーム", "3課長の会", "教室長期利用", "担当課長", "全課長会議"],
)
def test_ranks_alone_are_no_departments(recognise: Recognise, text: str) -> None:
    assert values(recognise(f"職場力を高める\n{text}"), "departments") == []


def test_one_office_under_two_names_is_one(recognise: Recognise) -> None:
    text = "福津市 監査委員事務局\n報告\n福津市 監査事務局"
    assert len(values(recognise(text), "departments")) == 1


def test_a_title_is_kept_without_its_header_and_mark(recognise: Recognise) -> None:
    title = "福津市 改善発表\n職場力を高める(仮)"
    headed = page(f"{title}\n{PROSE}", title=title, running="福津市 改善発表")
    assert values(recognise(pages=(headed,)), "title")[0] == "職場力を高める"
    assert "職場力を高める" in values(recognise(pages=(headed,)), "provisional_title")


def test_a_mark_before_the_provisional_title(recognise: Recognise) -> None:
    found = recognise("発表の予定\n福津市\n(仮題)職場力を高める")
    assert values(found, "provisional_title") == ["職場力を高める"]


def test_statements_that_a_page_lists_are_not_its_own(recognise: Recognise) -> None:
    row = "スライド\n(報告資料の複写・転用などはお控えくださるようお願いします。)"
    assert values(recognise(f"開催記録\n中野区\n{row}\n福津市\n{row}"), "rights_statement") == []


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("402249_slides.pdf", DocumentKind.SLIDES),
        ("r4_houkoku.pdf", DocumentKind.REPORT),
        ("Flyer-2022.pdf", DocumentKind.FLYER),
    ],
)
def test_words_of_the_file_name_tell_the_kind(
    recognise: Recognise, file: str, kind: DocumentKind
) -> None:
    assert values(recognise(PROSE, file=file), "kind") == [kind]
    assert values(recognise(PROSE, file="landslides.pdf"), "kind") == []
