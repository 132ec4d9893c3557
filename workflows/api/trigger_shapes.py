"""What the API of triggers reads and answers."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hub.api.serializers import Input, Moment, Output, Query
from workflows.models import Trigger
from workflows.services.triggers import address_of, preview_of


class PreviewInput(Input):
    settings = serializers.DictField(help_text="cron or every_seconds, zone, missed.")


class PreviewOutput(serializers.Serializer[Any]):
    words = serializers.CharField(help_text="The rule in plain words.")
    fires = serializers.ListField(child=serializers.DateTimeField())


class SecretOutput(serializers.Serializer[Any]):
    secret = serializers.CharField(help_text="Shown this once. Nothing shows it again.")


class RewindQuery(Query):
    since = Moment(help_text="From this time on.")


class RewindInput(Input):
    since = Moment(help_text="From this time on.")
    count = serializers.IntegerField(min_value=1, help_text="How many deliveries that are, as the preview said.")


class HappeningOutput(Output):
    at = serializers.DateTimeField(help_text="When it was reported.")
    run = serializers.UUIDField(help_text="The run that it started.")
    event = serializers.CharField()
    subject = serializers.CharField()
    happenings = serializers.IntegerField(help_text="How many were delivered together.")


class RewindPreviewOutput(Output):
    count = serializers.IntegerField()
    first_at = serializers.DateTimeField(allow_null=True)
    happenings = HappeningOutput(many=True, help_text="The newest 50.")


class RewindOutput(Output):
    count = serializers.IntegerField(help_text="How many runs were started.")


class TriggerOutput(serializers.ModelSerializer[Trigger]):
    id = serializers.UUIDField()
    address = serializers.SerializerMethodField(help_text="Where a webhook is called.")
    has_secret = serializers.SerializerMethodField()
    schedule = serializers.SerializerMethodField(help_text="A schedule in plain words, and its next fires.")
    remembered = serializers.SerializerMethodField(help_text="Of how many objects it knows how they were.")
    is_active = serializers.BooleanField(source="workflow.is_active")

    class Meta:
        model = Trigger
        fields = ["id", "name", "kind", "settings", "is_active", "address", "has_secret", "schedule", "due_at",
                  "fired_at", "passed_over", "cursor", "remembered", "asked_at", "failures", "error",
                  "warnings"]  # fmt: skip

    def get_address(self, row: Trigger) -> str:
        return address_of(row)

    def get_has_secret(self, row: Trigger) -> bool:
        return bool(row.sealed)

    def get_remembered(self, row: Trigger) -> int:
        return row.remembered.count() if row.kind == "event" else 0

    @extend_schema_field(PreviewOutput(allow_null=True))
    def get_schedule(self, row: Trigger) -> dict[str, Any] | None:
        found = preview_of(row)
        return dict(PreviewOutput(found).data) if found else None


class TriggersOutput(serializers.Serializer[Any]):
    items = TriggerOutput(many=True)
