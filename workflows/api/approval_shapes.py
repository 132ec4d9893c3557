"""What the API of approvals and deputies reads and answers."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hub.api.serializers import Choice, Input, PageQuery
from workflows.engine import reminding
from workflows.models import Approval, ApprovalDecision, Delivery, Deputy
from workflows.planning.approvals import ApprovalState
from workflows.services import approvals


class ApprovalQuery(PageQuery):
    mine = serializers.BooleanField(required=False, help_text="Only those that you are asked now.")
    state = Choice([str(state) for state in ApprovalState], required=False)
    run = serializers.UUIDField(required=False, help_text="Only those that this run asks.")
    search = serializers.CharField(
        required=False, max_length=200, help_text="Words of the title, the subject or who asks, in any order."
    )


class QuestionInput(Input):
    question = serializers.DictField(help_text="As the settings of the step approve: title, show, stages, ...")


class RevisionInput(Input):
    show = serializers.ListField(child=serializers.DictField(), help_text="As in a question: label and value.")


class ApprovalDecisionInput(Input):
    approve = serializers.BooleanField()
    digest = serializers.CharField(max_length=64, help_text="Of what you looked at.")
    stage = serializers.CharField(required=False, allow_blank=True, default="", help_text="When you may in several.")
    comment = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class ApprovalSummary(serializers.ModelSerializer[Approval]):
    run = serializers.UUIDField(source="step.run_id", allow_null=True, default=None, help_text="That waits for it.")

    class Meta:
        model = Approval
        fields = ["id", "title", "subject", "state", "why", "requester_name", "run", "asked_at", "deadline_at",
                  "ended_at"]  # fmt: skip


class DecisionOutput(serializers.ModelSerializer[ApprovalDecision]):
    by = serializers.CharField(source="person.username")
    in_place_of = serializers.CharField(source="place.username")

    class Meta:
        model = ApprovalDecision
        fields = ["id", "stage", "by", "in_place_of", "approve", "comment", "digest", "signed_in", "at"]


class StageOutput(serializers.Serializer[Any]):
    name = serializers.CharField()
    need = serializers.IntegerField()
    asked = serializers.ListField(child=serializers.CharField(), help_text="Who was asked so far.")
    is_open = serializers.BooleanField()
    you_may_decide = serializers.SerializerMethodField()
    why_not = serializers.CharField(source="may.reason", allow_null=True, default=None)
    decisions = DecisionOutput(many=True)

    def get_you_may_decide(self, stage: approvals.StageSeen) -> bool:
        return stage.may is not None and stage.may.allowed


class MailOutput(serializers.ModelSerializer[Delivery]):
    to = serializers.CharField(source="person", help_text="User name, in small letters.")
    number = serializers.SerializerMethodField(help_text="0 asks; 1 and more remind.")

    class Meta:
        model = Delivery
        fields = ["id", "notice", "to", "number", "state", "reason", "message"]

    def get_number(self, delivery: Delivery) -> int:
        return reminding.number_of(delivery.notice)


class ApprovalOutput(ApprovalSummary):
    plan = serializers.UUIDField(source="plan_id", allow_null=True, help_text="That is asked about.")
    mails = serializers.SerializerMethodField(help_text="Whom the notices about it go to, the oldest first.")
    stages = serializers.SerializerMethodField()
    decisions = DecisionOutput(many=True, help_text="All, also those about what was shown before.")

    class Meta(ApprovalSummary.Meta):
        fields = [*ApprovalSummary.Meta.fields, "shown", "digest", "parallel", "allow_same_person", "stages",
                  "decisions", "plan", "mails"]  # fmt: skip

    @extend_schema_field(MailOutput(many=True))
    def get_mails(self, approval: Approval) -> list[dict[str, Any]]:
        return list(MailOutput(approvals.deliveries_of(approval), many=True).data)

    @extend_schema_field(StageOutput(many=True))
    def get_stages(self, approval: Approval) -> list[dict[str, Any]]:
        seen = approvals.stages_of(self.context["actor"], approval)
        return list(StageOutput(seen, many=True).data)


class DeputyInput(Input):
    deputy = serializers.CharField(max_length=150, help_text="User name.")
    first_day = serializers.DateField()
    last_day = serializers.DateField()
    person = serializers.CharField(max_length=150, required=False, allow_blank=True, default="",
                                   help_text="Whose deputy: yours when you name nobody.")  # fmt: skip


class DeputyOutput(serializers.ModelSerializer[Deputy]):
    person = serializers.CharField(source="person.username")
    deputy = serializers.CharField(source="deputy.username")

    class Meta:
        model = Deputy
        fields = ["id", "person", "deputy", "first_day", "last_day", "created_at"]
