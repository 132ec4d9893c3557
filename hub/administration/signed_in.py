"""How whoever makes a request has signed in, as evidence of what they decide by it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY
from django.http import HttpRequest

from hub.accounts.access import Actor

_WAYS = {"django.contrib.auth.backends.ModelBackend": "password"}


def how_signed_in(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    """{"by": "token", "name"}, or {"by": "password", "since"}; other ways are named as configured."""
    if actor.token is not None:
        return {"by": "token", "name": str(actor.token)}
    backend = str(request.session.get(BACKEND_SESSION_KEY, ""))
    since = actor.person.last_login if actor.person else None
    return {"by": _WAYS.get(backend, backend or "unknown"), "since": since.isoformat() if since else None}
