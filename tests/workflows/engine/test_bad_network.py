"""A network that cuts, delays and half-closes: the hub finds out what happened, and does nothing a second time."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from django.db import Error, connection

from hub.accounts.access import Actor
from hub.connections.models import Connection
from tests.chaos.proxy import Proxy
from tests.hub.sdk.servers import reply, web
from tests.shop_connector.service import Shop
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import act, later, states, work
from tests.workflows.triggers.test_webhooks import call
from workflows import leases
from workflows.engine import draining
from workflows.engine.under_way import UnderWay
from workflows.models import Run
from workflows.services.runs import start_run
from workflows.services.workflows import create_workflow, publish, switch

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
WRITES = re.compile(rb"\b(INSERT INTO|UPDATE|DELETE FROM|COMMIT)\b")
Started = Callable[..., Run]


@pytest.fixture
def between(transactional_db: None) -> Iterator[Proxy]:
    """What stands between this process and PostgreSQL."""
    settings = connection.settings_dict
    right = settings["HOST"], settings["PORT"]
    made = Proxy(Path(right[0]) / ".s.PGSQL.5432")
    connection.close()
    settings["HOST"], settings["PORT"] = "127.0.0.1", str(made.port)
    yield made
    connection.close()
    settings["HOST"], settings["PORT"] = right
    made.stop()


class Cutter:
    """Cuts the connection at the nth write that passes, once."""

    def __init__(self, number: int, how: str) -> None:
        self.number, self.how, self.count, self.has_cut = number, how, 0, False

    def __call__(self, data: bytes) -> str:
        if not WRITES.search(data):
            return ""
        self.count += 1
        if self.count != self.number:
            return ""
        self.has_cut = True
        return self.how


@pytest.mark.pain(7)
@pytest.mark.parametrize("how", ["cut before", "cut after", "cut within"])
@pytest.mark.parametrize("effect", ["put", "pay"])
def test_whichever_write_to_the_database_is_cut_off_the_run_ends_and_writes_nothing_twice(
    started: Started, between: Proxy, the_shop: Shop, monkeypatch: pytest.MonkeyPatch, effect: str, how: str
) -> None:
    monkeypatch.setattr(draining, "PAUSE_SECONDS", 0.01)
    first, number, cut = started("a -> b -> c", b=act(effect)), 0, True
    while cut:
        number += 1
        the_shop.__init__()  # type: ignore[misc]
        monkeypatch.setattr(draining, "under_way", UnderWay())
        run = first if number == 1 else start_run(Actor.system(first.workspace), "drawn", payload={})
        between.on_request = cutter = Cutter(number, how)
        try:
            draining.drain(10)
        except Error:
            connection.close()
        cut, between.on_request = cutter.has_cut, lambda data: ""
        leases.keeper.free_given_up()
        later(run)
        work()

        found = states(run)
        if found.get("b") == "in_doubt":
            assert effect == "pay"
            assert len(the_shop.written) <= 1
        else:
            assert found == {"run": "succeeded", "a": "succeeded", "b": "succeeded", "c": "succeeded"}, number
            assert len({call.key for _, call in the_shop.calls}) == 1
            assert effect != "pay" or len(the_shop.written) == 1
    assert number > 4


@pytest.mark.parametrize("how", ["cut before", "cut after", "cut within"])
def test_a_call_whose_storing_was_not_confirmed_is_acknowledged_when_it_is_stored_and_starts_one_run(
    actor: Actor, between: Proxy, how: str
) -> None:
    hook = {"id": "order", "kind": "webhook", "settings": {"path": "orders", "key": "=trigger.body.id"}}
    create_workflow(actor, slug="orders", document=drawn("a") | {"triggers": [hook]})
    publish(actor, "orders", revision=1)
    switch(actor, "orders", on=True)
    answers = Counter[int]()
    for number in range(1, 4):
        between.on_request = Cutter(number, how)
        for _ in range(5):
            answer = call("orders", {"id": number})
            answers[answer.status] += 1
            if answer.status == 202:
                break
    assert answers[202] == 3, answers
    assert set(answers) <= {202, 503}
    assert Run.objects.count() == 3


def test_a_database_that_is_slow_and_half_closes_costs_time_only(
    started: Started, between: Proxy, the_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draining, "under_way", UnderWay())
    run = started("a -> b -> c", b=act("put"))
    between.weather.delay_seconds = 0.02
    assert between.half_close()
    for _ in range(2):
        try:
            draining.drain(10)
        except Error:
            connection.close()
    assert states(run) == {"run": "succeeded", "a": "succeeded", "b": "succeeded", "c": "succeeded"}
    assert len(the_shop.calls) == 1


def test_what_a_silent_database_held_up_goes_on_when_it_speaks_again(
    started: Started, between: Proxy, the_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draining, "under_way", UnderWay())
    run = started("a -> b", b=act("pay"))
    between.weather.silent = True
    speaks = threading.Timer(2, lambda: setattr(between.weather, "silent", False))
    speaks.start()
    draining.drain(10)
    speaks.join()
    assert states(run) == {"run": "succeeded", "a": "succeeded", "b": "succeeded"}
    assert len(the_shop.written) == 1


# Between the hub and a service


@pytest.mark.parametrize("how", ["cut before", "cut after", "cut within"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_answer_that_does_not_come_whole_is_asked_for_again_or_is_in_doubt(
    actor: Actor, settings: object, how: str, method: str
) -> None:
    written = Counter[str]()

    def take(handler: BaseHTTPRequestHandler) -> None:
        written[handler.command] += 1
        reply(handler, body=b'{"done": "' + b"x" * 2000 + b'"}', Content_Type="application/json")

    settings.EGRESS_ALLOW = ("127.0.0.1",)  # type: ignore[attr-defined]
    with web(take) as service:
        between = Proxy(("127.0.0.1", service.port))
        cut = iter([how])
        between.on_request = lambda data: next(cut, "")
        base = {"base_url": f"http://127.0.0.1:{between.port}"}
        Connection.objects.create(workspace=actor.workspace, name="W", slug="web", connector="http", settings=base)
        asked = {"kind": "action", "connection": "web", "input": {"path": "x"}}
        asked |= {"action": "http.get"} if method == "GET" else {"action": "http.send"}
        create_workflow(actor, slug="calls", document=drawn("a", a=asked))
        publish(actor, "calls", revision=1)
        run = start_run(actor, "calls", payload={})
        for _ in range(3):
            work()
            later(run)
        between.stop()

    if method == "GET":
        assert states(run) == {"run": "succeeded", "a": "succeeded"}
    else:
        assert states(run)["a"] == "in_doubt"
        assert written["POST"] == (0 if how == "cut before" else 1)
