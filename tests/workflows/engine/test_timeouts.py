"""A call that does not come back ends, and what it brings later changes nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from hub.sdk import Settled
from tests.shop_connector.service import Shop
from tests.workflows.engine.conftest import act, later, states, work
from workflows.engine import calls
from workflows.models import Attempt, Run, RunStep

Started = Callable[..., Run]


class Stuck:
    """A call that hangs."""

    def __init__(self) -> None:
        self.free, self.is_back = threading.Event(), threading.Event()

    def end(self) -> None:
        """Let it go through."""
        self.free.set()
        assert self.is_back.wait(20)


@pytest.fixture
def stuck(the_shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stuck]:
    """The first call hangs until the event is set, and then goes through."""
    monkeypatch.setattr(calls, "GRACE_SECONDS", 0.05)
    made = Stuck()
    original, made_calls = the_shop.write, []

    def write(name: str, item: str, call: Any) -> None:
        made_calls.append(call)
        if len(made_calls) > 1:
            return original(name, item, call)
        made.free.wait(20)
        original(name, item, call)
        return made.is_back.set()

    monkeypatch.setattr(the_shop, "write", write)
    yield made
    made.end()


@pytest.mark.django_db
@pytest.mark.parametrize("effect", ["look", "put"])
def test_a_call_that_is_harmless_to_repeat_is_tried_again(started: Started, stuck: Stuck, effect: str) -> None:
    run = started("a", a=act(effect, timeout_seconds=0.05))
    work()
    assert states(run) == {"run": "waiting", "a": "waiting"}
    assert Attempt.objects.get(step__run=run).error["code"] == "timed-out"  # type: ignore[index]

    later(run)
    work()
    stuck.end()
    assert states(run) == {"run": "succeeded", "a": "succeeded"}


@pytest.mark.django_db
def test_a_call_that_must_not_be_repeated_is_in_doubt_and_stays_so_when_it_comes_back(
    started: Started, the_shop: Shop, stuck: Stuck
) -> None:
    run = started("a", a=act("pay", timeout_seconds=0.05))
    work()
    assert states(run) == {"run": "waiting", "a": "in_doubt"}

    stuck.end()
    assert the_shop.written == [("pay", "pen")]
    assert states(run) == {"run": "waiting", "a": "in_doubt"}
    assert RunStep.objects.get(run=run).output is None


@pytest.mark.django_db
def test_a_call_that_timed_out_is_read_back_where_that_can_be_done(
    started: Started, the_shop: Shop, stuck: Stuck
) -> None:
    the_shop.settles = lambda item: Settled.DONE
    run = started("a", a=act("pay", timeout_seconds=0.05))
    work()

    assert states(run) == {"run": "succeeded", "a": "succeeded"}
