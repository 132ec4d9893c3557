"""The pages of workflows and runs, as a person clicks through them."""

from __future__ import annotations

import pytest
from django.test import Client

from hub.accounts.access import Actor
from hub.connections.models import Connection
from hub.sdk import TryLater
from hub.vault import seal
from tests.shop_connector.service import Shop
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import act, work
from workflows.models import Run
from workflows.services.workflows import create_workflow, publish


@pytest.fixture
def client_of_alice(alice: Actor, the_shop: Shop) -> Client:
    made = Connection(workspace=alice.workspace, name="Shop", slug="shop", connector="shop")
    made.sealed = seal({"token": "t-123456"}, made.place)
    made.save()
    create_workflow(alice, slug="orders", document=drawn("a -> b", b=act("pay", "<b>ink</b>")))
    publish(alice, "orders", revision=1)
    client = Client()
    assert alice.person is not None
    client.force_login(alice.person)
    return client


def test_a_person_starts_a_run_and_sees_each_step(client_of_alice: Client, the_shop: Shop) -> None:
    assert "Orders" not in client_of_alice.get("/workflows").content.decode()
    assert "Start a run of version 1" in client_of_alice.get("/workflows/orders").content.decode()

    answer = client_of_alice.post("/workflows/orders/start", {"payload": "{}"}, follow=True)
    assert "data-live" in answer.content.decode()
    work()

    shown = client_of_alice.get(answer.redirect_chain[-1][0]).content.decode()
    assert "data-live" not in shown
    assert "&lt;b&gt;ink&lt;/b&gt;" in shown
    assert "<b>ink</b>" not in shown
    assert "1 attempt" in shown


def test_a_person_settles_a_doubt(client_of_alice: Client, the_shop: Shop) -> None:
    the_shop.after = [TryLater("The connection broke.", sent=True)]
    client_of_alice.post("/workflows/orders/start", {"payload": "{}"})
    work()
    run = Run.objects.get()
    shown = client_of_alice.get(f"/runs/{run.id}").content.decode()
    assert "It happened: go on" in shown
    assert "The connection broke." in shown

    client_of_alice.post(f"/runs/{run.id}/act", {"verb": "happened", "step": "b"})
    work()
    assert Run.objects.get().state == "succeeded"
    assert len(the_shop.written) == 1


def test_input_that_is_no_object_starts_nothing(client_of_alice: Client) -> None:
    answer = client_of_alice.post("/workflows/orders/start", {"payload": "[1"}, follow=True)

    assert "not a JSON object" in answer.content.decode()
    assert not Run.objects.exists()


def test_a_run_of_another_workspace_is_not_found(client_of_alice: Client, charlie: Actor) -> None:
    client_of_alice.post("/workflows/orders/start", {"payload": "{}"})
    other = Client()
    assert charlie.person is not None
    other.force_login(charlie.person)

    assert other.get(f"/runs/{Run.objects.get().id}").status_code == 404
    assert other.get("/runs").status_code == 200
