"""Sending files: whole, in pieces, broken off, too large; and what their page tells."""

import hashlib
import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from unicodedata import category

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from indexer.extracted import Outcome
from indexer.ingested import Ingested
from indexer.job_ends import of_file
from kb.catalogue.entries import DocumentEntry
from kb.catalogue.jobs.views import JobEnd
from kb.catalogue.writing import writing
from kb.domain.classification import DocumentKind
from kb.domain.jobs import JobKind, JobState
from kb.domain.rights import Rights, Terms
from kb.domain.roles import Role
from kb.web.curation.upload_desk import PIECE_BYTES, UploadDesk, split
from tests.catalogue.drafts import AUTHOR
from tests.web.signing_in import post, signed_in, token
from tests.web.upload_site import LOCKED, MOST_BYTES, READ, put, site_of, taken, upload_desk

FILE = "0123456789abcdef" * 2
CONTENT = b"%PDF-1.7 " + bytes(range(256)) * 400


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an empty catalogue: making one takes half a second, so once, and copied."""
    folder = tmp_path_factory.mktemp("empty")
    with upload_desk(folder):
        return folder


@pytest.fixture
def desk(tmp_path: Path, empty: Path) -> Iterator[UploadDesk]:
    shutil.copytree(empty, tmp_path / "data")
    with upload_desk(tmp_path / "data") as opened:
        yield opened


@pytest.fixture
def curator(desk: UploadDesk) -> FlaskClient:
    return signed_in(site_of(desk), Role.CURATOR)


class Sender:
    """Sends as the script does."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.headers = {"Accept": "application/json", "X-CSRFToken": token(client, "/account")}
        answer = self.post("/curation/uploads", rights="no_copy", note="2021年セミナー資料")
        assert answer.status_code == 200, answer.get_data(as_text=True)
        self.upload = str(answer.json["id"]) if answer.json else ""

    def post(self, address: str, **fields: str) -> TestResponse:
        return self.client.post(address, data=fields, headers=self.headers)

    @property
    def address(self) -> str:
        return f"/curation/uploads/{self.upload}/files/{FILE}"

    def piece(self, offset: int, content: bytes) -> TestResponse:
        return self.client.put(
            f"{self.address}?offset={offset}", data=content, headers=self.headers
        )

    def arrived(self) -> object:
        return self.client.get(self.address, headers=self.headers).json

    def complete(
        self, path: str = "資料/発表.pdf", size: int = len(CONTENT), **fields: str
    ) -> TestResponse:
        return self.post(self.address, path=path, size=str(size), **fields)


def test_a_file_sent_in_pieces_becomes_one_job(curator: FlaskClient, desk: UploadDesk) -> None:
    sender = Sender(curator)
    assert sender.arrived() == {"offset": 0, "done": False}
    assert sender.piece(0, CONTENT[:1000]).json == {"offset": 1000}
    assert sender.arrived() == {"offset": 1000, "done": False}
    assert sender.piece(1000, CONTENT[1000:]).json == {"offset": len(CONTENT)}
    sha256 = hashlib.sha256(CONTENT).hexdigest()
    first = sender.complete(sha256=sha256)
    assert first.json == sender.complete(sha256=sha256).json
    assert sender.arrived() == {"offset": 0, "done": True}
    [job] = desk.jobs.jobs_of(sender.upload)
    assert (job.path, job.size, job.state) == ("資料/発表.pdf", len(CONTENT), JobState.QUEUED)
    found = desk.known(sender.upload)
    assert (found.terms, found.draft, found.closed) == (Terms.NO_COPY, True, False)
    assert found.actor == "編集担当 山田 花子"
    taken_job = taken(desk)
    path = desk._incoming.path(str(taken_job.work["file"]))
    assert path.read_bytes() == CONTENT


def test_a_piece_that_does_not_follow_is_refused_with_where_to_go_on(curator: FlaskClient) -> None:
    sender = Sender(curator)
    sender.piece(0, CONTENT[:1000])
    for wrong in (0, 500, 2000):
        answer = sender.piece(wrong, b"x")
        assert (answer.status_code, answer.json["detail"]) == (409, "1000")  # type: ignore[index]
    assert sender.arrived() == {"offset": 1000, "done": False}


def test_what_did_not_arrive_as_it_was_sent_is_thrown_away(
    curator: FlaskClient, desk: UploadDesk
) -> None:
    sender = Sender(curator)
    sender.piece(0, CONTENT)
    assert sender.complete(size=len(CONTENT) + 1).status_code == 400
    assert sender.arrived() == {"offset": len(CONTENT), "done": False}
    answer = sender.complete(sha256="0" * 64)
    assert answer.status_code == 400
    assert "もう一度お送りください" in answer.get_data(as_text=True)
    assert sender.arrived() == {"offset": 0, "done": False}
    assert desk.jobs.jobs_of(sender.upload) == ()


def test_a_file_without_bytes_arrives_too(curator: FlaskClient, desk: UploadDesk) -> None:
    sender = Sender(curator)
    assert sender.complete(path="empty.pdf", size=0).status_code == 200
    assert [job.size for job in desk.jobs.jobs_of(sender.upload)] == [0]


@pytest.mark.parametrize("offset", ["", "-1", "x", "1" * 30])
def test_an_offset_that_is_none_is_refused(curator: FlaskClient, offset: str) -> None:
    sender = Sender(curator)
    address = f"{sender.address}?offset={offset}"
    assert curator.put(address, data=b"x", headers=sender.headers).status_code == 400


def test_too_large_a_file_is_refused_by_its_length(curator: FlaskClient, desk: UploadDesk) -> None:
    sender = Sender(curator)
    answer = sender.piece(MOST_BYTES - 10, b"x" * 11)
    assert answer.status_code == 413
    assert "上限は6MB" in answer.get_data(as_text=True)
    assert sender.piece(0, b"x" * (PIECE_BYTES + 1)).status_code == 413
    assert list(desk._incoming.files()) == []


@pytest.mark.parametrize(
    "address", ["/curation/uploads/up-none/files/" + FILE, "/curation/uploads/up-none/files/x"]
)
def test_nothing_is_taken_for_a_batch_that_is_not_there(
    curator: FlaskClient, address: str, desk: UploadDesk
) -> None:
    sender = Sender(curator)
    assert curator.put(f"{address}?offset=0", data=b"x", headers=sender.headers).status_code == 400
    assert list(desk._incoming.files()) == []


def test_a_plain_form_sends_many_files_at_once(curator: FlaskClient, desk: UploadDesk) -> None:
    # The test client leaves temporary files open from half a megabyte on.
    desk.most_bytes = len(CONTENT)
    files = [
        (io.BytesIO(CONTENT), "資料/発表.pdf"),
        (io.BytesIO(b"id"), "資料/cases.csv"),
        (io.BytesIO(b"id"), "資料/documents.csv"),
        (io.BytesIO(b"id"), "documents.csv"),
        (io.BytesIO(b"PK"), "まとめ.ZIP"),
        (io.BytesIO(CONTENT + b"x"), "大きい.pdf"),
    ]
    answer = post(
        curator, "/curation/uploads", files=files, rights="internal", publish="now", password="鍵"
    )
    assert answer.status_code == 303
    upload = answer.headers["Location"].rpartition("/")[2]
    jobs = desk.jobs.jobs_of(upload)
    assert [(job.name, job.kind) for job in jobs] == [
        ("発表.pdf", JobKind.INGEST),
        ("cases.csv", JobKind.RECORDS),
        ("documents.csv", JobKind.RECORDS),
        ("documents.csv", JobKind.CASES),
        ("まとめ.ZIP", JobKind.UNPACK),
        ("大きい.pdf", JobKind.INGEST),
    ]
    assert [job.outcome for job in jobs] == [None] * 5 + ["too_large"]
    found = desk.known(upload)
    assert (found.terms, found.draft, found.closed) == (Terms.INTERNAL, False, True)
    assert taken(desk).password == "鍵"


def test_a_form_without_files_says_so(curator: FlaskClient, desk: UploadDesk) -> None:
    answer = post(curator, "/curation/uploads", rights="open")
    assert answer.status_code == 400
    assert "ファイルが選ばれていません" in answer.get_data(as_text=True)
    assert desk.jobs.uploads() == ()


def test_an_event_that_is_not_there_is_refused(curator: FlaskClient, desk: UploadDesk) -> None:
    files = [(io.BytesIO(CONTENT), "発表.pdf")]
    answer = post(curator, "/curation/uploads", files=files, event="ev-none")
    assert answer.status_code == 400
    assert "催しが見つかりません" in answer.get_data(as_text=True)
    assert list(desk._incoming.files()) == []


def test_more_files_can_be_added_to_a_batch(curator: FlaskClient, desk: UploadDesk) -> None:
    sender = Sender(curator)
    page = curator.get(f"/curation/uploads/{sender.upload}").get_data(as_text=True)
    assert f"/curation/add?upload={sender.upload}" in page
    form = curator.get(f"/curation/add?upload={sender.upload}").get_data(as_text=True)
    assert f'name="upload" value="{sender.upload}"' in form
    files = [(io.BytesIO(CONTENT), "もう一つ.pdf")]
    post(curator, "/curation/uploads", files=files, upload=sender.upload)
    assert [job.name for job in desk.jobs.jobs_of(sender.upload)] == ["もう一つ.pdf"]
    assert desk.known(sender.upload).closed


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("資料/発表.pdf", ("資料", "発表.pdf")),
        ("../../etc/passwd", ("etc", "passwd")),
        ("C:\\資料\\発表.pdf", ("C:/資料", "発表.pdf")),
        ("が.pdf", ("", "が.pdf")),
        ("a\x00b\u202egnp.pdf", ("", "abgnp.pdf")),
        ("/./", ("", "名前のないファイル")),
        ("あ" * 300 + ".pdf", ("", "あ" * 196 + ".pdf")),
    ],
)
def test_names_are_freed_of_tricks(sent: str, kept: tuple[str, str]) -> None:
    assert split(sent) == kept


@given(st.text(max_size=600))
def test_no_name_that_is_sent_leads_anywhere(sent: str) -> None:
    folder, name = split(sent)
    assert name not in ("", ".", "..")
    assert "/" not in name
    assert not {".", ".."} & set(folder.split("/"))
    assert len(name) <= 200
    assert not {"Cc", "Cf", "Cs"} & {category(character) for character in folder + name}


# -- how it comes along ----------------------------------------------------------------------


def test_where_two_publish_nothing_is_published_unread(
    desk: UploadDesk, curator: FlaskClient
) -> None:
    desk.drafts_only = True
    assert 'value="now"' not in curator.get("/curation/add").get_data(as_text=True)
    files = {"files": (io.BytesIO(b"text"), "a.txt"), "publish": "now"}
    answer = post(curator, "/curation/uploads", **files)
    assert answer.status_code == 400
    assert "確認してから公開する" in answer.get_data(as_text=True)
    assert desk.jobs.uploads() == ()


@pytest.fixture
def batch(desk: UploadDesk, curator: FlaskClient) -> str:
    """A batch of five files: read, locked, being read, waiting twice."""
    upload = Sender(curator).upload
    put(desk, upload, "読めた.pdf", "鍵.pdf", "途中.pdf", "待ち1.pdf", "待ち2.pdf")
    desk.jobs.end(taken(desk), READ)
    desk.jobs.end(taken(desk), LOCKED)
    job = taken(desk)
    desk.jobs.renew("worker", {job.id: (19, 31)})
    return upload


def test_the_page_tells_where_every_file_stands(curator: FlaskClient, batch: str) -> None:
    page = curator.get(f"/curation/uploads/{batch}").get_data(as_text=True)
    for said in (
        *(
            "5点中2点が終了(対応が必要1点)",
            "31ページ中19ページ",
            "順番待ち(1番目)",
            "順番待ち(2番目)",
        ),
        *(
            "パスワードが必要",
            "開けません。 入れてください。",
            "読めた",
            "複写・転用はお控えください。",
        ),
    ):
        assert said in page
    assert '<noscript><meta http-equiv="refresh"' in page


def test_a_file_that_is_held_leads_to_the_document_that_holds_it(
    desk: UploadDesk, curator: FlaskClient
) -> None:
    with writing(desk.jobs._database, AUTHOR) as writer:
        writer.record_document(
            DocumentEntry("doc-1", "窓口の<改善>", DocumentKind.REPORT, Rights())
        )
    upload = Sender(curator).upload
    put(desk, upload, "同じ.pdf")
    ended = Ingested(
        "同じ.pdf", "0" * 64, "doc-1", Outcome.DUPLICATE, 0, 0.1, "doc-1 として登録済み"
    )
    desk.jobs.end(taken(desk), of_file(ended, draft=True))
    page = curator.get(f"/curation/uploads/{upload}").get_data(as_text=True)
    assert 'href="/curation/review/doc-1">窓口の&lt;改善&gt;</a>」として登録済みです。' in page
    assert "doc-1 として" not in page


def test_the_script_is_told_only_what_is_new(curator: FlaskClient, batch: str) -> None:
    address = f"/curation/uploads/{batch}.json"
    first = curator.get(address).json
    assert first is not None
    assert (first["files"], first["ended"], first["done"]) == (5, 2, False)
    assert "31ページ中19ページ" in first["html"]
    second = curator.get(f"{address}?version={first['version']}").json
    assert second is not None
    assert "html" not in second


def test_a_password_given_afterwards_goes_to_the_next_try_and_is_forgotten(
    curator: FlaskClient, desk: UploadDesk, batch: str
) -> None:
    locked = next(job for job in desk.jobs.jobs_of(batch) if job.name == "鍵.pdf")
    address = f"/curation/uploads/{batch}/jobs/{locked.id}"
    assert post(curator, f"{address}/retry", password="ひみつ").status_code == 303
    again = next(job for job in iter(lambda: taken(desk), None) if job.id == locked.id)
    assert (again.password, again.tries) == ("ひみつ", 1)
    desk.jobs.end(again, LOCKED)
    post(curator, f"{address}/retry")
    again = next(job for job in iter(lambda: taken(desk), None) if job.id == locked.id)
    assert again.password is None


def test_only_what_waits_can_be_taken_out(
    curator: FlaskClient, desk: UploadDesk, batch: str
) -> None:
    jobs = {job.name: job for job in desk.jobs.jobs_of(batch)}
    address = f"/curation/uploads/{batch}/jobs"
    assert post(curator, f"{address}/{jobs['待ち1.pdf'].id}/cancel").status_code == 303
    assert post(curator, f"{address}/{jobs['途中.pdf'].id}/cancel").status_code == 409
    assert post(curator, f"{address}/{jobs['読めた.pdf'].id}/retry").status_code == 409
    assert post(curator, f"{address}/99999/cancel").status_code == 409
    states = {job.name: job.state for job in desk.jobs.jobs_of(batch)}
    assert states["待ち1.pdf"] is JobState.CANCELLED
    assert states["途中.pdf"] is JobState.READING


def test_the_lists_and_the_front_page_of_curation(curator: FlaskClient, batch: str) -> None:
    listed = curator.get("/curation/uploads").get_data(as_text=True)
    assert "「2021年セミナー資料」" in listed
    start = curator.get("/curation").get_data(as_text=True)
    assert "進行中 3点" in start


def test_what_was_not_taken_in_counts_until_somebody_has_dealt_with_it(
    desk: UploadDesk, curator: FlaskClient
) -> None:
    database, upload = desk.jobs._database, Sender(curator).upload
    with writing(database, AUTHOR) as writer:
        writer.record_document(
            DocumentEntry("doc-1", "壊れた資料", DocumentKind.REPORT, Rights(), published=False)
        )
    put(desk, upload, "壊れた.pdf", "壊れた (1).pdf", "鍵.zip")
    torn = JobEnd(JobState.FAILED, "damaged", "壊れている", None, None, "doc-1")
    for end in (torn, torn, LOCKED):
        desk.jobs.end(taken(desk), end)
    assert "取り込めず 2点" in curator.get("/curation").get_data(as_text=True)
    with writing(database, AUTHOR) as writer:
        writer.rights.withdraw("doc-1")
    assert desk.jobs.unsolved() == 1


def test_a_batch_that_is_not_there_is_not_found(curator: FlaskClient) -> None:
    assert curator.get("/curation/uploads/up-none").status_code == 404
    assert curator.get("/curation/uploads/up-none.json").status_code == 404
    assert post(curator, "/curation/uploads/up-none/close").status_code == 404


def test_a_site_that_takes_nothing_in_has_no_such_pages() -> None:
    client = signed_in(site_of(None), Role.CURATOR)
    assert client.get("/curation").status_code == 200
    assert client.get("/curation/add").status_code == 404


@pytest.mark.parametrize("role", [None, Role.MEMBER])
def test_nobody_but_curators_sends_anything(desk: UploadDesk, role: Role | None) -> None:
    app = site_of(desk)
    client = signed_in(app, role) if role else app.test_client()
    files = {"files": (io.BytesIO(CONTENT), "発表.pdf")}
    assert client.post("/curation/uploads", data=files).status_code in (401, 403)
    address = f"/curation/uploads/up-1/files/{FILE}?offset=0"
    assert client.put(address, data=CONTENT).status_code in (401, 403)
    assert list(desk._incoming.files()) == []
