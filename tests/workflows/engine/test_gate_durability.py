"""A worker may die at any moment of making or applying a plan: the end is the same, and nothing is written twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F

from hub.accounts.access import Actor
from tests.shop_connector.service import Shop
from tests.workflows.engine.conftest import later, states, work
from tests.workflows.engine.shelving import publish_shelving, shelving
from tests.workflows.engine.test_durability import Died
from workflows.engine import plans
from workflows.engine.journal import Journal
from workflows.models import Plan, PlanState, Run
from workflows.reconcile import applier
from workflows.services.runs import start_run

__all__ = ["shelving"]
PLACES = (
    *((Journal, name) for name in ("open_steps", "begin", "succeed", "finish")),
    (plans, "store"),
    *((applier, name) for name in ("begin", "_intend", "_write", "_end")),
)


@contextmanager
def dying_at(number: int, *, before: bool, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The worker dies just before, or just after, the nth of these."""
    done: list[str] = []
    with monkeypatch.context() as patch:
        for place, name in PLACES:
            original = getattr(place, name)

            def act(*args: Any, _original: Any = original, _name: str = name, **more: Any) -> Any:
                done.append(_name)
                if before and len(done) == number:
                    raise Died
                made = _original(*args, **more)
                if not before and len(done) == number:
                    raise Died
                return made

            patch.setattr(place, name, act)
        yield done


def time_passes(run: Run) -> None:
    later(run)
    Plan.objects.update(lease_until=F("lease_until") - timedelta(hours=1))


@pytest.mark.django_db
@pytest.mark.usefixtures("shelving")
@pytest.mark.parametrize("before", [True, False])
def test_a_worker_that_dies_anywhere_leaves_a_run_that_ends_the_same_with_each_change_written_once(
    actor: Actor, the_shop: Shop, monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    number, died = 0, True
    while died:
        number, died = number + 1, False
        the_shop.__init__()  # type: ignore[misc]
        publish_shelving(actor, {"ink": 1, "pen": number})
        run = start_run(actor, "shelving", payload={})
        with dying_at(number, before=before, monkeypatch=monkeypatch) as done:
            try:
                work()
            except Died:
                died = True
        # The worker may have died with the plan in its hands: whoever comes next waits until it is free.
        for _ in range(3):
            time_passes(run)
            work()

        where = (number, done[-1])
        assert states(run) == {"run": "succeeded", "plan": "succeeded", "apply": "succeeded"}, where
        assert sorted(the_shop.written) == [("create", "ink"), ("create", "pen")], where
        made = Plan.objects.get(step__run=run)
        assert made.state == PlanState.APPLIED, where
    assert number > 15
