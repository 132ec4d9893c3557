"""Runs, their steps, attempts and events. `workflows/engine/journal.py` and `interventions.py` write these rows."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from hub.accounts.models import Reach, Workspace, WorkspaceOwned, new_id
from hub.watch import clock
from workflows.models.workflows import Version, Workflow
from workflows.planning.states import RunState, StepState


class Run(WorkspaceOwned):
    """One execution of a version. The queued rows are the queue."""

    # Without indexes of their own: some below begin with them, and runs are looked for by version only to remove it.
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+", db_index=False)
    workflow = models.ForeignKey(Workflow, on_delete=models.PROTECT, related_name="runs", db_index=False)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=12, default=RunState.QUEUED, choices=[(each, each) for each in RunState])
    cause = models.JSONField(default=dict)
    """What started it: {"kind": "manual", "person": ...}."""
    trigger = models.ForeignKey(
        "workflows.Trigger", null=True, on_delete=models.SET_NULL, related_name="runs", db_index=False
    )
    """What started it; null when a person or another run did."""
    parent = models.OneToOneField("RunStep", null=True, on_delete=models.SET_NULL, related_name="child")
    """The step of another run that started it; it starts at most one."""
    replay_of = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="replays", db_index=False
    )
    """The ended run whose steps this one does again. A run has one replay, which has one: so each knows every write
    before it."""
    payload = models.JSONField(default=dict)
    """What expressions see as `trigger`, with masks in place of what is classed."""
    sealed = models.BinaryField(null=True)
    """What is masked in the payload: see `workflows/engine/veils.py`."""
    domain = models.CharField(max_length=255, blank=True, default="", db_default="")
    """Of a run that a delegate asked for: the domain it is about, as their reach names it. Whoever reaches the domain
    sees the run."""
    key = models.CharField(max_length=200, null=True)  # noqa: DJ001 - null keeps runs without a key apart
    """The same happening starts at most one run of a workflow."""
    due_at = models.DateTimeField(null=True)
    """When it is to be looked at; null while only a person can move it."""
    pool = models.CharField(max_length=63, default="default", db_default="default")
    """Which workers carry it out."""
    generation = models.PositiveSmallIntegerField(default=1, db_default=1)
    """Of the newest engine that has written about it. One of an older generation leaves it alone."""
    fence = models.PositiveIntegerField(default=0)
    """Counts the claims. A worker whose number is no longer this one writes nothing more."""
    lease_until = models.DateTimeField(null=True)
    lapses = models.PositiveSmallIntegerField(default=0)
    """How many workers in a row have died over it, or were believed to."""
    cancel_asked = models.BooleanField(default=False)
    lane = models.CharField(max_length=200, null=True)  # noqa: DJ001 - null is of a workflow without limits
    """With which others it shares a limit; "" for those without a key."""
    admitted_at = models.DateTimeField(null=True)
    """When it got its turn, where only so many go at a time. It has it until it has ended."""
    error = models.JSONField(null=True)
    removed = models.JSONField(null=True)
    """What retention has removed of it: {"data": {"at", "days"}}."""
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["workflow", "key"], name="run_key_once"),
            models.UniqueConstraint(
                fields=["replay_of"], name="run_replayed_once", condition=Q(replay_of__isnull=False)
            ),
            models.CheckConstraint(
                condition=~Q(state=RunState.RUNNING) | Q(lease_until__isnull=False),
                name="run_under_way_has_a_lease",
            ),
        ]
        indexes = [
            models.Index(
                fields=["pool", "due_at"], name="run_due_in_pool", condition=Q(state__in=["queued", "waiting"])
            ),
            models.Index(fields=["lease_until"], name="run_leased", condition=Q(state="running")),
            models.Index(
                fields=["workflow", "lane", "id"],
                name="run_in_lane",
                condition=Q(lane__isnull=False, ended_at__isnull=True),
            ),
            models.Index(fields=["workspace", "-id"], name="run_by_workspace"),
            models.Index(fields=["workflow", "-id"], name="run_by_workflow"),
            models.Index(fields=["trigger", "-id"], name="run_by_trigger", condition=Q(trigger__isnull=False)),
            models.Index(fields=["workspace", "domain", "-id"], name="run_by_domain", condition=~Q(domain="")),
        ]

    def __str__(self) -> str:
        return f"Run of {self.workflow}"

    @classmethod
    def within(cls, reach: Reach) -> Q:
        return Q(domain__in=reach.names)


class RunStep(models.Model):
    """One step of a run, from the moment it can be carried out or is skipped."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="steps", db_index=False)
    step = models.CharField(max_length=63)
    """The step's id in the document."""
    item = models.CharField(max_length=40, blank=True, default="")
    """Of a step in the body of a for-each: which item, "3", or "3.0" for one within an item. The for-each itself has
    one row more for each of its items, which says what became of the item."""
    state = models.CharField(max_length=12, choices=[(each, each) for each in StepState])
    port = models.CharField(max_length=100, blank=True)
    """The way it was left by."""
    input = models.JSONField(null=True)
    output = models.JSONField(null=True)
    error = models.JSONField(null=True)
    apart = models.JSONField(null=True)
    """What of the input and output is kept apart because it is large, {"output": [{"at", "content", ...}]}; there
    the beginning of it stands in its place."""
    sealed = models.BinaryField(null=True)
    """What is masked in the input and output."""
    due_at = models.DateTimeField(null=True)
    taken_from = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    """The step of an earlier run that did it: a replay does not do it twice."""
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["run", "step", "item"], name="run_step_once")]
        indexes = [
            models.Index(fields=["run"], name="run_step_open", condition=Q(state__in=["running", "waiting"])),
            models.Index(fields=["taken_from"], name="run_step_taken", condition=Q(taken_from__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.step} of {self.run_id}"

    @classmethod
    def opened(
        cls, run_id: uuid.UUID, step: str, item: str, state: StepState, ended_at: datetime | None = None
    ) -> RunStep:
        """A new one. By position, column by column: the engine makes so many that looking up defaults would show."""
        values: Any = [new_id(), run_id, step, item, state, "", *[None] * 7, clock.now(), ended_at]
        return cls(*values)


class AttemptState(models.TextChoices):
    OPEN = "open", "The call was about to be made; how it ended is not noted yet"
    SUCCEEDED = "succeeded", "It went through"
    FAILED = "failed", "It did not go through"
    UNKNOWN = "unknown", "Nobody knows whether it went through"


class Attempt(models.Model):
    """One try of a step: stored before the call, completed after it. A step that only computes has none."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    step = models.ForeignKey(RunStep, on_delete=models.CASCADE, related_name="attempts", db_index=False)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default=AttemptState.OPEN, choices=AttemptState.choices)
    error = models.JSONField(null=True)
    """{"code", "message", "detail"}; without secrets."""
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["step", "number"], name="attempt_number_once")]

    def __str__(self) -> str:
        return f"Attempt {self.number} of {self.step_id}"


class Event(models.Model):
    """What a person did to a run. What became of it and its steps by itself stands in their own rows."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="events")
    step = models.CharField(max_length=63, blank=True)
    state = models.CharField(max_length=12)
    """What the run, or the step, became."""
    detail = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.step or 'run'} {self.state}"
