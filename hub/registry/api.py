"""The catalog by API: which connectors there are, and what each can do."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hub.accounts.access import allow
from hub.api.errors import NotFound
from hub.api.schema import operation
from hub.api.serializers import Output
from hub.api.views import ApiView
from hub.registry import Connector, UnknownEntry, catalog


class ManifestOutput(Output):
    name = serializers.CharField()
    category = serializers.CharField()
    description = serializers.CharField()
    sign_in = serializers.ListField(child=serializers.CharField())
    talks_to = serializers.ListField(child=serializers.CharField())
    owner = serializers.CharField()
    version = serializers.CharField()
    documentation = serializers.CharField()
    quality = serializers.DictField(child=serializers.CharField())


class EntryOutput(Output):
    """One thing a connector offers. The schemas are JSON Schema 2020-12."""

    name = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    input_schema = serializers.DictField()
    output_schema = serializers.DictField()


class ActionOutput(EntryOutput):
    effect = serializers.CharField(help_text="What repeating it does: none, keyed or once.")


class EventSourceOutput(EntryOutput):
    every_seconds = serializers.IntegerField(help_text="How often it is asked.")


class ResourceOutput(EntryOutput):
    operations = serializers.ListField(child=serializers.CharField())


class ConnectorOutput(Output):
    name = serializers.CharField()
    manifest = ManifestOutput()
    source = serializers.CharField(help_text="Where it was found.")  # type: ignore[assignment]
    settings_schema = serializers.DictField(help_text="The fields of a connection.")
    secret_fields = serializers.ListField(child=serializers.CharField())
    choices = serializers.ListField(child=serializers.CharField(), help_text="Its live choice lists.")
    actions = ActionOutput(many=True)
    event_sources = EventSourceOutput(many=True)
    streams = EntryOutput(many=True)
    resources = ResourceOutput(many=True)


class ConnectorProblemOutput(Output):
    connector = serializers.CharField()
    file = serializers.CharField()
    key = serializers.CharField()
    message = serializers.CharField()
    broken = serializers.BooleanField(help_text="Whether the connector is not offered because of this.")


class CatalogOutput(Output):
    items = ConnectorOutput(many=True)
    problems = ConnectorProblemOutput(many=True)


class ConnectorsView(ApiView):
    @operation("List connectors", id="connectors_list", gives=CatalogOutput)
    def get(self, request: Request) -> Response:
        allow(self.actor, "connector.view")
        known = catalog()

        def make() -> Response:
            found = {"items": [_shown(each) for each in known.connectors.values()], "problems": known.problems}
            return self.answer(found, CatalogOutput)

        return self.if_changed([id(known), *known.connectors], make)


class ConnectorView(ApiView):
    @operation("Show a connector", id="connectors_get", gives=ConnectorOutput)
    def get(self, request: Request, connector: str) -> Response:
        allow(self.actor, "connector.view")
        try:
            found = catalog().connector(connector)
        except UnknownEntry as trouble:
            raise NotFound(str(trouble)) from None
        return self.answer(_shown(found), ConnectorOutput)


def _shown(connector: Connector) -> dict[str, Any]:
    return {
        "name": connector.name,
        "manifest": connector.manifest,
        "source": connector.source,
        "settings_schema": connector.settings_schema,
        "secret_fields": sorted(connector.secret_fields),
        "choices": sorted(connector.sign_in.choices),
        "actions": list(connector.actions.values()),
        "event_sources": list(connector.event_sources.values()),
        "streams": list(connector.streams.values()),
        "resources": list(connector.resources.values()),
    }
