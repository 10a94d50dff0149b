"""Every body has one class of size, and readers are told what it is."""

from collections import Counter

import pytest

from kb.catalogue.tables import load_municipalities
from kb.domain.municipality import CityStatus, MunicipalityKind, region_of
from kb.domain.size_class import NOTES, SizeClass, size_class_of

BODIES = load_municipalities()


def test_the_classes_add_up_to_all_bodies() -> None:
    classes = Counter(size_class_of(body.kind, body.status) for body in BODIES)
    assert classes == {
        SizeClass.PREFECTURE: 47,
        SizeClass.DESIGNATED_CITY: 20,
        SizeClass.CORE_CITY: 62,
        SizeClass.FORMER_SPECIAL_CITY: 23,
        SizeClass.CITY: 687,
        SizeClass.SPECIAL_WARD: 23,
        SizeClass.TOWN: 743,
        SizeClass.VILLAGE: 183,
        SizeClass.DESIGNATED_WARD: 171,
    }
    municipalities = sum(
        count
        for size, count in classes.items()
        if size not in (SizeClass.PREFECTURE, SizeClass.DESIGNATED_WARD)
    )
    assert municipalities == 1741


def test_the_sentences_give_the_numbers_of_the_table() -> None:
    assert set(NOTES) == set(SizeClass)
    classes = Counter(size_class_of(body.kind, body.status) for body in BODIES)
    for size in ("DESIGNATED_CITY", "CORE_CITY", "FORMER_SPECIAL_CITY", "SPECIAL_WARD"):
        member = SizeClass[size]
        assert str(classes[member]) in NOTES[member]


@pytest.mark.parametrize("kind", MunicipalityKind)
def test_without_a_status_the_kind_decides(kind: MunicipalityKind) -> None:
    assert size_class_of(kind).value == kind.value


@pytest.mark.parametrize("status", CityStatus)
def test_a_status_goes_before_the_kind(status: CityStatus) -> None:
    assert size_class_of(MunicipalityKind.CITY, status).label == status.label


def test_every_prefecture_lies_in_one_region() -> None:
    regions = Counter(region_of(b.code) for b in BODIES if b.kind is MunicipalityKind.PREFECTURE)
    assert regions == {
        "北海道": 1, "東北": 6, "関東": 7, "中部": 9, "近畿": 7, "中国": 5, "四国": 4,
        "九州・沖縄": 8,
    }  # fmt: skip
    assert region_of("982016") is None
