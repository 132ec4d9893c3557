"""The pages of workflows and runs, as a person clicks through them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils.html import escape

from hub.accounts.access import Actor
from hub.connections.models import Connection
from hub.vault import seal
from tests.shop_connector.service import Shop
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import act
from workflows.models import Run, Trigger
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


@pytest.fixture
def triggers(client_of_alice: Client, alice: Actor) -> list[Trigger]:
    """A workflow with a form, a webhook and a schedule, published."""
    form = {"type": "object", "required": ["who"], "properties": {"who": {"type": "string", "title": "Who"}}}
    document = drawn("a") | {
        "triggers": [
            {"id": "hand", "kind": "manual", "settings": {"input": form}},
            {"id": "call", "kind": "webhook", "settings": {"check": {"kind": "token"}}},
            {"id": "daily", "kind": "schedule", "settings": {"cron": "0 7 * * *"}},
        ]
    }
    create_workflow(alice, slug="daily", document=document)
    publish(alice, "daily", revision=1)
    return list(Trigger.objects.order_by("name"))


def test_a_person_switches_triggers_on_and_makes_a_secret(client_of_alice: Client, triggers: list[Trigger]) -> None:
    before = client_of_alice.get("/workflows/daily").content.decode()
    assert "it has no secret yet" in before
    assert "At 07:00 (UTC)" in before.replace("every day ", "")
    client_of_alice.post("/workflows/daily/switch", {"on": "yes"})
    shown = client_of_alice.post(f"/triggers/{triggers[0].id}/act", {"verb": "secret"}, follow=True).content.decode()
    assert "Switched on" in shown
    assert "The new secret, shown this once" in shown
    assert "The new secret" not in client_of_alice.get("/workflows/daily").content.decode()
    assert "Next:" in shown


def test_a_person_fills_in_the_form_and_a_gap_is_shown_at_its_field(
    client_of_alice: Client, triggers: list[Trigger]
) -> None:
    refused = client_of_alice.post("/workflows/daily/start", {"settings.who": ""})
    assert refused.status_code == 422
    assert "Nothing was started" in refused.content.decode()
    client_of_alice.post("/workflows/daily/start", {"settings.who": "Amara"})
    assert Run.objects.get().payload == {"who": "Amara"}


@pytest.mark.parametrize("text", ['{"a": 1,}', "[1]", "7"])
def test_input_that_is_no_json_object_is_given_back_to_be_mended(client_of_alice: Client, text: str) -> None:
    refused = client_of_alice.post("/workflows/orders/start", {"payload": text})
    assert refused.status_code == 422
    assert "Nothing was started" in refused.content.decode()
    assert escape(text) in refused.content.decode()
    assert Run.objects.count() == 0
