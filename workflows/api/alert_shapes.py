"""What the API of alerts reads and answers."""

from __future__ import annotations

from rest_framework import serializers

from hub.api.serializers import Input
from workflows.models import AlertRule


class AlertRuleInput(Input):
    count = serializers.IntegerField(
        min_value=1, max_value=100, required=False, default=1, help_text="failures: how many runs in a row."
    )
    seconds = serializers.IntegerField(
        min_value=30, max_value=366 * 86400, required=False, allow_null=True, default=None,
        help_text="late, silent, long: after how many seconds. Without it, a run is long that is longer than usual.",
    )  # fmt: skip
    mail = serializers.CharField(
        max_length=63, required=False, allow_blank=True, default="", help_text="The e-mail connection that tells it."
    )
    to = serializers.ListField(
        child=serializers.EmailField(), max_length=50, required=False, default=list, help_text="Who is told."
    )


class AlertRuleOutput(serializers.ModelSerializer[AlertRule]):
    workflow = serializers.CharField(source="workflow.slug")
    workflow_name = serializers.CharField(source="workflow.name")

    class Meta:
        model = AlertRule
        fields = ["id", "workflow", "workflow_name", "kind", "count", "seconds", "mail", "to", "began_at", "said",
                  "made_at"]  # fmt: skip
        extra_kwargs = {
            "began_at": {"help_text": "Since when it is not well; null when it is."},
            "said": {"help_text": "What is wrong."},
        }
