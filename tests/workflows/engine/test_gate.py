"""The steps plan and apply: nothing is written before the plan may be applied, and then exactly the plan."""

from __future__ import annotations

from typing import Any

import pytest

from hub.accounts.access import Actor
from hub.api.errors import Conflict
from hub.sdk import Rejected, TryLater
from tests.shop_connector.service import Shop
from tests.workflows.engine.conftest import error_of, later, states, work
from tests.workflows.engine.shelving import Shelving, publish_shelving, shelving
from workflows.engine import plans as plan_engine
from workflows.engine.claiming import claim
from workflows.engine.journal import Journal
from workflows.leases import Keeper
from workflows.models import ChangeState, Plan, PlanState, Run, RunStep
from workflows.services import plans, runs

__all__ = ["shelving"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shelving")]
WANTED = {"ink": 1, "pen": 2, "cup": 3}


def start(actor: Actor) -> Run:
    run = runs.start_run(actor, "shelving", payload={})
    work()
    return runs.get_run(actor, run.id)


def plan_of(run: Run) -> Plan:
    return Plan.objects.filter(step__run=run).latest("id")


def approve(actor: Actor, plan: Plan) -> None:
    plans.decide(actor, plan.id, approve=True, digest=plan.digest)
    work()


def output(run: Run, step: str) -> Any:
    return RunStep.objects.get(run=run, step=step).output


def test_a_run_plans_and_applies_and_a_second_one_leaves_by_empty(actor: Actor, the_shop: Shop) -> None:
    publish_shelving(actor, WANTED)

    first, second = start(actor), start(actor)

    assert states(first) == {"run": "succeeded", "plan": "succeeded", "apply": "succeeded"}
    assert output(first, "apply") | {"applied": 3, "already": 0, "parked": 0} == output(first, "apply")
    assert states(second) == {"run": "succeeded", "plan": "succeeded", "apply": "skipped"}
    assert RunStep.objects.get(run=second, step="plan").port == "empty"
    assert sorted(item for _, item in the_shop.written) == ["cup", "ink", "pen"]


def test_a_plan_that_guards_refuse_fails_its_step_with_what_they_said(actor: Actor, the_shop: Shop) -> None:
    the_shop.shelf = {name: {"name": name, "count": 1} for name in ("a", "b", "c")}
    publish_shelving(actor, {})

    run = start(actor)

    error = error_of(run)
    assert (error["code"], error["step"]) == ("plan-refused", "plan")
    assert "The list is empty" in error["message"]
    assert error["plan"]["id"] == str(plan_of(run).id)
    assert the_shop.written == []


def test_too_many_removals_are_held_and_the_run_makes_the_rest(actor: Actor, the_shop: Shop) -> None:
    the_shop.shelf = {name: {"name": name, "count": 1} for name in ("a", "b", "c")}
    publish_shelving(actor, {"ink": 1})

    run = start(actor)

    applied = run.steps.get(step="apply")
    assert applied.output is not None
    assert (applied.state, applied.output["applied"], applied.output["held"]) == ("succeeded", 1, 3)
    assert the_shop.written == [("create", "ink")]


def test_deciding_makes_a_waiting_run_due_and_nothing_else_does(actor: Actor, the_shop: Shop) -> None:
    publish_shelving(actor, WANTED, approval=True)
    run = start(actor)
    assert (states(run)["apply"], Run.objects.get(id=run.id).due_at) == ("waiting", None)
    assert the_shop.written == []

    plan = plan_of(run)
    plans.decide(actor, plan.id, approve=True, digest=plan.digest)
    assert Run.objects.get(id=run.id).due_at is not None
    work()

    assert states(run)["run"] == "succeeded"
    assert len(the_shop.written) == 3


def test_a_decision_made_while_the_step_looks_at_the_plan_is_not_missed(
    actor: Actor, the_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_shelving(actor, WANTED, approval=True)
    waited = Journal.wait

    def wait(self: Journal, *args: Any, **more: Any) -> None:
        plan = Plan.objects.get()
        if plan.state == PlanState.PROPOSED:
            plans.decide(actor, plan.id, approve=True, digest=plan.digest)
        waited(self, *args, **more)

    monkeypatch.setattr(Journal, "wait", wait)

    assert states(start(actor))["run"] == "succeeded"


def test_parked_changes_fail_the_step_by_name_and_a_retry_goes_on_with_them(actor: Actor, the_shop: Shop) -> None:
    publish_shelving(actor, WANTED)
    the_shop.before = [Rejected("The shelf is locked.")]
    run = start(actor)

    error = error_of(run)
    assert error["code"] == "changes-parked"
    assert "create cup: The shelf is locked." in error["message"]
    assert len(the_shop.written) == 2

    runs.retry_run(actor, run.id)
    work()

    assert states(run)["run"] == "succeeded"
    assert output(run, "apply")["applied"] == 3
    assert sorted(item for _, item in the_shop.written) == ["cup", "ink", "pen"]


def test_parked_changes_are_not_tried_again_once_a_newer_plan_was_applied(actor: Actor, the_shop: Shop) -> None:
    publish_shelving(actor, WANTED)
    the_shop.before = [Rejected("The shelf is locked.")]
    run = start(actor)
    start(actor)
    written = len(the_shop.written)

    del the_shop.shelf["cup"]
    runs.retry_run(actor, run.id)
    work()

    assert error_of(run)["code"] == "changes-parked"
    assert len(the_shop.written) == written


def test_a_service_that_is_away_is_tried_later_and_the_rest_is_applied_once(actor: Actor, the_shop: Shop) -> None:
    publish_shelving(actor, WANTED)
    the_shop.before = [TryLater("The line is busy.")]
    run = start(actor)
    assert (states(run)["apply"], plan_of(run).state) == ("waiting", PlanState.APPLYING)

    later(run)
    work()

    assert states(run)["run"] == "succeeded"
    assert len(the_shop.written) == 3


def test_a_newer_plan_takes_the_place_of_an_undecided_one_and_its_run_ends(actor: Actor, the_shop: Shop) -> None:
    publish_shelving(actor, WANTED, approval=True)
    old = start(actor)
    publish_shelving(actor, {"ink": 7}, approval=True)
    new = start(actor)

    assert plan_of(old).state == PlanState.SUPERSEDED
    assert (states(old)["run"], RunStep.objects.get(run=old, step="apply").port) == ("succeeded", "rejected")
    with pytest.raises(Conflict, match="superseded"):
        plans.apply_plan(actor, plan_of(old).id)
    approve(actor, plan_of(new))
    assert the_shop.shelf == {"ink": {"name": "ink", "count": 7}}


def test_only_one_plan_of_a_step_is_applied_at_a_time(actor: Actor, the_shop: Shop) -> None:
    publish_shelving(actor, WANTED, approval=True)
    first = plan_of(start(actor))
    Plan.objects.filter(id=first.id).update(state=PlanState.APPROVED)
    assert plan_engine.begin(first) is not None
    second = start(actor)
    approve(actor, plan_of(second))

    assert states(second)["apply"] == "waiting"
    assert "another plan" in output(second, "apply")["message"]
    with pytest.raises(Conflict, match="Another plan"):
        plans.apply_plan(actor, plan_of(second).id)

    Plan.objects.filter(id=first.id).update(lease_until=None)
    later(second)
    work()
    assert states(second)["run"] == "succeeded"
    first.refresh_from_db()
    assert first.state == PlanState.SUPERSEDED


def test_cancelling_stops_before_the_next_change_and_the_plan_can_go_on(
    actor: Actor, the_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_shelving(actor, WANTED)
    run = runs.start_run(actor, "shelving", payload={})
    write = the_shop.write

    def cancel(name: str, item: str, call: Any) -> None:
        write(name, item, call)
        if len(the_shop.written) == 1:
            runs.cancel_run(actor, run.id)

    monkeypatch.setattr(the_shop, "write", cancel)
    work()

    assert states(run) == {"run": "cancelled", "plan": "succeeded", "apply": "cancelled"}
    assert len(the_shop.written) == 1
    plan = plans.apply_plan(actor, plan_of(run).id)
    assert plans.summary(plan) == {ChangeState.APPLIED: 3}
    assert len(the_shop.written) == 3


def test_whoever_lost_the_run_renews_no_lease_and_applies_nothing_more(actor: Actor, the_shop: Shop) -> None:
    publish_shelving(actor, WANTED)
    run = runs.start_run(actor, "shelving", payload={})
    slow, slow_keeper = claim()[0], Keeper()
    later(run)
    fast, fast_keeper = claim()[0], Keeper()
    lease = Run.objects.get(id=run.id).lease_until
    slow_keeper.hold([slow.lease])
    fast_keeper.hold([fast.lease])

    slow_keeper.renew()
    assert Run.objects.get(id=run.id).lease_until == lease
    assert (Journal(slow).is_wanted(), Journal(fast).is_wanted()) == (False, True)
    fast_keeper.renew()
    assert (Run.objects.get(id=run.id).lease_until or lease) != lease
    for keeper, held in ((slow_keeper, slow), (fast_keeper, fast)):
        keeper.let_go(held.lease)


def test_parameters_that_a_run_finds_wrong_fail_the_step_at_their_place(actor: Actor, shelving: Shelving) -> None:
    publish_shelving(actor, WANTED)
    from hub.connections.models import Connection

    Connection.objects.update(slug="store")

    error = error_of(start(actor))
    assert (error["code"], error["field"]) == ("parameters", "settings/parameters/shop")


def test_a_plan_that_is_not_there_fails_the_step(actor: Actor) -> None:
    from tests.workflows.drawing import drawn
    from workflows.services.workflows import create_workflow, publish

    create_workflow(
        actor, slug="shelving", document=drawn("a", a={"kind": "apply", "settings": {"plan": "=trigger.plan"}})
    )
    publish(actor, "shelving", revision=1)
    run = runs.start_run(actor, "shelving", payload={"plan": "nowhere"})
    work()

    assert error_of(run)["code"] == "no-plan"
