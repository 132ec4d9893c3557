"""The broker only says that there is work: when it says nothing, the work is found by looking."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import redis
from django.conf import settings

from hub.sdk import TryLater
from hub.settings_sources import cache_url
from tests.workflows.engine.conftest import act, later, states, work
from workflows import tasks
from workflows.engine.claiming import claim
from workflows.models import Run

Started = Callable[..., Run]
pytestmark = pytest.mark.django_db


@pytest.fixture
def bells() -> Callable[[], int]:
    """How many are on their way."""
    client = redis.Redis.from_url(cache_url(settings.REDIS_URL))
    client.delete("lockgate")
    return lambda: int(client.llen("lockgate"))


@pytest.mark.pain(2)
def test_a_run_whose_bell_was_lost_is_rung_for_again(started: Started, bells: Callable[[], int]) -> None:
    started("a -> b")
    assert bells() == 0
    tasks.sweep()
    assert bells() == 1


@pytest.mark.pain(2)
def test_a_run_whose_worker_died_is_rung_for_once_its_lease_has_lapsed(
    started: Started, bells: Callable[[], int]
) -> None:
    run = started("a -> b")
    claim()
    tasks.sweep()
    assert bells() == 0, "somebody is at it"
    later(run)
    tasks.sweep()
    assert bells() == 1
    work()
    assert states(run)["run"] == "succeeded"


@pytest.mark.pain(2)
def test_without_a_broker_the_work_is_done_by_whoever_looks(started: Started, monkeypatch: Any) -> None:
    run = started("a -> b")
    monkeypatch.setattr(tasks, "ring", lambda *_, **__: False)
    tasks.sweep()
    assert states(run) == {"run": "succeeded", "a": "succeeded", "b": "succeeded"}


@pytest.mark.pain(15)
def test_looking_at_a_waiting_run_too_early_counts_as_no_try_and_begins_nothing_anew(
    started: Started, the_shop: Any
) -> None:
    the_shop.before = [TryLater("Busy.", after_seconds=600, sent=False)]
    wait = {"kind": "wait", "settings": {"seconds": 1000}}
    run = started("a -> b -> c\na -> d", b=act("put", retry={"attempts": 2}), d=wait)
    work()
    assert states(run) == {"run": "waiting", "a": "succeeded", "b": "waiting", "d": "waiting"}
    for _ in range(5):
        Run.objects.filter(id=run.id).update(due_at=run.created_at)
        work()
    assert len(the_shop.calls) == 1
    assert states(run) == {"run": "waiting", "a": "succeeded", "b": "waiting", "d": "waiting"}
    assert run.steps.get(step="b").attempts.count() == 1

    later(run)
    work()
    assert len(the_shop.calls) == 2
    assert states(run)["b"] == "succeeded"
