"""A list asks the database as often for many rows as for few."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from hub.accounts.access import Actor
from hub.connections.models import Connection
from tests.workflows.approvals.conftest import people, question, stage
from tests.workflows.drawing import drawn
from workflows.engine import halts as standing
from workflows.models import Delivery, Installation, Notice, Plan, RunKey, Workflow
from workflows.services import approvals, halts
from workflows.services.runs import start_run
from workflows.services.workflows import create_workflow, publish

__all__ = ["people"]
pytestmark = pytest.mark.django_db
Api = Callable[..., APIClient]
LISTS = (
    "workflows",
    "runs",
    "plans",
    "approvals",
    "approvals?state=open",
    "deliveries",
    "connections",
    "installations",
    "halts",
    "alerts",
    "audit",
    "members",
    "notices/untold",
)
DOCUMENT = drawn("a", a={"kind": "transform", "settings": {"value": 1}}) | {
    "triggers": [
        {"id": "call", "kind": "webhook", "settings": {}},
        {"id": "daily", "kind": "schedule", "settings": {"cron": "0 7 * * *"}},
    ]
}


def fill(actor: Actor, numbers: range) -> None:
    """One more of everything for each number."""
    for number in numbers:
        create_workflow(actor, slug=f"flow-{number}", document=DOCUMENT | {"name": f"Flow {number}"})
        publish(actor, f"flow-{number}", revision=1)
        workflow = Workflow.objects.get(slug=f"flow-{number}")
        run = start_run(actor, workflow.slug, payload={})
        shared = {"workspace": actor.workspace}
        RunKey.objects.create(**shared, run=run, name="person", value=f"Person {number}")
        Installation.objects.create(
            **shared, slug=workflow.slug, template="routing", parameters={}, workflow=workflow
        )
        Connection.objects.create(**shared, name=f"Shop {number}", slug=f"shop-{number}", connector="http")
        Plan.objects.create(
            **shared, title=f"Plan {number}", state="proposed", digest="a" * 64, created_by=actor.person
        )
        halts.halt(actor, reason="Not now.", workflow=workflow.slug)
        approvals.ask(actor, question(stage("legal", "ada", "ben"), title=f"Question {number}"))
        notice = Notice.objects.create(
            **shared, topic=f"topic {number}", subject="News", text="News.", state="nobody", must_reach=True,
            resolved_at=timezone.now(),
        )  # fmt: skip
        Delivery.objects.create(**shared, notice=notice, person=f"person-{number}", connection="mail")


@pytest.mark.parametrize("path", LISTS)
def test_many_rows_take_as_many_queries_as_few(api: Api, alice: Actor, people: dict[str, Actor], path: str) -> None:
    client = api(alice)

    def queries() -> tuple[int, int]:
        standing.forget()  # Orders to stop are looked up once a second.
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(f"/api/v1/{path}")
        assert answer.status_code == 200, answer.content
        return len(answer.json()["items"]), len(asked)

    fill(alice, range(2))
    queries()  # What is kept from the first call on is kept now.
    few, cost = queries()
    fill(alice, range(2, 9))
    many, cost_of_many = queries()
    assert few < many or path in {"members", "alerts"}
    assert cost_of_many == cost
