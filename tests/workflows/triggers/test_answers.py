"""A webhook is answered at once, or with what its run gave, within a deadline."""

from __future__ import annotations

import json
import threading
import time
from typing import Any

import pytest
from django.db import connection

from hub.accounts.access import Actor
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import work
from tests.workflows.triggers.test_webhooks import call
from workflows.models import Run, Trigger
from workflows.services.workflows import create_workflow, publish, switch
from workflows.triggers import answers

WAIT = {"kind": "wait", "settings": {"seconds": 600}}
DOUBLE = {"kind": "transform", "settings": {"value": "=trigger.body.n * 2"}}


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the workers do happens while a call waits."""

    def pause() -> float:
        work()
        return 0.0

    monkeypatch.setattr(answers, "_pause", pause)


def hook(actor: Actor, picture: str, steps: dict[str, Any], **settings: Any) -> Trigger:
    triggers = [{"id": "t", "kind": "webhook", "settings": {"answer": "result"} | settings}]
    create_workflow(actor, slug="drawn", document=drawn(picture, **steps) | {"triggers": triggers})
    publish(actor, "drawn", revision=1)
    switch(actor, "drawn", on=True)
    return Trigger.objects.get()


def test_a_call_is_answered_with_what_its_run_gave(actor: Actor, worker: None) -> None:
    reply = call(hook(actor, "a", {"a": DOUBLE}), {"n": 21})
    run = Run.objects.get()
    assert (reply.status, reply.body) == (200, {"run": str(run.id), "state": "succeeded", "result": {"a": 42}})


def test_a_step_answers_and_the_run_goes_on(actor: Actor, worker: None) -> None:
    respond = {"kind": "respond", "settings": {"status": 201, "body": {"got": "=trigger.body.n"}}}
    reply = call(hook(actor, "a -> b", {"a": respond, "b": WAIT}), {"n": 3})
    assert (reply.status, reply.body) == (201, {"got": 3})
    assert Run.objects.get().state == "waiting"


def test_a_call_whose_run_failed_is_told_so_and_nothing_of_why(actor: Actor, worker: None) -> None:
    reply = call(hook(actor, "a", {"a": {"kind": "stop", "settings": {"message": "Inner matters."}}}), {"n": 1})
    assert (reply.status, reply.body["state"]) == (500, "failed")
    assert "Inner" not in json.dumps(reply.body)


def test_after_the_deadline_the_answer_is_where_to_look_and_the_run_goes_on(
    actor: Actor, worker: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    trigger = hook(actor, "a", {"a": WAIT}, answer_seconds=1)
    reply = call(trigger, {"n": 1})
    assert (reply.status, reply.headers["Location"]) == (202, reply.body["status"])
    monkeypatch.setattr(answers, "MOST_WAITING", 0)
    assert call(trigger, {"n": 1}).status == 202, "Too many wait already."


def test_the_same_call_again_gets_the_same_answer(actor: Actor, worker: None) -> None:
    trigger = hook(actor, "a", {"a": DOUBLE}, key="=$string(trigger.body.n)")
    assert call(trigger, {"n": 2}).body == call(trigger, {"n": 2}).body
    assert Run.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_calls_wait_side_by_side_and_each_gets_its_own_answer(actor: Actor) -> None:
    trigger = hook(actor, "a", {"a": DOUBLE})
    found: dict[int, Any] = {}

    def caller(number: int) -> None:
        try:
            found[number] = call(trigger, {"n": number}).body["result"]["a"]
        finally:
            connection.close()

    threads = [threading.Thread(target=caller, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        work()
    assert found == {number: number * 2 for number in range(8)}


@pytest.mark.django_db(transaction=True)
def test_a_call_is_told_of_its_run_and_does_not_ask_again_and_again(
    actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "_pause", lambda: 60.0)
    monkeypatch.setattr(answers, "_looked_at", time.monotonic())  # Nobody looks without having been told.
    trigger = hook(actor, "a", {"a": DOUBLE}, answer_seconds=20)
    _until_it_listens(monkeypatch)
    found = []

    def caller() -> None:
        try:
            found.append(call(trigger, {"n": 4}).body)
        finally:
            connection.close()

    thread = threading.Thread(target=caller)
    thread.start()
    while thread.is_alive():
        work()
    assert found[0]["result"] == {"a": 8}


def _until_it_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is told before somebody listens is told to nobody."""
    ears = answers._Ears()
    monkeypatch.setattr(answers, "_ears", ears)
    ears.open()
    deadline = time.monotonic() + 20
    while not ears.hear and time.monotonic() < deadline:
        time.sleep(0.01)
    assert ears.hear
