"""A resource was submitted, approved, rejected or taken back."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.watching_resources import MovedResource, WatchedResources, poll_moves
from hub.sdk import Cursor, EventSource, Memory, Poll


class ResourceStateChanged(EventSource[ExstreamClient]):
    """A resource was submitted, approved, rejected or taken back."""

    Input = WatchedResources
    Output = MovedResource

    def poll(self, input: Any, client: ExstreamClient, cursor: Cursor | None, memory: Memory) -> Poll:
        states = {"DRAFT", "REVIEW", "APPROVED", "REJECTED"}
        return poll_moves(input, client, cursor, memory, "exstream.resource.state-changed", states)
