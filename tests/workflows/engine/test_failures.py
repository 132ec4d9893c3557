"""The error workflow starts on every kind of death, once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from hub.accounts.access import Actor
from hub.api.errors import Invalid
from hub.audit.models import AuditEntry
from hub.sdk import Rejected, TryLater
from tests.shop_connector.service import Shop
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import act, later, states, work
from tests.workflows.engine.test_durability import Died
from workflows.engine import calls, doing
from workflows.models import Run
from workflows.services import runs
from workflows.services.replays import replay
from workflows.services.workflows import create_workflow, publish, retire

Start = Callable[..., Run]
STOP = {"kind": "stop", "settings": {"message": "Not today."}}


@pytest.fixture
def start(actor: Actor) -> Start:
    """A run of a workflow whose error workflow is "rescue"."""
    create_workflow(actor, slug="rescue", document=drawn("x"))
    publish(actor, "rescue", revision=1)

    def begin(picture: str, how: dict[str, Any] | None = None, **steps: Any) -> Run:
        document = drawn(picture, **steps) | {"on_failure": {"workflow": "rescue"} | (how or {})}
        create_workflow(actor, slug="drawn", document=document)
        publish(actor, "drawn", revision=1)
        return runs.start_run(actor, "drawn", payload={"n": 1})

    return begin


def told() -> list[dict[str, Any]]:
    return [run.payload for run in Run.objects.filter(workflow__slug="rescue").order_by("id")]


@pytest.mark.pain(17)
def test_a_failed_run_starts_it_with_what_happened(start: Start, the_shop: Shop) -> None:
    the_shop.before = [Rejected("Sold out.")]
    run = start("a", a=act("pay"))
    work()
    (seen,) = told()
    assert (seen["kind"], seen["run"]["id"], seen["run"]["payload"]) == ("failed", str(run.id), {"n": 1})
    assert (seen["error"]["step"], seen["error"]["message"]) == ("a", "Sold out.")
    assert Run.objects.get(workflow__slug="rescue").state == "succeeded"


@pytest.mark.pain(17)
def test_a_stop_starts_it_too(start: Start) -> None:
    start("a", a=STOP)
    work()
    assert [seen["error"]["code"] for seen in told()] == ["stopped"]


@pytest.mark.pain(17)
def test_a_step_in_doubt_starts_it_once_and_the_failure_after_that_once_more(
    start: Start, the_shop: Shop, actor: Actor
) -> None:
    the_shop.after = [TryLater("Cut off.", sent=True)]
    run = start("a", a=act("pay"))
    work()
    assert [seen["kind"] for seen in told()] == ["in_doubt"]
    runs.settle_step(actor, run.id, step="a", verdict="failed")
    work()
    assert [seen["kind"] for seen in told()] == ["in_doubt", "failed"]


@pytest.mark.pain(17)
def test_a_run_that_takes_its_workers_along_starts_it(
    start: Start, the_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = start("a", a=act("look"))

    def die(*_: Any) -> None:
        raise Died

    with monkeypatch.context() as patch:
        patch.setattr(the_shop, "write", die)
        for _ in range(doing.MOST_BROKEN_OFF + 1):
            with pytest.raises(Died):
                work()
            later(run)
        work()
    assert states(run)["run"] == "failed"
    assert len(told()) == 1


@pytest.mark.pain(17)
def test_a_call_that_does_not_come_back_starts_it(
    start: Start, the_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_up = threading.Event()
    monkeypatch.setattr(calls, "GRACE_SECONDS", 0.0)
    monkeypatch.setattr(the_shop, "write", lambda *_: given_up.wait(60))
    start("a", a=act("look", timeout_seconds=0.05, retry={"attempts": 1}))
    work()
    given_up.set()
    assert [seen["error"]["code"] for seen in told()] == ["timed-out"]


def test_a_cancelled_run_starts_it_only_where_that_is_asked_for(start: Start, actor: Actor) -> None:
    run = start("a", {"when": ["cancelled"]}, a={"kind": "wait", "settings": {"seconds": 60}})
    work()
    runs.cancel_run(actor, run.id)
    work()
    assert [seen["kind"] for seen in told()] == ["cancelled"]


def test_runs_by_hand_can_be_left_out(start: Start) -> None:
    start("a", {"by_hand": False}, a=STOP)
    work()
    assert told() == []


def test_trying_again_and_failing_again_is_another_death(start: Start, actor: Actor) -> None:
    run = start("a", a=STOP)
    work()
    runs.retry_run(actor, run.id)
    work()
    replay(actor, run.id)
    work()
    assert len(told()) == 3


def test_an_error_workflow_that_is_gone_is_in_the_audit_trail(start: Start, actor: Actor) -> None:
    run = start("a", a=STOP)
    retire(actor, "rescue")
    work()
    assert states(run)["run"] == "failed"
    assert AuditEntry.objects.filter(verb="run.failure-unheard", target_id=str(run.id)).exists()


@pytest.mark.pain(17)
def test_it_can_be_tried(start: Start, actor: Actor) -> None:
    start("a")
    runs.test_failure(actor, "drawn")
    work()
    assert [seen.get("test") for seen in told()] == [True]


@pytest.mark.parametrize("slug", ["drawn", "nothing"])
def test_a_workflow_is_not_its_own_error_workflow_nor_one_that_is_not_there(actor: Actor, slug: str) -> None:
    create_workflow(actor, slug="drawn", document=drawn("a") | {"on_failure": {"workflow": slug}})
    with pytest.raises(Invalid):
        publish(actor, "drawn", revision=1)
