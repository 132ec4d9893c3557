"""What every page's frame shows."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from hub.accounts.access import Actor, workspaces_of

_SCRIPT = "built/pages.js"


def frame(request: HttpRequest) -> dict[str, Any]:
    """The navigation, the actor and their workspaces. Empty on pages that have no actor (signed out, broken)."""
    actor: Actor | None = getattr(request, "actor", None)
    shown: dict[str, Any] = {"actor": actor, "page_script": _page_script()}
    if actor is not None and actor.person is not None:
        shown |= {"navigation": _navigation(request, actor), "workspaces": list(workspaces_of(actor.person))}
    return shown


def _navigation(request: HttpRequest, actor: Actor) -> list[dict[str, Any]]:
    items = []
    for label, name, verb in settings.NAVIGATION:
        if not actor.may(verb):
            continue
        try:
            address = reverse(name)
        except NoReverseMatch:
            continue  # That part is not installed.
        within = request.path == address or (address != "/" and request.path.startswith(f"{address.rstrip('/')}/"))
        items.append({"label": label, "address": address, "current": within})
    return items


@lru_cache(maxsize=1)
def _page_script() -> str:
    """The script that keeps parts of a page live, when the front end was built. Pages work without it."""
    return _SCRIPT if finders.find(_SCRIPT) else ""
