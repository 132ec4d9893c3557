"""When something may have been lost before it was collected."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.audit.evidence.gaps import forgotten

NOW = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)
HOURLY = [{"cron": "0 * * * *"}]


def ago(hours: float) -> datetime:
    return NOW - timedelta(hours=hours)


def test_what_a_wipe_can_have_taken_before_it_was_collected_is_a_gap() -> None:
    gap = forgotten(ago(30), NOW, kept_hours=24, wipes=HOURLY)
    assert gap is not None
    assert gap.since == ago(30)
    assert gap.until == datetime(2026, 5, 3, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "kept", "wipes"),
    [
        (None, 24, HOURLY),  # The first collection takes what there is.
        (ago(20), 24, HOURLY),  # In time.
        (ago(24.4), 24, HOURLY),  # It has not wiped since.
        (ago(900), None, HOURLY),  # It keeps everything.
        (ago(900), 24, []),  # It never wipes.
        (ago(900), 24, [{"at": ago(-1).isoformat()}]),  # It has not wiped yet.
    ],
)
def test_without_a_wipe_of_what_was_not_collected_there_is_none(since, kept, wipes) -> None:
    assert forgotten(since, NOW, kept_hours=kept, wipes=wipes) is None


def test_a_wipe_at_a_time_counts_as_one_by_the_clock() -> None:
    gap = forgotten(ago(30), NOW, kept_hours=24, wipes=[{"at": ago(2).isoformat()}])
    assert gap is not None
    assert gap.until == ago(26)


def test_a_wipe_keeps_the_clock_of_its_zone() -> None:
    at_two = [{"cron": "0 2 * * *", "zone": "Europe/Berlin"}]
    gap = forgotten(ago(30), NOW, kept_hours=10, wipes=at_two)
    assert gap is not None
    assert gap.until == datetime(2026, 5, 3, 14, 0, tzinfo=UTC)


def test_a_rule_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="no cron rule"):
        forgotten(ago(30), NOW, kept_hours=1, wipes=[{"cron": "often"}])


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 500), st.integers(1, 100), st.integers(0, 500))
def test_whatever_a_wipe_can_have_taken_lies_in_the_gap(collected: float, kept: float, wiped: float) -> None:
    since, wipe = ago(collected), ago(wiped)
    gap = forgotten(since, NOW, kept_hours=kept, wipes=[{"at": wipe.isoformat()}])
    oldest_kept = wipe - timedelta(hours=kept)
    lost = since < oldest_kept and wipe <= NOW
    assert (gap is not None) == lost
    if gap is not None:
        assert (gap.since, gap.until) == (since, oldest_kept)
