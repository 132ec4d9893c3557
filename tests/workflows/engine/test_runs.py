"""What a run does, step by step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from hub.accounts.access import Actor
from hub.api.errors import Conflict, Invalid
from hub.sdk import Rejected, Settled, TryLater
from hub.sdk.pacing import Paced
from tests.shop_connector.service import Shop
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import act, error_of, later, states, work
from workflows.engine import executor
from workflows.engine.calling import hidden
from workflows.engine.claiming import claim
from workflows.engine.journal import Journal
from workflows.models import Attempt, Run, RunStep
from workflows.services.runs import cancel_run, retry_run, settle_step, start_run
from workflows.services.workflows import Stale, create_workflow, publish, save_draft

Started = Callable[..., Run]
IF = {"kind": "condition", "settings": {"if": "=trigger.n > 3"}}


def test_a_run_takes_the_branch_and_maps_values(started: Started, the_shop: Shop) -> None:
    put = act("put", "pen of {{ trigger.who }}")
    tell = {"kind": "transform", "settings": {"value": {"got": "=steps.b.item"}}}
    run = started("a -yes-> b -> c\na -no-> d", {"n": 5, "who": "Amara"}, a=IF, b=put, c=tell)
    work()

    assert states(run) == {"run": "succeeded", "a": "succeeded", "b": "succeeded", "c": "succeeded", "d": "skipped"}
    assert RunStep.objects.get(run=run, step="c").output == {"got": "pen of Amara"}
    assert the_shop.written == [("put", "pen of Amara")]


@pytest.mark.pain(19)
def test_a_missing_value_fails_the_step_with_its_place_and_calls_nothing(started: Started, the_shop: Shop) -> None:
    run = started("a", a=act("put", "{{ trigger.what }}"))
    work()

    error = error_of(run)
    assert error["step"] == "a"
    assert error["field"] == "input/item"
    assert the_shop.calls == []


def test_a_busy_service_is_tried_again_no_sooner_than_it_says_and_with_the_same_key(
    started: Started, the_shop: Shop
) -> None:
    the_shop.before = [TryLater("Busy.", after_seconds=40, sent=False)]
    run = started("a", a=act("pay"))
    work()
    assert states(run) == {"run": "waiting", "a": "waiting"}
    step = RunStep.objects.get(run=run)
    assert (step.due_at - Attempt.objects.get(step=step).ended_at).total_seconds() > 39  # type: ignore[operator]

    later(run)
    work()
    assert states(run)["run"] == "succeeded"
    assert len({call.key for _, call in the_shop.calls}) == 1
    assert [call.attempt for _, call in the_shop.calls] == [1, 2]


@pytest.mark.pain(16)
def test_a_failure_goes_by_the_error_edge_after_the_last_try(started: Started, the_shop: Shop) -> None:
    the_shop.before = [TryLater("Busy.", sent=False)]
    run = started("a -> b\na -error-> c", a=act("put", retry={"attempts": 1}))
    work()

    assert states(run) == {"run": "succeeded", "a": "failed", "b": "skipped", "c": "succeeded"}


def test_a_payment_that_may_have_gone_through_waits_for_a_person(
    started: Started, the_shop: Shop, actor: Actor
) -> None:
    the_shop.after = [TryLater("The connection broke.", sent=True)]
    run = started("a -> b", a=act("pay"))
    work()
    assert states(run) == {"run": "waiting", "a": "in_doubt"}
    assert (RunStep.objects.get(run=run).error or {})["evidence"] == {"asked": "pen"}

    settle_step(actor, run.id, step="a", verdict="happened", output={"item": "pen"})
    work()
    assert states(run)["run"] == "succeeded"
    assert the_shop.written == [("pay", "pen")]
    with pytest.raises(Conflict, match="not in doubt"):
        settle_step(actor, run.id, step="a", verdict="again")


@pytest.mark.parametrize(("verdict", "writes"), [(Settled.DONE, 1), (Settled.NOT_DONE, 2)])
def test_reading_back_settles_a_doubt_without_a_person(
    started: Started, the_shop: Shop, verdict: Settled, writes: int
) -> None:
    the_shop.settles = lambda item: verdict
    the_shop.after = [TryLater("The connection broke.", sent=True)]
    run = started("a", a=act("pay"))
    work()
    later(run)
    work()

    assert states(run) == {"run": "succeeded", "a": "succeeded"}
    assert len(the_shop.written) == writes


def test_a_call_that_was_read_back_as_not_done_is_repeated_only_as_often_as_its_policy_says(
    started: Started, the_shop: Shop
) -> None:
    the_shop.settles = lambda item: Settled.NOT_DONE
    the_shop.before = [TryLater("Busy.", after_seconds=9, sent=True) for _ in range(3)]
    run = started("a", a=act("pay", retry={"attempts": 2}))
    work()
    assert states(run) == {"run": "waiting", "a": "waiting"}
    assert len(the_shop.calls) == 1

    later(run)
    work()
    assert states(run) == {"run": "failed", "a": "failed"}
    assert len(the_shop.calls) == 2


def test_a_step_settled_while_a_worker_has_the_run_is_not_forgotten(
    started: Started, the_shop: Shop, actor: Actor
) -> None:
    the_shop.after = [TryLater("The connection broke.", sent=True)]
    run = started("a -> b", a=act("pay"))
    work()
    Run.objects.filter(id=run.id).update(due_at=timezone.now())
    journal = Journal(claim()[0])
    settle_step(actor, run.id, step="a", verdict="happened", output={"item": "pen"})
    journal.rest(None)
    journal.write()

    work()
    assert states(run) == {"run": "succeeded", "a": "succeeded", "b": "succeeded"}


def test_a_cancelled_run_keeps_saying_what_is_in_doubt(started: Started, the_shop: Shop, actor: Actor) -> None:
    the_shop.after = [TryLater("The connection broke.", sent=True)]
    run = started("a -> b", a=act("pay"))
    work()
    cancel_run(actor, run.id)
    work()
    assert states(run) == {"run": "cancelled", "a": "in_doubt"}

    settle_step(actor, run.id, step="a", verdict="again")
    work()
    assert states(run) == {"run": "cancelled", "a": "cancelled"}
    assert len(the_shop.written) == 1


def test_a_run_that_a_person_has_tried_again_gets_all_its_tries(
    started: Started, the_shop: Shop, actor: Actor
) -> None:
    the_shop.before = [TryLater("Busy.", sent=False) for _ in range(3)]
    run = started("a", a=act("put", retry={"attempts": 2}))
    work()
    later(run)
    work()
    assert states(run)["run"] == "failed"

    retry_run(actor, run.id)
    work()
    assert states(run)["run"] == "waiting"
    later(run)
    work()
    assert states(run)["run"] == "succeeded"


def test_secrets_are_hidden_however_deep_they_are() -> None:
    schema = {
        "$defs": {"Key": {"properties": {"name": {}, "pin": {"x-secret": True}}}},
        "properties": {"keys": {"items": {"$ref": "#/$defs/Key"}}, "one": {"anyOf": [{"$ref": "#/$defs/Key"}, {}]}},
    }
    key = {"name": "front", "pin": "4711"}

    assert hidden({"keys": [key], "one": key}, schema, schema) == {
        "keys": [{"name": "front", "pin": "[hidden]"}],
        "one": {"name": "front", "pin": "[hidden]"},
    }


@pytest.mark.pain(15)
def test_a_wait_rests_in_the_database_and_goes_on_when_it_is_over(started: Started) -> None:
    run = started("a -> b", a={"kind": "wait", "settings": {"seconds": 600}})
    work()
    assert states(run) == {"run": "waiting", "a": "waiting"}

    RunStep.objects.filter(run=run).update(created_at=run.created_at.replace(year=2020))
    later(run)
    work()
    assert states(run)["run"] == "succeeded"


def test_a_cancelled_run_starts_no_further_step(started: Started, actor: Actor, the_shop: Shop) -> None:
    run = started("a -> b", a={"kind": "wait", "settings": {"seconds": 600}}, b=act("put"))
    work()
    cancel_run(actor, run.id)
    work()

    assert states(run) == {"run": "cancelled", "a": "cancelled"}
    assert the_shop.calls == []
    with pytest.raises(Conflict, match="already cancelled"):
        cancel_run(actor, run.id)


def test_a_retry_repeats_what_failed_and_nothing_else(started: Started, actor: Actor, the_shop: Shop) -> None:
    run = started("a -> b -> c", a=act("put", "one"), b=act("look", "two"), c=act("put", "three"))
    claimed = claim()[0]
    original = the_shop.write

    def refuse(name: str, item: str, call: Any) -> None:
        if item == "two":
            raise Rejected("There is no such item.")
        original(name, item, call)

    the_shop.write = refuse  # type: ignore[method-assign]
    executor.carry_out(claimed)
    assert states(run)["run"] == "failed"
    assert error_of(run)["message"] == "There is no such item."

    the_shop.write = original  # type: ignore[method-assign]
    retry_run(actor, run.id)
    work()
    assert states(run)["run"] == "succeeded"
    assert [item for _, item in the_shop.written] == ["one", "two", "three"]


def test_the_same_key_starts_one_run(started: Started, actor: Actor) -> None:
    started("a")
    first = start_run(actor, "drawn", payload={}, key="order-7")

    assert start_run(actor, "drawn", payload={}, key="order-7").id == first.id


def test_a_secret_input_is_stored_nowhere(started: Started, the_shop: Shop) -> None:
    run = started("a", a=act("put", input={"item": "pen", "pin": "4711-xyzzy"}))
    work()

    assert RunStep.objects.get(run=run).input == {"item": "pen", "pin": "[hidden]"}


def test_a_draft_with_problems_is_saved_and_not_published(actor: Actor) -> None:
    create_workflow(actor, slug="w", document=drawn("a", a=act("putt")))

    with pytest.raises(Invalid) as caught:
        publish(actor, "w", revision=1)
    assert caught.value.errors[0]["pointer"] == "/document/steps/a/action"
    assert 'Did you mean "shop.put"?' in caught.value.errors[0]["detail"]


def test_a_stale_save_overwrites_nothing(actor: Actor) -> None:
    create_workflow(actor, slug="w", document=drawn("a"))
    save_draft(actor, "w", document=drawn("a -> b"), revision=1)

    with pytest.raises(Stale) as caught:
        save_draft(actor, "w", document=drawn("c"), revision=1)
    assert caught.value.extra["revision"] == 2


@pytest.mark.parametrize(("picture", "end"), [("a -error-> b", "succeeded"), ("a", "failed")])
def test_a_doubt_can_be_settled_as_not_happened_and_not_to_be_repeated(
    started: Started, the_shop: Shop, actor: Actor, picture: str, end: str
) -> None:
    the_shop.after = [TryLater("The connection broke.", sent=True)]
    run = started(picture, a=act("pay"))
    work()
    settle_step(actor, run.id, step="a", verdict="failed")
    work()

    assert (states(run)["run"], states(run)["a"]) == (end, "failed")
    assert RunStep.objects.get(run=run, step="a").error["code"] == "did-not-happen"  # type: ignore[index]
    assert len(the_shop.calls) == 1


@pytest.mark.pain(20)
def test_a_call_that_the_rate_limit_holds_back_is_no_attempt(started: Started, the_shop: Shop) -> None:
    the_shop.before = [Paced(40), Paced(40)]
    run = started("a", a=act("pay", retry={"attempts": 1}))
    for _ in range(2):
        work()
        assert states(run) == {"run": "waiting", "a": "waiting"}
        later(run)
    work()
    assert states(run)["run"] == "succeeded"
