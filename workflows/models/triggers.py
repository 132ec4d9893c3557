"""Triggers of published workflows, where each stands, and what event sources remember."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hub.accounts.models import WorkspaceOwned, new_id
from hub.vault import Place
from workflows.models.workflows import Workflow

PURPOSE = "webhook"


class Trigger(WorkspaceOwned):
    """One trigger of a workflow: its settings as published, and where it stands.

    The row outlives the trigger's removal from the document (`is_live` is false then), so that a webhook that is
    drawn again keeps its address and its secret.
    """

    workflow = models.ForeignKey(Workflow, on_delete=models.CASCADE, related_name="triggers")
    name = models.CharField(max_length=63)
    """The trigger's id in the document."""
    kind = models.CharField(max_length=12)
    settings = models.JSONField(default=dict)
    is_live = models.BooleanField(default=True)
    """Whether the published version has it."""

    path = models.CharField(max_length=100, null=True, unique=True)  # noqa: DJ001 - only webhooks have one
    """The last part of a webhook's address."""
    sealed = models.BinaryField(default=b"")
    """The webhook's secret: {"secret": ...}."""

    due_at = models.DateTimeField(null=True)
    """When the schedule fires next, or the event source is asked next; null when nothing is to come."""
    fired_at = models.DateTimeField(null=True)
    """When it last started a run."""
    passed_over = models.PositiveIntegerField(default=0)
    """Fires of the schedule that started nothing: missed, or the run before was still going."""

    cursor = models.JSONField(null=True)
    """Up to where the event source has been read."""
    fence = models.PositiveIntegerField(default=0)
    """Counts the readings and resets. A reading whose number is no longer this one saves nothing."""
    lease_until = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    """Readings that failed in a row."""
    error = models.JSONField(null=True)
    warnings = models.JSONField(default=list)

    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["workflow", "name"], name="trigger_name_once")]
        indexes = [models.Index(fields=["due_at"], name="trigger_due", condition=Q(is_live=True))]

    def __str__(self) -> str:
        return f"{self.name} of {self.workflow}"

    @property
    def place(self) -> Place:
        """Where its secret is kept: it opens nowhere else."""
        return Place(self.workspace_id, self.id, PURPOSE)


class Remembered(models.Model):
    """What an event source knew of one object at its last reading."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    trigger = models.ForeignKey(Trigger, on_delete=models.CASCADE, related_name="remembered")
    key = models.CharField(max_length=300)
    digest = models.CharField(max_length=100)
    document = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["trigger", "key"], name="remembered_once")]

    def __str__(self) -> str:
        return self.key
