"""The step that asks a rule table: what it gives, by which way it leaves, and what it never does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.workflows.engine.conftest import work
from workflows.models import Run

TABLE: dict[str, Any] = {
    "columns": [{"name": "unit"}, {"name": "amount", "kind": "number"}],
    "rows": [
        {"when": {"unit": "life", "amount": {"max": 100}}, "give": {"queue": "small"}},
        {"when": {"unit": "life"}, "give": {"queue": "large"}},
    ],
}
RECORD = {"unit": "=trigger.unit", "amount": "=trigger.amount"}
Start = Callable[..., Run]


def asked(start: Start, payload: dict[str, Any], **settings: Any) -> tuple[Run, dict[str, str], Any]:
    step = {"kind": "rules", "settings": {"table": TABLE, "record": RECORD, **settings}}
    run = start("ask -> found\nask -none-> lost", payload, ask=step)
    work()
    run.refresh_from_db()
    steps = {row.step: row for row in run.steps.all()}
    return run, {name: row.state for name, row in steps.items()}, steps["ask"]


def test_a_decision_says_which_row_made_it_and_from_what(started: Start) -> None:
    _, states, step = asked(started, {"unit": "life", "amount": 500})

    assert step.output == {
        "matched": True, "is_default": False, "rows": [2], "give": {"queue": "large"},
        "record": {"unit": "life", "amount": 500},
    }  # fmt: skip
    assert states == {"ask": "succeeded", "found": "succeeded", "lost": "skipped"}


def test_a_value_that_no_row_knows_takes_no_row_and_leaves_by_none(started: Start) -> None:
    _, states, step = asked(started, {"unit": "marine", "amount": 1})

    assert (step.output["matched"], step.output["rows"], step.output["give"]) == (False, [], {})
    assert states == {"ask": "succeeded", "found": "skipped", "lost": "succeeded"}


def test_a_default_is_named_as_one(started: Start) -> None:
    _, states, step = asked(started, {"unit": "marine", "amount": 1}, table=TABLE | {"default": {"queue": "by-hand"}})

    assert (step.output["is_default"], step.output["rows"], step.output["give"]) == (True, [], {"queue": "by-hand"})
    assert states["found"] == "succeeded"


def test_a_value_of_another_kind_than_its_column_fails_the_step_and_takes_no_way(started: Start) -> None:
    run, states, step = asked(started, {"unit": "life", "amount": "plenty"})

    assert run.state == "failed"
    assert "compares values of the kind number" in step.error["message"]
    assert states["ask"] == "failed"


def test_a_trace_says_for_each_row_why_it_does_not_count(started: Start) -> None:
    _, _, step = asked(started, {"unit": "life", "amount": 500}, trace=True)

    assert step.output["trace"] == [
        {"row": 1, "met": False, "column": "amount", "asks": "max 100", "has": 500},
        {"row": 2, "met": True},
    ]


def test_a_list_is_decided_item_by_item_and_leaves_by_none_when_one_has_no_row(started: Start) -> None:
    _, states, step = asked(
        started,
        {"jobs": [{"u": "life", "a": 1}, {"u": "marine", "a": 1}]},
        items="=trigger.jobs",
        record={"unit": "=item.u", "amount": "=item.a"},
    )

    assert [each["give"] for each in step.output["decisions"]] == [{"queue": "small"}, {}]
    assert step.output["without"] == [1]
    assert states["lost"] == "succeeded"
