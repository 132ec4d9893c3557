"""Which processes were heard from, and when."""

from __future__ import annotations

from django.db import models


class Heartbeat(models.Model):
    """One process that works in the background. Its row is renewed while it lives and removed when it stops."""

    role = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    pools = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    """Of a worker: whose runs it carries out."""
    began_at = models.DateTimeField()
    heard_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["role", "name"], name="heartbeat_once")]

    def __str__(self) -> str:
        return f"{self.role} {self.name}"
