"""A run, a workflow, a connection or everything is stopped and goes on again; whoever waits is told what for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from hub.accounts.access import Actor
from hub.accounts.models import Workspace
from hub.api.errors import Conflict
from hub.audit.models import AuditEntry
from tests.shop_connector.service import Shop
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import act, later, states, work
from tests.workflows.engine.shelving import Shelving, publish_shelving, shelving  # noqa: F401 - a fixture
from workflows.engine.calls import Calls, Flight
from workflows.engine.claiming import claim
from workflows.engine.journal import Journal
from workflows.models import Halt, Run, RunStep
from workflows.services.halts import halt, lift, list_halts
from workflows.services.runs import cancel_run, get_run, start_run
from workflows.services.waiting import in_detail, in_words
from workflows.services.workflows import create_workflow, publish

Started = Callable[..., Run]


@pytest.mark.parametrize("scope", ["run", "workflow", "everything"])
def test_what_is_stopped_begins_no_step_and_goes_on_when_that_is_lifted(
    started: Started, the_shop: Shop, actor: Actor, scope: str
) -> None:
    run = started("a -> b", a=act("look"), b=act("pay"))
    target = {"run": {"run": str(run.id)}, "workflow": {"workflow": "drawn"}, "everything": {}}[scope]
    order = halt(actor, reason="The bank asked us to.", **target)  # type: ignore[arg-type]
    work()
    assert states(run) == {"run": "waiting"}
    assert "The bank asked us to." in in_words(Run.objects.get(id=run.id))
    assert the_shop.calls == []

    lift(actor, order.id)
    work()
    assert states(run) == {"run": "succeeded", "a": "succeeded", "b": "succeeded"}
    verbs = AuditEntry.objects.filter(verb__startswith="halt.").values_list("verb", flat=True)
    assert sorted(verbs) == ["halt.lifted", "halt.made"]


@pytest.mark.parametrize("target", [{"connection": "shop"}, {}, {"workflow": "drawn"}])
def test_writes_alone_are_stopped_and_what_reads_goes_on(
    started: Started, the_shop: Shop, actor: Actor, target: dict[str, str]
) -> None:
    run = started("a -> b -> c\na -> d", a=act("look"), b=act("pay"), d=act("look"))
    order = halt(actor, reason="Audit.", writes_only=True, **target)
    work()
    assert states(run) == {"run": "waiting", "a": "succeeded", "b": "ready", "d": "succeeded"}
    assert "Writing is stopped" in in_detail(get_run(actor, run.id))
    lift(actor, order.id)
    work()
    assert states(run)["run"] == "succeeded"
    assert [name for name, _ in the_shop.written] == ["look", "look", "pay"]


def test_a_connection_that_is_stopped_is_not_called_and_other_work_goes_on(
    started: Started, the_shop: Shop, actor: Actor
) -> None:
    run = started("a -> b\nc", a=act("look"))
    order = halt(actor, reason="Maintenance.", connection="shop")
    work()
    assert states(run) == {"run": "waiting", "a": "ready", "c": "succeeded"}
    assert "Maintenance." in in_detail(get_run(actor, run.id))
    lift(actor, order.id)
    work()
    assert states(run)["run"] == "succeeded"


def here(_: Calls, flight: Flight) -> None:
    """Make the call in the thread of whoever wants it."""
    flight.made = flight.do()
    flight.on_return(flight)


def test_a_step_under_way_ends_and_the_next_one_does_not_begin(
    started: Started, the_shop: Shop, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = the_shop.write

    def stop_meanwhile(name: str, item: str, call: Any) -> None:
        original(name, item, call)
        if not Halt.objects.exists():
            halt(actor, reason="Now.")

    # In the thread of the test, so that it sees what the test sees.
    monkeypatch.setattr("workflows.engine.calls.Calls.start", here)
    monkeypatch.setattr(the_shop, "write", stop_meanwhile)
    run = started("a -> b", a=act("pay"), b=act("put"))
    work()
    assert states(run) == {"run": "waiting", "a": "succeeded", "b": "ready"}


def test_a_run_that_was_started_by_a_stopped_run_stops_too(started: Started, actor: Actor) -> None:
    wait = {"kind": "wait", "settings": {"seconds": 600}}
    create_workflow(actor, slug="child", document=drawn("x -> y", x=wait))
    publish(actor, "child", revision=1)
    run = started("a", a={"kind": "workflow", "settings": {"workflow": "child"}})
    work()
    order = halt(actor, reason="Wait.", run=str(run.id))
    child = Run.objects.get(parent__run=run)
    later(child)
    RunStep.objects.filter(run=child).update(created_at=timezone.now() - timedelta(hours=1))
    work()
    assert states(child) == {"run": "waiting", "x": "waiting"}
    lift(actor, order.id)
    work()
    assert (states(child)["run"], states(run)["run"]) == ("succeeded", "succeeded")


def test_a_plan_is_not_applied_while_writing_is_stopped(
    actor: Actor,
    shelving: Shelving,  # noqa: F811 - the fixture
    the_shop: Shop,
) -> None:
    publish_shelving(actor, {"pen": 3})
    order = halt(actor, reason="Closing.", connection="shop", writes_only=True)
    run = start_run(actor, "shelving", payload={})
    work()
    assert states(run) == {"run": "waiting", "plan": "succeeded", "apply": "waiting"}
    assert "Closing." in in_detail(get_run(actor, run.id))
    assert the_shop.shelf == {}
    lift(actor, order.id)
    later(run)
    work()
    assert states(run)["run"] == "succeeded"
    assert list(the_shop.shelf) == ["pen"]


def test_a_stopped_run_can_be_cancelled(started: Started, actor: Actor) -> None:
    run = started("a")
    halt(actor, reason="No.", run=str(run.id))
    work()
    cancel_run(actor, run.id)
    work()
    assert states(run)["run"] == "cancelled"


def test_a_run_that_lets_go_just_when_that_is_lifted_goes_on(started: Started, actor: Actor) -> None:
    run = started("a")
    order = halt(actor, reason="Brief.", workflow="drawn")
    claimed = claim()[0]
    lift(actor, order.id)
    Journal(claimed).rest(None, order)
    work()
    assert states(run)["run"] == "succeeded"


def test_the_same_is_stopped_once_and_other_workspaces_go_on(started: Started, actor: Actor) -> None:
    halt(actor, reason="All.")
    with pytest.raises(Conflict, match="stopped already"):
        halt(actor, reason="Again.")
    other = Actor.system(Workspace.objects.create(slug="south", name="South"))
    create_workflow(other, slug="drawn", document=drawn("a"))
    publish(other, "drawn", revision=1)
    run = start_run(other, "drawn", payload={})
    work()
    assert states(run)["run"] == "succeeded"
    assert list(list_halts(other)) == []


@pytest.mark.pain(2)
def test_a_run_that_nobody_fetches_says_that_it_waits_for_a_worker(started: Started) -> None:
    run = started("a")
    later(run, 60)
    assert "Waits for a worker" in in_words(Run.objects.get(id=run.id))
