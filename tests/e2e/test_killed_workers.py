"""Workers that are killed again and again in the middle of the writes: each write reaches the services once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F

from tests.e2e.stage import Stage
from tests.workflows.engine.conftest import later, states, work
from tests.workflows.engine.test_durability import Died
from workflows.models import Plan
from workflows.reconcile import applier
from workflows.services import sample, templates


def test_a_run_whose_workers_are_killed_while_they_apply_ends_the_same_with_no_write_twice(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = templates.run(stage.actor, sample.SLUG)
    deaths = {("before", 2), ("after", 5), ("before", 9), ("after", 14), ("after", 20)}
    count = 0
    write = applier._write

    def killed(*args: Any) -> None:
        nonlocal count
        count += 1
        if ("before", count) in deaths:
            raise Died
        write(*args)
        if ("after", count) in deaths:
            raise Died

    monkeypatch.setattr(applier, "_write", killed)
    died = 0
    for _ in range(2 * len(deaths) + 1):
        try:
            work()
        except Died:
            died += 1
        later(run)
        Plan.objects.update(lease_until=F("lease_until") - timedelta(hours=1))

    plan = Plan.objects.get(step__run=run)
    assert died == len(deaths)
    assert states(run) == {"run": "succeeded", "plan": "succeeded", "apply": "succeeded"}
    assert stage.write_counts() == (plan.changes.count(), 0)
    assert not stage.simulate().counts
