"""How files are to be taken in, how one ended, and who is told on the way."""

from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from indexer.extracted import Outcome
from indexer.likeness import Alike
from kb.catalogue.writing import CatalogueWriter
from kb.domain.rights import Rights


@dataclass(frozen=True, slots=True)
class Intake:
    """How a batch of files is to be taken in."""

    rights: Rights = field(default_factory=Rights)
    draft: bool = False
    actor: str = "kb ingest"
    most_bytes: int = 200 * 1024 * 1024
    """Larger files are refused."""
    passwords: tuple[str, ...] = ()
    """Tried in turn on files that ask for one; kept nowhere."""
    event_id: str | None = None
    """The event that documents nobody has described are filed under."""


@dataclass(frozen=True, slots=True)
class Ingested:
    """How one file ended."""

    file: str
    sha256: str | None
    document: str | None
    outcome: Outcome
    pages: int
    seconds: float
    detail: str | None
    recognised: dict[str, Any] = field(default_factory=dict)
    alike: tuple[Alike, ...] = ()
    """Documents held already that say nearly the same."""

    def as_json(self) -> dict[str, Any]:
        """The fields of ``kb ingest --json``."""
        return {
            **asdict(self),
            "outcome": self.outcome.value,
            "seconds": round(self.seconds, 3),
            "alike": [_alike_json(other) for other in self.alike],
        }


def _alike_json(other: Alike) -> dict[str, Any]:
    return {
        "document": other.document_id,
        "kind": other.likeness.value,
        "similarity": round(other.similarity, 3),
    }


class Follower(Protocol):
    """Whoever wants to know how far a file has come."""

    def judging(self) -> None:
        """It has been read; its fields are being proposed."""

    def recorded(self, writer: CatalogueWriter, ended: Ingested) -> None:
        """It is being recorded: what is written here is kept together with it, and what is
        raised here undoes it."""


class _Nobody:
    def judging(self) -> None:
        """Nobody wants to know."""

    def recorded(self, writer: CatalogueWriter, ended: Ingested) -> None:
        """Nobody wants to know."""


NOBODY = _Nobody()
