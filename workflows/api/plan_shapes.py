"""What the API of plans reads and answers."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from hub.api.serializers import Choice, Input, Output, PageQuery, Query
from workflows.models import Change, ChangeState, Plan, PlanState
from workflows.services.plan_changes import GROUPS, OF_CAUSE, SORTS
from workflows.services.plans import held_in, summary

_MOST_CHOICES = 500
_MOST_POSITIONS = 5000


class PlanQuery(PageQuery):
    state = Choice(PlanState.values, required=False, help_text="Only plans in this state.")


class _OfCause(serializers.Serializer[Any]):
    """What the cause of a change says."""

    unit = serializers.CharField(required=False, help_text="Of this unit or region.")
    rule = serializers.CharField(required=False, help_text="Because of this rule row.")
    reason = serializers.CharField(required=False, help_text="For this reason in words.")
    cause = serializers.CharField(required=False, help_text="Whose cause says this, such as a group of its path.")


class ChangeFilter(Query, _OfCause):
    state = Choice(ChangeState.values, required=False, help_text="Only changes in this state.")
    operation = serializers.CharField(required=False, help_text="Only these: create, update or delete.")
    resource = serializers.CharField(required=False, help_text="Only of this kind of object.")
    search = serializers.CharField(required=False, help_text="Only objects that are called like this.")
    without = Choice(OF_CAUSE, required=False, help_text="Only those whose cause says nothing of this.")


class ChangeQuery(PageQuery, ChangeFilter):
    offset = serializers.IntegerField(required=False, min_value=0, help_text="Leave out so many.")
    sort = Choice(
        [f"{sign}{each}" for each in SORTS for sign in ("", "-")], required=False,
        help_text="By what, downwards with a minus; usually in the order in which they are made. Needs an offset.",
    )  # fmt: skip


class GroupQuery(ChangeFilter):
    by = Choice(GROUPS, help_text="By what.")


class GroupOutput(Output):
    value = serializers.CharField(help_text="What they have in common; empty for those that have nothing.")
    operation = serializers.CharField(help_text="Of groups by kind, else empty.")
    count = serializers.IntegerField()


class GroupsOutput(Output):
    groups = GroupOutput(many=True, help_text="The largest first, at most 500.")


class LeaveOutInput(Input, _OfCause):
    """Which changes are meant: those that are like all of these."""

    operation = serializers.CharField(required=False)
    resource = serializers.CharField(required=False)
    search = serializers.CharField(required=False)
    without = serializers.ChoiceField(OF_CAUSE, required=False)
    positions = serializers.ListField(
        child=serializers.IntegerField(min_value=1), required=False, max_length=_MOST_POSITIONS,
        help_text="Single changes, by their number.",
    )  # fmt: skip


class LeaveOutPreviewInput(Input):
    leave_out = serializers.ListField(child=LeaveOutInput(), max_length=_MOST_CHOICES)


class DecisionInput(Input):
    approve = serializers.BooleanField()
    digest = serializers.CharField(max_length=64, help_text="Of the plan that was looked at.")
    comment = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    leave_out = serializers.ListField(
        child=LeaveOutInput(), required=False, default=list, max_length=_MOST_CHOICES,
        help_text="Changes that are not approved with the others: each choice means some.",
    )  # fmt: skip


class ReleaseInput(Input):
    resource = serializers.CharField(max_length=100, help_text="Of the held changes: otds.group_members.")
    operation = serializers.ChoiceField(["create", "update", "delete"])
    digest = serializers.CharField(max_length=64, help_text="Of the plan that was looked at.")
    comment = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class PlanOutput(serializers.ModelSerializer[Plan]):
    explanation = serializers.CharField(source="get_state_display")
    run = serializers.UUIDField(
        source="step.run_id", allow_null=True, default=None, help_text="Of which it is a part."
    )
    step = serializers.CharField(
        source="step.step", allow_null=True, default=None, help_text="The step that made it."
    )

    class Meta:
        model = Plan
        fields = ["id", "title", "run", "step", "state", "explanation", "readings", "guards", "counts", "digest",
                  "approved_digest", "undoes", "created_at", "decided_at", "comment", "applied_at"]  # fmt: skip


class PlanDetailOutput(PlanOutput):
    created_by = serializers.CharField(source="created_by.username", allow_null=True, default=None)
    decided_by = serializers.CharField(source="decided_by.username", allow_null=True, default=None)
    approval = serializers.UUIDField(
        source="approval.id", allow_null=True, default=None, help_text="Where people are asked about it in stages."
    )
    states = serializers.SerializerMethodField(help_text="How many changes are in which state.")

    held = serializers.SerializerMethodField(help_text="What guards hold: resource, operation, count.")

    class Meta(PlanOutput.Meta):
        fields = [*PlanOutput.Meta.fields, "created_by", "decided_by", "approval", "states", "held"]

    def get_held(self, plan: Plan) -> list[dict[str, Any]]:
        return held_in(plan)

    def get_states(self, plan: Plan) -> dict[str, int]:
        return summary(plan)


class ChangeCountOutput(Output):
    count = serializers.IntegerField()


class ChangeOutput(serializers.ModelSerializer[Change]):
    connection = serializers.CharField(source="connection.slug")

    class Meta:
        model = Change
        fields = ["id", "position", "connection", "resource", "operation", "key", "title", "before", "after", "cause",
                  "state", "message", "intended_at", "ended_at"]  # fmt: skip
