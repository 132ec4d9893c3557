"""What all processes together have counted."""

from __future__ import annotations

from django.db import models


class Tally(models.Model):
    """One count, as Prometheus names it. It only grows: every process adds what it has counted since."""

    name = models.CharField(max_length=100)
    labels = models.CharField(max_length=500)
    """A JSON object with sorted names, as text."""
    value = models.FloatField()

    class Meta:
        verbose_name_plural = "tallies"
        constraints = [models.UniqueConstraint(fields=["name", "labels"], name="tally_once")]

    def __str__(self) -> str:
        return f"{self.name}{self.labels}"
