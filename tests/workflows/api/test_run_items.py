"""What a run did for one item is seen, whether its steps were stored or only computed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from hub.accounts.access import Actor
from hub.connections.models import Connection
from tests.browser.conftest import connected
from tests.workflows.conftest import the_shop
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import act, work
from tests.workflows.engine.test_rounds import ADD, loop
from tests.workflows.graph.test_bodies import each, gives
from workflows.services.runs import start_run
from workflows.services.workflows import create_workflow, publish

__all__ = ["connected", "the_shop"]
pytestmark = pytest.mark.django_db(transaction=True)
Api = Callable[..., APIClient]


@pytest.fixture
def ran(bob: Actor, connected: Connection) -> Callable[..., str]:
    def run(payload: dict[str, Any], picture: str, **steps: Any) -> str:
        create_workflow(bob, slug="drawn", document=drawn(picture, **steps))
        publish(bob, "drawn", revision=1)
        held = start_run(bob, "drawn", payload=payload)
        work()
        return f"/api/v1/runs/{held.id}"

    return run


def steps(answer: dict[str, Any]) -> list[tuple[str, str, Any]]:
    return [(line["step"], line["state"], line["output"]) for line in answer["steps"]]


def test_an_item_that_was_carried_out_shows_its_steps(api: Api, bob: Actor, ran: Callable[..., str]) -> None:
    body = each("x -> y", x=act("put", "=item"), y=gives("=steps.x.item & steps.s"))
    run = ran({"list": ["one", "two"]}, "s -> a", s=gives("!"), a=body)

    seen = api(bob).get(f"{run}/steps/a/items/1").json()

    assert (seen["index"], seen["total"], seen["item"], seen["state"], seen["output"]) == (
        1,
        2,
        "two",
        "succeeded",
        "two!",
    )
    assert [(name, state) for name, state, _ in steps(seen)] == [("x", "succeeded"), ("y", "succeeded")]
    assert seen["steps"][0]["input"] == {"item": "two"}


def test_an_item_that_was_only_computed_is_computed_again(api: Api, bob: Actor, ran: Callable[..., str]) -> None:
    low = {"kind": "condition", "settings": {"if": "=item < 2"}}
    body = each("x -yes-> y\nx -no-> z", x=low, y=gives("=item + steps.s"), z=gives("=$error('no')"))
    run = ran(
        {"list": [1, 5]},
        "s -> a",
        s=gives(10),
        a=body | {"settings": {"items": "=trigger.list", "on_error": "collect"}},
    )

    first = api(bob).get(f"{run}/steps/a/items/0").json()
    assert steps(first) == [("x", "succeeded", {"result": True}), ("y", "succeeded", 11), ("z", "skipped", None)]
    second = api(bob).get(f"{run}/steps/a/items/1").json()
    assert second["state"] == "failed"
    assert second["error"]["step"] == "z"


def test_a_for_each_within_a_for_each_is_asked_by_the_item_around_it(
    api: Api, bob: Actor, ran: Callable[..., str]
) -> None:
    inner = each("y", {"items": "=item"}, y=gives("=item * 2"))
    run = ran({"list": [[1], [2, 3]]}, "a", a=each("b", b=inner))

    seen = api(bob).get(f"{run}/steps/b/items/1?within=1").json()

    assert (seen["path"], seen["item"], seen["total"]) == ("1.1", 3, 2)
    assert steps(seen) == [("y", "succeeded", 6)]


def test_each_round_of_a_loop_is_seen(api: Api, bob: Actor, ran: Callable[..., str]) -> None:
    run = ran({}, "a", a=loop("=steps.x >= 3", x=ADD))

    seen = api(bob).get(f"{run}/steps/a/items/2").json()

    assert (seen["total"], seen["item"], steps(seen)) == (3, 2, [("x", "succeeded", 3)])


def test_an_item_that_is_not_there_and_a_step_that_has_none_are_said(
    api: Api, bob: Actor, ran: Callable[..., str]
) -> None:
    run = ran({"list": [1]}, "s -> a", s=gives(1), a=each("x", x=gives("=item")))

    assert "has 1 items" in api(bob).get(f"{run}/steps/a/items/1").json()["detail"]
    assert api(bob).get(f"{run}/steps/s/items/0").status_code == 404
    assert api(bob).get(f"{run}/steps/a/items/0?within=x").status_code == 400
