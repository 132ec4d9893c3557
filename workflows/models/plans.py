"""Plans and their changes. Only `workflows/reconcile/` writes these rows."""

from __future__ import annotations

from django.db import models

from hub.accounts.models import Person, Reach, WorkspaceOwned, new_id
from hub.connections.models import Connection
from workflows.models.runs import RunStep


class PlanState(models.TextChoices):
    """What became of a plan."""

    REFUSED = "refused", "A guard refused it: it can be read, never applied"
    PROPOSED = "proposed", "It waits for somebody to approve or reject it"
    APPROVED = "approved", "It may be applied"
    REJECTED = "rejected", "Somebody said no"
    APPLYING = "applying", "It is being applied"
    APPLIED = "applied", "Every change was looked at; parked ones say why they were not made"
    SUPERSEDED = "superseded", "A newer plan took its place: nothing more of it is applied"


class Plan(WorkspaceOwned):
    """What would be changed. Its changes never alter once it is made: the database refuses it."""

    title = models.CharField(max_length=200)
    subject = models.CharField(max_length=140, blank=True)
    """Whose plan it is: "<workflow>/<step>". One plan of a subject is applied at a time; empty stands for none."""
    step = models.ForeignKey(RunStep, null=True, on_delete=models.SET_NULL, related_name="plans")
    """The step of a run that made it; None when it was only simulated, or takes another plan back."""
    state = models.CharField(max_length=10, choices=PlanState.choices)
    readings = models.JSONField(default=list)
    """How complete each reading was: [{"of", "complete", "count", "checks", "problems"}]."""
    guards = models.JSONField(default=list)
    """What each guard said: [{"guard", "passed", "message"}]."""
    counts = models.JSONField(default=dict)
    """Changes by resource and operation."""
    digest = models.CharField(max_length=64)
    """Of every change, in order: an approval names what it approved."""
    undoes = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="undone_by")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    comment = models.CharField(max_length=2000, blank=True)
    approved_digest = models.CharField(max_length=64, blank=True, default="", db_default="")
    """Of the changes that were approved, when some were left out; empty: the digest of all stands for them."""
    fence = models.PositiveIntegerField(default=0)
    """Counts those who began to apply it; an older one writes nothing more."""
    lease_until = models.DateTimeField(null=True)
    """Until when whoever applies it is believed to be alive; nobody else may go on before."""
    applied_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "subject"],
                condition=models.Q(state=PlanState.APPLYING) & ~models.Q(subject=""),
                name="plan_applied_one_at_a_time",
            )
        ]
        indexes = [models.Index(fields=["workspace", "subject", "-id"], name="plan_by_subject")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_part(self) -> bool:
        """Whether only some people were looked at. Such a plan takes the place of no other."""
        return any(reading.get("part") for reading in self.readings)

    @classmethod
    def within(cls, reach: Reach) -> models.Q:
        return models.Q(step__run__domain__in=reach.names)


class Memory(WorkspaceOwned):
    """What the reconcile of a subject remembers from one plan to the next."""

    subject = models.CharField(max_length=140)
    remembered = models.JSONField(default=dict)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "subject"], name="memory_subject_once")]

    def __str__(self) -> str:
        return self.subject


class ChangeState(models.TextChoices):
    PLANNED = "planned", "Not made yet"
    WRITING = "writing", "It was about to be made; how it ended is not noted yet"
    APPLIED = "applied", "Made, and read back"
    ALREADY = "already", "It was so already; nothing was written"
    PARKED = "parked", "Not made: see its message"
    IN_DOUBT = "in_doubt", "Broken off while it was written, and overtaken by a newer plan: see its message"
    LEFT_OUT = "left_out", "Not made: whoever approved the plan left it out"
    HELD = "held", "A guard holds its kind: not made unless somebody releases it"


class Change(models.Model):
    """One line of a plan: one object, one operation, before and after, and why."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="changes")
    position = models.PositiveIntegerField()
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="+")
    resource = models.CharField(max_length=100)
    operation = models.CharField(max_length=10)
    key = models.CharField(max_length=600)
    title = models.CharField(max_length=600)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    cause = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default=ChangeState.PLANNED, choices=ChangeState.choices)
    message = models.CharField(max_length=2000, blank=True)
    intended_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "position"], name="change_position_once"),
            models.UniqueConstraint(fields=["plan", "connection", "resource", "key"], name="change_object_once"),
        ]
        indexes = [models.Index(fields=["connection", "resource", "key"], name="change_by_object")]

    def __str__(self) -> str:
        return f"{self.operation} {self.title}"
