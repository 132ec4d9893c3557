"""What the API of triggers reads and answers."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hub.api.serializers import Input
from workflows.models import Trigger
from workflows.services.triggers import address_of, preview_of


class PreviewInput(Input):
    settings = serializers.DictField(help_text="cron or every_seconds, zone, missed.")


class PreviewOutput(serializers.Serializer[Any]):
    words = serializers.CharField(help_text="The rule in plain words.")
    fires = serializers.ListField(child=serializers.DateTimeField())


class SecretOutput(serializers.Serializer[Any]):
    secret = serializers.CharField(help_text="Shown this once. Nothing shows it again.")


class TriggerOutput(serializers.ModelSerializer[Trigger]):
    id = serializers.UUIDField()
    address = serializers.SerializerMethodField(help_text="Where a webhook is called.")
    has_secret = serializers.SerializerMethodField()
    schedule = serializers.SerializerMethodField(help_text="A schedule in plain words, and its next fires.")
    is_active = serializers.BooleanField(source="workflow.is_active")

    class Meta:
        model = Trigger
        fields = ["id", "name", "kind", "settings", "is_active", "address", "has_secret", "schedule", "due_at",
                  "fired_at", "passed_over", "asked_at", "failures", "error", "warnings"]  # fmt: skip

    def get_address(self, row: Trigger) -> str:
        return address_of(row)

    def get_has_secret(self, row: Trigger) -> bool:
        return bool(row.sealed)

    @extend_schema_field(PreviewOutput(allow_null=True))
    def get_schedule(self, row: Trigger) -> dict[str, Any] | None:
        found = preview_of(row)
        return dict(PreviewOutput(found).data) if found else None


class TriggersOutput(serializers.Serializer[Any]):
    items = TriggerOutput(many=True)
