"""A reconcile of the tests: the shop's shelf is to be as the parameters say."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

import pytest

from hub.accounts.access import Actor, fetch
from hub.connections.models import Connection
from hub.sdk import Proof
from tests.workflows.drawing import drawn
from workflows.models import Workflow
from workflows.reconcile.contract import Past, Reconcile
from workflows.reconcile.differences import Wanted
from workflows.reconcile.guards import Limits, Source
from workflows.reconcile.planner import Draft, Target, draft_plan
from workflows.services.workflows import create_workflow, get_workflow, publish, save_draft
from workflows.templates import gallery


class Shelving(Reconcile):
    name = "shelving"
    title = "Shelving"
    parameters = {
        "type": "object",
        "required": ["shop", "wanted"],
        "properties": {
            "shop": {"type": "string", "x-connection": "shop"},
            "wanted": {"type": "object", "additionalProperties": {"type": "integer"}},
            "approval": {"type": "boolean"},
        },
    }

    def draft(
        self, actor: Actor, parameters: dict[str, Any], *, title: str, past: Past, people: Sequence[str] = ()
    ) -> AbstractContextManager[Draft]:
        wanted = [Wanted({"name": name, "count": count}) for name, count in parameters["wanted"].items()]
        proof = Proof(complete=True, count=len(wanted))
        return draft_plan(
            title=title,
            sources=lambda: [Source("The list", proof, past.last_count)],
            targets=[Target(fetch(actor, Connection, slug=parameters["shop"]), "shop.shelf", {}, wanted)],
            limits=Limits(removals=2, removals_percent=None),
            needs_approval=parameters.get("approval", False),
        )


@pytest.fixture
def shelving(monkeypatch: pytest.MonkeyPatch) -> Shelving:
    made = Shelving()
    monkeypatch.setattr(gallery, "reconciles", lambda: {made.name: made})
    monkeypatch.setattr("workflows.services.catalog.reconciles", lambda: {made.name: made})
    return made


def publish_shelving(actor: Actor, wanted: dict[str, int], *, approval: bool = False, **plan: Any) -> None:
    """The workflow "shelving": plan, then apply."""
    parameters = {"shop": "shop", "wanted": wanted, "approval": approval}
    document = drawn(
        "plan -> apply",
        plan={"kind": "plan", "settings": {"reconcile": "shelving", "parameters": parameters}, **plan},
        apply={"kind": "apply", "settings": {"plan": "=steps.plan.id"}},
    )
    if Workflow.objects.filter(slug="shelving").exists():
        save_draft(actor, "shelving", document=document, revision=get_workflow(actor, "shelving").revision)
    else:
        create_workflow(actor, slug="shelving", document=document)
    publish(actor, "shelving", revision=get_workflow(actor, "shelving").revision)
