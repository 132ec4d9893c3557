"""What the API of deliveries and opt-outs reads and answers."""

from __future__ import annotations

from rest_framework import serializers

from hub.api.serializers import Choice, Input, PageQuery
from workflows.models import Delivery, DeliveryState, Notice, OptOut


class DeliveryQuery(PageQuery):
    notice = serializers.UUIDField(required=False, help_text="The id of a notice.")
    state = Choice(DeliveryState.values, required=False)
    person = serializers.CharField(required=False, help_text="The directory's id, or an address.")
    reason = serializers.CharField(required=False, help_text="Why it was withheld, such as opted-out.")


class NoticeOutput(serializers.ModelSerializer[Notice]):
    run = serializers.UUIDField(source="step.run_id", allow_null=True, default=None)

    class Meta:
        model = Notice
        fields = ["id", "topic", "kind", "subject", "must_reach", "state", "run", "made_at"]


class DeliveryOutput(serializers.ModelSerializer[Delivery]):
    notice = NoticeOutput()

    class Meta:
        model = Delivery
        fields = ["id", "notice", "person", "name", "address", "connection", "state", "reason", "message", "tries",
                  "due_at", "made_at", "ended_at"]  # fmt: skip


class SettledDeliveryInput(Input):
    arrived = serializers.BooleanField(help_text="True: it arrived. False: it did not, and is sent again.")


class OptOutInput(Input):
    person = serializers.CharField(max_length=320, help_text="The directory's id, or an address.")
    kind = serializers.CharField(
        max_length=100,
        required=False,
        allow_blank=True,
        default="",
        help_text="Such as ended-jobs; empty: none at all.",
    )


class OptOutOutput(serializers.ModelSerializer[OptOut]):
    made_by = serializers.CharField(source="made_by.username", allow_null=True, default=None)

    class Meta:
        model = OptOut
        fields = ["id", "person", "kind", "made_by", "made_at"]
