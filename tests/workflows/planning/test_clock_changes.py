"""Every clock change of every zone of the table, in the years ahead: a daily time is fired once on each day."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.planning.schedules import Missed, Rule, due

FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)
ZONES = sorted(
    name for name in available_timezones() if not name.startswith(("posix", "right")) and name != "Factory"
)


@cache
def changes(zone: str) -> tuple[datetime, ...]:
    """When the clocks of a zone are put forward or back, to the minute."""
    return tuple(_changes(ZoneInfo(zone)))


def _changes(zone: ZoneInfo) -> Iterator[datetime]:
    day = timedelta(days=1)
    before = FIRST
    while before < LAST:
        after = before + day
        if before.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset():
            low, high = before, after
            while high - low > timedelta(minutes=1):
                middle = low + (high - low) / 2
                is_before = middle.astimezone(zone).utcoffset() == before.astimezone(zone).utcoffset()
                low, high = (middle, high) if is_before else (low, middle)
            yield high.replace(second=0, microsecond=0)
        before = after


def shift(zone: str, change: datetime) -> timedelta:
    place, hour = ZoneInfo(zone), timedelta(hours=1)
    later, earlier = (change + hour).astimezone(place), (change - hour).astimezone(place)
    return (later.utcoffset() or timedelta()) - (earlier.utcoffset() or timedelta())


ALL = [(zone, change) for zone in ZONES for change in changes(zone)]


def test_there_are_changes_in_many_zones() -> None:
    assert len(ZONES) > 500
    assert len({zone for zone, _ in ALL}) > 150


@pytest.mark.pain(5)
@pytest.mark.parametrize("into", [0.0, 0.5, 0.99])
def test_a_daily_time_in_the_skipped_or_repeated_hour_is_fired_once_on_each_day(into: float) -> None:
    wrong = []
    for zone, change in ALL:
        place, by = ZoneInfo(zone), shift(zone, change)
        # The wall's time before the change, so far into the span that is skipped or comes twice.
        wall = (change - timedelta(minutes=1)).astimezone(place).replace(tzinfo=None) + timedelta(minutes=1)
        wall += by * into if by > timedelta() else by * (1 - into)
        rule = Rule(cron=f"{wall.minute} {wall.hour} * * *", zone=zone)
        fires = rule.preview(change - timedelta(days=2, hours=12), 4)
        # By day, not by date: 23:30 that is skipped is fired at midnight, which is the next date already.
        gaps = [later - earlier for earlier, later in itertools.pairwise(fires)]
        if any(abs(gap - timedelta(days=1)) > abs(by) for gap in gaps):
            wrong.append((zone, change.isoformat(), rule.cron, [each.isoformat() for each in fires]))
    assert not wrong, wrong[:5]


def test_a_time_that_is_skipped_is_fired_no_later_than_the_skip_is_long() -> None:
    for zone, change in ALL:
        by = shift(zone, change)
        if by <= timedelta():
            continue
        wall = (change - timedelta(minutes=1)).astimezone(ZoneInfo(zone)).replace(tzinfo=None) + timedelta(minutes=1)
        skipped = wall + by / 2
        rule = Rule(cron=f"{skipped.minute} {skipped.hour} * * *", zone=zone)
        fire = rule.next_fire(change - timedelta(hours=2))
        assert fire is not None
        assert change <= fire <= change + by, (zone, change, fire)


@pytest.mark.pain(5)
@given(
    where=st.sampled_from(ALL),
    cron=st.sampled_from(["*/15 * * * *", "0 * * * *", "30 2 * * *", "30 1 * * 0", "5,35 0-4 * * *", "0 0 1 * *"]),
    looks=st.lists(st.integers(1, 5000), min_size=1, max_size=30),
    missed=st.sampled_from(Missed),
)
@settings(max_examples=150, deadline=None)
def test_however_often_the_clock_is_looked_at_each_fire_is_seen_once(
    where: tuple[str, datetime], cron: str, looks: list[int], missed: Missed
) -> None:
    """Looks at the clock around a change, some seconds to hours apart, find together what one walk finds."""
    zone, change = where
    rule = Rule(cron=cron, zone=zone, missed=missed)
    now = change - timedelta(hours=6)
    next_at, started, passed_over = rule.next_fire(now), [], 0
    for seconds in looks:
        now += timedelta(seconds=seconds)
        if next_at is not None and next_at <= now:
            found = due(rule, next_at, now)
            started += found.start
            passed_over += found.passed_over
            next_at = found.next_at
    all_fires = list(itertools.takewhile(lambda fire: fire <= now, rule.fires(change - timedelta(hours=6))))
    assert len(started) == len(set(started))
    assert started == sorted(started)
    assert set(started) <= set(all_fires)
    assert len(started) + passed_over == len(all_fires)
    if missed is Missed.RUN_ALL:
        assert started == all_fires
