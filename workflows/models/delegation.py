"""Who administers which Exstream domains: rules that an administrator writes, kept per workspace."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from hub.accounts.models import WorkspaceOwned
from hub.connections.models import Connection


class DelegationScope(WorkspaceOwned):
    """People whom a condition on the directory means, and the domains and acts that are theirs."""

    name = models.CharField(max_length=100)
    directory = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="+")
    service = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="+")
    """The connection to Exstream whose domains these are; it holds the one credential."""
    condition = models.TextField(blank=True)
    """An expression over what the directory says of a person, such as `department = "IT"`; empty: anybody."""
    group_pattern = models.CharField(max_length=200, blank=True)
    """A group the person must be in, also by way of others; {region} once at most: "admins.{region}@Northwind"."""
    domains = ArrayField(models.CharField(max_length=255))
    """Names of domains, with * and with the {region} of the group."""
    acts = ArrayField(models.CharField(max_length=30))
    """What may be done there."""
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="delegation_scope_once")]

    def __str__(self) -> str:
        return self.name
