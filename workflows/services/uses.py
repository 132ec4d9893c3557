"""What uses a connection: asked by the platform before one is removed."""

from __future__ import annotations

from typing import Any

from hub.accounts.access import Actor, visible
from hub.connections.models import Connection
from workflows.models import Change, Workflow


def uses_of(actor: Actor, connection: Connection) -> list[dict[str, Any]]:
    """Workflows whose draft or published version names it, and plans that hold changes of it."""
    found: list[dict[str, Any]] = []
    for held in visible(actor, Workflow.objects.select_related("published")):
        documents = [held.draft, held.published.document if held.published else {}]
        if any(step.get("connection") == connection.slug for each in documents for step in _steps(each)):
            found.append({"type": "workflow", "id": str(held.id), "name": held.name})
    change = Change.objects.select_related("plan").filter(connection=connection).first()
    if change is not None:
        found.append({"type": "plan", "id": str(change.plan_id), "name": change.plan.title})
    return found


def _steps(document: Any) -> list[dict[str, Any]]:
    steps = document.get("steps", []) if isinstance(document, dict) else []
    return [step for step in steps if isinstance(step, dict)] if isinstance(steps, list) else []
