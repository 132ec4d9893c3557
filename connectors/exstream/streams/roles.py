"""Roles: tenant-wide names for rights."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.permissions import words_of
from connectors.exstream.scope import read_whole
from hub.sdk import Fields, OpenFields, Reading, Record, Stream


class Roles(Stream[ExstreamClient]):
    """Roles: tenant-wide names for rights."""

    class Input(Fields):
        pass

    class Output(OpenFields):
        name: str
        app_permissions: list[str]

    def read(self, input: Any, client: ExstreamClient) -> Reading:
        return read_whole("roles", lambda: [_record(row) for row in client.design.roles()])


def _record(row: dict[str, Any]) -> Record:
    return Record(str(row["name"]), {**row, "app_permissions": words_of(row.get("appPermissions"))})
