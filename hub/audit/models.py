"""The audit trail: rows that are written once, each bound to the one before it."""

from __future__ import annotations

from django.db import models

from hub.accounts.models import Workspace, new_id
from hub.audit.evidence.models import Evidence, EvidenceFeed, EvidenceHead, EvidencePack, EvidenceRule, LegalHold

__all__ = [
    "AuditEntry", "AuditHead",
    "Evidence", "EvidenceFeed", "EvidenceHead", "EvidencePack", "EvidenceRule", "LegalHold",
]  # fmt: skip


class AuditEntry(models.Model):
    """One thing somebody did. PostgreSQL refuses to change or remove it.

    `number`, `previous` and `digest` are filled by the database as the row is inserted: `number` counts from 1
    in each workspace, `digest` covers every other column, and `previous` is the digest of the entry before.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    number = models.BigIntegerField(db_default=0)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=450)
    verb = models.CharField(max_length=100)
    target_type = models.CharField(max_length=100, blank=True)
    target_id = models.CharField(max_length=200, blank=True)
    target_name = models.CharField(max_length=400, blank=True)
    detail = models.JSONField(default=dict)
    previous = models.CharField(max_length=64, db_default="")
    digest = models.CharField(max_length=64, db_default="")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["workspace", "number"], name="audit_number_once")]
        indexes = [
            models.Index(fields=["workspace", "verb", "-number"], name="audit_by_verb"),
            models.Index(fields=["workspace", "target_type", "target_id", "-number"], name="audit_by_target"),
            models.Index(fields=["workspace", "actor_id", "-number"], name="audit_by_actor"),
            models.Index(fields=["workspace", "at"], name="audit_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.actor_name} {self.verb} {self.target_name}"


class AuditHead(models.Model):
    """The end of a workspace's chain. Its row is held by the transaction that adds an entry."""

    workspace = models.OneToOneField(Workspace, on_delete=models.PROTECT, primary_key=True, related_name="+")
    number = models.BigIntegerField()
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.number}:{self.digest}"
