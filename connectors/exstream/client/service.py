"""What both services of Exstream have in common."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import requests

from connectors.exstream.client.dates import with_iso_dates
from connectors.exstream.client.filters import as_parameters
from connectors.exstream.client.paging import Listing
from connectors.exstream.client.transport import Transport, read_json
from hub.sdk import Misconfigured, UnexpectedReply

Json = dict[str, Any]


def part(value: object) -> str:
    """One part of a path."""
    return quote(str(value), safe="")


class Service:
    """Paths below one base address, in Exstream's envelope."""

    def __init__(self, transport: Transport, base: str, filter_style: str, base_field: str) -> None:
        self._transport = transport
        self._base = base.rstrip("/")
        self._filter_style = filter_style
        self._base_field = base_field

    def send(self, method: str, path: str, **options: Any) -> requests.Response:
        """A successful response, whatever is in it."""
        if not self._base:
            raise Misconfigured("The connection has no address of this service. Add it.", field=self._base_field)
        return self._transport.send(method, self._base + path, **options)

    def call(self, method: str, path: str, **options: Any) -> Json:
        """A reply with its envelope."""
        made: Json = with_iso_dates(read_json(self.send(method, path, **options)))
        return made

    def one(self, method: str, path: str, **options: Any) -> Json:
        """The object in the envelope."""
        data = self.call(method, path, **options).get("data")
        if not isinstance(data, dict):
            raise UnexpectedReply("Exstream answered without the object that was asked for.")
        return data

    def several(self, method: str, path: str, **options: Any) -> list[Any]:
        """The list in the envelope."""
        data = self.call(method, path, **options).get("data")
        if not isinstance(data, list):
            raise UnexpectedReply("Exstream answered without the list that was asked for.")
        return data

    def listing(self, what: str, path: str, *, wanted: Json | None = None, params: Json | None = None) -> Listing:
        """A list with pages."""
        settings = self._transport.settings
        fixed = [*as_parameters(wanted or {}, self._filter_style), *(params or {}).items()]

        def ask(count: int, offset: int) -> Json:
            return self.call("GET", path, params=[*fixed, ("count", count), ("offset", offset)])

        return Listing(what, ask, settings.page_size, settings.paging_style == "pages")

    def all_of(self, what: str, path: str, **options: Any) -> list[Json]:
        """Every item of a list with pages. Raises when it did not come whole."""
        listing = self.listing(what, path, **options)
        found = list(listing.items(lambda row: str(row.get("id")) + "|" + str(row.get("version"))))
        if trouble := listing.problem():
            raise UnexpectedReply(trouble)
        return found
