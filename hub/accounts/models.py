"""People, the workspaces they belong to, and what they may do there."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import timedelta

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from uuid6 import uuid7

from hub.accounts.roles import Role

SLUG = RegexValidator(
    r"^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z",
    "Use lower-case letters, digits and hyphens; begin and end with a letter or a digit.",
)


def new_id() -> uuid.UUID:
    """A UUIDv7, so that rows sort by the time they were made."""
    return uuid.UUID(int=uuid7().int)


class Person(AbstractUser):
    """Somebody who signs in."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(Lower("username"), name="person_username_any_case")]

    def __str__(self) -> str:
        return self.name or self.username


class Workspace(models.Model):
    """A team's own corner of the hub. Nothing is shared between workspaces, and nobody sees across them."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.CharField(max_length=63, unique=True, validators=[SLUG])
    name = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """That a person belongs to a workspace, and as what."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    roles = ArrayField(models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role]))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "person"], name="membership_once"),
            models.CheckConstraint(condition=models.Q(roles__len__gt=0), name="membership_has_a_role"),
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.workspace}"


class WorkspaceOwned(models.Model):
    """Base of every row that belongs to one workspace. Query such rows through `hub.accounts.access.visible`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    @classmethod
    def within(cls, reach: Reach) -> models.Q:
        """Which rows of this kind a delegate sees. None, unless the kind says otherwise."""
        return models.Q(pk__in=[])


class Reach(WorkspaceOwned):
    """What a delegate may act on, as the directory said when it was last asked. Whoever is no delegate has none."""

    LASTS = timedelta(minutes=15)
    """Longer than this nobody is believed to be still entitled; they see nothing until the directory is asked."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    domains = models.JSONField(default=dict)
    """By connection and name, "exstream/emea-dev", each with what may be done there."""
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "person"], name="reach_once")]

    def __str__(self) -> str:
        return f"Reach of {self.person}"

    @property
    def names(self) -> list[str]:
        """The domains."""
        return sorted(self.domains)


class ApiToken(WorkspaceOwned):
    """Lets a program act for a person in one workspace. Only a keyed hash of the token is kept."""

    owner = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, unique=True)
    ending = models.CharField(max_length=4)
    """The token's last characters, so that its owner can tell which one it is."""
    roles = ArrayField(models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role]))
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.name} (…{self.ending})"

    @classmethod
    def within(cls, reach: Reach) -> models.Q:
        return models.Q(owner_id=reach.person_id)


def roles_in_order(roles: Iterable[str]) -> list[str]:
    """Roles as they are stored: each once, in the order of the table."""
    held = set(roles)
    return [role.value for role in Role if role.value in held]
