"""A run waits for a message; it comes before or after, once, and is never lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from hub.accounts.access import Actor
from tests.shop_connector.service import Shop
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import act, later, states, work
from workflows.models import Message, Run, RunStep
from workflows.services.messages import send_message
from workflows.services.runs import start_run
from workflows.services.waiting import in_detail

Started = Callable[..., Run]
PAID = {"kind": "receive", "settings": {"event": "paid", "key": "=trigger.order", "deadline_seconds": 600}}


def output(run: Run, step: str = "a") -> Any:
    return RunStep.objects.get(run=run, step=step).output


def test_a_run_waits_for_its_own_message_and_takes_it(started: Started, actor: Actor) -> None:
    run = started("a -> b", {"order": 7}, a=PAID)
    work()
    assert states(run) == {"run": "waiting", "a": "waiting"}
    assert 'Waits for the event "paid" about "7"' in in_detail(Run.objects.get(id=run.id))
    send_message(actor, event="paid", key="8", payload=1)
    work()
    assert states(run)["run"] == "waiting"
    send_message(actor, event="paid", key="7", payload={"amount": 5})
    work()
    assert (states(run)["run"], output(run)) == ("succeeded", {"amount": 5})


@pytest.mark.pain(15)
def test_a_message_that_comes_before_is_kept_and_a_second_sending_of_it_is_the_same(
    started: Started, actor: Actor
) -> None:
    for _ in range(2):
        send_message(actor, event="paid", key="7", payload="first", identity="m-1")
    run = started("a", {"order": 7}, a=PAID)
    work()
    assert (states(run)["run"], output(run)) == ("succeeded", "first")
    assert Message.objects.count() == 1


@pytest.mark.pain(15)
def test_a_message_is_taken_once_by_whoever_waits_longest(started: Started, actor: Actor) -> None:
    first = started("a", {"order": 7}, a=PAID)
    work()
    second = start_run(actor, "drawn", payload={"order": 7})
    work()
    send_message(actor, event="paid", key="7")
    work()
    assert (states(first)["run"], states(second)["run"]) == ("succeeded", "waiting")


def test_after_its_deadline_it_leaves_by_expired(started: Started) -> None:
    run = started("a -> b\na -expired-> c", {"order": 7}, a=PAID)
    work()
    RunStep.objects.filter(run=run).update(created_at=timezone.now() - timedelta(hours=1))
    later(run)
    work()
    assert (states(run)["b"], states(run)["c"]) == ("skipped", "succeeded")


def address(the_shop: Shop) -> str:
    return the_shop.written[0][1].partition("://")[2].partition("/")[2]


@pytest.mark.parametrize("early", [True, False])
def test_an_answer_comes_to_an_address_that_an_earlier_step_sent_once_and_by_no_mere_opening(
    started: Started, the_shop: Shop, early: bool
) -> None:
    wait = {"kind": "wait", "settings": {"seconds": 60 if early else 0}}
    run = started("s -> w -> a", s=act("put", "{{ run.callbacks.a }}"), w=wait, a={"kind": "receive"})
    work()
    client = Client()
    path = f"/{address(the_shop)}"
    assert client.get(path).status_code == 405
    assert client.post(path, {"ok": True}, content_type="application/json").status_code == 202
    assert client.post(path, {"ok": False}, content_type="application/json").status_code == 409
    RunStep.objects.filter(run=run, step="w").update(created_at=timezone.now() - timedelta(hours=1))
    later(run)
    work()
    assert (states(run)["run"], output(run)["body"]) == ("succeeded", {"ok": True})
    assert client.post(path, {}, content_type="application/json").status_code == 404, "The run has ended."
    assert client.post(f"{path}x", {}, content_type="application/json").status_code == 404


def test_each_item_has_an_address_of_its_own(started: Started, the_shop: Shop) -> None:
    body = drawn("s -> a", s=act("put", "{{ run.callbacks.a }}"), a={"kind": "receive"})
    each = {"kind": "each", "settings": {"items": "=[1, 2]", "concurrency": 2},
            "body": {key: body[key] for key in ("steps", "edges")}}  # fmt: skip
    run = started("e", e=each)
    work()
    assert len({item for _, item in the_shop.written}) == 2
    for _, item in the_shop.written:
        path = "/" + item.partition("://")[2].partition("/")[2]
        assert Client().post(path, {}, content_type="application/json").status_code == 202
    work()
    assert Run.objects.get(id=run.id).state == "succeeded"


@pytest.mark.pain(15)
@pytest.mark.django_db(transaction=True)
def test_messages_and_workers_side_by_side_lose_nothing(started: Started, actor: Actor) -> None:
    runs = [started("a", {"order": 0}, a=PAID)] + [
        start_run(actor, "drawn", payload={"order": n}) for n in range(1, 12)
    ]

    def send() -> None:
        try:
            for number in range(12):
                send_message(actor, event="paid", key=str(number))
        finally:
            connection.close()

    sender = threading.Thread(target=send)
    sender.start()
    while sender.is_alive():
        work()
    work()
    assert {states(run)["run"] for run in runs} == {"succeeded"}
