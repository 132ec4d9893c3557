"""Saved sign-ins to outside services, and the private hosts that may be reached."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from hub.accounts.models import SLUG, Person, WorkspaceOwned
from hub.vault import Place

PURPOSE = "credentials"


class Health(models.TextChoices):
    """What the last test of a connection found."""

    UNTESTED = "untested", "Not tested"
    WELL = "well", "Works"
    FAILING = "failing", "Does not work"


class Connection(WorkspaceOwned):
    """A saved sign-in to one outside service. Secrets are sealed; nothing ever shows them again."""

    name = models.CharField(max_length=200)
    slug = models.CharField(max_length=63, validators=[SLUG])
    connector = models.CharField(max_length=40)
    settings = models.JSONField(default=dict)
    """The fields that are not secret."""
    sealed = models.BinaryField(default=b"")
    secrets_set = ArrayField(models.CharField(max_length=100), default=list)
    """Which secret fields have a value."""
    requests_per_second = models.FloatField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
    """Counts up with every change, so that open clients notice."""
    health = models.CharField(max_length=10, choices=Health.choices, default=Health.UNTESTED)
    health_code = models.CharField(max_length=40, blank=True)
    """The error's class when the test failed, such as "sign-in-refused"."""
    health_message = models.TextField(blank=True)
    health_field = models.CharField(max_length=100, blank=True)
    identity = models.JSONField(null=True, blank=True)
    """Who the last successful test signed in as."""
    tested_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["workspace", "slug"], name="connection_slug_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> Place:
        """Where its secrets are kept: they open nowhere else."""
        return Place(self.workspace_id, self.id, PURPOSE)


class EgressRule(WorkspaceOwned):
    """A private host or range of addresses that this workspace's connections may reach all the same."""

    target = models.CharField(max_length=255)
    """A host name, host:port, an address or a CIDR range."""
    note = models.CharField(max_length=400)
    """Why it is allowed."""
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["id"]
        verbose_name = "egress rule"
        constraints = [models.UniqueConstraint(fields=["workspace", "target"], name="egress_target_once")]

    def __str__(self) -> str:
        return self.target


class Bucket(models.Model):
    """How many calls a connection has left, and until when its service wants none. `pacing.py` writes it, in lines of
    its own: there is no foreign key, so that nothing waits for it."""

    connection_id = models.UUIDField(primary_key=True)
    full_at = models.DateTimeField()
    paused_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.connection_id)
