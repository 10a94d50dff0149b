"""Seminar pages on their way from a form to the catalogue, over a real catalogue and worker."""

import io
import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from indexer.gazetteer import gazetteer_of
from indexer.installation import Installation
from indexer.intake.desk import IntakeDesk
from indexer.intake.drafting import draft_page
from indexer.intake.page import lines_of
from indexer.intake_jobs import IntakeWork
from kb.catalogue.entries import Authorship, EventEntry
from kb.catalogue.intake.jobs import LineWord, Words
from kb.catalogue.intake.sheets import Sheet
from kb.catalogue.jobs.rows import JobRecords
from kb.catalogue.stored import Stored, StoredReader
from kb.catalogue.writing import writing
from kb.domain.classification import EventState
from kb.domain.gazetteer import Gazetteer
from kb.domain.roles import Role
from kb.web.curation.intake_form import lines_chosen
from tests.catalogue.test_intakes import on_sheet
from tests.conftest import installation_in
from tests.web.intake_site import ADDRESS, PAGE, fields, intake_site, number, sent, shown, work
from tests.web.signing_in import post, signed_in

INTAKE = "/curation/intakes/intake-1"
EVENT = "第4回 まちの仕事を見直す会"


@dataclass(frozen=True)
class Desk:
    """A curator's browser, and the worker behind it."""

    client: FlaskClient
    installation: Installation
    worker: IntakeWork

    def read(self, text: str = PAGE) -> str:
        """Send a page and wait until it is read; the page of the intake."""
        answer = sent(self.client, text)
        assert self.work() == ["take", "compare"]
        return shown(self.client, answer.location)

    def settle(self, html: str, at: str = INTAKE, /, **said: str) -> str:
        """Press a button of the form, with some of its fields otherwise; the page after it."""
        answer = self.press(html, at, **said)
        self.work()
        return shown(self.client, answer.location)

    def press(self, html: str, at: str = INTAKE, /, **said: str) -> TestResponse:
        named = {name.replace("_", "-", 1): value for name, value in said.items()}
        return post(self.client, at, **{**fields(html), "do": "settle", **named})

    def work(self) -> list[str]:
        return work(self.worker, self.installation.jobs)

    def stored(self) -> Stored:
        return StoredReader(self.installation.database).stored()


@pytest.fixture(scope="module")
def places(_prepared: Path) -> Gazetteer:
    """The names of all places, which take half a second to read."""
    opened = installation_in(_prepared)
    found = gazetteer_of(opened.database)
    opened.close()
    return found


@pytest.fixture
def desk(installation: Installation, places: Gazetteer) -> Desk:
    client = signed_in(intake_site(installation), Role.CURATOR)
    return Desk(client, installation, IntakeWork(installation, lambda _: places))


def test_a_page_is_read_and_shown_contradictions_first(desk: Desk) -> None:
    answer = sent(desk.client)
    assert "ページを読んでいます" in shown(desk.client, answer.location)
    desk.work()
    html = shown(desk.client, answer.location)
    assert html.index("食い違いのある行") < html.index(EVENT) < html.index(">事例</h2>")
    assert "<strong>定員 40名 / " in html
    assert "「【定員】40名」" in html
    assert f'href="{INTAKE}/page#l-6">6行目</a>' in html
    assert 'id="l-6" value="6">【定員】40名<' in shown(desk.client, f"{INTAKE}/page")
    assert ADDRESS in shown(desk.client, "/curation/intakes")
    assert (desk.stored().events, desk.stored().documents) == ({}, {})


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"address": ""}, "アドレスを書いて"),
        ({"address": "ftp://example.jp"}, "http:// か"),
        ({"address": "http://[::1"}, "http:// か"),
        ({"text": "  "}, "貼り付けるか"),
        ({"day": "きのう"}, "日付として読めません"),
        ({"day": "2099-01-01"}, "今日までの"),
    ],
)
def test_what_cannot_be_sent_comes_back_as_it_was_typed(
    desk: Desk, changed: dict[str, str], told: str
) -> None:
    answer = sent(desk.client, **{"text": "題\n「書いた文」", **changed})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert told in html
    assert ("「書いた文」" in html) == ("text" not in changed)
    assert desk.work() == []


def test_a_file_that_is_no_page_is_told_with_what_to_do(desk: Desk) -> None:
    answer = sent(desk.client, "", file=(io.BytesIO(b"%PDF-1.7"), "発表.pdf"))
    assert "読んでいます" in shown(desk.client, answer.location)
    assert desk.work() == ["take"]
    html = shown(desk.client, answer.location)
    assert 'role="alert"' in html
    assert f'value="{ADDRESS}"' in html
    blank = sent(desk.client, "\u3000\n.\u200b\n")
    desk.work()
    assert desk.installation.jobs.counts().keys() == {"cancelled", "published"}
    assert blank.status_code == 303


def test_a_saved_page_brings_its_links(desk: Desk) -> None:
    lines = "".join(f"<p>{line}</p>" for line in PAGE.splitlines() if "発表資料" not in line)
    link = '<p><a href="slides.pdf">「窓口の紙を減らす」発表資料(PDF形式:1.2MB)</a></p>'
    saved = f"<!doctype html><meta charset=utf-8><title>見直す会</title><body>{lines}{link}</body>"
    answer = sent(desk.client, "", file=(io.BytesIO(saved.encode()), "見直す会.html"))
    assert desk.work() == ["take", "compare"]
    assert f"{ADDRESS}slides.pdf" in shown(desk.client, answer.location)
    named = sent(desk.client, "", address="", file=(io.BytesIO(saved.encode()), "folder/会.html"))
    desk.work()
    assert '<h1 class="long">会.html</h1>' in shown(desk.client, named.location)


def test_lines_are_accepted_changed_and_refused(desk: Desk) -> None:
    html = desk.read()
    event, flyer = number(html, EVENT), number(html, "チラシ")
    html = desk.settle(html, do="sure", **{f"f_{event}-capacity": "60", f"do_{flyer}": "reject"})
    assert "8行を受け入れました。1行を却下しました。" in html
    held = desk.stored()
    (made,) = held.events.values()
    assert (made.title, made.capacity, made.attendance) == (EVENT, 60, 52)
    assert [(s.url, s.seen_on.isoformat()) for s in made.sources] == [(ADDRESS, "2024-10-20")]
    assert (len(held.cases), len(held.documents), len(held.people)) == (2, 3, 1)
    assert f'href="/events/{made.id}"' in html
    assert all(f'href="/cases/{one}"' in html for one in held.cases)
    assert all(f'href="/documents/{one}"' in html for one in held.documents)
    assert "intake-form" not in html
    assert made.id in shown(desk.client, f"/events/{made.id}")
    with desk.installation.database.reading() as session:
        actors = session.connection().exec_driver_sql("select distinct actor from source_event")
        assert "編集担当 山田 花子" in {actor for (actor,) in actors}


def test_the_boxes_of_a_line_open_and_nothing_that_was_said_is_lost(desk: Desk) -> None:
    html = desk.read()
    case, flyer = number(html, "窓口の紙を減らす"), number(html, "チラシ")
    assert f"f-{case}-title" not in html
    answer = desk.press(html, **{f"do_{flyer}": "reject", "edit": case})
    opened = answer.get_data(as_text=True)
    assert f'name="f-{case}-title" type="text" value="窓口の紙を減らす"' in opened
    assert 'value="宮崎県延岡市"' in opened
    assert f'name="do-{flyer}" value="reject" checked' in opened
    assert desk.work() == []
    html = desk.settle(opened, **{f"f_{case}-departments": "市民課、総務課", "references": "1"})
    assert {one.departments for one in desk.stored().cases.values()} == {("市民課", "総務課")}
    assert "2行を受け入れました" in html


def test_a_refusal_says_what_to_do_on_the_page(desk: Desk) -> None:
    html = desk.read()
    assert desk.press(html).status_code == 422
    assert desk.press(html, do="fly").status_code == 400
    flyer = number(html, "チラシ")
    html = desk.settle(html, **{f"do_{flyer}": "accept", f"f_{number(html, EVENT)}-held_on": "春"})
    assert "開催日「春」" in html
    assert 'value="春"' in html
    assert f'name="do-{flyer}" value="accept" checked' in html
    html = desk.settle(html, **{f"f_{number(html, EVENT)}-held_on": "2024-10-05"})
    assert "行が指す催しや事例も受け入れる」に印" in html
    assert "--" not in html.partition('role="alert"')[2].partition("</div>")[0]
    assert desk.stored().documents == {}


def test_who_comes_second_is_told_and_loses_nothing(desk: Desk) -> None:
    html = desk.read()
    event, case = number(html, EVENT), number(html, "会議を半分にする")
    desk.settle(html, **{f"do_{event}": "accept"})
    after = desk.settle(html, **{f"f_{event}-capacity": "99", f"do_{case}": "reject"})
    assert "画面を開いたあとで" in after
    assert "編集担当 山田 花子が決めました(いまは「受け入れ済み」)" in after
    assert f'name="do-{case}" value="reject" checked' in after
    (made,) = desk.stored().events.values()
    assert made.capacity == 40
    assert "1行を却下しました" in desk.settle(after)


def test_a_second_reading_shows_the_differences_alone(desk: Desk) -> None:
    html = desk.settle(desk.read(), do="sure", references="1", do_1="accept")
    again = PAGE.replace("13:00〜15:00", "13:30〜15:00").replace("会場:延岡市役所", "会場:延岡駅前")
    html = desk.read(again)
    event = number(html, EVENT)
    assert "開始: 目録「13:00」→ ページ「13:30」" in html
    assert html.count('class="intake-line"') == 1
    assert "目録と同じ行" in html
    html = desk.settle(
        html, "/curation/intakes/intake-2", **{f"do_{event}": "accept", f"keep_{event}": "place"}
    )
    (made,) = desk.stored().events.values()
    assert (str(made.starts_at), made.place) == ("13:30", "延岡市役所")
    assert "新しい読み取り" in shown(desk.client, INTAKE)
    assert len(desk.stored().documents) == 4


def test_a_line_that_may_be_several_records_waits_for_a_choice(desk: Desk) -> None:
    with writing(desk.installation.database, Authorship("試験")) as writer:
        for name in ("ev-a", "ev-b"):
            writer.record_event(EventEntry(name, EVENT, EventState.REPORTED))
    html = desk.read()
    event = number(html, EVENT)
    assert f'<option value="ev-b">{EVENT}(ev-b)</option>' in html
    refused = desk.settle(html, **{f"do_{event}": "accept"})
    assert "「どの記録か」で選んでください" in refused
    desk.settle(refused, **{f"as_{event}": "ev-b"})
    events = desk.stored().events
    assert (events["ev-a"].capacity, events["ev-b"].capacity) == (None, 40)


def test_what_changed_in_the_catalogue_can_be_compared_anew(desk: Desk) -> None:
    html = desk.read()
    assert "比べ直す" not in html
    with writing(desk.installation.database, Authorship("試験")) as writer:
        writer.record_event(EventEntry("ev-9", "別の会", EventState.OPEN))
    html = shown(desk.client, INTAKE)
    assert "比べ直す" in html
    answer = post(desk.client, INTAKE, do="compare")
    assert "目録と比べています" in shown(desk.client, answer.location)
    assert desk.work() == ["compare"]
    assert "比べ直す" not in shown(desk.client, INTAKE)


def test_what_the_command_has_taken_is_compared_when_asked(desk: Desk, places: Gazetteer) -> None:
    draft = draft_page(lines_of(PAGE), ADDRESS, places, seen_on=date(2024, 10, 20))
    IntakeDesk(desk.installation.database, places).take(draft)
    html = shown(desk.client, INTAKE)
    assert "まだ目録と比べていません" in html
    assert "intake-wait" not in html
    post(desk.client, INTAKE, do="compare")
    assert desk.work() == ["compare"]
    assert "食い違いのある行" in shown(desk.client, INTAKE)


def test_a_worker_that_is_killed_enters_nothing_twice(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    html, queue = desk.read(), desk.installation.jobs
    answer = desk.press(html, do="sure", references="1", **{f"do_{number(html, EVENT)}": "accept"})
    killed = queue.take("killed", seconds=-1.0)
    assert killed is not None

    def power_cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(JobRecords, "put", power_cut)
        with pytest.raises(KeyboardInterrupt):
            desk.worker.do(killed)
    assert desk.stored().events == {}
    assert desk.work() == ["settle", "compare"]
    before = desk.stored()
    assert (len(before.events), len(before.documents)) == (1, 4)
    desk.worker.do(killed)
    assert "行を受け入れました" in shown(desk.client, answer.location)
    assert desk.stored() == before


@pytest.mark.shared
def test_a_real_page_is_seen_whole_and_entered_whole(desk: Desk, shared: Path) -> None:
    seed = shared / "data" / "seed" / "seminar-page.txt"
    if not seed.is_file():
        pytest.skip("needs data/seed/seminar-page.txt of the shared folder")
    html = desk.read(seed.read_text("utf-8"))
    days = ("2023-09-30", "2022-09-03", "2021-08-07", "2019-07-14", "2018-07-29", "2017-07-30")
    assert all(day in html for day in days)
    for contradiction in ("定員 30名 / ", "原崎", "原﨑", "(仮)", "取組み", "一昨年度"):
        assert contradiction in html.partition(">事業</h2>")[0] + html.partition("ページ全体")[2]
    rights = html.partition('id="h-rights"')[2].partition("</section>")[0]
    assert (rights.count("<strong>"), rights.count("<li>")) == (1, 2)
    chosen = {f"do_{each}": "accept" for each in re.findall(r'name="do-(\d+)" value=""', html)}
    html = desk.settle(html, references="1", **chosen)
    held = desk.stored()
    assert (len(held.events), len(held.cases), len(held.people)) == (6, 6, 4)
    assert len(held.documents) >= 12
    assert all(f'href="/events/{one}"' in html for one in held.events)
    assert "すべて決めました" in html


def test_unknown_addresses_are_no_pages(desk: Desk) -> None:
    for address in ("/curation/intakes/none", "/curation/intakes/jobs/none", f"{INTAKE}/page"):
        assert desk.client.get(address).status_code == 404, address


def test_where_two_publish_another_person_records_what_one_has_chosen(
    installation: Installation, places: Gazetteer
) -> None:
    two = replace(installation, two_person=True)
    app = intake_site(two)
    client, other = (signed_in(app, role) for role in (Role.CURATOR, Role.ADMINISTRATOR))
    desk = Desk(client, two, IntakeWork(two, lambda _: places))
    html = desk.read()
    event, case = number(html, EVENT), number(html, "窓口の紙を減らす")
    chosen = {f"do_{case}": "accept", f"f_{event}-attendance": "53", "references": "1"}
    chosen |= {f"do_{number(html, 'チラシ')}": "reject"}
    page = desk.settle(html, **chosen)
    assert desk.work() == []
    assert "別の人の確認待ち" in page
    assert "<dt>参加者数</dt><dd>53</dd>" in page
    assert 'value="release"' not in page
    assert "別の人の確認待ち" in shown(client, "/curation/intakes")
    [key] = set(re.findall(r'name="proposal" value="([^"]+)"', page))
    assert post(client, INTAKE, do="release", proposal=key).status_code == 409
    assert post(other, INTAKE, do="release", proposal="another").status_code == 409
    assert (desk.stored().cases, desk.work()) == ({}, [])
    assert "この内容で記録" in shown(other, INTAKE)
    answer = post(other, INTAKE, do="release", proposal=key)
    assert desk.work() == ["settle", "compare"]
    assert "受け入れました" in shown(other, answer.location)
    [held] = desk.stored().events.values()
    assert (held.title, held.attendance) == (EVENT, 53)
    assert [each.title for each in desk.stored().cases.values()] == ["窓口の紙を減らす"]
    page = shown(client, INTAKE)
    assert desk.press(page, do="sure").status_code == 303
    waiting = shown(client, INTAKE)
    [key] = set(re.findall(r'name="proposal" value="([^"]+)"', waiting))
    assert post(other, INTAKE, do="decline", proposal=key).status_code == 303
    assert len(desk.stored().cases) == 1
    rejected = number(shown(client, INTAKE), "会議を半分にする")
    desk.settle(shown(client, INTAKE), **{f"do_{rejected}": "reject"})
    assert "却下" in shown(client, INTAKE)


def test_what_waited_when_one_became_enough_is_recorded_by_who_chose_it(
    installation: Installation, places: Gazetteer
) -> None:
    two = replace(installation, two_person=True)
    client = signed_in(intake_site(two), Role.CURATOR)
    first = Desk(client, two, IntakeWork(two, lambda _: places))
    html = first.read()
    first.settle(html, **{f"do_{number(html, EVENT)}": "accept"})
    one = replace(installation, two_person=False)
    again = signed_in(intake_site(one), Role.CURATOR)
    page = shown(again, INTAKE)
    assert "2人で公開する設定" not in page
    [key] = set(re.findall(r'name="proposal" value="([^"]+)"', page))
    assert post(again, INTAKE, do="release", proposal=key).status_code == 303
    later = Desk(again, one, IntakeWork(one, lambda _: places))
    assert later.work() == ["settle", "compare"]
    assert [each.title for each in later.stored().events.values()] == [EVENT]


def test_who_looks_second_sees_what_will_be_recorded_and_not_what_the_catalogue_keeps() -> None:
    sheet = Sheet(
        (on_sheet(1, "case-1", "event-1"), on_sheet(2, "case-2", "event-1")), (), (), (), {}
    )
    kept = LineWord(1, "case-1", "v1", "accept", keep=("event_id",))
    typed = LineWord(2, "case-2", "v2", "accept", (("event_id", "event-2"),))
    told = {s.word.key: s.to_record for s in lines_chosen(sheet, Words((kept, typed)))}
    assert told == {"case-1": (), "case-2": (("催し", "event-2"),)}
