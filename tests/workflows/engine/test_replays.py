"""An ended run is done again from any step, and nothing is written twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hub.accounts.access import Actor
from hub.api.errors import Conflict
from hub.sdk import Rejected, TryLater
from tests.shop_connector.service import Shop
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import act, states, work
from workflows.models import Run, RunStep
from workflows.services.replays import preview, replay
from workflows.services.runs import retry_run, settle_step
from workflows.services.workflows import create_workflow, get_workflow, publish, save_draft

Started = Callable[..., Run]
NOW = {"kind": "transform", "settings": {"value": "=$now()"}}
STOP = {"kind": "stop", "settings": {"message": "No."}}


def mended(actor: Actor, picture: str, **steps: Any) -> int:
    save_draft(actor, "drawn", document=drawn(picture, **steps), revision=get_workflow(actor, "drawn").revision)
    return publish(actor, "drawn", revision=get_workflow(actor, "drawn").revision).number


@pytest.mark.pain(1)
def test_a_replay_from_a_step_keeps_what_came_before_and_holds_which_run_it_replays(
    started: Started, the_shop: Shop, actor: Actor
) -> None:
    the_shop.before = [Rejected("No.")]
    run = started("a -> b -> c", a=NOW, b=act("pay"))
    work()
    assert states(run)["run"] == "failed"

    again = replay(actor, run.id, step="b")
    work()
    assert states(again) == {"run": "succeeded", "a": "succeeded", "b": "succeeded", "c": "succeeded"}
    kept = RunStep.objects.get(run=again, step="a")
    assert (kept.output, kept.taken_from) == (run.steps.get(step="a").output, run.steps.get(step="a"))
    assert again.replay_of == run
    assert the_shop.written == [("pay", "pen")]


@pytest.mark.pain(1)
def test_a_replay_after_a_stop_goes_on_with_the_mended_version(
    started: Started, the_shop: Shop, actor: Actor
) -> None:
    run = started("a -> b -no-> c", a=act("pay"), b={"kind": "condition", "settings": {"if": "=false"}}, c=STOP)
    mended(actor, "a -> b -yes-> c\nb -no-> d", a=act("pay"), b={"kind": "condition", "settings": {"if": "=false"}},
           c=STOP, d=act("put"))  # fmt: skip
    work()
    version = get_workflow(actor, "drawn").published
    assert version is not None
    again = replay(actor, run.id, step="b", version=version.number)
    work()
    assert states(again) == {"run": "succeeded", "a": "succeeded", "b": "succeeded", "c": "skipped", "d": "succeeded"}
    assert the_shop.written == [("pay", "pen"), ("put", "pen")]


@pytest.mark.pain(1)
def test_what_was_written_is_shown_first_and_not_written_again_even_where_the_input_holds_the_time(
    started: Started, the_shop: Shop, actor: Actor
) -> None:
    run = started(
        "a -> b -> c -> d", a=NOW, b=act("pay", "pen of {{ steps.a }} {{ $random() }}"), c=act("look"), d=STOP
    )
    work()
    shown = preview(actor, run.id)
    assert (shown.kept, shown.again) == ([], ["a", "b", "c", "d"])
    assert [(each["step"], each["action"]) for each in shown.written] == [("b", "shop.pay")]

    again = replay(actor, run.id)
    work()
    assert states(again)["b"] == "succeeded"
    assert [name for name, _ in the_shop.written] == ["pay", "look", "look"], "What only reads is read again."
    assert RunStep.objects.get(run=again, step="b").attempts.count() == 0


@pytest.mark.pain(1)
def test_edited_input_is_used_and_what_it_changes_is_written(started: Started, the_shop: Shop, actor: Actor) -> None:
    run = started("a -> b -> c", {"who": "Amara", "what": "pen"}, a=act("pay", "=trigger.who"),
                  b=act("put", "=trigger.what"), c=STOP)  # fmt: skip
    work()
    replay(actor, run.id, payload={"who": "Amara", "what": "ink"})
    work()
    assert the_shop.written == [("pay", "Amara"), ("put", "pen"), ("put", "ink")]


def test_a_keyed_write_that_may_have_gone_through_is_repeated_with_the_same_key(
    started: Started, the_shop: Shop, actor: Actor
) -> None:
    the_shop.after = [TryLater("Cut off.", sent=True)]
    run = started("a", a=act("put", retry={"attempts": 1}))
    work()
    replay(actor, replay_of_a_replay(actor, run, the_shop).id)
    work()
    assert len({call.key for _, call in the_shop.calls}) == 1
    assert len(the_shop.calls) == 3


def replay_of_a_replay(actor: Actor, run: Run, the_shop: Shop) -> Run:
    the_shop.before = [TryLater("Busy.", sent=True)]
    made = replay(actor, run.id)
    work()
    return made


def test_a_run_has_one_replay_and_is_not_tried_again_beside_it(
    started: Started, the_shop: Shop, actor: Actor
) -> None:
    the_shop.before = [Rejected("No.")]
    run = started("a", a=act("pay"))
    work()
    replay(actor, run.id)
    with pytest.raises(Conflict, match="Replay that one"):
        replay(actor, run.id)
    with pytest.raises(Conflict, match="Go on with that one"):
        retry_run(actor, run.id)


def test_a_run_in_doubt_is_replayed_only_when_somebody_has_said_what_happened(
    started: Started, the_shop: Shop, actor: Actor
) -> None:
    the_shop.after = [TryLater("Cut off.", sent=True)]
    run = started("a\nb", a=act("pay"), b=STOP)
    work()
    from workflows.services.runs import cancel_run

    cancel_run(actor, run.id)
    work()
    with pytest.raises(Conflict, match="in doubt"):
        replay(actor, run.id)
    settle_step(actor, run.id, step="a", verdict="happened", output={"item": "pen"})
    again = replay(actor, run.id)
    work()
    assert states(again) == {"run": "failed", "a": "succeeded", "b": "failed"}
    assert the_shop.written == [("pay", "pen")]


def test_a_step_that_nothing_led_to_is_no_place_to_begin(started: Started, actor: Actor) -> None:
    run = started("a -yes-> b\na -no-> c", a={"kind": "condition", "settings": {"if": "=true"}})
    work()
    with pytest.raises(Conflict, match="Nothing led to"):
        replay(actor, run.id, step="c")


def test_items_that_were_written_are_not_written_again(started: Started, the_shop: Shop, actor: Actor) -> None:
    body = drawn("b", b=act("pay", "=item"))
    each = {"kind": "each", "settings": {"items": "=trigger.list"}, "body": {k: body[k] for k in ("steps", "edges")}}
    run = started("a", {"list": ["x", "y", "z"]}, a=each)
    the_shop.before = []
    the_shop.after = []
    original = the_shop.write

    def write(name: str, item: str, call: Any) -> None:
        if item == "z":
            raise Rejected("No z.")
        original(name, item, call)

    the_shop.write = write  # type: ignore[method-assign]
    work()
    the_shop.write = original  # type: ignore[method-assign]
    assert states(run)["run"] == "failed"
    again = replay(actor, run.id, step="a")
    work()
    assert Run.objects.get(id=again.id).state == "succeeded"
    assert [item for _, item in the_shop.written] == ["x", "y", "z"]


def test_another_workflow_is_replayed_too_and_does_not_write_again(
    started: Started, the_shop: Shop, actor: Actor
) -> None:
    create_workflow(actor, slug="child", document=drawn("x -> y", x=act("pay"), y=act("look")))
    publish(actor, "child", revision=1)
    run = started("a -> b", a={"kind": "workflow", "settings": {"workflow": "child"}}, b=STOP)
    work()
    again = replay(actor, run.id)
    work()
    assert Run.objects.get(parent__run=again).replay_of == Run.objects.get(parent__run=run)
    assert [name for name, _ in the_shop.written] == ["pay", "look", "look"]
