"""When a schedule fires: clock changes, missed fires, and rules that cannot be used."""

import itertools
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.planning.schedules import CATCH_UP_LIMIT, Missed, Rule, ScheduleError, due, explain, parse_rule

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = sorted(
    name for name in available_timezones() if "/" in name and not name.startswith(("Etc", "posix", "right"))
)
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
CRONS = st.sampled_from(
    ["30 2 * * *", "0 * * * *", "*/15 * * * *", "0 0 * * *", "59 23 * * 5", "0 7 1 * *", "30 1 * * 0"]
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_a_time_that_the_spring_change_skips_fires_at_the_change():
    rule = Rule(cron="30 2 * * *", zone="Europe/Berlin")

    fires = [moment.astimezone(BERLIN) for moment in rule.preview(at("2026-03-28T12:00+01:00"), 2)]

    assert [moment.isoformat() for moment in fires] == ["2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00"]


def test_a_time_that_the_autumn_change_repeats_fires_once():
    rule = Rule(cron="30 2 * * *", zone="Europe/Berlin")

    fires = [moment.astimezone(BERLIN).date().isoformat() for moment in rule.preview(at("2026-10-24T12:00+02:00"), 3)]

    assert fires == ["2026-10-25", "2026-10-26", "2026-10-27"]


@pytest.mark.pain(5)
@given(zone=st.sampled_from(ZONES), cron=CRONS, after=MOMENTS)
@settings(max_examples=150, deadline=None)
def test_fires_only_go_forward_in_every_zone(zone: str, cron: str, after: datetime):
    fires = Rule(cron=cron, zone=zone).preview(after, 8)

    assert fires[0] > after
    assert all(earlier < later for earlier, later in itertools.pairwise(fires))
    assert all(moment.tzinfo is UTC for moment in fires)


@given(zone=st.sampled_from(ZONES), cron=CRONS, after=MOMENTS, cut=st.integers(0, 6))
@settings(max_examples=100, deadline=None)
def test_asking_again_from_any_fire_gives_the_same_fires(zone: str, cron: str, after: datetime, cut: int):
    rule = Rule(cron=cron, zone=zone)
    fires = rule.preview(after, 8)

    assert rule.preview(fires[cut], 7 - cut) == fires[cut + 1 :]


@pytest.mark.pain(5)
@given(zone=st.sampled_from(ZONES), year=st.integers(2024, 2030))
@settings(max_examples=60, deadline=None)
def test_a_daily_time_fires_once_on_every_day_of_the_year(zone: str, year: int):
    rule = Rule(cron="30 2 * * *", zone=zone)
    start = datetime(year, 1, 1, tzinfo=ZoneInfo(zone))

    days = [moment.astimezone(ZoneInfo(zone)).date() for moment in rule.preview(start, 360)]

    assert len(days) == len(set(days))
    # A zone that jumps over the date line leaves a day out; no other day is missing.
    assert max((later - earlier).days for earlier, later in itertools.pairwise(days)) <= 2


@given(every=st.integers(5, 100_000), after=MOMENTS)
def test_an_interval_keeps_to_its_anchor(every: int, after: datetime):
    rule = Rule(every_seconds=every)
    first, second = rule.preview(after, 2)

    assert after < first <= after + timedelta(seconds=every)
    assert (second - first).total_seconds() == every
    assert (first - rule.anchor).total_seconds() % every == 0


def test_after_downtime_one_run_makes_up_for_all_missed_ones():
    rule = Rule(cron="0 * * * *")

    found = due(rule, at("2026-05-01T00:00Z"), at("2026-05-01T09:30Z"))

    assert found.start == [at("2026-05-01T09:00Z")]
    assert found.passed_over == 9
    assert found.next_at == at("2026-05-01T10:00Z")


def test_missed_fires_are_left_out_when_the_rule_says_so():
    rule = Rule(cron="0 * * * *", missed=Missed.SKIP)

    assert due(rule, at("2026-05-01T00:00Z"), at("2026-05-01T09:30Z")).start == []
    assert due(rule, at("2026-05-01T00:00Z"), at("2026-05-01T09:00:20Z")).start == [at("2026-05-01T09:00Z")]


def test_every_missed_fire_is_made_up_for_up_to_a_limit():
    rule = Rule(cron="* * * * *", missed=Missed.RUN_ALL)

    three = due(rule, at("2026-05-01T00:00Z"), at("2026-05-01T00:02:30Z"))
    many = due(rule, at("2026-05-01T00:00Z"), at("2026-05-02T00:00Z"))

    assert [moment.minute for moment in three.start] == [0, 1, 2]
    assert len(many.start) == CATCH_UP_LIMIT
    assert many.passed_over == 24 * 60 + 1 - CATCH_UP_LIMIT


@pytest.mark.pain(5)
@given(after=MOMENTS, late=st.integers(0, 500_000), missed=st.sampled_from(list(Missed)))
@settings(deadline=None)
def test_every_fire_is_started_or_counted_as_passed_over(after: datetime, late: int, missed: Missed):
    rule = Rule(cron="*/30 * * * *", missed=missed)
    next_at = rule.preview(after, 1)[0]
    now = next_at + timedelta(seconds=late)

    found = due(rule, next_at, now)

    expected = 1 + sum(1 for moment in rule.preview(next_at, late // 1800 + 1) if moment <= now)
    assert len(found.start) + found.passed_over == expected
    assert found.next_at is not None
    assert found.next_at > now


@pytest.mark.parametrize(
    ("settings_", "field"),
    [
        ({}, "cron"),
        ({"cron": "* * * * *", "every_seconds": 60}, "cron"),
        ({"cron": "61 * * * *"}, "cron"),
        ({"cron": "* * * * * *"}, "cron"),
        ({"cron": "0 7 * * 1-5", "zone": "Mars/Olympus"}, "zone"),
        ({"every_seconds": 1}, "every_seconds"),
        ({"every_seconds": 60, "missed": "perhaps"}, "missed"),
    ],
)
def test_a_rule_that_cannot_work_names_its_field(settings_: dict[str, object], field: str):
    with pytest.raises(ScheduleError) as caught:
        parse_rule(settings_)

    assert caught.value.field == field


def test_a_rule_is_explained_in_plain_words():
    assert explain(parse_rule({"every_seconds": 300})) == "Every 5 minutes"
    assert explain(parse_rule({"cron": "0 7 * * 1-5", "zone": "Europe/Oslo"})) == (
        "At 07:00 on Monday through Friday (Europe/Oslo)"
    )
