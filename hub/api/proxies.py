"""Who calls, when one reverse proxy stands in front of the hub."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse


class ClientAddress:
    """Takes the caller's address from the proxy. Only its own entry counts: what stands before is hearsay."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.BEHIND_PROXY:
            raise MiddlewareNotUsed
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.META["REMOTE_ADDR"] = address_of(request.META)
        return self._get_response(request)


def address_of(environ: Mapping[str, Any]) -> str:
    """Who calls, by what the web server says; behind a proxy by what the proxy says."""
    last = str(environ.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip() if settings.BEHIND_PROXY else ""
    return last or str(environ.get("REMOTE_ADDR", ""))
