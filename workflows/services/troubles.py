"""What went wrong lately, for `manage.py diagnostics`. Messages, but no values of runs."""

from __future__ import annotations

from typing import Any

from workflows.models import Run, Trigger
from workflows.planning.states import RunState

MOST = 100


def recent() -> dict[str, Any]:
    failed = Run.objects.filter(state=RunState.FAILED).select_related("workflow", "workspace", "version")[:MOST]
    stuck = Run.objects.filter(state=RunState.RUNNING).order_by("started_at").select_related("workflow")[:MOST]
    sources = Trigger.objects.exclude(error=None).select_related("workflow")[:MOST]
    return {
        "failed_runs": [
            {
                "run": each.id, "workspace": each.workspace.slug, "workflow": each.workflow.slug,
                "version": each.version.number, "cause": each.cause.get("kind"), "ended_at": each.ended_at,
                "error": _said(each.error),
            }
            for each in failed
        ],
        "runs_under_way": [
            {"run": each.id, "workflow": each.workflow.slug, "started_at": each.started_at, "fence": each.fence,
             "lapses": each.lapses, "lease_until": each.lease_until}
            for each in stuck
        ],
        "triggers": [
            {"trigger": each.id, "workflow": each.workflow.slug, "kind": each.kind, "failures": each.failures,
             "error": _said(each.error)}
            for each in sources
        ],
    }  # fmt: skip


def _said(error: dict[str, Any] | None) -> dict[str, Any]:
    return {name: value for name, value in (error or {}).items() if name in ("code", "step", "field", "message")}
