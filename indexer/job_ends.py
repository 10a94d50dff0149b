"""What a job came to, in words: each end with what happened and what to do next."""

from types import MappingProxyType

from indexer.exchange.report import ImportReport, RowOutcome
from indexer.extracted import Outcome
from indexer.ingested import Ingested
from kb.catalogue.jobs.views import UNPACKED, JobEnd
from kb.catalogue.views import DocumentView
from kb.domain.jobs import JobState
from kb.domain.rights import Terms

READABLE = frozenset({Outcome.INDEXED, Outcome.INDEXED_PARTLY, Outcome.NEEDS_OCR})
"""Outcomes after which a document goes on to be reviewed."""

_MOST_TOLD = 5
"""Refused cells of a table that are told of; the rest comes to light with the next try."""

_NOT_OPENED = "入れたパスワードでは開けませんでした。大文字と小文字、全角と半角を確かめてください。"
_DOWN = (
    "登録済みの資料は取り下げてあります。戻すなら「利用条件と取り下げ」の画面で取り消してください。"
)
_REPACK = "開いていません。中のファイルを取り出して、そのまま取り込んでください。"
_UNREAD = "登録済みの資料も、本文を読めていません({why})。"
_CONFIRM = "読み取った項目を確認して、公開してください。"
_FOUND = "公開しました。数秒後に検索で見つかるようになります。"

ADVICE = MappingProxyType(
    {
        Outcome.INDEXED: "",
        Outcome.INDEXED_PARTLY: "読み直すか、読めた分だけで確認に進んでください。",
        Outcome.DUPLICATE: "登録済みの資料をそのまま使います。することはありません。",
        Outcome.NEEDS_PASSWORD: (
            "開くためのパスワードを入れるか、保護を外したファイルを取り込み直してください。"
        ),
        Outcome.NEEDS_OCR: (
            "題名だけで見つかります。文字のあるファイルがあれば取り込み、"
            "なければこのまま確認に進んでください。"
        ),
        Outcome.EMPTY: "中身のあるファイルか確かめて、取り込み直してください。",
        Outcome.DAMAGED: "配布元からもう一度入手して、取り込み直してください。",
        Outcome.UNSUPPORTED: "PDFなどの読める形式で保存し直して、取り込み直してください。",
        Outcome.TOO_LARGE: "ファイルを分けるか小さくして、取り込み直してください。",
        Outcome.TIMED_OUT: "もう一度ためすか、ファイルを分けて取り込み直してください。",
        Outcome.OUT_OF_MEMORY: "もう一度ためすか、ファイルを分けて取り込み直してください。",
        Outcome.REFUSED: "マクロなどのない形式かPDFで保存し直して、取り込み直してください。",
    }
)
"""Outcome -> what a curator does next."""

MISSING = JobEnd(
    JobState.FAILED,
    "missing",
    "ファイルがない",
    "送られたファイルが、もう残っていません。",
    "同じファイルをもう一度取り込んでください。",
)
ERROR = JobEnd(
    JobState.FAILED,
    "error",
    "処理の誤り",
    "システムの側に誤りがあり、記録しました。",
    "もう一度ためしてください。続くときは、このサイトの管理者にお知らせください。",
)
NESTED = JobEnd(
    JobState.FAILED,
    "refused",
    Outcome.REFUSED.label,
    "ZIPの中のZIPは開きません。",
    "中のZIPを取り出して、取り込み直してください。",
)
UNREADABLE_ENTRY = JobEnd(
    JobState.FAILED,
    "damaged",
    Outcome.DAMAGED.label,
    "ZIPから取り出せませんでした。",
    "ZIPを作り直すか、このファイルだけを取り込み直してください。",
)
NEEDS_OTHER = JobEnd(
    JobState.FAILED,
    "needs_other",
    "2人の公開が必要",
    "2人で公開する設定です。1人だけで公開することになるので、何も取り込んでいません。",
    "事例の表は「一括変更」から、資料は「確認してから公開する」を選んで送ってください。",
)
RECORDS_REFUSED = JobEnd(
    JobState.FAILED,
    "records_refused",
    "表に誤り",
    "同じ組の表(cases.csv など)に誤りがあるため、この資料はまだ取り込んでいません。",
    "表を直して、資料と一緒に取り込み直してください。",
)


def of_file(
    ended: Ingested,
    *,
    draft: bool,
    password: str | None = None,
    holder: DocumentView | None = None,
) -> JobEnd:
    """What taking in a file came to.

    Args:
        ended: how it ended.
        draft: a curator looks at it before readers do.
        password: what it was to be opened with.
        holder: the document that has the same bytes, of a duplicate.
    """
    outcome = ended.outcome
    if outcome is Outcome.DUPLICATE:
        state = JobState.DUPLICATE
    elif outcome in READABLE:
        state = JobState.WAITING if draft else JobState.PUBLISHED
    else:
        state = JobState.FAILED
    advice = ADVICE[outcome] or (_CONFIRM if draft else _FOUND)
    if outcome is Outcome.DUPLICATE and holder is not None:
        advice = _advice_on(holder)
    detail = _detail(outcome, ended.detail, password)
    return JobEnd(state, outcome.value, outcome.label, detail, advice, ended.document, ended.pages)


def _detail(outcome: Outcome, detail: str | None, password: str | None) -> str | None:
    return _NOT_OPENED if outcome is Outcome.NEEDS_PASSWORD and password else detail


def _advice_on(holder: DocumentView) -> str:
    """What to do with a file whose bytes a document has already."""
    if holder.rights.terms is Terms.WITHDRAWN:
        return _DOWN
    read = Outcome(holder.outcome) if holder.outcome else Outcome.INDEXED
    if read in READABLE:
        return ADVICE[Outcome.DUPLICATE]
    return _UNREAD.format(why=read.label) + ADVICE[read]


def failed(outcome: Outcome, detail: str) -> JobEnd:
    """The end of a file that became no document."""
    return JobEnd(JobState.FAILED, outcome.value, outcome.label, detail, ADVICE[outcome])


def not_unpacked(outcome: Outcome, detail: str, password: str | None) -> JobEnd:
    """The end of a ZIP that was not opened; `password` is what it was to be opened with."""
    told = _detail(outcome, detail, password)
    advice = ADVICE[outcome] if outcome is Outcome.NEEDS_PASSWORD else _REPACK
    return JobEnd(JobState.FAILED, outcome.value, outcome.label, told, advice)


def too_large(most_bytes: int) -> JobEnd:
    """The end of a file that may not even be kept."""
    return failed(Outcome.TOO_LARGE, f"上限の{most_bytes // 1048576}MBを超えています。")


def of_records(changed: int) -> JobEnd:
    """The end of a collection's table."""
    detail = f"記録を{changed}件登録しました。" if changed else "登録済みの内容と同じでした。"
    return JobEnd(JobState.PUBLISHED, "recorded", "登録した", detail)


def bad_records(why: str) -> JobEnd:
    """The end of a table that cannot be taken as it is."""
    return JobEnd(
        JobState.FAILED, "bad_records", "表に誤り", why,
        "表を直して、資料と一緒に取り込み直してください。",
    )  # fmt: skip


def of_cases(report: ImportReport) -> JobEnd:
    """The end of a table of cases: all of its rows, or none."""
    refused = [row for row in report.rows if row.outcome is RowOutcome.REFUSED]
    if not refused:
        return of_records(report.recorded)
    told = [
        f"{row.line}行目「{refusal.column}」{refusal.why}。{refusal.remedy}"
        for row in refused
        for refusal in row.refusals
    ]
    return bad_records(f"登録できない行が{len(refused)}行あります。" + " ".join(told[:_MOST_TOLD]))


def unpacked(files: int) -> JobEnd:
    """The end of an archive."""
    return JobEnd(
        JobState.PUBLISHED, UNPACKED, "取り出した", f"{files}個のファイルを取り出しました。"
    )
