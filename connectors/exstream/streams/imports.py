"""Who imported packages, and how it ended."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson

from connectors.exstream.client import ExstreamClient
from connectors.exstream.scope import read_whole
from hub.sdk import Fields, OpenFields, Reading, Record, Stream


class Imports(Stream[ExstreamClient]):
    """Who imported packages into the tenant, and how it ended."""

    title = "Imports"

    class Input(Fields):
        pass

    class Output(OpenFields):
        status: str

    def read(self, input: Any, client: ExstreamClient) -> Reading:
        def rows() -> list[Record]:
            return [Record(_key(row), row) for row in client.design.import_logs()]

        return read_whole("imports", rows)


def _key(row: dict[str, Any]) -> str:
    """Whether a log has an id is not established; without one it is known by what it says."""
    if row.get("id"):
        return str(row["id"])
    return hashlib.sha256(orjson.dumps(row, option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]
