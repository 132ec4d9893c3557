"""What runs are about: their business keys, made of expressions, found again by anybody who may see the runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hub.accounts.access import Actor
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import act, later, work
from workflows.engine.draining import drain
from workflows.models import Run, RunKey
from workflows.services import keys
from workflows.services.runs import cancel_run, list_runs, start_run
from workflows.services.workflows import create_workflow, publish

Start = Callable[..., Run]
LIST = {"kind": "transform", "settings": {"value": '=["A-1", "A-2", "A-1"]'}}
WAIT = {"kind": "wait", "settings": {"seconds": 600}}


@pytest.fixture
def start(actor: Actor) -> Start:
    """Runs of a workflow whose runs have these business keys."""

    def begin(picture: str, declared: dict[str, str], payload: dict[str, Any], **steps: Any) -> Run:
        if not list_runs(actor).exists():
            create_workflow(actor, slug="drawn", document=drawn(picture, **steps) | {"keys": declared})
            publish(actor, "drawn", revision=1)
        return start_run(actor, "drawn", payload=payload)

    return begin


def known(run: Run) -> set[tuple[str, str]]:
    return set(RunKey.objects.filter(run=run).values_list("name", "value"))


def test_a_run_has_the_keys_that_its_input_and_its_steps_tell(start: Start) -> None:
    run = start("a", {"person": "=trigger.who", "job": "=steps.a"}, {"who": "Mara"}, a=LIST)
    work()
    assert known(run) == {("person", "Mara"), ("job", "A-1"), ("job", "A-2")}


def test_runs_that_are_stored_together_have_their_keys(start: Start) -> None:
    runs = [start("a", {"person": "=trigger.who"}, {"who": who}, a=LIST) for who in ("Mara", "Ben", "Ada")]
    drain(5)
    assert [known(run) for run in runs] == [{("person", who)} for who in ("Mara", "Ben", "Ada")]


def test_a_run_that_waits_can_be_found_already(start: Start) -> None:
    run = start("a -> b", {"person": "=trigger.who", "job": "=steps.b.until"}, {"who": "Mara"}, a=act("put"), b=WAIT)
    work()
    assert known(run) == {("person", "Mara")}
    later(run, 3600)


def test_a_key_that_has_no_value_does_not_hinder_the_run(start: Start) -> None:
    run = start("a", {"person": "=trigger.who", "job": "=$number(trigger.no)"}, {"no": "seven"}, a=LIST)
    work()
    assert (Run.objects.get(id=run.id).state, known(run)) == ("succeeded", set())


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (7, {"7"}),
        (True, {"true"}),
        (None, set()),
        ({"a": 1}, set()),
        ("  x ", {"x"}),
        ("", set()),
        (["a", ["b"]], {"a", "b"}),
    ],
)
def test_only_single_values_are_keys(start: Start, value: Any, kept: set[str]) -> None:
    run = start("a", {"it": "=trigger.it"}, {"it": value}, a=LIST)
    work()
    assert {value for _, value in known(run)} == kept


def test_a_run_that_was_cancelled_before_it_began_is_found_by_what_it_was_started_with(
    start: Start, actor: Actor
) -> None:
    run = start("a", {"person": "=trigger.who"}, {"who": "Mara"}, a=LIST)
    cancel_run(actor, run.id)
    work()
    assert known(run) == {("person", "Mara")}


def test_runs_are_found_by_key_by_value_and_by_how_a_value_begins(start: Start, actor: Actor) -> None:
    mara, ben = (start("a", {"person": "=trigger.who"}, {"who": who}, a=LIST) for who in ("Mara.Vogt", "ben_%1"))
    work()
    assert [run.id for run in list_runs(actor, key="person", value="mara.vogt")] == [mara.id]
    assert [run.id for run in list_runs(actor, search="MARA")] == [mara.id]
    assert [run.id for run in list_runs(actor, key="person")] == [ben.id, mara.id]
    assert [run.id for run in list_runs(actor, search="ben_%")] == [ben.id]
    assert not list_runs(actor, key="job", value="mara.vogt").exists()
    assert keys.offered_values(actor, "person", search="m") == ["Mara.Vogt"]
    assert keys.offered_values(actor, "person") == ["ben_%1", "Mara.Vogt"]
    assert [(each.name, each.workflows) for each in keys.list_keys(actor)] == [("person", ["drawn"])]


def test_a_timeline_tells_what_each_run_did(start: Start, actor: Actor) -> None:
    run = start("a -> b", {"person": "=trigger.who"}, {"who": "Mara"}, a=LIST, b=act("put", title="Note it"))
    work()
    (chapter,) = keys.chapters_of(actor, list(list_runs(actor, key="person", value="Mara")))
    assert chapter.run.id == run.id
    assert [(each["title"], each["action"], each["state"]) for each in chapter.done] == [
        ("Note it", "shop.put", "succeeded")
    ]
