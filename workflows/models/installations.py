"""Templates as they were installed in a workspace."""

from __future__ import annotations

from django.db import models

from hub.accounts.models import SLUG, WorkspaceOwned


class Installation(WorkspaceOwned):
    """A template with its parameters, and what it remembers between its runs."""

    template = models.CharField(max_length=63)
    slug = models.CharField(max_length=63, validators=[SLUG])
    parameters = models.JSONField()
    remembered = models.JSONField(default=dict)
    """{"count": people in the last complete reading that was applied, "left": {uuid: day first seen disabled}}."""
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["workspace", "slug"], name="installation_slug_once")]

    def __str__(self) -> str:
        return self.slug
