"""What the API of halts reads and answers."""

from __future__ import annotations

from rest_framework import serializers

from hub.api.serializers import Input
from workflows.models import Halt


class HaltInput(Input):
    reason = serializers.CharField(max_length=400)
    run = serializers.CharField(required=False, allow_blank=True, default="", help_text="A run's id.")
    workflow = serializers.CharField(required=False, allow_blank=True, default="", help_text="A workflow's slug.")
    connection = serializers.CharField(
        required=False, allow_blank=True, default="", help_text="A connection's slug. None of the three: everything."
    )
    writes_only = serializers.BooleanField(
        required=False, default=False, help_text="Only what changes something outside is stopped."
    )


class HaltOutput(serializers.ModelSerializer[Halt]):
    workflow = serializers.CharField(source="workflow.slug", default=None, allow_null=True)
    connection = serializers.CharField(source="connection.slug", default=None, allow_null=True)
    sentence = serializers.CharField(help_text="For a banner.")

    class Meta:
        model = Halt
        fields = ["id", "run", "workflow", "connection", "writes_only", "reason", "sentence", "made_at",
                  "made_by_name", "lifted_at", "lifted_by_name"]  # fmt: skip
