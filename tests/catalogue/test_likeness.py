"""Documents that are alike: found once, decided by somebody, both told of."""

import pytest

from indexer.installation import Installation
from kb.catalogue.changes import UnknownReference
from kb.catalogue.entries import Authorship, DocumentEntry, HeldFile, TextSignature
from kb.catalogue.likeness import KnownText, LikenessReader
from kb.catalogue.writing import CatalogueWriter, writing
from kb.domain.classification import DocumentKind
from kb.domain.rights import Rights

AUTHOR = Authorship("編集担当", "試験")


def _hold(writer: CatalogueWriter, name: str, signature: TextSignature) -> None:
    writer.record_document(DocumentEntry(name, f"資料 {name}", DocumentKind.REPORT, Rights()))
    held = HeldFile(
        sha256=name.ljust(64, "0"), size=1, media_type="application/pdf", file_name=f"{name}.pdf",
        outcome="indexed", outcome_detail=None, extractor="test", declared_pages=0,
        file_title=None, pages=(), fingerprint="test", signature=signature,
    )  # fmt: skip
    writer.attach_file(name, held)


@pytest.fixture
def reader(installation: Installation) -> LikenessReader:
    with writing(installation.database, AUTHOR) as writer:
        for name in ("a", "b"):
            _hold(writer, name, TextSignature(f"digest {name}", name.encode(), "v1"))
        assert writer.record_likeness("b", "a", "new_edition", 0.8)
        assert not writer.record_likeness("a", "b", "new_edition", 0.8)
    return LikenessReader(installation.database)


def test_signatures_of_another_version_are_not_compared(reader: LikenessReader) -> None:
    assert reader.known_texts("v1")[0] == KnownText("a", "digest a", b"a")
    assert reader.known_texts("v2") == ()


def test_a_decision_is_kept_and_told(installation: Installation, reader: LikenessReader) -> None:
    (pair,) = reader.pairs(undecided=True)
    assert (pair.document_title, pair.other_title, pair.decision) == ("資料 b", "資料 a", None)
    with writing(installation.database, AUTHOR) as writer:
        assert writer.decide_likeness("a", "b", "new_edition")
        assert not writer.decide_likeness("b", "a", "new_edition")
        with pytest.raises(UnknownReference):
            writer.decide_likeness("a", "c", "different")
    assert reader.pairs(undecided=True) == ()
    assert reader.pairs()[0].decision == "new_edition"
