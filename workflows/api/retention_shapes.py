"""What the API of retention reads and answers."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from hub.api.serializers import Choice, Input, Moment, Output
from workflows.models import RunHold
from workflows.planning.keeping import LONGEST_DAYS, DataClass

_REASON: dict[str, Any] = {"max_length": 2000, "help_text": "Why; it is kept with the hold and in the audit trail."}


class RuleInput(Input):
    what = Choice([str(each) for each in DataClass], help_text="Which class of data.")
    days = serializers.IntegerField(
        min_value=1, max_value=LONGEST_DAYS, required=False, allow_null=True, default=None,
        help_text="For how many days it is kept after the run has ended; null: for ever.",
    )  # fmt: skip
    workflow = serializers.CharField(
        required=False, allow_blank=True, default="", help_text="A workflow's slug. Empty: the workspace's rule."
    )
    inherit = serializers.BooleanField(
        required=False, default=False, help_text="Take the rule back instead: what the workspace says holds."
    )


class KeptOutput(Output):
    what = serializers.CharField(source="data.value", help_text="The class of data.")
    days = serializers.IntegerField(allow_null=True, help_text="null: for ever.")
    said_by = serializers.CharField(help_text="workflow, workspace, or empty: there is no rule.")


class LineOutput(Output):
    workflow = serializers.CharField(source="workflow.slug")
    workflow_name = serializers.CharField(source="workflow.name")
    kept = KeptOutput(many=True)
    runs = serializers.IntegerField(source="size.runs", allow_null=True, default=None)
    bytes = serializers.IntegerField(source="size.bytes", allow_null=True, default=None, help_text="Of its runs.")
    runs_a_day = serializers.FloatField(source="size.runs_a_day", allow_null=True, default=None)
    oldest_at = serializers.DateTimeField(source="size.oldest_at", allow_null=True, default=None)
    measured_at = serializers.DateTimeField(source="size.measured_at", allow_null=True, default=None)
    a_month = serializers.IntegerField(
        source="forecast.a_month", allow_null=True, default=None, help_text="Bytes that are added in 30 days."
    )
    levels_off_at = serializers.IntegerField(
        source="forecast.levels_off_at", allow_null=True, default=None,
        help_text="Bytes that it comes to with these rules; null: it grows for ever, or was not measured yet.",
    )  # fmt: skip


class OverviewOutput(Output):
    kept = KeptOutput(many=True, help_text="By the workspace's rules.")
    workflows = LineOutput(many=True, help_text="The largest first.")
    bytes = serializers.IntegerField(help_text="Of all runs of the workspace.")
    a_month = serializers.IntegerField(help_text="Bytes that are added in 30 days.")
    levels_off_at = serializers.IntegerField(allow_null=True, help_text="null: it grows for ever.")
    database_bytes = serializers.IntegerField(help_text="The whole database on disk, of all workspaces.")
    measured_at = serializers.DateTimeField(allow_null=True)


class HoldInput(Input):
    reason = serializers.CharField(**_REASON)
    workflow = serializers.CharField(required=False, allow_blank=True, default="", help_text="A workflow's slug.")
    key = serializers.CharField(
        max_length=200, required=False, allow_blank=True, default="",
        help_text="A business key: of what started the run, its domain, or any whole value in its data.",
    )  # fmt: skip
    since = Moment(required=False, allow_null=True, default=None, help_text="Runs that ended from this time on.")
    until = Moment(required=False, allow_null=True, default=None, help_text="Runs that were made before this time.")


class LiftInput(Input):
    reason = serializers.CharField(**_REASON)


class HoldOutput(serializers.ModelSerializer[RunHold]):
    workflow = serializers.CharField(source="workflow.slug", default=None, allow_null=True)

    class Meta:
        model = RunHold
        fields = ["id", "workflow", "key", "since", "until", "reason", "placed_at", "placed_by_name", "lifted_at",
                  "lifted_by_name", "lifted_because"]  # fmt: skip
