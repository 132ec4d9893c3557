"""How long what is kept, what is held back from that, and how large it is."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from hub.accounts.models import Person, WorkspaceOwned
from workflows.models.workflows import Workflow
from workflows.planning.keeping import LONGEST_DAYS, DataClass

_CLASSES = [(each.value, each.value) for each in DataClass]


class KeepRule(WorkspaceOwned):
    """For how long a class of data is kept: of a workflow, or of all that have no rule of their own."""

    workflow = models.ForeignKey(Workflow, null=True, on_delete=models.CASCADE, related_name="keep_rules")
    data = models.CharField(max_length=10, choices=_CLASSES)
    days = models.PositiveIntegerField(null=True, validators=[MinValueValidator(1), MaxValueValidator(LONGEST_DAYS)])
    """None: for ever, whatever the workspace's rule says."""
    made_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["data"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "workflow", "data"], name="keep_rule_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.data} of {self.workflow or 'every workflow'}"


class RunHold(WorkspaceOwned):
    """Runs of which nothing is removed, whatever the rules say. Without anything chosen: every run."""

    workflow = models.ForeignKey(Workflow, null=True, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=200, blank=True)
    """A business key: runs that it started, and those in which a step or the start holds it as a value."""
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    reason = models.CharField(max_length=2000)
    placed_at = models.DateTimeField(auto_now_add=True)
    placed_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    placed_by_name = models.CharField(max_length=450)
    lifted_at = models.DateTimeField(null=True)
    lifted_by_name = models.CharField(max_length=450, blank=True)
    lifted_because = models.CharField(max_length=2000, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["workspace"], name="run_hold_open", condition=Q(lifted_at=None))]

    def __str__(self) -> str:
        return self.reason[:80]


class KeepMark(models.Model):
    """Up to which run a class of data has been looked through. What had to stay before it is looked at daily."""

    id = models.BigAutoField(primary_key=True)
    workflow = models.ForeignKey(Workflow, on_delete=models.CASCADE, related_name="+", db_index=False)
    data = models.CharField(max_length=10, choices=_CLASSES)
    through = models.UUIDField(null=True)
    begun_at = models.DateTimeField()
    """When it was begun from the first run."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workflow", "data"], name="keep_mark_once")]

    def __str__(self) -> str:
        return f"{self.data} of {self.workflow}"


class WorkflowSize(models.Model):
    """How large a workflow's runs are, as last measured: counted, and weighed on samples."""

    workflow = models.OneToOneField(Workflow, on_delete=models.CASCADE, primary_key=True, related_name="size")
    runs = models.BigIntegerField()
    bytes = models.BigIntegerField()
    bytes_full = models.FloatField()
    """Of a run with its data."""
    bytes_emptied = models.FloatField()
    runs_a_day = models.FloatField()
    """In the last seven days."""
    oldest_at = models.DateTimeField(null=True)
    measured_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.bytes} bytes of {self.workflow}"
