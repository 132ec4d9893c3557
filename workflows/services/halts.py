"""Stopping a run, a workflow, a connection or everything, and lifting that again."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from hub.accounts.access import Actor, allow, fetch, visible
from hub.accounts.models import Workspace
from hub.api.errors import Conflict
from hub.audit import record
from hub.connections.models import Connection
from hub.watch import clock
from workflows.engine import halts
from workflows.models import Halt, Run, Workflow
from workflows.planning.states import ENDED_RUNS


def list_halts(actor: Actor) -> QuerySet[Halt]:
    """The orders that stand, the newest first."""
    allow(actor, "halt.view")
    rows = visible(actor, Halt.objects.select_related("run__workflow", "workflow", "connection"))
    return rows.filter(lifted_at=None)


@transaction.atomic
def halt(
    actor: Actor, *, reason: str, run: str = "", workflow: str = "", connection: str = "", writes_only: bool = False
) -> Halt:
    """Stop one of the three, by id or slug, or with none of them everything. What is under way ends its step.

    Raises Conflict when the same is stopped already, or the run has ended.
    """
    named: dict[str, Any] = {}
    if run:
        held = fetch(actor, Run.objects.select_related("workflow"), id=run)
        if held.state in ENDED_RUNS:
            raise Conflict(f"The run has already {held.state}.", code="run-ended")
        named["run"] = held
    if workflow:
        named["workflow"] = fetch(actor, Workflow, slug=workflow)
    if connection:
        named["connection"] = fetch(actor, Connection, slug=connection)
    if len(named) > 1:
        raise Conflict(
            "Name a run, a workflow or a connection, or none of them for everything.",
            code="one-target",
            title="One thing is stopped at a time.",
        )
    allow(actor, "halt.make" if named else "halt.everything")
    Workspace.objects.select_for_update().get(id=actor.workspace.id)
    about = {"run": None, "workflow": None, "connection": None} | named
    if (same := list_halts(actor).filter(writes_only=writes_only, **about).first()) is not None:
        raise Conflict(
            f"That is stopped already. {same.sentence}", code="halted-already", title="It is stopped already."
        )
    made = Halt.objects.create(
        workspace=actor.workspace, reason=reason, writes_only=writes_only, made_by=actor.person,
        made_by_name=actor.name, **named,
    )  # fmt: skip
    halts.forget()
    record(actor, "halt.made", made, {"reason": reason, "writes_only": writes_only})
    return made


@transaction.atomic
def lift(actor: Actor, halt_id: uuid.UUID | str) -> Halt:
    """Let go on what was stopped. The caller rings the bell after the commit."""
    held = fetch(actor, Halt, id=halt_id, locked=True)
    allow(actor, "halt.make" if held.run_id or held.workflow_id or held.connection_id else "halt.everything")
    if held.lifted_at is not None:
        raise Conflict(f"It was lifted already by {held.lifted_by_name}.", code="lifted")
    held.lifted_at, held.lifted_by_name = clock.now(), actor.name
    held.save(update_fields=["lifted_at", "lifted_by_name"])
    halts.forget()
    Run.objects.filter(id__in=Run.objects.filter(halts.waking(held)).values("id")).update(due_at=clock.now())
    record(actor, "halt.lifted", held)
    return held
