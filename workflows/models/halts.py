"""Orders to stop: a run, a workflow, a connection, or everything of a workspace, until somebody lifts them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from hub.accounts.models import Person, WorkspaceOwned
from hub.connections.models import Connection
from workflows.models.runs import Run
from workflows.models.workflows import Workflow


class Halt(WorkspaceOwned):
    """Names a run, a workflow or a connection; none of them means everything."""

    run = models.ForeignKey(Run, null=True, on_delete=models.CASCADE, related_name="halts")
    workflow = models.ForeignKey(Workflow, null=True, on_delete=models.CASCADE, related_name="halts")
    connection = models.ForeignKey(Connection, null=True, on_delete=models.CASCADE, related_name="halts")
    writes_only = models.BooleanField(default=False)
    """What only reads or computes goes on."""
    reason = models.CharField(max_length=400)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_by_name = models.CharField(max_length=450)
    lifted_at = models.DateTimeField(null=True)
    lifted_by_name = models.CharField(max_length=450, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(run=None, workflow=None)
                | Q(run=None, connection=None)
                | Q(workflow=None, connection=None),
                name="halt_names_one",
            )
        ]
        indexes = [models.Index(fields=["workspace"], name="halt_open", condition=Q(lifted_at=None))]

    def __str__(self) -> str:
        what = "writes of " if self.writes_only else ""
        for named, word in ((self.run, ""), (self.workflow, "workflow "), (self.connection, "connection ")):
            if named is not None:
                return f"{what}{word}{named}"
        return f"{what}everything"

    @property
    def sentence(self) -> str:
        """What somebody reads whose run does not go on."""
        what = "Writing is stopped" if self.writes_only else "Stopped"
        of = f' for connection "{self.connection.slug}"' if self.connection else ""
        of = of or (" for everything" if not (self.run_id or self.workflow_id) else "")
        return f"{what}{of} by {self.made_by_name} since {self.made_at:%d %b %Y, %H:%M} UTC: {self.reason}"
