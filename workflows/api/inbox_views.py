"""What waits for the caller, by API."""

from __future__ import annotations

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.paging import cursor_of, limit_of
from hub.api.schema import operation
from hub.api.serializers import Output, PageQuery
from hub.api.views import ApiView
from workflows.services import inbox


class WaitingOutput(Output):
    kind = serializers.ChoiceField(
        ["approval", "plan"], help_text="Decided at /approvals/ID/decide or /plans/ID/decide."
    )
    id = serializers.UUIDField()
    title = serializers.CharField()
    by = serializers.CharField(help_text="Whoever asks; empty when nobody started it by hand.")
    since = serializers.DateTimeField()
    until = serializers.DateTimeField(allow_null=True, help_text="The deadline, when there is one.")
    run = serializers.UUIDField(allow_null=True, help_text="That waits for it.")
    counts = serializers.DictField(help_text="Of a plan: its changes by resource and operation.")


class InboxOutput(Output):
    items = WaitingOutput(many=True)
    next_cursor = serializers.CharField(allow_null=True)
    waiting = serializers.IntegerField(help_text=f"How many there are in all; {inbox.MOST_COUNTED} may be more.")


class InboxQuery(PageQuery):
    search = serializers.CharField(required=False, max_length=200, help_text="Words of the title, in any order.")


class InboxView(ApiView):
    @operation(
        "List what waits for my decision", id="inbox", gives=InboxOutput, query=InboxQuery,
        description="Questions that you are asked, and proposed plans that you may approve; the newest first.",
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        found = inbox.inbox(
            self.actor,
            limit=limit_of(self.query),
            before=cursor_of(self.query),
            search=self.query.get("search", ""),
        )
        answer = {"items": found.items, "next_cursor": found.next_cursor, "waiting": inbox.waiting(self.actor)}
        return self.answer(answer, InboxOutput)
