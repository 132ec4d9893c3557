"""What is removed when its time is over, and what never is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from hub.accounts.access import Actor
from hub.api.errors import Conflict
from hub.audit.models import AuditEntry
from tests.people import join, make_person
from tests.shop_connector.service import Shop
from tests.workflows.engine.conftest import act, work
from tests.workflows.engine.shelving import Shelving, publish_shelving, shelving
from workflows.engine import weighing
from workflows.engine.removing import remove_old
from workflows.models import Attempt, Message, Plan, Run, RunStep, WorkflowSize
from workflows.services import messages, replays, retention
from workflows.services.runs import retry_run, start_run

__all__ = ["shelving"]

Start = Callable[..., Run]


def passes(actor: Actor, days: float) -> dict[str, int]:
    """So many days later."""
    return remove_old(actor.workspace, now=timezone.now() + timedelta(days=days))


def keep(actor: Actor, data: str, days: int | None, **more: Any) -> None:
    retention.set_rule(actor, what=data, days=days, **more)


def test_without_a_rule_everything_is_kept(actor: Actor, started: Start) -> None:
    run = started("one -> two")
    work()

    assert sum(passes(actor, 10_000).values()) == 0
    assert Run.objects.filter(id=run.id).exists()


@pytest.mark.pain(4)
def test_a_run_is_removed_whole_once_its_time_is_over(actor: Actor, started: Start) -> None:
    run = started("one -> sold", sold=act("put"))
    work()
    keep(actor, "runs", 30)

    assert passes(actor, 29)["runs"] == 0
    assert passes(actor, 31)["runs"] == 1
    assert not Run.objects.filter(id=run.id).exists()
    assert not RunStep.objects.exists()
    assert not Attempt.objects.exists()
    entry = AuditEntry.objects.get(verb="retention.removed")
    assert entry.detail == {"data": "runs", "runs": 1, "older_than_days": 30}


def test_data_goes_earlier_than_the_states(actor: Actor, started: Start) -> None:
    run = started("one", payload={"name": "Ada"})
    work()
    keep(actor, "data", 7)
    keep(actor, "runs", 365)

    assert passes(actor, 8)["data"] == 1
    assert passes(actor, 9)["data"] == 0, "once is enough"
    run.refresh_from_db()
    assert (run.state, run.payload, run.removed["data"]["days"]) == ("succeeded", {}, 7)  # type: ignore[index]
    assert list(run.steps.values_list("state", "input", "output")) == [("succeeded", None, None)]


@pytest.mark.pain(4)
def test_what_a_workflow_says_comes_before_what_the_workspace_says(actor: Actor, started: Start) -> None:
    started("one")
    work()
    keep(actor, "runs", 10)
    keep(actor, "runs", None, workflow="drawn")
    assert passes(actor, 5000)["runs"] == 0

    keep(actor, "runs", None, workflow="drawn", inherit=True)
    assert passes(actor, 5002)["runs"] == 1


def test_the_body_of_a_webhook_goes_earlier_than_other_data(actor: Actor, started: Start) -> None:
    by_hand, called = started("one", payload={"body": 1}), Run.objects.get()
    called = start_run(actor, "drawn", payload={"body": 2}, cause={"kind": "webhook", "trigger": "in"})
    work()
    keep(actor, "bodies", 2)

    assert passes(actor, 3)["bodies"] == 1
    by_hand.refresh_from_db()
    called.refresh_from_db()
    assert (by_hand.payload, called.payload) == ({"body": 1}, {})
    assert called.steps.exclude(output=None).exists(), "what the steps gave stays"


def test_logs_are_attempts_and_what_people_did(actor: Actor, started: Start) -> None:
    run = started("sold", sold=act("put"))
    work()
    keep(actor, "logs", 2)

    assert passes(actor, 3)["logs"] == 1
    assert not Attempt.objects.exists()
    assert RunStep.objects.get(run=run).output is not None


def test_a_run_that_waits_is_never_removed(actor: Actor, started: Start) -> None:
    run = started("pause", pause={"kind": "wait", "settings": {"seconds": 10**9}})
    work()
    keep(actor, "runs", 1)
    keep(actor, "data", 1)

    assert sum(passes(actor, 1000).values()) == 0
    assert Run.objects.filter(id=run.id).exists()


def test_a_run_in_doubt_is_never_removed_until_somebody_has_decided(
    actor: Actor, started: Start, the_shop: Shop
) -> None:
    run = started("sold", sold=act("put"))
    work()
    RunStep.objects.filter(run=run).update(state="in_doubt")
    keep(actor, "runs", 1)
    assert sum(passes(actor, 10).values()) == 0

    RunStep.objects.filter(run=run).update(state="failed")
    assert passes(actor, 12)["runs"] == 1


def test_a_run_whose_plan_is_not_decided_is_never_removed(actor: Actor, shelving: Shelving) -> None:
    publish_shelving(actor, {"pens": 3}, approval=True)
    run = start_run(actor, "shelving", payload={})
    work()
    Run.objects.filter(id=run.id).update(state="cancelled", ended_at=timezone.now(), due_at=None)
    keep(actor, "runs", 1)
    assert sum(passes(actor, 10).values()) == 0

    Plan.objects.update(state="rejected", decided_at=timezone.now())
    assert passes(actor, 12)["runs"] == 1
    assert Plan.objects.get().step_id is None, "a plan outlives its run"


def test_a_hold_stops_removal_until_it_is_lifted(actor: Actor, started: Start) -> None:
    started("one", payload={"claim": "C-17"})
    other = start_run(actor, "drawn", payload={"claim": "C-18"})
    work()
    keep(actor, "runs", 1)
    keep(actor, "data", 1)
    hold = retention.place_hold(actor, reason="Lawsuit 4", key="C-17")

    assert passes(actor, 10)["runs"] == 1
    assert not Run.objects.filter(id=other.id).exists()
    kept = Run.objects.get()
    assert kept.payload == {"claim": "C-17"}

    retention.lift_hold(actor, hold.id, reason="Settled")
    assert passes(actor, 12)["runs"] == 1
    verbs = list(AuditEntry.objects.filter(verb__startswith="retention.hold").order_by("id").values_list("verb"))
    assert verbs == [("retention.hold-placed",), ("retention.hold-lifted",)]
    with pytest.raises(Conflict):
        retention.lift_hold(actor, hold.id, reason="Again")


@pytest.mark.parametrize(
    ("chosen", "held"),
    [
        ({}, True),
        ({"workflow": "drawn"}, True),
        ({"since": timezone.now() - timedelta(days=1)}, True),
        ({"until": timezone.now() - timedelta(days=1)}, False),
        ({"since": timezone.now() + timedelta(days=1)}, False),
        ({"key": "nobody's"}, False),
        ({"key": "r-1", "until": timezone.now() + timedelta(days=1)}, True),
    ],
)
def test_a_hold_keeps_what_fits_all_of_it(actor: Actor, started: Start, chosen: dict[str, Any], held: bool) -> None:
    started("one")
    Run.objects.all().delete()
    start_run(actor, "drawn", payload={}, key="webhook:in:r-1")
    work()
    keep(actor, "runs", 1)
    retention.place_hold(actor, reason="Asked by the regulator", **chosen)

    assert passes(actor, 10)["runs"] == (0 if held else 1)


def test_a_run_and_its_replay_go_together_or_not_at_all(actor: Actor, started: Start) -> None:
    run = started("sold", sold=act("put"))
    work()
    again = replays.replay(actor, run.id)
    work()
    Run.objects.filter(id=again.id).update(ended_at=timezone.now() + timedelta(days=5))
    keep(actor, "runs", 7)

    assert passes(actor, 8)["runs"] == 0
    assert passes(actor, 13)["runs"] == 2


def test_a_run_that_another_started_goes_with_it(actor: Actor, started: Start) -> None:
    from tests.workflows.drawing import drawn
    from workflows.services.workflows import create_workflow, publish

    started("one")
    calls = {"kind": "workflow", "settings": {"workflow": "drawn", "wait": True, "input": {}}}
    create_workflow(actor, slug="outer", document=drawn("call", call=calls))
    publish(actor, "outer", revision=1)
    outer = start_run(actor, "outer", payload={})
    work()
    assert outer.steps.get().state == "succeeded"
    keep(actor, "runs", 7, workflow="drawn")
    assert passes(actor, 8)["runs"] == 1, "only the one that nobody started"

    keep(actor, "runs", 7, workflow="outer")
    assert passes(actor, 10)["runs"] == 2
    assert not Run.objects.exists()


def test_a_run_without_its_data_is_neither_replayed_nor_tried_again(actor: Actor, started: Start) -> None:
    run = started("sold", sold=act("put", item="=trigger.item"), payload={"item": "pen"})
    work()
    keep(actor, "data", 1)
    passes(actor, 2)

    with pytest.raises(Conflict, match="removed"):
        replays.replay(actor, run.id)
    Run.objects.filter(id=run.id).update(state="failed")
    with pytest.raises(Conflict, match="removed"):
        retry_run(actor, run.id)


def test_messages_go_unless_anything_is_held(actor: Actor) -> None:
    messages.send_message(actor, event="paid", key="1", payload={"iban": "DE1"})
    keep(actor, "messages", 1)
    hold = retention.place_hold(actor, reason="Lawsuit")
    assert passes(actor, 5)["messages"] == 0

    retention.lift_hold(actor, hold.id, reason="Settled")
    assert passes(actor, 5)["messages"] == 1
    assert not Message.objects.exists()


def test_everything_that_refers_to_a_run_is_seen_to() -> None:
    """A table that refers to runs or their steps has to be thought of in `removal.py`."""
    referring = {
        f"{each.related_model._meta.model_name}.{each.field.name}"
        for model in (Run, RunStep)
        for each in model._meta.related_objects
    }
    assert referring == {
        "approval.step", "attempt.step", "contentuse.run", "event.run", "expectation.step", "halt.run",
        "message.taken_by",
        "notice.step", "plan.step", "run.parent", "run.replay_of", "runkey.run", "runstep.run",
    }  # fmt: skip


@pytest.mark.pain(4)
def test_sizes_are_measured_and_forecast(actor: Actor, started: Start) -> None:
    started("one", payload={"text": "x" * 1000})
    for _ in range(6):
        start_run(actor, "drawn", payload={"text": "x" * 1000})
    work()
    weighing.weigh_all()

    size = WorkflowSize.objects.get()
    assert size.runs == 7
    assert 7_000 < size.bytes < 20_000
    seen = retention.overview(actor)
    assert seen.a_month == pytest.approx(7 * 30 * size.bytes_full, rel=0.01)
    assert seen.levels_off_at is None

    keep(actor, "runs", 10)
    assert retention.overview(actor).levels_off_at == pytest.approx(70 * size.bytes_full, rel=0.01)


def test_only_administrators_set_rules_and_holds(actor: Actor) -> None:
    from hub.api.errors import Forbidden

    builder = join(make_person("bea"), actor.workspace, ["builder", "operator"])
    retention.overview(builder)
    with pytest.raises(Forbidden):
        keep(builder, "runs", 1)
    with pytest.raises(Forbidden):
        retention.place_hold(builder, reason="No")
