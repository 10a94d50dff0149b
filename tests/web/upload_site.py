"""The application with a real queue of jobs, over fakes of everything else."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from kb.catalogue.jobs.incoming import Incoming
from kb.catalogue.jobs.queue import JobQueue
from kb.catalogue.jobs.views import JobEnd, TakenJob
from kb.catalogue.session import Database
from kb.domain.jobs import JobState
from kb.domain.rights import Audience
from kb.web.app import create_app
from kb.web.curation.upload_desk import UploadDesk
from kb.web.services import Services
from tests.web.fake_accounts import FakeAccounts
from tests.web.fakes import FakeCatalogue, FakeOriginals, FakePageImages, FakeSearch

MOST_BYTES = 6 * 1024 * 1024
READ = JobEnd(JobState.WAITING, "indexed", "読めた", None, "確認してください。", None, 12)
LOCKED = JobEnd(
    JobState.FAILED, "needs_password", "パスワードが必要", "開けません。", "入れてください。"
)


@contextmanager
def upload_desk(folder: Path) -> Iterator[UploadDesk]:
    """Where files come in, over a new catalogue in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    database = Database(f"sqlite:///{folder / 'catalogue.sqlite'}")
    if database.outdated():
        database.migrate()
    yield UploadDesk(JobQueue(database), Incoming(folder / "incoming"), MOST_BYTES)
    database.close()


def site_of(desk: UploadDesk | None) -> Flask:
    """The application that takes files in there."""
    services = Services(
        FakeSearch(), FakeCatalogue(), FakeOriginals(), FakePageImages(), uploads=desk,
        accounts=FakeAccounts(),
    )  # fmt: skip
    return create_app(services, public_url=None, secret_key="test", audience=Audience.ANONYMOUS)


def put(desk: UploadDesk, upload_id: str, *names: str) -> None:
    """Files in the queue, each like no other."""
    files = [(name, io.BytesIO(f"{upload_id} {name}".encode())) for name in names]
    desk.keep(upload_id, files, None)


def taken(desk: UploadDesk) -> TakenJob:
    """The next job, taken by a worker."""
    job = desk.jobs.take("worker")
    assert job is not None
    return job
