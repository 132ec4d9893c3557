"""A workspace with a connection to the shop, and a way to run a drawn workflow to its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F

from hub.accounts.access import Actor
from hub.accounts.models import Workspace
from hub.connections.models import Connection
from hub.vault import seal
from tests.shop_connector.service import Shop
from tests.workflows.drawing import drawn
from workflows.engine import executor
from workflows.engine.claiming import claim
from workflows.models import Run, RunStep
from workflows.services.runs import start_run
from workflows.services.workflows import create_workflow, publish


@pytest.fixture
def actor(db: None, the_shop: Shop) -> Actor:
    made = Actor.system(Workspace.objects.create(slug="north", name="North"))
    connection = Connection(workspace=made.workspace, name="Shop", slug="shop", connector="shop")
    connection.sealed = seal({"token": "t-123456"}, connection.place)
    connection.save()
    return made


@pytest.fixture
def started(actor: Actor) -> Callable[..., Run]:
    """Publish a drawn workflow and queue a run of it."""

    def start(picture: str, payload: dict[str, Any] | None = None, **steps: dict[str, Any]) -> Run:
        create_workflow(actor, slug="drawn", document=drawn(picture, **steps))
        publish(actor, "drawn", revision=1)
        return start_run(actor, "drawn", payload=payload or {})

    return start


def act(name: str, item: str = "pen", **more: Any) -> dict[str, Any]:
    return {"kind": "action", "action": f"shop.{name}", "connection": "shop", "input": {"item": item}} | more


def work() -> None:
    """What a worker does, until nothing is due."""
    while claims := claim():
        for each in claims:
            executor.carry_out(each)


def later(run: Run, seconds: float = 3600) -> None:
    """Time passes for this run: its dates move into the past."""
    by = timedelta(seconds=seconds)
    Run.objects.filter(id=run.id).update(due_at=F("due_at") - by, lease_until=F("lease_until") - by)
    RunStep.objects.filter(run=run).update(due_at=F("due_at") - by)


def error_of(run: Run) -> dict[str, Any]:
    """Why it failed."""
    return dict(Run.objects.get(id=run.id).error or {})


def states(run: Run) -> dict[str, str]:
    row = Run.objects.get(id=run.id)
    return {"run": row.state} | dict(row.steps.values_list("step", "state"))
