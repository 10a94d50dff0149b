"""Changes that wait for another person: a file and a seminar's lines, sent where two publish."""

import io
from dataclasses import replace
from datetime import date

from flask import Flask

from indexer.exchange.bulk_jobs import BulkWork
from indexer.installation import Installation
from indexer.intake_jobs import IntakeWork
from kb.catalogue.intake.jobs import PageSent, Words
from kb.domain.jobs import JobKind
from kb.web.services import Services
from tests.indexer.exchange.grids import csv_of
from tests.web.intake_site import ADDRESS, PAGE

FILE, INTAKE = "朝礼と窓口の改善.csv", "/curation/intakes/intake-1"
ROWS = (
    {"ID": "", "タイトル": "朝礼の改善", "団体コード": "402249"},
    {"ID": "", "タイトル": "窓口の改善", "団体コード": "402249"},
)


def let_wait(app: Flask, installation: Installation, sender: str) -> str:
    """Send a file, and choose the sure lines of a seminar's page; the address of the file.

    `app` is the installation's, with two who publish.
    """
    services: Services = app.extensions["kb"]
    assert services.bulk is not None
    assert services.intakes is not None
    content = csv_of(*ROWS).encode("utf-8-sig")
    file = services.bulk.begin(FILE, content, clear_blanks=False, actor=sender)
    sent = PageSent(ADDRESS, ADDRESS, date(2024, 10, 20), pasted=True)
    services.intakes.take(sender, sent, io.BytesIO(PAGE.encode()))
    _work(replace(installation, two_person=True))
    assert services.intakes.settle(sender, "intake-1", Words((), sure=True, references=True)) == ""
    return f"/curation/bulk/{file}"


def _work(installation: Installation) -> None:
    files, pages = BulkWork(installation.database), IntakeWork(installation)
    while (job := installation.jobs.take("worker")) is not None:
        (files if job.kind is JobKind.BULK else pages).do(job)
    installation.close()
