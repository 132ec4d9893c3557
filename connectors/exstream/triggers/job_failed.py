"""A job ended with an error."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.watching_jobs import EndedJob, Watched, poll_jobs
from hub.sdk import Cursor, EventSource, Memory, Poll


class JobFailed(EventSource[ExstreamClient]):
    """A job ended with an error."""

    Input = Watched
    Output = EndedJob

    def poll(self, input: Any, client: ExstreamClient, cursor: Cursor | None, memory: Memory) -> Poll:
        return poll_jobs(input, client, cursor, memory, ["error"], "exstream.job.failed")
