"""Workflows and their versions."""

from __future__ import annotations

from django.db import models

from hub.accounts.models import SLUG, Person, WorkspaceOwned, new_id


class Workflow(WorkspaceOwned):
    """A workflow: the draft that people edit, and the version that runs."""

    slug = models.CharField(max_length=63, validators=[SLUG])
    name = models.CharField(max_length=200)
    draft = models.JSONField()
    revision = models.PositiveIntegerField(default=1)
    """Counts up with every saved draft; a save names the revision it edited."""
    is_active = models.BooleanField(default=False)
    """Whether triggers start it. Somebody can start a published workflow by hand all the same."""
    head_start_seconds = models.PositiveSmallIntegerField(default=0, db_default=0)
    """By its priority: its runs are queued as if they had been asked for so much earlier."""
    pool = models.CharField(max_length=63, default="default", db_default="default")
    """Which workers carry out its runs, as its published version says."""
    generation = models.PositiveSmallIntegerField(default=1, db_default=1)
    """Of the engine that published it: see `workflows/engine/generations.py`."""
    folder = models.CharField(max_length=200, blank=True, db_default="")
    """Where people keep it; "a/b" is within "a". Empty for none."""
    tags = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    """Words by which people find it again."""
    trashed_at = models.DateTimeField(null=True)
    """Since when it is in the trash: out of service, out of the list, and there to be restored."""
    published = models.ForeignKey("workflows.Version", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["workspace", "slug"], name="workflow_slug_once")]

    def __str__(self) -> str:
        return self.name


class Version(models.Model):
    """A document as it was published. Rows are never changed: runs refer to them."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workflow = models.ForeignKey(Workflow, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    message = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["workflow", "number"], name="version_number_once")]

    def __str__(self) -> str:
        return f"{self.workflow}, version {self.number}"
