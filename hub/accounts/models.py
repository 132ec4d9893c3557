"""People, the workspaces they belong to, and what they may do there."""

from __future__ import annotations

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models
from uuid6 import uuid7


def new_id() -> uuid.UUID:
    """A UUIDv7, so that rows sort by the time they were made."""
    return uuid.UUID(str(uuid7()))


class Person(AbstractUser):
    """Somebody who signs in."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name or self.username
