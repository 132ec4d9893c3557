"""Which records are meant: by kind, person, domain, subject, job and time. All that is given has to fit."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from hub.audit.evidence.models import Evidence

FIELDS = ("kind", "source", "person", "domain", "subject", "job", "key")
TIMES = ("since", "until")


def chosen_from(workspace_id: uuid.UUID, chosen: Mapping[str, Any]) -> QuerySet[Evidence]:
    """The records, the oldest first."""
    rows = Evidence.objects.filter(workspace_id=workspace_id).order_by("number")
    for name in FIELDS:
        if chosen.get(name):
            rows = rows.filter(**{name: chosen[name]})
    if chosen.get("since"):
        rows = rows.filter(at__gte=moment(chosen["since"]))
    if chosen.get("until"):
        rows = rows.filter(at__lt=moment(chosen["until"]))
    return rows


def moment(given: datetime | str) -> datetime:
    """Raises ValueError for a text that is no time with its zone."""
    made = given if isinstance(given, datetime) else datetime.fromisoformat(given)
    if made.tzinfo is None:
        raise ValueError(f'"{given}" does not say its time zone.')
    return made
