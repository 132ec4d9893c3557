"""The error workflow: started once for every run that dies, however it dies, and for every step that is in doubt."""

from __future__ import annotations

from typing import Any

import structlog
from django.conf import settings

from hub.accounts.access import Actor
from hub.audit import Ref, record
from workflows.engine.graphs import graph_of
from workflows.engine.queueing import queue_run
from workflows.models import Run, Workflow

log = structlog.get_logger(__name__)

DEEPEST = 10
USUALLY = ("failed", "in_doubt")


def tell(run: Run, kind: str, error: dict[str, Any] | None, *, once: str) -> None:
    """Queue the run of the error workflow, in the transaction that notes the death. `once` names the death."""
    asked = graph_of(run.version_id).options.get("on_failure")
    if asked is None or kind not in asked.get("when", USUALLY) or run.cause.get("kind") == "failure":
        return
    if run.cause.get("kind") == "manual" and not asked.get("by_hand", True):
        return
    depth = int(run.cause.get("depth", 0)) + 1
    held = Workflow.objects.select_related("published").filter(workspace=run.workspace_id, slug=asked["workflow"])
    workflow = held.first()
    if workflow is None or workflow.published is None or depth > DEEPEST:
        log.error("run.failure-unheard", run=str(run.id), workflow=asked["workflow"])
        actor, about = Actor.system(run.workspace), Ref("run", str(run.id), str(run.workflow))
        record(actor, "run.failure-unheard", about, {"workflow": asked["workflow"], "kind": kind})
        return
    cause = {"kind": "failure", "run": str(run.id), "depth": depth}
    payload = told(run, kind, error)
    queue_run(
        Run(
            workspace_id=run.workspace_id, workflow=workflow, version=workflow.published, payload=payload,
            cause=cause, key=f"failure:{once}",
        )
    )  # fmt: skip


def told(run: Run, kind: str, error: dict[str, Any] | None) -> dict[str, Any]:
    """What the error workflow sees as `trigger`."""
    return {
        "kind": kind,
        "run": {
            "id": str(run.id),
            "workflow": run.workflow.slug,
            "version": run.version.number,
            "url": f"{settings.PUBLIC_URL}/runs/{run.id}",
            "cause": run.cause,
            "payload": run.payload,
        },
        "error": error or {},
    }
