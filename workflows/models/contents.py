"""Values too large for the rows of runs: kept in pages, once per workspace, for as long as a run refers to them."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from hub.accounts.models import WorkspaceOwned
from workflows.models.runs import Run


class Content(WorkspaceOwned):
    """One large value: a list page by page, or the JSON text of anything else."""

    digest = models.CharField(max_length=64, null=True)  # noqa: DJ001 - null while it is being written
    """Of what is in it. None: still being written, or sealed and therefore never shared."""
    is_list = models.BooleanField()
    bytes = models.BigIntegerField(default=0)
    """Of its JSON."""
    stored_bytes = models.BigIntegerField(default=0)
    """In its pages, compressed."""
    count = models.BigIntegerField(default=0)
    """Of a list: its items."""
    pages = models.PositiveIntegerField(default=0)
    in_files = models.BooleanField(default=False)
    """Whether its pages are not rows, but files below the folder or objects of the store that is set."""
    is_sealed = models.BooleanField(default=False)
    """Whether something classed is in it, which only the sealed part of its pages has."""
    kept_at = models.DateTimeField(default=timezone.now)
    """When somebody last wrote it or began to refer to it. What nobody refers to is removed a day later."""

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["workspace", "digest"], name="content_once")]
        indexes = [models.Index(fields=["kept_at"], name="content_by_time")]

    def __str__(self) -> str:
        return f"{self.bytes} bytes"


class ContentPage(models.Model):
    """A page of a large value."""

    id = models.BigAutoField(primary_key=True)
    content = models.ForeignKey(Content, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    first = models.BigIntegerField()
    """Of a list: the index of the first item in it."""
    count = models.PositiveIntegerField()
    body = models.BinaryField(null=True)
    """JSON, compressed. None: it is in a file or an object."""
    sealed = models.BinaryField(null=True)
    """What is masked in the body."""

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["content", "number"], name="content_page_once")]

    def __str__(self) -> str:
        return f"page {self.number} of {self.content_id}"


class ContentUse(models.Model):
    """That a run refers to a large value."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="contents", db_index=False)
    content = models.ForeignKey(Content, on_delete=models.PROTECT, related_name="uses")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "content"], name="content_use_once")]

    def __str__(self) -> str:
        return f"{self.content_id} in {self.run_id}"
