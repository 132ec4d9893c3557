"""What the designer's addresses read and answer."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from hub.api.serializers import Input, JsonField, ObjectField, Output
from workflows.api.serializers import VersionOutput


class StepKindOutput(Output):
    name = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    ports = serializers.ListField(child=serializers.CharField(), help_text="The ways out it always has.")
    ports_from = serializers.CharField(help_text="A setting whose entries name further ways out, put first.")
    has_body = serializers.BooleanField(help_text="It holds steps of its own.")
    fits_inside = serializers.BooleanField(help_text="It may stand inside of a step that holds others.")
    settings_schema = serializers.DictField()


class TriggerKindOutput(Output):
    name = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    settings_schema = serializers.DictField()


class ReconcileOutput(Output):
    name = serializers.CharField()
    title = serializers.CharField()
    parameters = serializers.DictField(help_text="The JSON Schema of what it asks for.")


class KindsOutput(Output):
    steps = StepKindOutput(many=True)
    triggers = TriggerKindOutput(many=True)
    reconciles = ReconcileOutput(many=True)


class PreviewInput(Input):
    value = JsonField(help_text="A value as it stands in a step, with expressions in it.")
    run = serializers.UUIDField(required=False, allow_null=True, help_text="The run whose data is seen.")
    scope = ObjectField(required=False, help_text="Laid over it: trigger, steps, run, item, index.")


class PreviewOutput(Output):
    value = serializers.JSONField(allow_null=True)
    error = serializers.CharField(help_text="Why there is no value; empty when there is one.")
    place = serializers.CharField(help_text="Where in the value.")
    position = serializers.IntegerField(allow_null=True, help_text="Where in the expression.")


class VersionDocumentOutput(VersionOutput):
    created_by: Any = serializers.StringRelatedField[Any](allow_null=True)

    class Meta(VersionOutput.Meta):
        fields = [*VersionOutput.Meta.fields, "created_by", "document"]


class VersionLineOutput(VersionDocumentOutput):
    class Meta(VersionOutput.Meta):
        fields = [*VersionOutput.Meta.fields, "created_by"]
