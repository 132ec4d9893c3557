"""What is said to be wrong with a workflow, and what is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.planning.alerts import FEWEST_BEFORE, AlertKind, Limits, Seen, in_words, trouble, usual

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def seen(**more: Any) -> Seen:
    return Seen(**{"now": NOW, "watched_since": NOW - timedelta(days=30), **more})


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


@pytest.mark.parametrize(
    ("ended", "is_wrong"),
    [([], False), (["failed"], False), (["failed", "failed"], True), (["failed", "succeeded", "failed"], False),
     (["succeeded", "failed", "failed"], False), (["failed", "failed", "succeeded"], True)],
)  # fmt: skip
def test_so_many_failures_in_a_row_are_wrong(ended: list[str], is_wrong: bool) -> None:
    assert bool(trouble(AlertKind.FAILURES, Limits(count=2), seen(ended=ended))) is is_wrong


def test_a_schedule_that_did_not_fire_is_late_and_one_that_is_due_just_now_is_not() -> None:
    assert trouble(AlertKind.LATE, Limits(seconds=300), seen(due_at=ago(minutes=4))) == ""
    said = trouble(AlertKind.LATE, Limits(seconds=300), seen(due_at=ago(minutes=6)))
    assert said == "It should have been started at 2026-03-01 11:54 UTC, and was not."
    assert trouble(AlertKind.LATE, Limits(seconds=300), seen(due_at=ago(minutes=6), is_active=False)) == ""


def test_a_trigger_that_cannot_start_anything_is_wrong_at_once() -> None:
    assert "No such zone." in trouble(AlertKind.LATE, Limits(seconds=300), seen(broken="No such zone."))


def test_a_run_that_takes_longer_than_allowed_is_wrong() -> None:
    assert trouble(AlertKind.LONG, Limits(seconds=600), seen(oldest_open=ago(minutes=9))) == ""
    said = trouble(AlertKind.LONG, Limits(seconds=600), seen(oldest_open=ago(minutes=11)))
    assert said == "A run has been going since 2026-03-01 11:49 UTC: more than 10 minutes."


def test_without_a_limit_a_run_is_compared_with_those_before() -> None:
    took = [timedelta(minutes=2)] * 10
    assert trouble(AlertKind.LONG, Limits(), seen(oldest_open=ago(minutes=5), took=took)) == ""
    assert "longer than usual" in trouble(AlertKind.LONG, Limits(), seen(oldest_open=ago(minutes=7), took=took))
    assert trouble(AlertKind.LONG, Limits(), seen(oldest_open=ago(days=7), took=took[: FEWEST_BEFORE - 1])) == ""


def test_a_workflow_that_has_not_run_is_silent_counted_from_when_it_was_first_watched() -> None:
    day = Limits(seconds=86400)
    assert trouble(AlertKind.SILENT, day, seen(last_run=ago(hours=23))) == ""
    assert "2026-02-28 11:00" in trouble(AlertKind.SILENT, day, seen(last_run=ago(hours=25)))
    assert "It has never run." in trouble(AlertKind.SILENT, day, seen())
    assert trouble(AlertKind.SILENT, day, seen(watched_since=ago(hours=1))) == ""
    assert trouble(AlertKind.SILENT, day, seen(last_run=ago(days=9), is_active=False)) == ""


@given(st.lists(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=9)), max_size=60))
def test_what_is_usual_is_never_less_than_what_nearly_all_took(took: list[timedelta]) -> None:
    found = usual(took)
    if found is None:
        assert len(took) < FEWEST_BEFORE
    else:
        assert sum(each <= found for each in took) >= 0.9 * len(took)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(30, "30 seconds"), (120, "2 minutes"), (5400, "90 minutes"), (7200, "2 hours"), (9000, "2.5 hours"),
     (172800, "2 days")],
)  # fmt: skip
def test_spans_are_said_in_words(seconds: int, words: str) -> None:
    assert in_words(timedelta(seconds=seconds)) == words
