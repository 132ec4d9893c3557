"""Workers of two releases side by side: what the newer has published or begun, the older leaves alone."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest

from hub.accounts.access import Actor
from hub.operations.heartbeats import heard_from
from tests.workflows.drawing import drawn
from tests.workflows.engine.workers import wait_for, worker
from workflows.models import Run, RunStep, Version, Workflow
from workflows.services.messages import send_message
from workflows.services.runs import start_run
from workflows.services.waiting import in_words
from workflows.services.workflows import create_workflow, publish

NEWER = "tests.workflows.engine.next_release:app"
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.durability, pytest.mark.timeout(400)]


class Fleet:
    """The workers of a test."""

    def __init__(self) -> None:
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, *options: str, **how: str) -> None:
        self.running[name] = worker(name, *options, **how)
        wait_for(lambda: f"{name}@here" in heard_from("worker"), 120)

    def kill(self, name: str) -> None:
        process = self.running.pop(name)
        process.kill()
        process.wait(20)

    def stop(self, name: str) -> None:
        process = self.running.pop(name)
        process.terminate()
        assert process.wait(60) == 0


@pytest.fixture
def fleet() -> Iterator[Fleet]:
    made = Fleet()
    yield made
    for name in list(made.running):
        made.kill(name)


def succeeded(*runs: Run) -> bool:
    return Run.objects.filter(id__in=[run.id for run in runs], state="succeeded").count() == len(runs)


def published_by_the_newer(actor: Actor) -> None:
    """A workflow with a kind of step that this release does not know."""
    create_workflow(actor, slug="new", document=drawn("a -> b"))
    document = drawn("a -> loud", loud={"kind": "shout", "settings": {"value": "hello"}})
    held = Workflow.objects.get(slug="new")
    held.published, held.generation = Version.objects.create(workflow=held, number=1, document=document), 2
    held.save()


def test_an_update_without_a_break_and_back_again_loses_and_misreads_no_run(actor: Actor, fleet: Fleet) -> None:
    published_by_the_newer(actor)
    asks = {"kind": "receive", "settings": {"event": "go", "key": "=trigger.n"}}
    again = {"kind": "receive", "settings": {"event": "on", "key": "=trigger.n"}}
    create_workflow(actor, slug="old", document=drawn("a -> first -> b -> second -> c", first=asks, second=again))
    publish(actor, "old", revision=1)
    create_workflow(actor, slug="plain", document=drawn("a -> b"))
    publish(actor, "plain", revision=1)

    # Old workers only: what the new release has published waits, and keeps nothing else waiting.
    fleet.start("old")
    news = [start_run(actor, "new", payload={}) for _ in range(5)]
    held = start_run(actor, "old", payload={"n": 1})
    plain = [start_run(actor, "plain", payload={}) for _ in range(5)]
    wait_for(lambda: succeeded(*plain), 60)
    assert {(run.state, run.fence) for run in Run.objects.filter(workflow__slug="new")} == {("queued", 0)}
    assert "a newer release" in in_words(Run.objects.get(id=news[0].id))

    # A new one beside them, which dies and comes back: each run ends as it was drawn.
    fleet.start("new", app=NEWER)
    wait_for(lambda: succeeded(*news), 60)
    assert set(RunStep.objects.filter(step="loud").values_list("output", flat=True)) == {"HELLO"}
    wait_for(lambda: RunStep.objects.filter(run=held, step="first", state="waiting").exists(), 60)
    assert Run.objects.get(id=held.id).generation == 1

    # The new one goes on with what an old one has begun.
    fleet.stop("old")
    send_message(actor, event="go", key="1", payload="went", identity="go")
    wait_for(lambda: RunStep.objects.filter(run=held, step="second", state="waiting").exists(), 60)
    assert Run.objects.get(id=held.id).generation == 2

    # Back again: an old one leaves alone what a new one has gone on with, also after its death.
    fleet.kill("new")
    fleet.start("older")
    send_message(actor, event="on", key="1", payload="went on", identity="on")
    plain = [start_run(actor, "plain", payload={}) for _ in range(5)]
    wait_for(lambda: succeeded(*plain), 60)
    row = Run.objects.get(id=held.id)
    assert (row.state, row.generation) == ("waiting", 2)
    assert "a newer release" in in_words(row)

    fleet.start("newer", app=NEWER)
    wait_for(lambda: succeeded(held), 60)
    assert not Run.objects.filter(state="failed").exists()
    assert RunStep.objects.filter(run=held).count() == 5
