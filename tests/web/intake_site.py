"""The application over a real catalogue in which seminar pages are taken in and settled."""

import re
from dataclasses import replace
from html import unescape

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from indexer.installation import Installation
from indexer.intake_jobs import IntakeWork
from kb.catalogue.jobs.queue import JobQueue
from kb.catalogue.reading import CatalogueReader
from kb.web.curation.intake_desk import SeminarDesk
from tests.web.signing_in import token
from tests.web.upload_site import site_of

ADDRESS = "http://example.jp/seminar/"
PAGE = """まちの仕事を見直す会

【ご報告】2024/10/5(土)「第4回 まちの仕事を見直す会」を開催しました
日時:2024年10月5日(土)13:00〜15:00
会場:延岡市役所
【定員】40名
当日は52名にご参加いただきました。

(1) 延岡市(宮崎県)
「窓口の紙を減らす」
「窓口の紙を減らす」発表資料(PDF形式:1.2MB)
延岡市髙田一郎市長からのメッセージ(PDF形式:300KB)

(2) 糸島市(福岡県)
「会議を半分にする」
「会議を半分にする」発表資料(PDF形式:2.0MB)

こちらのチラシもご覧ください(PDF形式688KB)
"""
"""An invented seminar in real places; more came than there was room for."""


def intake_site(installation: Installation) -> Flask:
    """The application over an installation; everything but intakes and catalogue is a fake."""
    app = site_of(None)
    desk = SeminarDesk(installation.database, installation.incoming)
    catalogue = CatalogueReader(installation.database)
    app.extensions["kb"] = replace(app.extensions["kb"], intakes=desk, catalogue=catalogue)
    return app


def work(worker: IntakeWork, queue: JobQueue) -> list[str]:
    """Do what waits, as the worker does; the steps."""
    done = []
    while (job := queue.take("worker")) is not None:
        worker.do(job)
        done.append(str(job.work["step"]))
    return done


def sent(client: FlaskClient, text: str = PAGE, **fields: str) -> TestResponse:
    """What is answered to a page that is pasted."""
    form = {"address": ADDRESS, "text": text, "day": "2024-10-20", **fields}
    form["csrf_token"] = token(client, "/account")
    return client.post("/curation/intake", data=form, content_type="multipart/form-data")


def shown(client: FlaskClient, address: str, status: int = 200) -> str:
    """A page's HTML, once it no longer waits."""
    answer = client.get(address, follow_redirects=True)
    assert answer.status_code == status, answer.status_code
    return answer.get_data(as_text=True)


def fields(html: str) -> dict[str, str]:
    """What a browser would send of the form of an intake as it stands."""
    form = html[html.index('id="intake-form"') :]
    found: dict[str, str] = {}
    for tag in re.findall(r"<input [^>]+>", form):
        told = dict(re.findall(r'([a-z]+)="([^"]*)"', tag))
        if told["type"] in ("hidden", "text") or "checked" in tag:
            found[told["name"]] = unescape(told["value"])
    for name, options in re.findall(r'<select id="[^"]*" name="([^"]+)">(.*?)</select>', form):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = unescape(chosen[1]) if chosen else ""
    return {name: value for name, value in found.items() if name != "csrf_token"}


def number(html: str, title: str) -> str:
    """The number of the line whose heading holds a text."""
    found = re.search(rf'<h3 id="t-(\d+)">[^\n]*{re.escape(title)}', html)
    assert found, title
    return found[1]
