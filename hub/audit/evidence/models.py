"""Evidence as rows: records that are written once, and what is arranged about them."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KT
from django.utils import timezone

from hub.accounts.models import Person, Workspace, WorkspaceOwned


class Evidence(models.Model):
    """One thing collected outside: that something happened there, or that something was so when it was looked at.

    `number`, `previous`, `content` and `digest` are filled by the database. PostgreSQL refuses to change or remove a
    record; only its content can be emptied, when its time is over, and the chain stays whole.
    """

    id = models.BigAutoField(primary_key=True)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.BigIntegerField(db_default=0)
    at = models.DateTimeField()
    """When it happened; for a state: when it was seen to be so."""
    seen_at = models.DateTimeField()
    source = models.CharField(max_length=63)
    """The slug of the connection it was read with."""
    kind = models.CharField(max_length=63)
    key = models.CharField(max_length=400, db_collation="C")
    """Stable at the source, and never a person's name: what a later record with the same key says, it says anew."""
    domain = models.CharField(max_length=255, blank=True)
    subject = models.CharField(max_length=255, blank=True)
    """What it is about: a template, a group, a role."""
    job = models.CharField(max_length=100, blank=True)
    gone = models.BooleanField(default=False)
    """Whether it says that the source no longer has what the key names."""
    parts = models.JSONField(null=True)
    """What it says, by class of personal data: {"fact": {...}, "identity": {...}, ...}. None: emptied."""
    salts = models.JSONField(null=True)
    content = models.JSONField(db_default=models.Value({}, models.JSONField()))
    """The digest of each part."""
    emptied_at = models.DateTimeField(null=True)
    person = models.GeneratedField(
        expression=KT("parts__identity__person"), output_field=models.TextField(null=True), db_persist=True
    )
    """Who acted, or whose state it is."""
    previous = models.CharField(max_length=64, db_default="")
    digest = models.CharField(max_length=64, db_default="")

    class Meta:
        ordering = ["-number"]
        verbose_name_plural = "evidence"
        constraints = [models.UniqueConstraint(fields=["workspace", "number"], name="evidence_number_once")]
        indexes = [
            models.Index(fields=["workspace", "source", "kind", "key", "-number"], name="evidence_by_key"),
            models.Index(fields=["workspace", "at"], name="evidence_by_time"),
            models.Index(
                fields=["workspace", "person", "kind", "at"],
                condition=Q(person__isnull=False),
                name="evidence_by_person",
            ),
            models.Index(
                fields=["workspace", "subject", "kind", "at"], condition=~Q(subject=""), name="evidence_by_subject"
            ),
            models.Index(fields=["workspace", "job"], condition=~Q(job=""), name="evidence_by_job"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.kind} {self.key}"


class EvidenceHead(models.Model):
    """The end of a workspace's chain of evidence. Its row is held by the transaction that adds records."""

    workspace = models.OneToOneField(Workspace, on_delete=models.PROTECT, primary_key=True, related_name="+")
    number = models.BigIntegerField()
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.number}:{self.digest}"


class EvidenceFeed(WorkspaceOwned):
    """One stream of one connection that is collected again and again, and how far it has been."""

    name = models.CharField(max_length=140)
    """Who collects it: "<workflow>/<step>"."""
    source = models.CharField(max_length=63)
    stream = models.CharField(max_length=100)
    kind = models.CharField(max_length=63)
    is_state = models.BooleanField(default=False)
    scope = models.JSONField(default=dict)
    """What the stream is asked for. When that changes, it is read from the beginning."""
    collected_until = models.DateTimeField()
    late_at = models.DateTimeField(null=True)
    """When it counts as late; None: it is collected when somebody asks."""
    tell = models.JSONField(default=dict)
    """Who is told then: {"mail": a connection, "to": [addresses]}."""

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="evidence_feed_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_late(self) -> bool:
        return self.late_at is not None and self.late_at < timezone.now()


class EvidencePack(WorkspaceOwned):
    """Part of the evidence, written out so that it can be checked anywhere. Never altered."""

    title = models.CharField(max_length=200)
    asked = models.JSONField(default=dict)
    """What was to be in it, and which classes of personal data."""
    manifest = models.JSONField(default=dict)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title


class LegalHold(WorkspaceOwned):
    """What may not be emptied, whatever the rules say."""

    name = models.CharField(max_length=200)
    reason = models.CharField(max_length=2000)
    chosen = models.JSONField(default=dict)
    """Which records: any of kind, person, domain, subject, job, since, until. All of them have to fit."""
    placed_at = models.DateTimeField(auto_now_add=True)
    placed_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    released_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name


class EvidenceRule(WorkspaceOwned):
    """How long the content of records of a kind is kept."""

    kind = models.CharField(max_length=63, blank=True)
    """Empty: of every kind that has no rule of its own."""
    keep_days = models.PositiveIntegerField(validators=[MinValueValidator(1)])

    class Meta:
        ordering = ["kind"]
        constraints = [models.UniqueConstraint(fields=["workspace", "kind"], name="evidence_rule_once")]

    def __str__(self) -> str:
        return f"{self.kind or 'everything'}: {self.keep_days} days"
