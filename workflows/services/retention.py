"""How long what is kept, who is to keep it longer, and how large it is. One function a verb."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from hub.accounts.access import Actor, allow, fetch, visible
from hub.api.errors import Conflict, Invalid
from hub.audit import record
from workflows.engine import holding, weighing
from workflows.engine.removing import Rules
from workflows.models import KeepRule, RunHold, Workflow, WorkflowSize
from workflows.planning.keeping import OF_RUNS, OF_WORKSPACES, DataClass, Forecast, forecast


@dataclass(frozen=True)
class Kept:
    """How long a class of data is kept, and who says so: "workflow", "workspace", or "" for nobody."""

    data: DataClass
    days: int | None
    said_by: str


@dataclass(frozen=True)
class Line:
    """One workflow: its rules, its size, where that goes."""

    workflow: Workflow
    kept: list[Kept]
    size: WorkflowSize | None
    forecast: Forecast | None


@dataclass(frozen=True)
class Overview:
    kept: list[Kept]
    """By the workspace's rules."""
    workflows: list[Line]
    bytes: int
    a_month: int
    levels_off_at: int | None
    database_bytes: int
    measured_at: datetime | None


def overview(actor: Actor) -> Overview:
    """Everything about retention in a workspace, the largest workflow first."""
    allow(actor, "retention.view")
    rules = Rules.of(actor.workspace.id)
    rows = visible(actor, Workflow.objects.select_related("size").defer("draft")).order_by("id")
    lines = [_line(rules, each) for each in rows]
    lines.sort(key=lambda line: -(line.size.bytes if line.size else 0))
    sizes = [line.size for line in lines if line.size]
    ahead = [line.forecast for line in lines if line.forecast]
    rests = [each.levels_off_at for each in ahead]
    return Overview(
        kept=[_kept(rules, None, data) for data in DataClass],
        workflows=lines,
        bytes=sum(each.bytes for each in sizes),
        a_month=sum(each.a_month for each in ahead),
        levels_off_at=None if None in rests else sum(each for each in rests if each is not None),
        database_bytes=weighing.database_bytes(),
        measured_at=min((each.measured_at for each in sizes), default=None),
    )


def of_workflow(actor: Actor, slug: str) -> Line:
    """The same about one workflow. Raises NotFound."""
    allow(actor, "retention.view")
    held = fetch(actor, Workflow.objects.select_related("size").defer("draft"), slug=slug)
    return _line(Rules.of(actor.workspace.id), held)


@transaction.atomic
def set_rule(actor: Actor, *, what: str, days: int | None, workflow: str = "", inherit: bool = False) -> None:
    """For how many days a class of data is kept from now on; None: for ever. With `inherit` the rule is taken back,
    and what the workspace says holds. Raises Invalid for a class that only a workspace has."""
    allow(actor, "retention.edit")
    held = fetch(actor, Workflow.objects.defer("draft"), slug=workflow) if workflow else None
    if held is not None and what in OF_WORKSPACES:
        detail = "Messages and notices belong to no workflow. Set this for the workspace."
        raise Invalid(errors=[{"pointer": "/what", "code": "of-workspaces", "detail": detail}])
    if inherit:
        KeepRule.objects.filter(workspace=actor.workspace, workflow=held, data=what).delete()
    else:
        KeepRule.objects.update_or_create(
            workspace=actor.workspace, workflow=held, data=what, defaults={"days": days}
        )
    about = {"data": what, "days": days, "inherits": inherit}
    record(actor, "retention.rule-set", held or actor.workspace, about)


def list_holds(actor: Actor) -> QuerySet[RunHold]:
    """Those that stand and those that were lifted, the newest first."""
    allow(actor, "retention.view")
    return visible(actor, RunHold.objects.select_related("workflow"))


@transaction.atomic
def place_hold(
    actor: Actor, *, reason: str, workflow: str = "", key: str = "", since: datetime | None = None,
    until: datetime | None = None,
) -> RunHold:  # fmt: skip
    """From now on nothing is removed of the runs that fit all that is given; nothing given: of none. Waits for a
    removal that is under way."""
    allow(actor, "retention.hold")
    if since is not None and until is not None and until <= since:
        detail = "This should be later than the beginning."
        raise Invalid(errors=[{"pointer": "/until", "code": "order", "detail": detail}])
    holding.alone(actor.workspace.id, placing=True)
    named = fetch(actor, Workflow.objects.defer("draft"), slug=workflow) if workflow else None
    made = RunHold.objects.create(
        workspace=actor.workspace, workflow=named, key=key, since=since, until=until, reason=reason,
        placed_by=actor.person, placed_by_name=actor.name,
    )  # fmt: skip
    chosen = {"workflow": workflow, "business_key": key, "since": since, "until": until}
    record(actor, "retention.hold-placed", made, {"reason": reason} | {n: v for n, v in chosen.items() if v})
    return made


@transaction.atomic
def lift_hold(actor: Actor, hold: uuid.UUID | str, *, reason: str) -> RunHold:
    """What it kept is removed when the rules say so. Raises NotFound, or Conflict when it was lifted before."""
    allow(actor, "retention.hold")
    held = fetch(actor, RunHold, id=hold, locked=True)
    if held.lifted_at is not None:
        raise Conflict(f"It was lifted already by {held.lifted_by_name}.", code="lifted")
    held.lifted_at, held.lifted_by_name, held.lifted_because = timezone.now(), actor.name, reason
    held.save(update_fields=["lifted_at", "lifted_by_name", "lifted_because"])
    record(actor, "retention.hold-lifted", held, {"reason": reason})
    return held


def _line(rules: Rules, workflow: Workflow) -> Line:
    kept = [_kept(rules, workflow.id, data) for data in OF_RUNS]
    size = getattr(workflow, "size", None)
    if size is None:
        return Line(workflow, kept, None, None)
    days: dict[str, Any] = {each.data: each.days for each in kept}
    ahead = forecast(size.runs_a_day, size.bytes_full, size.bytes_emptied, days[DataClass.DATA], days[DataClass.RUNS])
    return Line(workflow, kept, size, ahead)


def _kept(rules: Rules, workflow_id: uuid.UUID | None, data: DataClass) -> Kept:
    own = rules.workflows.get(workflow_id, {}) if workflow_id else {}
    if data in own:
        return Kept(data, own[data], "workflow")
    return Kept(data, rules.workspace.get(data), "workspace" if data in rules.workspace else "")
