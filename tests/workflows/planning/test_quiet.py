"""When a message may go out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.planning.quiet import QuietError, due

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = {"from": "20:00", "to": "07:00", "zone": "Europe/Berlin"}
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
CLOCKS = st.times().map(lambda time: time.strftime("%H:%M"))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("now", "goes_out"),
    [
        ("2026-03-03T12:00", "2026-03-03T12:00"),
        ("2026-03-03T20:00", "2026-03-04T07:00"),
        ("2026-03-04T06:59", "2026-03-04T07:00"),
        ("2026-03-04T07:00", "2026-03-04T07:00"),
        ("2026-03-28T23:00", "2026-03-29T07:00"),  # The night on which the clock goes forward.
    ],
)
def test_nothing_goes_out_in_quiet_hours(now: str, goes_out: str) -> None:
    assert due(at(now), quiet=NIGHT) == at(goes_out)


def test_a_quiet_weekend_ends_on_monday_when_the_night_has_ended() -> None:
    assert due(at("2026-03-06T21:00"), quiet=NIGHT | {"weekends": True}) == at("2026-03-09T07:00")
    assert due(at("2026-03-07T12:00"), quiet=NIGHT | {"weekends": True}) == at("2026-03-09T07:00")


def test_a_digest_waits_for_its_time_of_day_also_across_a_change_of_the_clock() -> None:
    digest = {"at": "07:30", "zone": "Europe/Berlin"}
    assert due(at("2026-03-03T07:29"), digest=digest) == at("2026-03-03T07:30")
    assert due(at("2026-03-03T07:30"), digest=digest) == at("2026-03-04T07:30")
    assert due(at("2026-03-28T08:00"), digest=digest) == at("2026-03-29T07:30")


def test_a_time_that_the_clock_skips_counts_as_the_moment_after_it() -> None:
    made = due(at("2026-03-29T00:00"), digest={"at": "02:30", "zone": "Europe/Berlin"})
    assert made.astimezone(BERLIN).isoformat() == "2026-03-29T03:30:00+02:00"


@given(now=MOMENTS, begins=CLOCKS, ends=CLOCKS, weekends=st.booleans())
def test_what_is_due_is_never_earlier_and_never_in_quiet_hours(
    now: datetime, begins: str, ends: str, *, weekends: bool
) -> None:
    quiet = {"from": begins, "to": ends, "zone": "Europe/Berlin", "weekends": weekends}
    made = due(now, quiet=quiet)
    assert now <= made <= now + timedelta(days=5)
    assert due(made, quiet=quiet) == made


@pytest.mark.parametrize(
    ("given_", "field"),
    [
        ({"digest": {"at": "half past"}}, "digest/at"),
        ({"quiet": {"from": "20:00", "to": "7"}}, "quiet/to"),
        ({"quiet": NIGHT | {"zone": "Atlantis"}}, "quiet/zone"),
    ],
)
def test_times_and_zones_that_mean_nothing_are_named(given_: dict[str, dict[str, str]], field: str) -> None:
    with pytest.raises(QuietError) as caught:
        due(at("2026-03-03T12:00"), **given_)
    assert caught.value.field == field
