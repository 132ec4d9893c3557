"""A for-each: every item is carried to its own end, and a worker that dies goes on at the item it was at."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from hub.accounts.access import Actor
from hub.sdk import Rejected, TryLater
from tests.shop_connector.service import Shop
from tests.workflows.engine.conftest import act, error_of, later, work
from tests.workflows.engine.test_durability import Died, dying_at
from tests.workflows.graph.test_bodies import each, gives
from workflows.models import Run, RunStep
from workflows.services.runs import cancel_run, retry_run, settle_step, start_run

Started = Callable[..., Run]
LIST = {"list": ["one", "two", "three"]}
PUT = act("put", "=item")


def output(run: Run, step: str = "a") -> Any:
    return RunStep.objects.get(run=run, step=step, item="").output


def outside(run: Run) -> dict[str, str]:
    row = Run.objects.get(id=run.id)
    return {"run": row.state} | dict(row.steps.filter(item="").values_list("step", "state"))


@pytest.mark.pain(19)
def test_each_item_is_carried_out_and_its_result_kept_in_order(started: Started, the_shop: Shop) -> None:
    body = each("x -> y", {"result": "={'n': index, 'got': steps.y}"}, x=PUT, y=gives("=steps.x.item & steps.s"))
    run = started("s -> a -> b", LIST, s=gives("!"), a=body, b=gives("=steps.a.items[1].got"))
    work()

    assert outside(run) == {"run": "succeeded", "s": "succeeded", "a": "succeeded", "b": "succeeded"}
    assert output(run) == {
        "items": [{"n": 0, "got": "one!"}, {"n": 1, "got": "two!"}, {"n": 2, "got": "three!"}],
        "errors": [],
    }
    assert output(run, "b") == "two!"
    assert [item for _, item in the_shop.written] == ["one", "two", "three"]


def refuse(the_shop: Shop, bad: str) -> None:
    original = type(the_shop).write

    def write(name: str, item: str, call: Any) -> None:
        if item == bad:
            raise Rejected("There is no such item.")
        original(the_shop, name, item, call)

    the_shop.write = write  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _shop_as_it_was(the_shop: Shop) -> Any:
    yield
    the_shop.__dict__.pop("write", None)


def test_a_failed_item_stops_the_step_and_a_retry_goes_on_there(
    started: Started, the_shop: Shop, actor: Actor
) -> None:
    refuse(the_shop, "two")
    run = started("a", LIST, a=each("w -> x", w=gives(1), x=PUT))
    work()
    assert outside(run) == {"run": "failed", "a": "failed"}
    assert error_of(run)["message"] == "Item 1: There is no such item."
    assert [item for _, item in the_shop.written] == ["one"]

    del the_shop.write
    retry_run(actor, run.id)
    work()
    assert outside(run)["run"] == "succeeded"
    assert [item for _, item in the_shop.written] == ["one", "two", "three"]


@pytest.mark.pain(16)
def test_errors_can_be_collected(started: Started, the_shop: Shop) -> None:
    refuse(the_shop, "two")
    run = started("a", LIST, a=each("x", {"on_error": "collect"}, x=PUT))
    work()

    assert output(run)["items"] == [{"item": "one"}, None, {"item": "three"}]
    assert [(each["index"], each["error"]["step"]) for each in output(run)["errors"]] == [(1, "x")]


@pytest.mark.pain(16)
def test_an_error_edge_inside_a_body_catches_the_error_of_its_item(started: Started, the_shop: Shop) -> None:
    refuse(the_shop, "two")
    run = started("a", LIST, a=each("x -error-> y", {"result": "=steps.y ?? 'well'"}, x=PUT, y=gives("mended")))
    work()

    assert output(run)["items"] == ["well", "mended", "well"]


def test_items_side_by_side_wait_together_and_no_more_than_allowed(started: Started, the_shop: Shop) -> None:
    the_shop.before = [TryLater("Busy.", sent=False) for _ in range(2)]
    run = started("a", LIST, a=each("x", {"concurrency": 2}, x=PUT))
    work()
    assert list(RunStep.objects.filter(run=run, step="x").values_list("item", "state")) == [
        ("0", "waiting"),
        ("1", "waiting"),
    ]
    later(run)
    work()
    assert outside(run)["run"] == "succeeded"
    assert sorted(item for _, item in the_shop.written) == ["one", "three", "two"]


def test_a_body_within_a_body_goes_through_the_inner_list(started: Started, the_shop: Shop) -> None:
    inner = each("y", {"items": "=item"}, y=PUT)
    run = started("a", {"list": [["one", "two"], ["three"]]}, a=each("x", x=inner))
    work()

    assert output(run)["items"][0]["items"] == [{"item": "one"}, {"item": "two"}]
    assert set(RunStep.objects.filter(run=run, step="y").values_list("item", flat=True)) == {"0.0", "0.1", "1.0"}


def test_a_doubt_about_one_item_waits_for_a_person(started: Started, the_shop: Shop, actor: Actor) -> None:
    the_shop.after = [TryLater("The connection broke.", sent=True)]
    run = started("a", LIST, a=each("x", x=act("pay", "=item")))
    work()

    assert outside(run) == {"run": "waiting", "a": "waiting"}
    assert RunStep.objects.get(run=run, step="x").state == "in_doubt"

    settle_step(actor, run.id, step="x", item="0", verdict="happened", output={"item": "one"})
    work()
    assert outside(run)["run"] == "succeeded"
    assert len(the_shop.written) == 3


def test_a_cancelled_run_begins_no_further_item(started: Started, actor: Actor) -> None:
    run = started("a", LIST, a=each("x", x={"kind": "wait", "settings": {"seconds": 600}}))
    work()
    cancel_run(actor, run.id)
    work()

    assert set(RunStep.objects.filter(run=run).values_list("step", "item", "state")) == {
        ("a", "", "cancelled"), ("a", "0", "cancelled"), ("x", "0", "cancelled"),
    }  # fmt: skip


def test_a_for_each_over_something_else_fails_with_the_reason(started: Started) -> None:
    run = started("a", {"list": 7}, a=each("x"))
    work()

    assert error_of(run)["message"] == 'Step "a": a for-each needs a list to go through.'


def test_a_body_that_only_computes_is_done_at_once_and_stores_one_row(started: Started) -> None:
    body = each(
        "c -yes-> x\nc -no-> y",
        c={"kind": "condition", "settings": {"if": "=item.n % 2 = 0"}},
        x=gives({"id": "=item.n", "name": "{{ item.name }}"}),
        y=gives("odd"),
    )
    run = started("a", {"list": [{"n": n, "name": f"P{n}"} for n in range(1000)]}, a=body)
    before = time.perf_counter()
    work()

    print("1,000 items took", time.perf_counter() - before)
    assert output(run)["items"][:2] == [{"x": {"id": 0, "name": "P0"}}, {"y": "odd"}]
    assert len(output(run)["items"]) == 1000
    assert RunStep.objects.filter(run=run).count() == 1


def test_both_ways_of_going_through_a_list_give_the_same(started: Started, the_shop: Shop) -> None:
    def body(last: dict[str, Any]) -> dict[str, Any]:
        return each("x -> z\nx -error-> y", {"on_error": "collect"}, x=gives("=10 / item.n"), y=gives(0), z=last)

    run = started("a\nb", {"list": [{"n": 5}, {}, {"n": 2}]}, a=body(gives("=steps.x + 1")))
    work()
    quick = output(run)
    assert quick == {"items": [{"z": 3}, {"y": 0}, {"z": 6}], "errors": []}


WRITES = ("open_steps", "open_item", "await_items", "begin", "succeed", "fail", "postpone", "doubt", "call_again",
          "awake", "rest", "finish", "write")  # fmt: skip


@pytest.mark.pain(11)
@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("concurrency", [1, 3])
def test_a_worker_that_dies_at_any_write_goes_on_at_the_item_it_was_at(
    started: Started, actor: Actor, the_shop: Shop, monkeypatch: pytest.MonkeyPatch, before: bool, concurrency: int
) -> None:
    payload = {"list": ["one", "two"]}
    run = started("a", payload, a=each("x", {"concurrency": concurrency}, x=PUT))
    for number in range(1, 99):
        the_shop.before = [TryLater("Busy.", sent=False)]
        died = False
        with dying_at(number, before=before, monkeypatch=monkeypatch, writes=WRITES) as written:
            for _ in range(3):
                try:
                    work()
                except Died:
                    died = True
                later(run)
        if not died and len(written) < number:
            break
        work()
        later(run)
        work()
        assert outside(run) == {"run": "succeeded", "a": "succeeded"}, (number, written)
        assert output(run) == {"items": [{"item": "one"}, {"item": "two"}], "errors": []}
        assert len({call.key for _, call in the_shop.calls}) == 2
        the_shop.__init__()  # type: ignore[misc]
        Run.objects.all().delete()
        run = start_run(actor, "drawn", payload=payload)
    assert number > 12
