"""Files and installations that the tests of the exchange stand on."""

import csv
import io
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from indexer import csv_rows
from indexer.exchange.importing import CaseImport, ImportOptions
from indexer.exchange.places import Places
from indexer.exchange.report import ImportReport
from kb.catalogue.entries import Authorship, CaseEntry
from kb.catalogue.exchange.exporting import ExportReader
from kb.catalogue.session import Database
from kb.catalogue.tables import load_former_names, load_municipalities
from kb.catalogue.writing import writing
from kb.domain.gazetteer import Gazetteer
from kb.domain.rights import Audience
from kb.japanese.fold import fold_text
from kb.japanese.readings import romaji_key, to_hiragana
from tests.conftest import ROOT

CORPUS = ROOT / "corpus"
SHIPPED = Places(
    Gazetteer(
        load_municipalities(),
        load_former_names(),
        romaji_key=romaji_key,
        to_hiragana=to_hiragana,
        fold=fold_text,
    )
)
CASE = {"タイトル": "窓口の改善", "対象組織": "福津市", "事例実施年": "R3"}


def csv_of(*rows: Mapping[str, str], above: Sequence[Sequence[str]] = ()) -> str:
    """Rows under the heading of all their columns."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerows([*above, columns])
    writer.writerows([row.get(name, "") for name in columns] for row in rows)
    return file.getvalue()


def taken(
    database: Database, *rows: Mapping[str, str], encoding: str = "utf-8", **how: bool
) -> ImportReport:
    """Rows taken in as a file."""
    return taken_bytes(database, csv_of(*rows).encode(encoding), **how)


def taken_bytes(database: Database, content: bytes, **how: bool) -> ImportReport:
    """A file taken in, by what reads the municipalities that ship."""
    return CaseImport(database, SHIPPED).take("事例.csv", content, ImportOptions(**how))


def entries(database: Database) -> dict[str, CaseEntry]:
    """Every case held."""
    return {case.entry.id: case.entry for case in ExportReader(database).cases(Audience.CURATOR)}


@contextmanager
def copy_of(prepared: Path, folder: Path) -> Iterator[Database]:
    """A catalogue with its reference tables and nothing else."""
    folder.mkdir(parents=True)
    shutil.copy(prepared / "catalogue.sqlite", folder)
    database = Database(f"sqlite:///{folder / 'catalogue.sqlite'}")
    try:
        yield database
    finally:
        database.close()
        shutil.rmtree(folder)


def record_surroundings(database: Database) -> None:
    """What the sample's cases refer to: municipalities, programmes, events; no case."""
    with writing(database, Authorship("test")) as writer:
        for place in csv_rows.municipalities(CORPUS / "municipalities.csv"):
            writer.record_municipality(place)
        for programme in csv_rows.programmes(CORPUS / "programmes.csv"):
            writer.record_programme(programme)
        for event in csv_rows.events(CORPUS / "events.csv"):
            writer.record_event(event)
