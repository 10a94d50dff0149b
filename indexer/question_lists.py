"""Lists of known questions as CSV files, read and written.

`query` and one of `first`, `any`, `missing`, `understood` are needed; other columns may be missing,
and columns of other names are left alone, so that a list of acceptance questions can be read as it
is.
"""

import csv
import io
from collections.abc import Iterable

from indexer.exchange.table import read_table
from kb.catalogue.exchange.cells import BadCell, Row, guarded
from kb.catalogue.exchange.encodings import BadTable
from kb.domain.known_question import (
    WITHIN,
    BadQuestion,
    Expected,
    KnownQuestion,
    expected_of,
)
from kb.search.asking import filters_of

COLUMNS = (
    *("id", "query", "filters", "first", "any", "within", "missing", "understood"),
    *("note", "active"),
)


def read_questions(content: bytes) -> tuple[KnownQuestion, ...]:
    """The questions of a file.

    Raises:
        BadQuestion: a row cannot be used; the message names it.
    """
    try:
        table = read_table(content, COLUMNS, (("id",), ("query",)))
    except BadTable as error:
        raise BadQuestion(str(error)) from error
    found: dict[str, KnownQuestion] = {}
    for row in table.rows:
        question = _read(row)
        if question.id in found:
            raise BadQuestion(f"{row.line}行目: ID「{question.id}」は前の行にもあります。")
        found[question.id] = question
    return tuple(found.values())


def checked(question: KnownQuestion) -> KnownQuestion:
    """The same question, if its filters can be asked.

    Raises:
        BadQuestion: they cannot.
    """
    try:
        filters_of(question.filters)
    except ValueError as error:
        raise BadQuestion(
            f"絞り込み「{question.filters}」が読めません。"
            "municipality=中野区&theme=DX のように書いてください。"
        ) from error
    return question


def as_csv(questions: Iterable[KnownQuestion]) -> str:
    """The questions as a CSV; :func:`read_questions` gives them back."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for question in questions:
        writer.writerow([guarded(cell) for cell in _cells(question)])
    return file.getvalue()


def _cells(question: KnownQuestion) -> tuple[str, ...]:
    expected = question.expected
    return (
        *(question.id, question.question, question.filters, "|".join(expected.first)),
        *(expected.notation, str(expected.within), ";".join(expected.missing)),
        *(";".join(expected.understood), question.note, str(int(question.active))),
    )


def _read(row: Row) -> KnownQuestion:
    try:
        return checked(
            KnownQuestion(
                id=row.required("id"),
                question=row.required("query"),
                expected=_expected(row),
                filters=row.text("filters") or "",
                note=row.text("note") or "",
                active=row.flag("active") if row.text("active") else True,
            )
        )
    except BadCell as bad:
        value = f": {bad.value}" if bad.value else ""
        raise BadQuestion(f"{row.line}行目「{bad.column}」: {bad.why}{value}") from bad
    except BadQuestion as bad:
        raise BadQuestion(f"{row.line}行目: {bad}") from bad


def _expected(row: Row) -> Expected:
    return expected_of(
        row.text("first") or "",
        row.text("any") or "",
        missing=row.text("missing") or "",
        understood=row.text("understood") or "",
        within=row.number("within") or WITHIN,
    )
