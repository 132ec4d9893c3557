"""Whom to tell when a workflow is not well, and whether it is."""

from __future__ import annotations

from django.db import models

from hub.accounts.models import Person, WorkspaceOwned
from workflows.models.workflows import Workflow
from workflows.planning.alerts import AlertKind, Limits


class AlertRule(WorkspaceOwned):
    """One thing that is looked at of one workflow. The row says itself whether it is well, so that each trouble is
    told once, and its end."""

    workflow = models.ForeignKey(Workflow, on_delete=models.CASCADE, related_name="alert_rules", db_index=False)
    kind = models.CharField(max_length=10, choices=[(str(each), str(each)) for each in AlertKind])
    count = models.PositiveSmallIntegerField(default=1)
    """How many runs in a row."""
    seconds = models.PositiveIntegerField(null=True)
    """How late, how long, how silent; null, for how long: what is usual."""
    mail = models.CharField(max_length=63, blank=True)
    """The connection through which people are told; nobody is when empty, and it is only shown."""
    to = models.JSONField(default=list)
    """Addresses."""
    began_at = models.DateTimeField(null=True)
    """Since when it is not well; null when it is."""
    said = models.CharField(max_length=1000, blank=True)
    """What is wrong."""
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["workflow", "kind"], name="alert_rule_once")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.workflow}"

    @property
    def limits(self) -> Limits:
        return Limits(self.count, self.seconds)
