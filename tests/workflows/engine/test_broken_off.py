"""Plans whose applying is slow, is broken off, or is overtaken by a newer plan."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from hub.accounts.access import Actor
from hub.registry import catalog
from hub.sdk import TryLater
from tests.shop_connector.service import Shop
from tests.workflows.engine.conftest import work
from tests.workflows.engine.shelving import publish_shelving, shelving
from workflows import leases
from workflows.engine import plans as plan_engine
from workflows.engine.interventions import ask_to_cancel
from workflows.models import Change, ChangeState, Plan, PlanState
from workflows.reconcile import applier
from workflows.services import plans, runs

__all__ = ["shelving"]
pytestmark = pytest.mark.usefixtures("shelving")


class Died(BaseException):
    """The process ends here."""


def planned(actor: Actor, wanted: dict[str, int]) -> Plan:
    """A plan that may be applied, and that nobody applies yet."""
    publish_shelving(actor, wanted, approval=True)
    run = runs.start_run(actor, "shelving", payload={})
    work()
    plan = Plan.objects.get(step__run=run)
    ask_to_cancel(run.id)
    work()
    Plan.objects.filter(id=plan.id).update(state=PlanState.APPROVED)
    return Plan.objects.get(id=plan.id)


def broken_off(actor: Actor, the_shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Plan:
    """A plan whose process ended in the middle of its only write."""
    plan = planned(actor, {"ink": 1})
    with monkeypatch.context() as patch:
        patch.setattr(the_shop, "write", _die)
        with pytest.raises(Died):
            plans.apply_plan(actor, plan.id)
    return plan


@pytest.mark.django_db(transaction=True)
def test_a_slow_write_keeps_its_plan_and_nobody_writes_it_a_second_time(
    actor: Actor, the_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "LEASE_SECONDS", 2)
    monkeypatch.setattr(leases, "BEAT_SECONDS", 0.2)
    monkeypatch.setattr(leases, "keeper", leases.Keeper())
    plan = planned(actor, {"ink": 1})
    write, tried = the_shop.write, []

    def slow(name: str, item: str, call: Any) -> None:
        _outlast_the_lease(plan)
        tried.append(applier.begin(plan.id))
        write(name, item, call)

    monkeypatch.setattr(the_shop, "write", slow)
    fence = applier.begin(plan.id)
    assert fence is not None
    applier.apply(plan.id, fence)

    assert tried == [None], "whoever comes meanwhile finds it in good hands"
    assert the_shop.written == [("create", "ink")]
    assert Plan.objects.get(id=plan.id).state == PlanState.APPLIED


@pytest.mark.django_db
def test_applying_that_is_broken_off_by_anything_leaves_the_plan_free_at_once(
    actor: Actor, the_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = broken_off(actor, the_shop, monkeypatch)
    plan.refresh_from_db()
    assert (plan.state, plan.lease_until) == (PlanState.APPLYING, None)

    assert plans.apply_plan(actor, plan.id).state == PlanState.APPLIED
    assert the_shop.written == [("create", "ink")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("found", "state", "said"),
    [
        ({"name": "ink", "count": 1}, ChangeState.APPLIED, "it was written"),
        (None, ChangeState.PARKED, "it was not written"),
        ({"name": "ink", "count": 9}, ChangeState.IN_DOUBT, '"count":9'),
    ],
)
def test_what_was_being_written_when_a_newer_plan_took_over_is_read_back(
    actor: Actor, the_shop: Shop, monkeypatch: pytest.MonkeyPatch, found: Any, state: ChangeState, said: str
) -> None:
    older = broken_off(actor, the_shop, monkeypatch)
    if found is not None:
        the_shop.shelf["ink"] = found
    newer = planned(actor, {"pen": 2, "ink": 5})

    began = plan_engine.begin(newer)
    assert began is not None
    left = Change.objects.get(plan=older)
    assert left.state == ChangeState.IN_DOUBT
    assert "newer plan took its place" in left.message

    applier.apply(newer.id, began)
    left.refresh_from_db()
    assert left.state == state
    assert said in left.message
    assert Plan.objects.get(id=older.id).state == PlanState.SUPERSEDED
    assert Plan.objects.get(id=newer.id).state == PlanState.APPLIED


@pytest.mark.django_db
def test_a_service_that_does_not_answer_leaves_it_in_doubt_and_the_newer_plan_goes_on(
    actor: Actor, the_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = broken_off(actor, the_shop, monkeypatch)
    newer = planned(actor, {"pen": 2})
    shelf = catalog().resource("shop.shelf").implementation
    read_one = shelf.read_one

    def away(key: str, client: Any) -> Any:
        if key == "ink":
            raise TryLater("The shop does not answer.")
        return read_one(key, client)

    monkeypatch.setattr(shelf, "read_one", away)
    plans.apply_plan(actor, newer.id)
    assert Change.objects.get(plan=older).state == ChangeState.IN_DOUBT


@pytest.mark.django_db
def test_of_an_object_that_was_changed_often_only_the_last_change_is_fetched(actor: Actor, the_shop: Shop) -> None:
    for count in range(1, 6):
        plan = planned(actor, {"ink": count, "pen": count})
        plans.apply_plan(actor, plan.id)
    change = Change.objects.filter(key="ink").latest("id")
    past = plan_engine.past_of(actor.workspace, plan.subject)

    with CaptureQueriesContext(connection) as asked:
        found = past.last(change.connection, change.resource, ["ink", "pen", "cup"])
    assert found == {"ink": {"name": "ink", "count": 5}, "pen": {"name": "pen", "count": 5}}
    with connection.cursor() as cursor:
        cursor.execute(asked[-1]["sql"])
        assert len(cursor.fetchall()) == 2


def _outlast_the_lease(plan: Plan) -> None:
    """Wait until the lease that holds now would be over."""
    held_until = Plan.objects.values_list("lease_until", flat=True).get(id=plan.id)
    assert held_until is not None
    deadline = time.monotonic() + 30
    while not Plan.objects.filter(id=plan.id).annotate(now=Now()).filter(now__gt=held_until).exists():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def _die(*_: Any) -> None:
    raise Died
