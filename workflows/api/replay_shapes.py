"""What the API of replays reads and answers."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from hub.api.serializers import Input


class ReplayInput(Input):
    step = serializers.CharField(
        required=False, allow_blank=True, default="", help_text="The step to begin at; empty for the start."
    )
    version = serializers.IntegerField(
        required=False, allow_null=True, default=None, help_text="The version's number; the run's own when empty."
    )
    payload = serializers.DictField(
        required=False, allow_null=True, default=None, help_text="Edited input; the run's own when empty."
    )
    approvals = serializers.ChoiceField(
        choices=["kept", "again"], required=False, default="kept",
        help_text="Whether people are asked again who decided about the same before.",
    )  # fmt: skip


class WriteOutput(serializers.Serializer[Any]):
    run = serializers.UUIDField(help_text="The run that wrote it.")
    step = serializers.CharField()
    title = serializers.CharField()
    item = serializers.CharField()
    kind = serializers.CharField()
    action = serializers.CharField()
    connection = serializers.CharField()
    input = serializers.JSONField(allow_null=True)
    output = serializers.JSONField(allow_null=True)
    at = serializers.DateTimeField()


class ReplayOutput(serializers.Serializer[Any]):
    version = serializers.IntegerField(source="version.number")
    kept = serializers.ListField(child=serializers.CharField(), help_text="Steps whose results are kept.")
    again = serializers.ListField(child=serializers.CharField(), help_text="Steps that are done again.")
    written = WriteOutput(many=True, help_text="Done already; not repeated as long as the input is the same.")
    written_count = serializers.IntegerField()
