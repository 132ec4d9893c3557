"""A loop ends when its expression is true or its limit is reached, and goes on at the round it was at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hub.sdk import Rejected
from tests.shop_connector.service import Shop
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import act, error_of, later, states, work
from tests.workflows.engine.test_durability import Died
from workflows.models import Run, RunStep

Started = Callable[..., Run]
ADD = {"kind": "transform", "settings": {"value": "=item + 1"}}


def loop(until: str, picture: str = "x", *, limit: int = 10, **steps: Any) -> dict[str, Any]:
    body = drawn(picture, **steps)
    settings = {"until": until, "limit": limit, "start": 0}
    return {"kind": "repeat", "settings": settings, "body": {key: body[key] for key in ("steps", "edges")}}


def output(run: Run) -> Any:
    return RunStep.objects.get(run=run, step="a", item="").output


def test_each_round_sees_what_the_round_before_gave(started: Started) -> None:
    run = started("a -> b", a=loop("=steps.x >= 3", x=ADD))
    work()
    assert states(run)["run"] == "succeeded"
    assert output(run) == {"result": 3, "rounds": 3}


def test_at_its_limit_it_leaves_by_another_way(started: Started) -> None:
    run = started("a -> b\na -limit-> c", a=loop("=false", limit=4, x=ADD))
    work()
    assert (states(run)["b"], states(run)["c"]) == ("skipped", "succeeded")
    assert output(run) == {"result": 4, "rounds": 4}


def test_a_round_that_fails_fails_the_step_and_says_which(started: Started, the_shop: Shop) -> None:
    run = started("a", a=loop("=index = 2", x=act("put")))
    the_shop.before = [Rejected("No.")]
    work()
    assert error_of(run)["message"] == "Round 0: No."


def test_a_worker_that_dies_goes_on_at_the_round_it_was_at(
    started: Started, the_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = started("a", a=loop("=index = 3", x=act("put", "{{ index }}")))
    original = the_shop.write

    def die(name: str, item: str, call: Any) -> None:
        if item == "2":
            raise Died
        original(name, item, call)

    with monkeypatch.context() as patch:
        patch.setattr(the_shop, "write", die)
        with pytest.raises(Died):
            work()
    later(run)
    work()
    assert states(run)["run"] == "succeeded"
    assert [item for _, item in the_shop.written] == ["0", "1", "2", "3"]
