"""Roles: tenant-wide names for rights."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.scope import read_whole
from hub.sdk import Fields, OpenFields, Reading, Record, Stream


class Roles(Stream[ExstreamClient]):
    """Roles: tenant-wide names for rights."""

    class Input(Fields):
        pass

    class Output(OpenFields):
        name: str

    def read(self, input: Any, client: ExstreamClient) -> Reading:
        return read_whole("roles", lambda: [Record(str(row["name"]), row) for row in client.design.roles()])
