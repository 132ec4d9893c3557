"""An open connection to Exstream: its two services."""

from __future__ import annotations

from connectors.exstream.client.design import Design
from connectors.exstream.client.orchestration import Orchestration
from connectors.exstream.client.settings import Settings
from connectors.exstream.client.transport import Transport
from hub.sdk import Opening


class ExstreamClient:
    """Makes no call by itself; signs in when it is first used."""

    def __init__(self, settings: Settings, opening: Opening) -> None:
        self.settings = settings
        transport = Transport(settings, opening)
        self.design = Design(transport)
        self.orchestration = Orchestration(transport)
