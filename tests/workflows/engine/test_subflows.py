"""A workflow that starts another one: once, waits for it, and says what became of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hub.accounts.access import Actor
from hub.api.errors import Invalid
from hub.sdk import Rejected
from tests.shop_connector.service import Shop
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import act, error_of, later, states, work
from tests.workflows.engine.test_durability import Died, dying_at
from workflows.engine import executor
from workflows.engine.claiming import claim
from workflows.models import Run, RunStep
from workflows.services.runs import cancel_run, retry_run, start_run
from workflows.services.workflows import create_workflow, publish

Started = Callable[..., Run]
MAP = {"kind": "transform", "settings": {"value": "=trigger.n * 2"}}
WAIT = {"kind": "wait", "settings": {"seconds": 600}}


def calls(slug: str = "child", **more: Any) -> dict[str, Any]:
    return {"kind": "workflow", "settings": {"workflow": slug, "input": {"n": "=trigger.n"}} | more}


@pytest.fixture
def child(actor: Actor) -> Callable[..., None]:
    def make(picture: str, slug: str = "child", **steps: dict[str, Any]) -> None:
        create_workflow(actor, slug=slug, document=drawn(picture, **steps))
        publish(actor, slug, revision=1)

    return make


def child_of(run: Run) -> Run:
    return Run.objects.get(parent__run=run)


def test_what_the_end_steps_of_the_other_run_gave_is_the_output(child: Any, started: Started) -> None:
    child("x -> y", y=MAP)
    run = started("a -> b", {"n": 4}, a=calls())
    work()

    assert states(run) == {"run": "succeeded", "a": "succeeded", "b": "succeeded"}
    assert RunStep.objects.get(run=run, step="a").output == {"y": 8}
    assert child_of(run).cause == {"kind": "workflow", "run": str(run.id), "step": "a", "depth": 1}


def test_a_step_waits_until_the_other_run_has_ended(child: Any, started: Started) -> None:
    child("x", x=WAIT)
    run = started("a", {"n": 1}, a=calls())
    work()
    assert states(run) == {"run": "waiting", "a": "waiting"}

    RunStep.objects.filter(run=child_of(run)).update(created_at=run.created_at.replace(year=2020))
    later(child_of(run))
    work()
    assert states(run)["run"] == "succeeded"


def test_a_step_that_does_not_wait_goes_on_at_once(child: Any, started: Started) -> None:
    child("x", x=WAIT)
    run = started("a -> b", {"n": 1}, a=calls(wait=False))
    work()

    assert states(run)["run"] == "succeeded"
    assert RunStep.objects.get(run=run, step="a").output == {"run": str(child_of(run).id)}
    assert child_of(run).state == "waiting"


def test_a_failed_run_fails_the_step_that_started_it_and_a_retry_takes_both_up(
    child: Any, started: Started, actor: Actor, the_shop: Shop
) -> None:
    child("x -> y", y=act("put"))
    the_shop.before = [Rejected("There is no such item.")]
    run = started("a", {"n": 1}, a=calls())
    work()
    assert error_of(run)["code"] == "workflow-failed"
    assert 'failed in step "y": There is no such item.' in error_of(run)["message"]
    assert error_of(run)["detail"]["run"] == str(child_of(run).id)

    retry_run(actor, run.id)
    work()
    assert states(run)["run"] == "succeeded"
    assert Run.objects.count() == 2
    assert the_shop.written == [("put", "pen")]


def test_cancelling_a_run_cancels_the_run_that_it_waits_for(child: Any, started: Started, actor: Actor) -> None:
    child("x", x=WAIT)
    run = started("a", {"n": 1}, a=calls())
    work()
    cancel_run(actor, run.id)
    work()

    assert states(run) == {"run": "cancelled", "a": "cancelled"}
    assert child_of(run).state == "cancelled"


def test_a_cancelled_run_is_an_error_of_the_step_and_a_retry_starts_another(
    child: Any, started: Started, actor: Actor
) -> None:
    child("x", x=WAIT)
    run = started("a -error-> b", {"n": 1}, a=calls())
    work()
    cancel_run(actor, child_of(run).id)
    work()
    assert states(run) == {"run": "succeeded", "a": "failed", "b": "succeeded"}


def test_workflows_that_start_each_other_end_with_an_error(actor: Actor) -> None:
    create_workflow(actor, slug="ping", document=drawn("a"))
    publish(actor, "ping", revision=1)
    create_workflow(actor, slug="pong", document=drawn("a", a=calls("ping")))
    publish(actor, "pong", revision=1)
    from workflows.services.workflows import save_draft

    save_draft(actor, "ping", document=drawn("a", a=calls("pong")), revision=1)
    publish(actor, "ping", revision=2)
    run = start_run(actor, "ping", payload={"n": 1})
    work()

    assert states(run)["run"] == "failed"
    assert "more than 10 deep" in error_of(run)["message"]
    assert Run.objects.count() == 11


def test_a_workflow_that_cannot_be_started_is_a_problem_of_the_draft(actor: Actor) -> None:
    create_workflow(actor, slug="new", document=drawn("a"))
    create_workflow(actor, slug="me", document=drawn("a\nb\nc", a=calls("me"), b=calls("new"), c=calls("nwe")))

    with pytest.raises(Invalid) as caught:
        publish(actor, "me", revision=1)
    assert [(each["code"], each["pointer"]) for each in caught.value.errors] == [
        ("workflow-in-itself", "/document/steps/a/settings/workflow"),
        ("unknown-workflow", "/document/steps/b/settings/workflow"),
        ("unknown-workflow", "/document/steps/c/settings/workflow"),
    ]


WRITES = ("begin", "start_run_of", "wait_for_run_of", "succeed", "finish", "rest", "awake")


@pytest.mark.parametrize("before", [True, False])
def test_a_worker_that_dies_at_any_write_starts_no_second_run(
    child: Any, started: Started, actor: Actor, the_shop: Shop, monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    child("x", x=act("put"))
    run = started("a", {"n": 1}, a=calls())
    for number in range(1, 99):
        died = False
        with dying_at(number, before=before, monkeypatch=monkeypatch, writes=WRITES) as written:
            try:
                work()
            except Died:
                died = True
        if not died and len(written) < number:
            break
        for each in Run.objects.exclude(lease_until=None):
            later(each)
        work()
        assert states(run) == {"run": "succeeded", "a": "succeeded"}, number
        assert Run.objects.filter(parent__run=run).count() == 1
        assert len({call.key for _, call in the_shop.calls}) == 1
        the_shop.__init__()  # type: ignore[misc]
        Run.objects.all().delete()
        run = start_run(actor, "drawn", payload={"n": 1})
    assert number > 10


def test_two_that_end_at_the_same_moment_do_not_lose_each_other(child: Any, started: Started, the_shop: Shop) -> None:
    child("x")
    run = started("a", {"n": 1}, a=calls())
    executor.carry_out(claim()[0])
    (claimed,) = claim()
    Run.objects.filter(id=run.id).update(state="running", lease_until="2099-01-01T00:00Z", due_at=None)
    executor.carry_out(claimed)

    run.refresh_from_db()
    assert run.due_at is not None
