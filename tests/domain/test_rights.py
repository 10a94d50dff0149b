"""What a permission adds to what is stated, and that a takedown stands above it."""

from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from kb.domain import clock
from kb.domain.rights import (
    PERMITTED,
    Audience,
    BadPermission,
    Permission,
    Permissions,
    Rights,
    Terms,
    allowed,
    in_force,
)

FIRST, LAST = date(2026, 4, 1), date(2027, 3, 31)
DAY = date(2026, 10, 1)
FOREVER = Permission(Terms.OPEN, "福津市総務課", FIRST)
FOR_A_YEAR = Permission(Terms.OPEN, "福津市総務課", FIRST, LAST)
INSIDE = Permission(Terms.INTERNAL, "福津市総務課", FIRST)


def allows_no_less(more: Permissions, less: Permissions) -> bool:
    return all(getattr(more, f.name) >= getattr(less, f.name) for f in fields(Permissions))


@pytest.mark.parametrize(("terms", "permitted"), list(product(Terms, PERMITTED)))
def test_a_permission_only_ever_allows_more(terms: Terms, permitted: Terms) -> None:
    bare = Rights(terms, "原文")
    raised = in_force(bare, [Permission(permitted, "福津市", FIRST)], DAY)
    assert (raised.terms, raised.statement) == (terms, "原文")
    for audience in Audience:
        assert allows_no_less(allowed(raised, audience), allowed(bare, audience))
        if terms is not Terms.WITHDRAWN:
            assert allows_no_less(allowed(raised, audience), allowed(Rights(permitted), audience))
    if raised.permission is None:
        assert raised == bare


@pytest.mark.parametrize("permitted", PERMITTED)
def test_a_takedown_stands_above_every_permission(permitted: Terms) -> None:
    given = Permission(permitted, "福津市", FIRST)
    assert in_force(Rights(Terms.WITHDRAWN), [given], DAY) == Rights(Terms.WITHDRAWN)
    forged = Rights(Terms.WITHDRAWN, permission=given)
    for audience in Audience:
        assert allowed(forged, audience) == allowed(Rights(Terms.WITHDRAWN), audience)


@pytest.mark.parametrize("terms", [Terms.UNKNOWN, Terms.NO_COPY, Terms.INTERNAL])
def test_an_open_permission_opens(terms: Terms) -> None:
    raised = in_force(Rights(terms), [FOREVER], DAY)
    assert raised.permission == FOREVER
    assert raised.effective is Terms.OPEN
    for audience in Audience:
        assert allowed(raised, audience) == allowed(Rights(Terms.OPEN), audience)


def test_a_permission_for_the_office_changes_nothing_outside() -> None:
    raised = in_force(Rights(Terms.NO_COPY), [INSIDE], DAY)
    assert allowed(raised, Audience.STAFF).page_text
    assert not allowed(raised, Audience.STAFF).download
    bare = allowed(Rights(Terms.NO_COPY), Audience.ANONYMOUS)
    assert allowed(raised, Audience.ANONYMOUS) == bare
    assert raised.effective is Terms.NO_COPY


@pytest.mark.parametrize(
    ("terms", "permitted"),
    [
        (Terms.OPEN, Terms.INTERNAL),
        (Terms.OPEN, Terms.OPEN),
        (Terms.UNKNOWN, Terms.NO_COPY),
        (Terms.INTERNAL, Terms.INTERNAL),
    ],
)
def test_a_lesser_permission_changes_nothing(terms: Terms, permitted: Terms) -> None:
    given = Permission(permitted, "福津市", FIRST)
    assert in_force(Rights(terms), [given], DAY).permission is None


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (FIRST - timedelta(days=1), False),
        (FIRST, True),
        (LAST, True),
        (LAST + timedelta(days=1), False),
    ],
)
def test_the_first_and_the_last_day_count(day: date, holds: bool) -> None:
    assert FOR_A_YEAR.holds(day) is holds
    assert (in_force(Rights(), [FOR_A_YEAR], day).permission is not None) is holds


def test_what_is_taken_back_is_out_on_that_day() -> None:
    ended = Permission(Terms.OPEN, "福津市", FIRST, LAST, ended_on=DAY)
    assert ended.holds(DAY - timedelta(days=1))
    assert not ended.holds(DAY)


def test_of_several_the_widest_is_shown_and_of_equals_the_longest() -> None:
    assert in_force(Rights(), [INSIDE, FOR_A_YEAR], DAY).permission == FOR_A_YEAR
    assert in_force(Rights(), [FOR_A_YEAR, FOREVER], DAY).permission == FOREVER
    assert in_force(Rights(), [INSIDE, FOR_A_YEAR], LAST + timedelta(days=1)).permission == INSIDE


def test_a_permission_says_who_and_until_when() -> None:
    assert FOR_A_YEAR.label == "福津市総務課 (2026-04-01、2027-03-31まで)"
    assert FOREVER.label == "福津市総務課 (2026-04-01)"
    assert FOR_A_YEAR.plain() == {
        "terms": "open",
        "allowed_by": "福津市総務課",
        "allowed_on": "2026-04-01",
        "valid_until": "2027-03-31",
    }


@pytest.mark.parametrize(
    ("terms", "by", "until"),
    [
        (Terms.WITHDRAWN, "福津市", None),
        (Terms.UNKNOWN, "福津市", None),
        (Terms.OPEN, " ", None),
        (Terms.OPEN, "福津市", FIRST - timedelta(days=1)),
    ],
)
def test_a_permission_that_cannot_be_meant_is_refused(
    terms: Terms, by: str, until: date | None
) -> None:
    with pytest.raises(BadPermission) as refused:
        Permission(terms, by, FIRST, until)
    assert str(refused.value).endswith("。")


def test_the_day_is_the_one_in_japan(monkeypatch: pytest.MonkeyPatch) -> None:
    class Evening(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override] # as called there
            return datetime(2027, 3, 31, 15, 0, tzinfo=UTC).astimezone(clock.JAPAN)

    monkeypatch.setattr(clock, "datetime", Evening)
    assert clock.today() == date(2027, 4, 1)


def test_the_day_of_a_moment_is_the_one_in_japan_whatever_zone_it_names() -> None:
    evening = datetime(2027, 3, 31, 15, 0)
    assert {clock.day_of(evening), clock.day_of(evening.replace(tzinfo=UTC))} == {date(2027, 4, 1)}
    assert clock.day_of(evening.replace(tzinfo=clock.JAPAN)) == date(2027, 3, 31)
