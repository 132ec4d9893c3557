"""Deadlines on business calendars."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.planning.calendars import Calendar, DeadlineError, deadline

FRIDAY = datetime(2026, 12, 18, 15, tzinfo=UTC)


def test_business_days_skip_weekends_holidays_and_closed_days() -> None:
    rule = {"business_days": 5, "zone": "Europe/Berlin", "country": "DE", "closed": ["2026-12-24"]}
    # Mon 21 to Wed 23; 24 is closed, 25 and 26 are holidays, then Mon 28 and Tue 29, until midnight in Berlin.
    assert deadline(rule, FRIDAY) == datetime(2026, 12, 29, 23, tzinfo=UTC)


def test_hours_are_hours_and_a_time_is_a_time() -> None:
    assert deadline({"hours": 48}, FRIDAY) == datetime(2026, 12, 20, 15, tzinfo=UTC)
    assert deadline({"until": "2026-12-20T09:00", "zone": "Asia/Tokyo"}, FRIDAY) == datetime(2026, 12, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ({}, ""),
        ({"hours": 1, "business_days": 1}, ""),
        ({"business_days": 0}, "business_days"),
        ({"business_days": 1.5}, "business_days"),
        ({"hours": "2"}, "hours"),
        ({"until": "soon"}, "until"),
        ({"business_days": 1, "zone": "Mars/Olympus"}, "zone"),
        ({"business_days": 1, "country": "Germany"}, "country"),
        ({"business_days": 1, "country": "DE", "region": "XX"}, "region"),
        ({"business_days": 1, "closed": ["24.12."]}, "closed"),
        ({"business_days": 1, "weekend": [0, 1, 2, 3, 4, 5, 6]}, "weekend"),
    ],
)
def test_a_rule_that_cannot_be_used_says_which_part(rule: dict[str, Any], field: str) -> None:
    with pytest.raises(DeadlineError) as caught:
        deadline(rule, FRIDAY)
    assert caught.value.field == field


@given(st.integers(0, 100_000), st.integers(1, 40))
def test_as_many_business_days_pass_as_were_given(hours: int, days: int) -> None:
    calendar = Calendar(country="DE", region="BY")
    asked = FRIDAY + timedelta(hours=hours)
    ends = calendar.after(asked, days)
    passed = [date.fromordinal(at) for at in range(asked.toordinal() + 1, ends.toordinal())]
    assert sum(map(calendar.is_business_day, passed)) == days
    assert calendar.is_business_day(passed[-1])
