"""What a department does, by its name."""

import pytest

from kb.domain.classification import DepartmentFunction as Function
from kb.domain.departments import functions_of


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("人事課", Function.PERSONNEL),
        ("監査委員事務局", Function.AUDIT),
        ("監査事務局", Function.AUDIT),
        ("行政改革課", Function.REFORM),
        ("企画財政部", Function.POLICY),
        ("学校教育課", Function.EDUCATION),
        ("企画", Function.POLICY),
        ("人事担当者", Function.PERSONNEL),
        ("出納室", Function.GENERAL_AFFAIRS),
        ("市民協働課", Function.POLICY),
        ("地域振興課", Function.POLICY),
        ("国保年金課", Function.HEALTH),
    ],
)
def test_functions_by_name(name: str, function: Function) -> None:
    assert function in functions_of(name)


@pytest.mark.parametrize("name", ["係長", "改善", "まち", "課", ""])
def test_what_is_no_department_has_none(name: str) -> None:
    assert functions_of(name) == ()
