"""What each role may do with each type of resource."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.permissions import words_of
from connectors.exstream.scope import read_whole
from hub.sdk import Fields, Reading, Record, Stream, field


class RolePermissions(Stream[ExstreamClient]):
    """What each role may do with each type of resource."""

    title = "Role permissions"

    class Input(Fields):
        role: str = field("Role", default="", choices="roles", help="None means all.")

    class Output(Fields):
        role: str
        type: str
        permissions: list[str]

    def read(self, input: Any, client: ExstreamClient) -> Reading:
        def rows() -> list[Record]:
            return [_record(row) for row in client.design.role_permissions(input.role)]

        return read_whole("role permissions", rows)


def _record(row: dict[str, Any]) -> Record:
    role, kind = str(row["roleName"]), str(row["objectType"])
    return Record(f"{role}|{kind}", {"role": role, "type": kind, "permissions": words_of(row.get("permissions"))})
