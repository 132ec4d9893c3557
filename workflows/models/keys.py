"""What runs are about: the person, the template, the job. `workflows/engine/keys.py` makes them."""

from __future__ import annotations

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models.functions import Lower

from hub.accounts.models import Reach, Workspace, WorkspaceOwned
from workflows.models.runs import Run

LONGEST_VALUE = 200


class RunKey(WorkspaceOwned):
    """One value of one business key of a run: {"person": "mara.vogt"}. A run may be about many."""

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+", db_index=False)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="keys", db_index=False, db_constraint=False)
    """The database removes it with its run: see the migration."""
    name = models.CharField(max_length=63)
    value = models.CharField(max_length=LONGEST_VALUE)

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["run", "name", "value"], name="run_key_value_once")]
        indexes = [
            # Values are found by how they begin, in whatever letters; the newest run of a value is its last entry.
            models.Index(
                "workspace", OpClass(Lower("value"), name="text_pattern_ops"), "name", "run", name="run_key_by_value"
            )
        ]

    @classmethod
    def within(cls, reach: Reach) -> models.Q:
        return models.Q(run__domain__in=reach.names)

    def __str__(self) -> str:
        return f"{self.name} {self.value}"
