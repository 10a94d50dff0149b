"""Pages of other organisers: invented events, real names of places."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from indexer.extracted import Limits
from indexer.intake.draft import ContradictionKind, Draft, LineKind
from indexer.intake.drafting import draft_page
from indexer.intake.page import lines_of, read_page
from kb.domain.gazetteer import Gazetteer

TAKASAKI, IIDA, TOYOTA, TSUKUBA, GIFU = "102024", "202053", "232114", "082201", "212016"
TOYOHASHI, DATE_FUKUSHIMA, FUCHU_HIROSHIMA = "232017", "072133", "342084"

YEARLY = """全国業務改善ネットワーク

第12回 全国業務改善事例発表会 開催報告(2019年3月22日)

平成31年3月22日(金)、高崎市文化会館で第12回全国業務改善事例発表会を開催しました。

日　時　平成31年3月22日(金)午後1時30分から午後4時45分まで
会　場　高崎市文化会館
参加者数　352名(高校生41名)
参加料　無料

発表事例
1 高崎市 総務課「窓口を一つに」
2 飯田市 公民館係「学びの場をひらく」
3 豊田市「待たない窓口」(仮)
4 つくば市「ペーパーレス会議」

コーディネーター 山田太郎氏(○○大学教授)
事例集(PDF:3.4MB)
アンケート結果(PDF形式:120KB)
※事例集の無断転載を禁じます。

第11回 全国業務改善事例発表会は台風のため中止しました

平成30年9月30日(日)に飯田市で開催予定だった第11回発表会は、台風により中止しました。

【参加者募集】第13回 全国業務改善事例発表会のご案内
日時:令和元年11月8日(金)10時~12時
場所:オンライン(Zoom)
定員:100名(先着順)
費用:500円(学生無料)
内容:一昨年度の「改善リーダー塾」に参加した飯田市から発表
"""

FORUM = """2023年11月18日(土) 第9回業務改善フォーラムを開催しました!
高崎市民ホールに88名、オンラインで41名、合わせて129名の参加がありました。
〇実践報告
 ◆伊達市(福島県)「防災訓練を変える」
   危機管理課・総務部秘書課の主査3名
   資料ダウンロード https://example.jp/files/date.pdf
 ◆府中市(広島県)「議会の紙を減らす」
   議会事務局
 ※本資料の複写及び転載は固くお断りします。
〇パネルディスカッション
 髙橋一郎伊達市長、小野太郎府中市長、進行:斎藤三郎氏
〇講評 齋藤三郎(改善研究所 所長)

2022年11月19日(土) 第8回業務改善フォーラムを開催しました!
昨年度、府中市(広島県)が取り組んだ「紙なし会議への道」を報告しました。当日は60名を超える参加でした。
使用した「改善カルテ(窓口編)」は次回も使います。
"""

UNDATED = """改善おしゃべりカフェのご案内

まちの仕事をよくしたい職員が集まって話す会です。日にちは決まりしだいお知らせします。
会場:飯田市公民館
定員:20人
参加費:300円
発表:飯田市から「回覧板をやめる」(仮題)
"""

HTML = """<!DOCTYPE html><html lang="ja"><head><meta charset="utf-8"></head><body>
<nav><a href="/">トップ</a></nav><h1>とうかい自治体カイゼン研究会</h1>
<h2>令和6年度 夏の勉強会を開催しました</h2>
<p>2024年7月20日(土)に令和6年度夏の勉強会を開催し、会場28名・オンライン15名の計43名が参加しました。</p>
<table><tr><th>日時</th><td>2024年7月20日(土) 13:00~17:00</td></tr>
<tr><th>会場</th><td>岐阜市役所 大会議室/Zoom</td></tr>
<tr><th>定員</th><td>会場30名、オンライン20名</td></tr></table>
<h3>プログラム</h3><table><tr><th>時間</th><th>自治体</th><th>テーマ</th><th>資料</th></tr>
<tr><td>13:10</td><td>岐阜県岐阜市 デジタル戦略課</td><td>書かない窓口の一年</td>
<td><a href="/pdf/gifu.pdf">スライド</a></td></tr>
<tr><td>14:00</td><td>愛知県豊橋市 人事課</td><td>若手の対話の場づくり</td>
<td><a href="/pdf/toyohashi.pdf">スライド</a></td></tr></table>
<h3>登壇者</h3><ul><li>進行:鈴木一郎氏(岐阜大学准教授)</li>
<li>岐阜市長 山本花子 からのメッセージ(<a href="msg.pdf">PDF:210KB</a>)</li></ul>
<p>(スライドの転載はご遠慮ください)</p>
<h2>令和7年度 夏の勉強会のお知らせ</h2><p>日時は調整中です。</p>
<dl><dt>定員</dt><dd>40名</dd><dt>参加費</dt><dd>無料</dd></dl>
<p><a href="flyer.pdf">チラシ</a></p>
<footer><p>当サイトの文章・画像の無断転載を禁じます。</p></footer></body></html>"""

SUMMIT = """北海道・東北 業務改善サミット

■第5回 業務改善サミット in 盛岡(令和5年10月28日)
と き:令和5年10月28日(土) 13:00~17:00
ところ:盛岡市役所(岩手県)+オンライン
参加者:会場45名、オンライン62名、合計107名
【事例発表】
①岩手県盛岡市 財政課 主査 工藤美咲氏「予算書を読める形に」 資料(PDF:1.9MB)
②青森県八戸市 防災危機管理課「避難所の鍵」 資料(PDF:850KB)
③秋田県横手市「雪かきの連絡網」(当日の資料はありません)
【講評】東北大学 佐々木健教授
※発表資料の二次利用は発表者の許可なくできません。

■第4回 業務改善サミット(令和4年10月29日・オンライン開催)
新型コロナウイルスのためオンラインで開催。参加者は全国から213名。
令和3年度の取組として、山形県米沢市が「紙の回覧をやめる」を発表しました。
開催レポート(PDF:2,048KB)

■第3回 業務改善サミット(令和3年10月30日)【中止】
感染症の拡大により中止となりました。
"""

LAB = """2024.02.10 第21回まちラボ勉強会「窓口のデザイン」を開催しました
講師に松本市DX推進課の課長補佐 小林誠さんをお迎えしました。
参加者は23名(うちオンライン8名)。会場:松本市中央公民館。
松本市の取り組み「待たせない窓口」を紹介いただきました。
当日の資料はこちら(PDF 4.5MB)

2024.03.09 第22回まちラボ勉強会 参加者募集中
時間 14時~16時半
場所 松本市役所 大会議室
定員 先着25名
"""

Drafted = Callable[..., Draft]


@pytest.fixture
def drafted(every_place: Gazetteer) -> Drafted:
    def run(text: str, seen_on: date = date(2024, 1, 10)) -> Draft:
        return draft_page(lines_of(text), "page.txt", every_place, seen_on=seen_on)

    return run


@pytest.fixture
def from_html(tmp_path: Path, every_place: Gazetteer) -> Draft:
    path = tmp_path / "page.html"
    path.write_text(HTML, "utf-8")
    lines = read_page(path, Limits(seconds=60), address="https://example.jp/news/")
    return draft_page(lines, "https://example.jp/news/", every_place, seen_on=date(2025, 1, 6))


def of(draft: Draft, kind: LineKind) -> dict[str, Mapping[str, Any]]:
    return {line.key: line.values for line in draft.lines if line.kind is kind}


def one_event(draft: Draft) -> Mapping[str, Any]:
    (event,) = of(draft, LineKind.EVENT).values()
    return event


def by_code(draft: Draft) -> dict[str, Mapping[str, Any]]:
    return {case["municipality_codes"][0]: case for case in of(draft, LineKind.CASE).values()}


def kinds(draft: Draft) -> set[ContradictionKind]:
    return {one.kind for one in draft.contradictions}


# --- events ------------------------------------------------------------------------------


def test_a_page_of_yearly_events(drafted: Drafted) -> None:
    events = of(drafted(YEARLY), LineKind.EVENT)
    assert list(events) == ["event:2019-03-22", "event:2018-09-30", "event:2019-11-08"]
    held, cancelled, announced = events.values()
    assert held["edition"] == "第12回"
    assert held["series"] == "全国業務改善事例発表会"
    assert (held["starts_at"], held["ends_at"]) == ("13:30", "16:45")
    assert (held["place"], held["mode"], held["fee"]) == ("高崎市文化会館", "会場", "無料")
    assert held["attendance"] == 352
    assert (cancelled["state"], cancelled["edition"]) == ("cancelled", "第11回")
    assert cancelled["title"] == "第11回 全国業務改善事例発表会"
    assert (announced["capacity"], announced["mode"]) == (100, "オンライン")
    assert announced["fee"] == "500円(学生無料)"


def test_an_announced_event_is_open_before_its_day_and_closed_after(drafted: Drafted) -> None:
    before = of(drafted(YEARLY, date(2019, 10, 1)), LineKind.EVENT)["event:2019-11-08"]
    after = of(drafted(YEARLY, date(2019, 11, 9)), LineKind.EVENT)["event:2019-11-08"]
    assert (before["state"], after["state"]) == ("open", "closed")


def test_an_announced_event_alone(drafted: Drafted) -> None:
    draft = drafted(
        "改善の会\nホーム\n第3回 カイゼン交流会のご案内\n"
        "日時 令和6年5月18日(土) 午後1時半~4時\n会場 高崎市役所\n定員 40名\n"
    )
    event = one_event(draft)
    assert event["held_on"] == "2024-05-18"
    assert (event["starts_at"], event["ends_at"]) == ("13:30", "16:00")
    assert (event["state"], event["capacity"]) == ("open", 40)
    assert "attendance" not in event


def test_an_event_without_a_day(drafted: Drafted) -> None:
    draft = drafted(UNDATED)
    event = one_event(draft)
    assert "held_on" not in event
    assert (event["title"], event["place"]) == ("改善おしゃべりカフェ", "飯田市公民館")
    assert (event["state"], event["capacity"]) == ("open", 20)
    case = by_code(draft)[IIDA]
    assert case["title"] == case["provisional_title"] == "回覧板をやめる"
    assert "presented_in" not in case


def test_two_events_of_one_series_in_one_year_stay_two(drafted: Drafted) -> None:
    draft = drafted(
        "2023年5月13日 改善研修会2023 開催報告\n10名が参加しました。\n\n"
        "2023年11月4日 改善研修会2023 開催報告\n12名が参加しました。\n"
    )
    came = {key: one["attendance"] for key, one in of(draft, LineKind.EVENT).items()}
    assert came == {"event:2023-05-13": 10, "event:2023-11-04": 12}


def test_a_report_without_a_day_joins_its_announcement_by_number(drafted: Drafted) -> None:
    draft = drafted(
        "第4回 行革研修会 開催報告\n25名が参加しました。\n\n"
        "第4回 行革研修会のご案内\n日時:2023年6月3日(土)10:00~12:00\n定員:20名\n"
    )
    event = one_event(draft)
    assert (event["held_on"], event["attendance"], event["capacity"]) == ("2023-06-03", 25, 20)
    assert {ContradictionKind.CAPACITY, ContradictionKind.STATE} <= kinds(draft)


def test_a_day_above_its_heading_belongs_to_it(drafted: Drafted) -> None:
    draft = drafted("2023年6月3日(土)\n窓口改善フォーラム 開催報告\n30名が集まりました。\n")
    assert one_event(draft)["held_on"] == "2023-06-03"


def test_a_day_without_a_year_takes_that_of_its_heading(drafted: Drafted) -> None:
    draft = drafted("令和5年度 第2回業務改善研修会(開催報告)\n2月17日に開催しました。\n")
    assert one_event(draft)["held_on"] == "2024-02-17"


@pytest.mark.parametrize(
    ("sentence", "number", "words"),
    [
        ("約20人にご参加いただきました。", None, "約20人"),
        ("40名近くの方が参加しました。", None, "40名近く"),
        ("60名を超える参加がありました。", None, "60名を超え"),
        ("２５名が参加しました。", 25, "２５名"),
        (
            "会場58人、オンライン73人、計131人が参加しました。",
            131,
            "会場58人、オンライン73人、計131人",
        ),
        ("前回は50名が参加しました。", None, None),
        ("3名の係長が発表し、80人が聴講しました。", 80, "80人"),
        ("参加費は1,000円、定員は30名でした。", None, None),
    ],
)
def test_who_came_in_the_words_of_the_page(
    drafted: Drafted, sentence: str, number: int | None, words: str | None
) -> None:
    event = one_event(drafted(f"2023年6月3日 窓口改善フォーラム 開催報告\n{sentence}\n"))
    assert event.get("attendance") == number
    assert event.get("attendance_text") == words


def test_two_times_and_fees_are_told(drafted: Drafted) -> None:
    draft = drafted(
        "第4回 行革研修会 開催報告\n日時:2023年6月3日(土)10:30~12:00\n参加費:無料\n\n"
        "第4回 行革研修会のご案内\n日時:2023年6月3日(土)10:00~12:00\n参加費:500円\n"
    )
    times = [one for one in draft.contradictions if one.kind is ContradictionKind.TIME]
    assert [set(one.said) for one in times] == [{"10:30", "10:00"}, {"無料", "500円"}]


@pytest.mark.parametrize(
    "line",
    [
        "荒天の場合は中止することがあります。",
        "前回は台風のため中止しました。",
    ],
)
def test_what_might_be_cancelled_is_not(drafted: Drafted, line: str) -> None:
    draft = drafted(f"第4回 行革研修会のご案内\n日時:2030年6月3日 10:00\n{line}\n")
    assert one_event(draft)["state"] == "open"


def test_an_organiser_that_tells_of_itself_is_no_event(drafted: Drafted) -> None:
    draft = drafted(
        "◆◇ 業務改善研修会 実施結果報告 ◇◆\n\n当会では、対話型の研修会を実施しています。\n"
        "2024年6月1日 お知らせを載せました\n2024年5月1日 「会員募集」を更新しました\n"
    )
    assert of(draft, LineKind.EVENT) == {}


def test_reports_that_never_say_report(drafted: Drafted) -> None:
    fifth, fourth, third = of(drafted(SUMMIT), LineKind.EVENT).values()
    assert fifth["title"] == "第5回 業務改善サミット in 盛岡"
    assert (fifth["state"], fifth["attendance"]) == ("reported", 107)
    assert (fourth["title"], fourth["place"]) == ("第4回 業務改善サミット", "オンライン")
    assert (fourth["state"], fourth["attendance"]) == ("reported", 213)
    assert (third["title"], third["state"]) == ("第3回 業務改善サミット", "cancelled")
    assert {fifth["series"], fourth["series"], third["series"]} == {"業務改善サミット"}


def test_a_subject_is_no_part_of_the_series(drafted: Drafted) -> None:
    first, second = of(drafted(LAB), LineKind.EVENT).values()
    assert first["series"] == second["series"] == "まちラボ勉強会"
    assert (first["edition"], second["edition"]) == ("第21回", "第22回")
    assert (first["attendance"], second["capacity"]) == (23, 25)
    assert (second["starts_at"], second["ends_at"]) == ("14:00", "16:30")


# --- cases -------------------------------------------------------------------------------


def test_cases_of_a_numbered_list(drafted: Drafted) -> None:
    cases = by_code(drafted(YEARLY))
    assert cases[TAKASAKI]["title"] == "窓口を一つに"
    assert cases[TAKASAKI]["departments"] == ["総務課"]
    assert cases[TOYOTA]["provisional_title"] == "待たない窓口"
    assert cases[TSUKUBA]["title"] == "ペーパーレス会議"
    assert cases[TAKASAKI]["presented_in"] == 2018
    assert "implemented_in" not in cases[TAKASAKI]


def test_a_programme_gives_its_cases_their_year(drafted: Drafted) -> None:
    draft = drafted(YEARLY)
    case = of(draft, LineKind.CASE)[f"case:{IIDA}:2017"]
    assert (case["cohort"], case["presented_in"]) == (2017, 2019)
    assert of(draft, LineKind.PROGRAMME) == {
        "programme:改善リーダー塾": {"title": "改善リーダー塾", "cohorts": [2017]}
    }


def test_namesakes_are_told_by_their_prefecture(drafted: Drafted) -> None:
    cases = by_code(drafted(FORUM))
    assert {DATE_FUKUSHIMA, FUCHU_HIROSHIMA} == set(cases)
    assert cases[DATE_FUKUSHIMA]["departments"] == ["危機管理課", "総務部秘書課"]
    assert cases[FUCHU_HIROSHIMA]["title"] in ("議会の紙を減らす", "紙なし会議への道")


def test_a_namesake_that_nothing_tells_apart_is_not_guessed(drafted: Drafted) -> None:
    draft = drafted("2023年6月3日 改善フォーラム 開催報告\n・府中市「議会の紙を減らす」\n")
    assert of(draft, LineKind.CASE) == {}


def test_the_year_of_a_sentence_is_that_of_its_case(drafted: Drafted) -> None:
    case = of(drafted(FORUM), LineKind.CASE)[f"case:{FUCHU_HIROSHIMA}:2021"]
    assert (case["title"], case["presented_in"]) == ("紙なし会議への道", 2022)


def test_who_presents_stands_before_the_title_of_its_paper(drafted: Drafted) -> None:
    draft = drafted(SUMMIT)
    titles = {case["title"] for case in of(draft, LineKind.CASE).values()}
    assert titles == {
        "予算書を読める形に", "避難所の鍵", "雪かきの連絡網", "紙の回覧をやめる",
    }  # fmt: skip
    assert by_code(draft)["062022"]["implemented_in"] == 2021
    slides = of(draft, LineKind.DOCUMENT)["document:2023-10-28:slides:盛岡市"]
    assert (slides["title"], slides["declared_size"]) == ("「予算書を読める形に」 資料", "1.9MB")
    assert slides["rights_statement"] == "発表資料の二次利用は発表者の許可なくできません。"


@pytest.mark.parametrize(
    "entry",
    [
        "(1) 飯田市(長野県)\n「森の学校」",
        "事例発表1 飯田市「森の学校」",
        "・飯田市からの報告\n「森の学校」飯田市スライド",
        "①「森の学校」 飯田市 公民館",
        "13:10\t飯田市\t森の学校と公民館",
        "飯田市:森の学校と公民館",
        "「森の学校」(長野県飯田市)",
    ],
)
def test_entries_of_many_forms(drafted: Drafted, entry: str) -> None:
    draft = drafted(f"2023年6月3日 改善フォーラム 開催報告\n会場:高崎市役所\n{entry}\n対話会\n")
    (case,) = of(draft, LineKind.CASE).values()
    assert case["municipality_codes"] == [IIDA]
    assert case["title"].startswith("森の学校")


@pytest.mark.parametrize(
    "line",
    [
        "会場:飯田市役所",
        "飯田市役所のご協力に感謝します。",
        "首長対談「まちの未来」(佐藤太郎飯田市長)",
        "飯田市内の宿をご利用ください。",
        "飯田市スライド",
    ],
)
def test_a_place_that_does_not_present_is_no_case(drafted: Drafted, line: str) -> None:
    draft = drafted(f"2023年6月3日 改善フォーラム 開催報告\n{line}\n")
    assert of(draft, LineKind.CASE) == {}


def test_provisional_and_final_title_are_one_case(drafted: Drafted) -> None:
    draft = drafted(
        "2023年6月3日 改善フォーラム 開催報告\n・飯田市「森の学校の十年」\n\n"
        "2023年6月3日 改善フォーラムのご案内\n・飯田市「森の学校」(仮)\n"
    )
    (case,) = of(draft, LineKind.CASE).values()
    assert (case["title"], case["provisional_title"]) == ("森の学校の十年", "森の学校")
    assert ContradictionKind.TITLE in kinds(draft)


def test_two_cases_of_one_town_stay_two(drafted: Drafted) -> None:
    draft = drafted(
        "2023年6月3日 改善フォーラム 開催報告\n・飯田市「森の学校」\n・飯田市「窓口の予約」\n"
    )
    cases = of(draft, LineKind.CASE)
    assert {case["title"] for case in cases.values()} == {"森の学校", "窓口の予約"}
    assert len(cases) == 2


# --- documents and rights ----------------------------------------------------------------


def test_papers_with_sizes_and_a_wish_about_one_of_them(drafted: Drafted) -> None:
    documents = of(drafted(YEARLY), LineKind.DOCUMENT)
    casebook = documents["document:2019-03-22:casebook"]
    survey = documents["document:2019-03-22:survey"]
    assert (casebook["declared_size"], survey["declared_size"]) == ("3.4MB", "120KB")
    assert casebook["rights_statement"] == "事例集の無断転載を禁じます。"
    assert "rights_statement" not in survey
    assert "municipality_codes" not in casebook


def test_an_address_in_the_text_is_the_documents(drafted: Drafted) -> None:
    documents = of(drafted(FORUM), LineKind.DOCUMENT)
    slides = documents["document:2023-11-18:slides:伊達市"]
    assert slides["sources"] == ["https://example.jp/files/date.pdf"]
    assert slides["rights_statement"] == "本資料の複写及び転載は固くお断りします。"
    form = documents["document:2022-11-19:step_up_sheet:窓口編"]
    assert form["event_part"] == "used"
    assert "rights_statement" not in form


def test_several_papers_in_one_line(drafted: Drafted) -> None:
    draft = drafted(
        "2023年6月3日 改善フォーラム 開催報告\n・飯田市 資料(PDF:1.2MB)、豊田市 資料(PDF:500KB)\n"
    )
    told = {
        (one["municipality_codes"][0], one["declared_size"], one["kind"])
        for one in of(draft, LineKind.DOCUMENT).values()
    }
    assert told == {(IIDA, "1.2MB", "slides"), (TOYOTA, "500KB", "slides")}


def test_a_wish_of_one_event_is_not_anothers(drafted: Drafted) -> None:
    draft = drafted(
        "2023年6月3日 改善フォーラム 開催報告\n・飯田市「森の学校」スライド\n"
        "(資料の転載はご遠慮ください)\n\n"
        "2022年6月4日 改善フォーラム 開催報告\n・豊田市「川の学校」スライド\n"
    )
    documents = of(draft, LineKind.DOCUMENT)
    assert "rights_statement" in documents["document:2023-06-03:slides:飯田市"]
    assert "rights_statement" not in documents["document:2022-06-04:slides:豊田市"]


# --- people ------------------------------------------------------------------------------


def test_people_with_parts_and_two_spellings(drafted: Drafted) -> None:
    draft = drafted(FORUM)
    people = of(draft, LineKind.PERSON)
    assert people["person:斎藤三郎"]["name"] == "齋藤三郎"
    assert people["person:斎藤三郎"]["other_names"] == ["斎藤三郎"]
    parts = {(one["person_id"], one["part"]) for one in of(draft, LineKind.ROLE).values()}
    assert parts == {
        ("person:高橋一郎", "パネルディスカッション"),
        ("person:小野太郎", "パネルディスカッション"),
        ("person:斎藤三郎", "進行"),
        ("person:斎藤三郎", "講評"),
    }


def test_a_reading_beside_a_name_is_kept(drafted: Drafted) -> None:
    draft = drafted("2023年6月3日 改善フォーラム 開催報告\n講師:森田花子(もりた はなこ)\n")
    (person,) = of(draft, LineKind.PERSON).values()
    assert (person["name"], person["kana"]) == ("森田花子", "もりた はなこ")


# --- HTML --------------------------------------------------------------------------------


def test_a_page_of_headings_lists_and_tables(from_html: Draft) -> None:
    held, announced = of(from_html, LineKind.EVENT).values()
    assert (held["held_on"], held["mode"], held["capacity"]) == (
        "2024-07-20",
        "会場とオンライン",
        50,
    )
    assert (held["attendance"], held["attendance_text"]) == (43, "会場28名・オンライン15名の計43名")
    assert (announced["state"], announced["capacity"], announced["fee"]) == ("open", 40, "無料")
    assert "held_on" not in announced
    cases = by_code(from_html)
    assert cases[GIFU]["title"] == "書かない窓口の一年"
    assert cases[TOYOHASHI]["departments"] == ["人事課"]


def test_links_of_a_page_are_addresses_of_its_documents(from_html: Draft) -> None:
    documents = of(from_html, LineKind.DOCUMENT)
    assert {key: one["sources"] for key, one in documents.items()} == {
        "document:2024-07-20:slides:岐阜市": ["https://example.jp/pdf/gifu.pdf"],
        "document:2024-07-20:slides:豊橋市": ["https://example.jp/pdf/toyohashi.pdf"],
        "document:2024-07-20:message:岐阜市": ["https://example.jp/news/msg.pdf"],
        "document:令和7年度夏の勉強会:flyer": ["https://example.jp/news/flyer.pdf"],
    }
    under = [key for key, one in documents.items() if "rights_statement" in one]
    assert under == ["document:2024-07-20:slides:岐阜市", "document:2024-07-20:slides:豊橋市"]
    assert [one.text for one in from_html.statements] == [
        "当サイトの文章・画像の無断転載を禁じます。"
    ]


def test_people_of_a_page_are_no_offices(from_html: Draft) -> None:
    names = {one["name"] for one in of(from_html, LineKind.PERSON).values()}
    assert names == {"鈴木一郎", "山本花子"}


def test_a_paper_in_a_row_of_a_programme_is_called_without_its_hour(drafted: Drafted) -> None:
    draft = drafted(
        "第12回 窓口改善フォーラムを開催しました(令和6年2月17日)\n\n"
        "13:30\t基調講演「窓口改革の10年」\t講演資料(PDF:3.1MB)\n"
    )
    titles = [line.values["title"] for line in draft.lines if line.kind is LineKind.DOCUMENT]
    assert titles == ["基調講演「窓口改革の10年」 講演資料"]


@pytest.mark.parametrize(
    "line",
    ["定員 100名(先着順) 参加費 無料", "【定員】100名　【参加費】無料", "定員:100名 参加費:無料"],
)
def test_several_facts_in_one_line(drafted: Drafted, line: str) -> None:
    draft = drafted(
        f"第9回 業務改善フォーラムを開催します(2025年3月1日)\n\n{line}\n会場 高崎市民ホール"
    )
    event = one_event(draft)
    assert (event["capacity"], event["fee"]) == (100, "無料")
