"""Questions to people, what they decided, and whose deputy somebody is."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hub.accounts.models import Person, Reach, WorkspaceOwned, new_id
from workflows.models.plans import Plan
from workflows.models.runs import RunStep
from workflows.planning.approvals import ApprovalState


class Approval(WorkspaceOwned):
    """What people are asked, of whom, and what came of it."""

    title = models.CharField(max_length=200)
    subject = models.CharField(max_length=200, blank=True)
    """What it is about, such as "emea-prod/R-17": asking anew about it takes the older question back."""
    shown = models.JSONField(default=list)
    """What whoever decides sees: [{"label", "value"}]."""
    digest = models.CharField(max_length=64)
    """Of title, what is shown and the stages: a decision names what it was made about."""
    stages = models.JSONField()
    """[{"name", "need", "approvers": {"people", "roles", "from"}}]."""
    parallel = models.BooleanField(default=False)
    allow_same_person = models.BooleanField(default=False)
    requester = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    """Whoever asks does not decide."""
    requester_name = models.CharField(max_length=200, blank=True)
    """As it was given, also of somebody who does not sign in here."""
    state = models.CharField(max_length=10, choices=[(each, each) for each in ApprovalState], default="open")
    why = models.CharField(max_length=400, blank=True)
    """Why it ended, when nobody's decision says so."""
    step = models.OneToOneField(RunStep, null=True, on_delete=models.SET_NULL, related_name="approval")
    """The step of a run that asks and waits; None when a person asked."""
    plan = models.OneToOneField(Plan, null=True, on_delete=models.PROTECT, related_name="approval")
    """The plan that is asked about: how this ends is how that is decided."""
    asked_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    deadline_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    mail = models.JSONField(default=dict)
    """{"connection", "every_hours", "at_most"}: through which connection they are told, and how often is reminded."""
    escalation = models.JSONField(default=dict)
    """{"after_hours", "approvers"}: who is asked besides when it takes too long."""
    escalated_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    """When the scheduler looks at it next: a deadline, a reminder, an escalation."""

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["workspace", "state", "-id"], name="approval_by_state"),
            models.Index(fields=["due_at"], condition=Q(state="open"), name="approval_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "subject"],
                condition=Q(state="open") & ~Q(subject=""),
                name="approval_of_a_subject_once",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def within(cls, reach: Reach) -> Q:
        """What a delegate was asked, and what is asked about their domains."""
        asked = ApprovalTask.objects.filter(person_id=reach.person_id)
        return Q(id__in=asked.values("approval_id")) | Q(step__run__domain__in=reach.names)


class ApprovalTask(models.Model):
    """That a person is asked in a stage: what the inbox lists. Who may decide is found anew when they do."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    approval = models.ForeignKey(Approval, on_delete=models.CASCADE, related_name="tasks")
    stage = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    is_open = models.BooleanField()
    """Whether the stage waits for decisions just now."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["approval", "stage", "person"], name="approval_task_once")]
        indexes = [models.Index(fields=["person", "approval"], condition=Q(is_open=True), name="approval_task_open")]

    def __str__(self) -> str:
        return f"{self.person} in {self.approval}"


class ApprovalDecision(models.Model):
    """One person's yes or no. The database refuses to change or remove it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, related_name="decisions")
    stage = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    """In whose place: their own, or that of somebody whose deputy they are."""
    approve = models.BooleanField()
    comment = models.CharField(max_length=2000, blank=True)
    digest = models.CharField(max_length=64)
    """Of what they were shown. It counts only while that is what is asked."""
    shown = models.JSONField()
    signed_in = models.JSONField()
    """How: {"by": "password", "since"} or {"by": "token", "name"}."""
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["approval", "stage", "person", "digest"], name="approval_decided_once"),
            models.UniqueConstraint(fields=["approval", "stage", "place", "digest"], name="approval_place_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person} about {self.approval}"


class Deputy(WorkspaceOwned):
    """That somebody may decide in a person's place, on these days."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    deputy = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    first_day = models.DateField()
    last_day = models.DateField()
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    ended_at = models.DateTimeField(null=True)
    """Set once somebody took it back."""

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(person=models.F("deputy")), name="deputy_of_another"),
            models.CheckConstraint(condition=Q(last_day__gte=models.F("first_day")), name="deputy_days_in_order"),
        ]
        indexes = [models.Index(fields=["workspace", "deputy"], condition=Q(ended_at=None), name="deputy_in_force")]

    def __str__(self) -> str:
        return f"{self.deputy} for {self.person}"
