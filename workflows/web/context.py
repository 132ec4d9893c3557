"""What every page says while something is stopped."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from hub.accounts.access import Actor
from workflows.services.halts import list_halts


def halts(request: HttpRequest) -> dict[str, Any]:
    """A sentence for each order that stands about a workflow, a connection or everything."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or not actor.may("halt.view"):
        return {}
    return {"banners": [each.sentence for each in list_halts(actor).filter(run=None)[:5]]}
