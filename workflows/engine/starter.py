"""Who started a run by hand: they do not decide about what it asks."""

from __future__ import annotations

from hub.accounts.models import Person
from workflows.models import Run


def starter_of(run: Run) -> Person | None:
    """None when a trigger or another run started it."""
    return Person.objects.filter(id=run.cause["person"]).first() if run.cause.get("person") else None
