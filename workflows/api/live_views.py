"""What moves, as it moves: server-sent events."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

from django.conf import settings
from django.db import connection
from django.http import StreamingHttpResponse
from rest_framework import serializers
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request

from hub.accounts.access import actor_for, allow
from hub.api.errors import ProblemError
from hub.api.schema import operation
from hub.api.serializers import Query
from hub.api.views import ApiView
from workflows.services.moving import Watcher, watch

QUIET_SECONDS = 15
"""A line is sent at least so often, so that a broken connection is found."""
LONGEST_SECONDS = 300
"""Then the browser connects anew, and the hub looks anew who it is."""


class LiveQuery(Query):
    workspace = serializers.SlugField(required=False, help_text="Where to look: a stream cannot send the header.")


class _Anything(BaseContentNegotiation):
    """A stream is no document that could be wanted in another form."""

    def select_parser(self, request, parsers):  # type: ignore[no-untyped-def]
        return parsers[0]

    def select_renderer(self, request, renderers, format_suffix=None):  # type: ignore[no-untyped-def]
        return renderers[0], renderers[0].media_type


class LiveView(ApiView):
    content_negotiation_class = _Anything

    @operation(
        "Follow what moves",
        id="live",
        gives=serializers.CharField(),
        query=LiveQuery,
        description=(
            "Server-sent events. `moved` holds a list of {of, id}: runs, and whatever people did something to. "
            "A hub that has as many streams as it may answers 503; ask for what you show every few seconds then."
        ),
    )
    def get(self, request: Request) -> StreamingHttpResponse:
        slug = self.query.get("workspace", "")
        actor = actor_for(self.person, slug) if slug and request.auth is None else self.actor
        allow(actor, "live.follow")
        if watch.count() >= settings.LIVE_STREAMS:
            raise ProblemError(
                "As many follow the hub as it has room for. Ask for what you show every few seconds instead.",
                code="no-stream-free", title="There is no stream free.", status=503, retry_after_seconds=30,
            )  # fmt: skip
        answer = StreamingHttpResponse(_told(watch.join(actor.workspace.id)), content_type="text/event-stream")
        answer["Cache-Control"] = "no-store"
        answer["X-Accel-Buffering"] = "no"  # A proxy in front sends each line at once.
        return answer


def _told(watcher: Watcher) -> Iterator[str]:
    connection.close()  # Waiting needs none.
    until = time.monotonic() + LONGEST_SECONDS
    try:
        yield "retry: 3000\n\n"
        while time.monotonic() < until:
            news = watcher.wait(QUIET_SECONDS)
            moved = json.dumps([{"of": of, "id": each} for of, each in news])
            yield f"event: moved\ndata: {moved}\n\n" if news else ": quiet\n\n"
    finally:
        watcher.leave()
