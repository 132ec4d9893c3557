"""What the addresses of connections take and give. Secrets go in and never come out."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from hub.api.serializers import Choice, Input, ObjectField, Output, PageQuery, known
from hub.connections.checking import hosts_of
from hub.connections.models import Connection, Health
from hub.registry import catalog


class HealthOutput(Output):
    """What the last test found. `field` names the setting at fault, when one is."""

    state = serializers.ChoiceField(Health.values, source="health")
    code = serializers.CharField(source="health_code")
    message = serializers.CharField(source="health_message")
    field = serializers.CharField(source="health_field")
    tested_at = serializers.DateTimeField(allow_null=True)


class IdentityOutput(Output):
    """Who the last successful test signed in as."""

    name = serializers.CharField()
    tenant = serializers.CharField()
    rights = serializers.ListField(child=serializers.CharField())
    notes = serializers.ListField(child=serializers.CharField())
    detail = serializers.DictField()


class ConnectionOutput(Output):
    """A saved sign-in. `secrets_set` names the secret fields that have a value; the values are never shown."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    slug = serializers.CharField()
    connector = serializers.CharField()
    settings = serializers.DictField()
    secrets_set = serializers.ListField(child=serializers.CharField())
    hosts = serializers.SerializerMethodField()
    requests_per_second = serializers.FloatField(allow_null=True)
    revision = serializers.IntegerField()
    health = HealthOutput(source="*")
    identity = IdentityOutput(allow_null=True)
    created_at = serializers.DateTimeField()
    created_by = serializers.StringRelatedField[Any](allow_null=True)
    updated_at = serializers.DateTimeField()
    updated_by = serializers.StringRelatedField[Any](allow_null=True)

    def get_hosts(self, connection: Connection) -> list[str]:
        known = catalog().connectors.get(connection.connector)
        # Only the plain settings: that a secret is missing must not matter for naming the hosts.
        blanks = dict.fromkeys(connection.secrets_set, "set")
        return hosts_of(known, {**connection.settings, **blanks}) if known else []


class ConnectionInput(Input):
    name = serializers.CharField(max_length=200)
    slug = serializers.CharField(
        max_length=63, required=False, allow_blank=True, help_text="Made from the name when it is not given."
    )
    connector = serializers.CharField(max_length=40)
    settings = ObjectField(help_text="The fields of the connector's settings schema, secret ones too.")
    requests_per_second = serializers.FloatField(min_value=0.001, max_value=10_000, required=False, allow_null=True)
    test = serializers.BooleanField(required=False, help_text="Sign in first, and save only when that works.")


class ConnectionChangeInput(Input):
    revision = serializers.IntegerField(min_value=1, help_text="The revision that was changed.")
    name = serializers.CharField(max_length=200, required=False)
    settings = ObjectField(
        required=False,
        help_text="Only what is to change: null removes a field, and so does an empty secret; the rest stays.",
    )
    requests_per_second = serializers.FloatField(min_value=0.001, max_value=10_000, required=False, allow_null=True)
    test = serializers.BooleanField(required=False)


class ConnectionQuery(PageQuery):
    connector = serializers.CharField(required=False, help_text="Only those of this connector.")
    health = Choice(Health.values, required=False, help_text="Only those in this state.")

    def validate_connector(self, name: str) -> str:
        return known(name, catalog().connectors, "connector")


class ChoicesInput(Input):
    values = ObjectField(required=False, help_text="The values of the fields that the list depends on.")


class ChoiceOutput(Output):
    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    help = serializers.CharField(allow_blank=True)


class ChoicesOutput(Output):
    items = ChoiceOutput(many=True)


class UseOutput(Output):
    type = serializers.CharField(help_text="workflow or plan.")
    id = serializers.CharField()
    name = serializers.CharField()
    slug = serializers.CharField(default="", help_text="Of a workflow.")


class UsesOutput(Output):
    items = UseOutput(many=True)


class EgressRuleOutput(Output):
    id = serializers.UUIDField()
    target = serializers.CharField()
    note = serializers.CharField()
    created_at = serializers.DateTimeField()
    created_by = serializers.StringRelatedField[Any](allow_null=True)


class EgressRuleInput(Input):
    target = serializers.CharField(max_length=255, help_text="A host name, host:port, an address or a CIDR range.")
    note = serializers.CharField(max_length=400, help_text="Why it is allowed.")


class EgressRuleChange(Input):
    note = serializers.CharField(max_length=400, help_text="Why it is allowed.")


class DirectoryCheckOutput(Output):
    report = serializers.DictField(help_text="What the connector's action check_directory gives.")


class SandboxOutput(Output):
    """A stand-in of a service that was started beside the hub."""

    name = serializers.CharField()
    url = serializers.CharField(help_text="Where people look at it and play with it.")
    answers = serializers.BooleanField()
    counts = serializers.DictField(child=serializers.IntegerField(), help_text="How many of what it holds.")
    faults = serializers.IntegerField(help_text="How many ways to misbehave it was told.")


class SandboxesOutput(Output):
    items = SandboxOutput(many=True)
