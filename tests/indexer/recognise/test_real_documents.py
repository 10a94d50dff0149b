"""The figures that recognition must hold, on labelled files and on the corpus."""

from pathlib import Path

import pytest

from indexer.recognise.recognise import Recognisers
from tests.bench import recognition, recognition_sets

LABELS = Path(__file__).parents[4] / "shared" / "data" / "recognition" / "labels.csv"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition_sets, "CACHE", tmp_path)


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.skipif(not LABELS.exists(), reason="the test material beside the checkout is absent")
def test_labelled_files(recognisers: Recognisers) -> None:
    measured = recognition.labelled(LABELS, recognisers)
    place = measured.scores["municipality"]
    assert place.wrong == 0, place.errors
    assert place.right >= 0.95 * (place.right + place.missed), place.errors
    year = measured.scores["implemented_in"]
    assert year.right >= 0.9 * (year.right + year.missed), year.errors


@pytest.mark.slow
def test_corpus_without_its_metadata() -> None:
    recognisers = Recognisers(recognition_sets.gazetteer(recognition_sets.invented()))
    scores = recognition.corpus(recognisers, withheld=True).scores
    assert scores["municipality"].wrong == 0, scores["municipality"].errors
    for field, least in (
        ("municipality", 0.95),
        ("presented_in", 0.9),
        ("kind", 0.9),
        ("title", 0.95),
        ("departments", 0.9),
    ):
        score = scores[field]
        assert score.right >= least * (score.right + score.missed), score.errors
        assert score.right >= least * (score.right + score.wrong), score.errors
