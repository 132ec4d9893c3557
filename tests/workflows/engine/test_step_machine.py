"""What becomes of a step that calls: try, retry, error port, fail, doubt. Every course of it is taken, for every
effect that an action can have, and held against what the rules say."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from hub.accounts.access import Actor
from hub.sdk import Rejected, Settled, TryLater, UnexpectedReply
from tests.shop_connector.service import Shop
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import act, later, states, work
from workflows.models import RunStep
from workflows.services.runs import start_run
from workflows.services.workflows import create_workflow, publish

EFFECTS = {"look": "none", "put": "keyed", "pay": "once"}
ANSWERS = ("ok", "refused", "odd", "busy", "lost", "written and lost")
LATER, FAILED, DOUBT, DONE = "later", "failed", "in_doubt", "succeeded"


def after_a_call(effect: str, answer: str, *, reads_back: bool) -> str:
    """The rules, for one call."""
    is_unknown = answer in ("odd", "lost", "written and lost")
    if effect == "once" and is_unknown:
        if not reads_back:
            return DOUBT
        return DONE if answer == "written and lost" else LATER
    return {"ok": DONE, "refused": FAILED, "odd": FAILED}.get(answer, LATER)


def course(effect: str, answers: tuple[str, ...], attempts: int, *, reads_back: bool) -> tuple[str, int]:
    """What becomes of the step in the end, and how often it has called."""
    for number, answer in enumerate([*answers, "ok"], start=1):
        became = after_a_call(effect, answer, reads_back=reads_back)
        if became != LATER:
            return became, number
        if number == attempts:
            return FAILED, number
    raise AssertionError


def all_courses() -> Iterator[tuple[tuple[str, ...], int]]:
    for attempts in (1, 2):
        for answers in product(ANSWERS, repeat=attempts):
            yield answers, attempts


def told(shop: Shop, answers: tuple[str, ...], *, reads_back: bool) -> None:
    """Each call of the service takes the next of these answers."""
    shop.__init__()  # type: ignore[misc]
    left = list(answers)
    raises = {
        "refused": Rejected("No."), "odd": UnexpectedReply("What?"), "busy": TryLater("Busy.", sent=False),
        "lost": TryLater("Cut off.", sent=True), "written and lost": TryLater("Cut off.", sent=True),
    }  # fmt: skip

    def write(name: str, item: str, call: Any) -> None:
        shop.calls.append((name, call))
        answer = left.pop(0) if left else "ok"
        if answer in ("ok", "written and lost"):
            shop.written.append((name, item))
        if answer != "ok":
            raise raises[answer]

    shop.write = write  # type: ignore[method-assign]
    if reads_back:
        shop.settles = lambda item: Settled.DONE if shop.written else Settled.NOT_DONE


@pytest.mark.pain(16)
@pytest.mark.django_db
@pytest.mark.timeout(300)
@pytest.mark.parametrize("caught", [True, False])
@pytest.mark.parametrize("action", list(EFFECTS))
def test_every_course_of_a_step_is_the_one_that_the_rules_say(
    actor: Actor, the_shop: Shop, action: str, caught: bool
) -> None:
    picture = "a -> b" + ("\na -error-> c" if caught else "")
    for attempts in (1, 2):
        step = act(action, retry={"attempts": attempts, "first_seconds": 1})
        create_workflow(actor, slug=f"w{attempts}", document=drawn(picture, a=step))
        publish(actor, f"w{attempts}", revision=1)
    effect, taken = EFFECTS[action], set()
    for (answers, attempts), reads_back in product(all_courses(), [False, True] if effect == "once" else [False]):
        became, calls = course(effect, answers, attempts, reads_back=reads_back)
        if calls < len(answers):
            continue  # The rest of the answers is heard by nobody.
        told(the_shop, answers, reads_back=reads_back)
        run = start_run(actor, f"w{attempts}", payload={})
        work()
        later(run)
        work()

        found, about = states(run), (answers, attempts, reads_back)
        goes_on = became == DONE or (became == FAILED and caught)
        assert found["a"] == became, about
        assert len(the_shop.calls) == calls, about
        assert found["run"] == ("waiting" if became == DOUBT else "succeeded" if goes_on else "failed"), about
        if became == FAILED and caught:
            assert found["c"] == "succeeded"
            assert (RunStep.objects.get(run=run, step="a").error or {})["message"], "kept for whoever looks"
        assert len({call.key for _, call in the_shop.calls}) == 1
        if effect == "once":
            assert len(the_shop.written) <= 1, about
        taken.add(became)
    assert taken == {DONE, FAILED} | ({DOUBT} if effect == "once" else set())
    del the_shop.write
