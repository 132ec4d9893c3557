"""Templates as they were installed in a workspace."""

from __future__ import annotations

from django.db import models

from hub.accounts.models import SLUG, WorkspaceOwned
from workflows.models.workflows import Workflow


class Installation(WorkspaceOwned):
    """A template with its parameters, and the workflow that was made of it."""

    template = models.CharField(max_length=63)
    slug = models.CharField(max_length=63, validators=[SLUG])
    parameters = models.JSONField()
    version = models.PositiveIntegerField(default=0)
    """Of the template, when the workflow was made; 0 before there was one."""
    made = models.JSONField(null=True)
    """The document as the template made it last, before anybody changed it; null when this was not kept yet."""
    workflow = models.OneToOneField(Workflow, null=True, on_delete=models.PROTECT, related_name="installation")
    """None for an installation of the time before templates were workflows: its next use makes it."""
    removed_at = models.DateTimeField(null=True)
    """Set once somebody removed it; installing under its slug brings it back."""
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["workspace", "slug"], name="installation_slug_once")]

    def __str__(self) -> str:
        return self.slug
