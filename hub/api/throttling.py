"""How many requests one caller may make in a minute."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from hub.accounts.access import Actor
from hub.api.counting import count

if TYPE_CHECKING:
    from rest_framework.views import APIView

_WINDOW_SECONDS = 60


class PerCaller(BaseThrottle):
    """Counts by token, by person, and by address for whoever is not signed in. Zero in the settings: no limit."""

    _wait: int | None = None

    def allow_request(self, request: Request, view: APIView) -> bool:
        caller, limit = _caller(request)
        if limit <= 0:
            return True
        counted, left = count(f"api:{caller}", window_seconds=_WINDOW_SECONDS)
        self._wait = left
        return counted <= limit

    def wait(self) -> float | None:
        return self._wait


def _caller(request: Request) -> tuple[str, int]:
    if isinstance(request.auth, Actor) and request.auth.token is not None:
        return f"token:{request.auth.token.id}", settings.API_REQUESTS_PER_MINUTE
    person: Any = request.user
    if person is not None:
        return f"person:{person.pk}", settings.API_REQUESTS_PER_MINUTE
    return f"address:{request.META.get('REMOTE_ADDR', '')}", settings.API_ANONYMOUS_REQUESTS_PER_MINUTE
