"""A step may compute for a while; beyond that it fails and says what to do. Nobody waits for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from tests.workflows.engine.conftest import error_of, states, work
from tests.workflows.graph.test_bodies import each, gives
from workflows.engine import draining, overtime
from workflows.engine.under_way import UnderWay
from workflows.models import Run

Started = Callable[..., Run]
LIST = {"list": [{"n": n, "text": "x" * 1000} for n in range(600)]}
WHERE = {"kind": "filter", "settings": {"items": "=trigger.list", "where": "=item.n > 3"}}


@pytest.mark.django_db
@pytest.mark.parametrize("step", [WHERE, each("x", x=gives("=item.n"))])
def test_a_step_that_computes_for_too_long_fails_and_says_what_to_do(
    started: Started, settings: Settings, step: dict[str, Any]
) -> None:
    settings.STEP_SECONDS = -1
    run = started("a", LIST, a=step)
    work()
    assert states(run) == {"run": "failed", "a": "failed"}
    error = error_of(run)
    assert (error["code"], "LOCKGATE_STEP_SECONDS" in error["message"]) == ("too-long", True)


@pytest.mark.django_db(transaction=True)
def test_what_takes_more_than_a_moment_is_computed_where_nobody_waits_for_it(
    started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    lengths = list[float]()
    original = overtime.Patience.__init__

    def noted(self: overtime.Patience, seconds: float) -> None:
        lengths.append(seconds)
        original(self, seconds)

    monkeypatch.setattr(overtime, "HERE_SECONDS", -1)
    monkeypatch.setattr(overtime.Patience, "__init__", noted)
    monkeypatch.setattr(draining, "under_way", UnderWay())
    run = started("a", LIST, a=each("x", x=gives("=item.n")))
    draining.drain(10)
    assert states(run)["run"] == "succeeded"
    assert lengths == [-1, -1, 60], "in the batch, in a turn, at leisure"
