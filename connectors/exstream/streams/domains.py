"""Domains: where resources live and roles count."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.scope import read_whole
from hub.sdk import Fields, OpenFields, Reading, Record, Stream


class Domains(Stream[ExstreamClient]):
    """Domains: where resources live and roles count."""

    class Input(Fields):
        pass

    class Output(OpenFields):
        id: str

    def read(self, input: Any, client: ExstreamClient) -> Reading:
        return read_whole("domains", lambda: [Record(str(row["id"]), row) for row in client.design.domains()])
