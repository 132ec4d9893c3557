"""A plan that several people decide about: nothing is applied before they did, and nobody approves past them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from hub.accounts.access import Actor
from hub.api.errors import Conflict
from tests.shop_connector.service import Shop
from tests.workflows.approvals.conftest import decide, stage
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import actor, error_of, states, work
from tests.workflows.engine.shelving import shelving
from workflows.engine import tending
from workflows.models import Approval, Plan, PlanState, Run
from workflows.services import approvals, plans, runs
from workflows.services.workflows import create_workflow, get_workflow, publish, save_draft

__all__ = ["actor", "shelving"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shelving")]


@pytest.fixture
def team(actor: Actor) -> object:
    """The people belong to the shop's workspace."""
    return actor.workspace


def start(actor: Actor, wanted: dict[str, int], *stages: dict[str, object], **more: object) -> Run:
    parameters = {"shop": "shop", "wanted": wanted}
    ask = {"stages": list(stages) or [stage("legal", "ada", "ben", need=2)]} | more
    document = drawn(
        "plan -> apply",
        plan={"kind": "plan", "settings": {"reconcile": "shelving", "parameters": parameters, "ask": ask}},
        apply={"kind": "apply", "settings": {"plan": "=steps.plan.id"}},
    )
    if Plan.objects.exists():
        save_draft(actor, "shelving", document=document, revision=get_workflow(actor, "shelving").revision)
    else:
        create_workflow(actor, slug="shelving", document=document)
    publish(actor, "shelving", revision=get_workflow(actor, "shelving").revision)
    run = runs.start_run(actor, "shelving", payload={})
    work()
    return run


def test_a_plan_is_applied_once_enough_people_said_yes(
    actor: Actor, people: dict[str, Actor], the_shop: Shop
) -> None:
    run = start(actor, {"ink": 1})
    asked = Approval.objects.get()
    assert (states(run)["apply"], asked.plan) == ("waiting", Plan.objects.get())
    assert asked.plan is not None
    assert asked.plan.digest in str(asked.shown)

    decide(people["ada"], asked)
    assert the_shop.written == []
    with pytest.raises(Conflict, match="in stages"):
        plans.decide(people["ada"], asked.plan.id, approve=True, digest=asked.plan.digest)
    with pytest.raises(Conflict, match="Only an approved plan"):
        plans.apply_plan(actor, asked.plan.id)
    decide(people["ben"], asked)

    assert states(run)["run"] == "succeeded"
    assert [item for _, item in the_shop.written] == ["ink"]


def test_one_no_or_a_deadline_rejects_the_plan(actor: Actor, people: dict[str, Actor], the_shop: Shop) -> None:
    first = start(actor, {"ink": 1})
    decide(people["ben"], Approval.objects.get(), approve=False, comment="Not now.")
    assert states(first)["run"] == "succeeded"
    assert Plan.objects.get().comment == "Not now."

    start(actor, {"ink": 2}, deadline={"hours": 1})
    Approval.objects.filter(state="open").update(deadline_at=timezone.now() - timedelta(1), due_at=timezone.now())
    tending.tend()
    work()
    assert set(Plan.objects.values_list("state", flat=True)) == {PlanState.REJECTED}
    assert the_shop.written == []


def test_a_plan_that_gave_way_is_not_decided_any_more(actor: Actor, people: dict[str, Actor], the_shop: Shop) -> None:
    start(actor, {"ink": 1})
    older = Approval.objects.get()
    start(actor, {"ink": 2})
    with pytest.raises(Conflict, match="newer plan"):
        decide(people["ada"], older)
    tending.tend()
    older.refresh_from_db()
    assert older.state == "withdrawn"
    newer = Approval.objects.get(state="open")
    with pytest.raises(Conflict, match="A plan asks this"):
        approvals.withdraw(actor, newer.id)
    decide(people["ada"], newer)
    decide(people["ben"], newer)
    assert the_shop.shelf["ink"]["count"] == 2


def test_nothing_is_read_when_nobody_could_decide(actor: Actor, people: dict[str, Actor], the_shop: Shop) -> None:
    run = start(actor, {"ink": 1}, stage("legal", "ada", need=2))
    assert error_of(run)["field"] == "settings/ask/stages"
    assert not Plan.objects.exists()


def test_a_plan_that_changes_nothing_asks_nobody(actor: Actor, people: dict[str, Actor], the_shop: Shop) -> None:
    the_shop.shelf = {"ink": {"name": "ink", "count": 1}}
    run = start(actor, {"ink": 1})
    assert states(run)["run"] == "succeeded"
    assert not Approval.objects.exists()


def test_taking_back_asks_as_many_people_in_the_same_stages(
    actor: Actor, people: dict[str, Actor], the_shop: Shop
) -> None:
    start(actor, {"ink": 1}, stage("legal", "ada", "ben", "cleo", need=2), stage("print", "dan"))
    first = Approval.objects.get()
    for name in ("ada", "ben", "dan"):
        decide(people[name], first)
    plan = Plan.objects.get()

    back = plans.undo_plan(people["cleo"], plan.id)

    asked = Approval.objects.get(plan=back)
    assert (asked.stages, asked.requester) == (first.stages, people["cleo"].person)
    with pytest.raises(Conflict, match="You asked for this"):
        decide(people["cleo"], asked)
    for name in ("ada", "ben"):
        with pytest.raises(Conflict, match="in stages"):
            plans.decide(people[name], back.id, approve=True, digest=back.digest)
        decide(people[name], asked)
        with pytest.raises(Conflict, match="Only an approved plan"):
            plans.apply_plan(actor, back.id)
    decide(people["dan"], asked)
    plans.apply_plan(actor, back.id)
    assert the_shop.shelf == {}


def test_nobody_takes_back_what_too_few_others_could_decide_about(
    actor: Actor, people: dict[str, Actor], the_shop: Shop
) -> None:
    start(actor, {"ink": 1}, stage("legal", "ben", "cleo", need=2))
    asked = Approval.objects.get()
    decide(people["ben"], asked)
    decide(people["cleo"], asked)

    with pytest.raises(Conflict, match="whoever asks is not counted"):
        plans.undo_plan(people["cleo"], Plan.objects.get().id)
    assert Plan.objects.count() == 1
