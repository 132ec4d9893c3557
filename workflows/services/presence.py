"""Who else has a workflow open. Kept only in the shared cache: losing it costs a name for some seconds."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache

from hub.accounts.access import Actor
from workflows.services.workflows import get_workflow

LASTS_SECONDS = 45
"""Whoever has not been heard of for so long has left."""


@dataclass(frozen=True)
class Presence:
    others: list[str]
    """The names of the other people who have it open."""
    revision: int
    """Of the draft, so that an editor sees that somebody saved."""


def be_present(actor: Actor, slug: str, *, leaves: bool = False) -> Presence:
    """Say that one has it open, or leaves it, and hear who else has."""
    held = get_workflow(actor, slug)
    key, now = f"present:{held.id}", time.time()
    seen: dict[str, Any] = cache.get(key) or {}
    own = str(actor.person.pk) if actor.person else ""
    kept = {who: at for who, at in seen.items() if at[1] > now - LASTS_SECONDS and who != own}
    if own and not leaves:
        kept = {**kept, own: (str(actor.person), now)}
    cache.set(key, kept, LASTS_SECONDS)
    return Presence(sorted(name for who, (name, _) in kept.items() if who != own), held.revision)
