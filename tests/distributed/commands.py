"""The command `kb` on one data folder: as a process of its own, or inside this one."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from indexer.cli import main as kb
from indexer.extracted import Limits
from indexer.installation import Installation
from kb.settings import NAMES, from_environment

ROOT = Path(__file__).parents[2]
ORIGINALS = ROOT / "corpus" / "originals"
SMALL_PDFS = tuple(
    ORIGINALS / f"{name}.pdf"
    for name in (
        "2017-07-30-record",
        "2019-07-14-record",
        "mihon-2023-asanagi-message",
        "mihon-2023-survey",
        "mihon-asanagi-2016-slides",
        "mihon-asanagi-2022-sheet",
        "mihon-tsubaki-2020-report",
        "mihon-tsukimihara-2017-report",
    )
)
"""Eight readable files of a few pages each: an ingest of them takes about two seconds."""


@dataclass(frozen=True, slots=True)
class Place:
    """One data folder and the commands that work on it."""

    data_dir: Path

    @property
    def environment(self) -> dict[str, str]:
        """This process's environment, with this data folder and no other setting of ours."""
        inherited = {name: value for name, value in os.environ.items() if name not in NAMES}
        return {**inherited, "KB_DATA_DIR": str(self.data_dir), "PYTHONUNBUFFERED": "1"}

    def start(self, *arguments: str | Path) -> "subprocess.Popen[str]":
        """The command in a session of its own, its output to be read line by line."""
        return subprocess.Popen(
            [sys.executable, "-m", "indexer.cli", *map(str, arguments)],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    @contextmanager
    def running(self, *arguments: str | Path) -> "Iterator[subprocess.Popen[str]]":
        """As `start`, and killed at the end of the block if it still runs."""
        process = self.start(*arguments)
        try:
            yield process
        finally:
            process.kill()
            process.communicate()

    def run(self, *arguments: str | Path) -> str:
        """The command as a process, to its end, which must be a good one; what it printed."""
        with self.running(*arguments) as process:
            out, err = process.communicate(timeout=600)
        assert process.returncode == 0, f"kb {arguments}: {process.returncode}\n{out}\n{err}"
        return out

    def inside(self, *arguments: str | Path) -> Result:
        """The command inside this process, which saves its imports (about a second)."""
        environment: dict[str, str | None] = dict.fromkeys(NAMES)
        environment["KB_DATA_DIR"] = str(self.data_dir)
        return CliRunner(env=environment).invoke(kb, list(map(str, arguments)))

    def good(self, *arguments: str | Path) -> str:
        """As `inside`, and the end must be a good one; its standard output."""
        result = self.inside(*arguments)
        said = f"kb {arguments}: {result.exit_code}\n{result.output}\n{result.exception!r}"
        assert result.exit_code == 0, said
        return result.stdout

    @contextmanager
    def installation(self) -> Iterator[Installation]:
        """The folder opened as a command opens it."""
        chosen = from_environment({"KB_DATA_DIR": str(self.data_dir)})
        opened = Installation(
            data_dir=chosen.data_dir,
            database_url=chosen.database_url,
            search_url=chosen.search_url,
            originals_dir=chosen.originals_dir,
            limits=Limits(),
            most_bytes=chosen.max_upload_mb * 1024 * 1024,
        )
        try:
            yield opened
        finally:
            opened.close()


def rest_of(process: "subprocess.Popen[str]") -> tuple[str, str]:
    """What is left of a process's output and errors, to its end.

    `communicate` would leave out what reading a line has read ahead. The errors must fit a
    pipe, as the few lines of an ingest do.
    """
    assert process.stdout is not None
    assert process.stderr is not None
    rest, said = process.stdout.read(), process.stderr.read()
    process.wait()
    return rest, said


def fresh_copies(sources: Iterable[Path], folder: Path, mark: str) -> Path:
    """PDFs that read like `sources` and are new files: a comment after the end is no content."""
    folder.mkdir(parents=True)
    for source in sources:
        note = f"\n% {mark}\n".encode("ascii")
        (folder / f"{mark}-{source.name}").write_bytes(source.read_bytes() + note)
    return folder


def whole_lines(text: str) -> list[dict[str, Any]]:
    """The JSON lines of an output that may have been cut short; each is an acknowledgement."""
    return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]
