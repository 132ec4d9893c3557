"""A resource was submitted for approval."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.watching_resources import MovedResource, WatchedResources, poll_moves
from hub.sdk import Cursor, EventSource, Memory, Poll


class ResourceSubmitted(EventSource[ExstreamClient]):
    """A resource was submitted for approval."""

    Input = WatchedResources
    Output = MovedResource

    def poll(self, input: Any, client: ExstreamClient, cursor: Cursor | None, memory: Memory) -> Poll:
        states = {"REVIEW"}
        return poll_moves(input, client, cursor, memory, "exstream.resource.submitted", states)
