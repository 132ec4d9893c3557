"""The only place that talks to Exstream."""

from connectors.exstream.client.design import Design
from connectors.exstream.client.exstream import ExstreamClient
from connectors.exstream.client.orchestration import Orchestration
from connectors.exstream.client.paging import Listing
from connectors.exstream.client.settings import Settings

__all__ = ["Design", "ExstreamClient", "Listing", "Orchestration", "Settings"]
