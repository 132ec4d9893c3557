"""The values of runs by API: large ones page by page, personal ones for whoever may see them."""

from __future__ import annotations

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.paging import LARGEST_LIMIT, USUAL_LIMIT
from hub.api.schema import operation
from hub.api.serializers import Choice, Input, Output, Query
from hub.api.views import ApiView
from workflows.services import values


class LargeQuery(Query):
    field = Choice(["input", "output"], required=False, default="output", help_text="Of the step.")
    at = serializers.CharField(
        required=False, allow_blank=True, default="", help_text="The names that lead to it, with dots: body.rows."
    )
    item = serializers.CharField(required=False, allow_blank=True, default="", help_text="Of a step in a for-each.")
    offset = serializers.IntegerField(required=False, min_value=0, default=0, help_text="Leave out so many items.")
    limit = serializers.IntegerField(
        required=False, min_value=1, max_value=LARGEST_LIMIT, default=USUAL_LIMIT, help_text="How many at most."
    )


class LargeOutput(Output):
    kind = serializers.CharField(help_text="list, or json for anything else.")
    count = serializers.IntegerField(help_text="Of a list: its items.")
    bytes = serializers.IntegerField(help_text="Of its JSON.")
    items = serializers.ListField(child=serializers.JSONField(), help_text="Of a list, at most 1 MB of them.")
    text = serializers.CharField(help_text="Of anything else: the beginning of its JSON.")
    next_offset = serializers.IntegerField(allow_null=True, help_text="Where to go on; null at the end.")


class RevealInput(Input):
    reason = serializers.CharField(max_length=400, help_text="Why you look; it is kept in the audit trail.")


class RevealedStepOutput(Output):
    step = serializers.CharField()
    item = serializers.CharField()
    input = serializers.JSONField(allow_null=True)
    output = serializers.JSONField(allow_null=True)


class RevealedOutput(Output):
    payload = serializers.JSONField()
    steps = RevealedStepOutput(many=True, help_text="Those in which something is masked.")


class LargeView(ApiView):
    @operation("Read a large value of a step", id="runs_large", gives=LargeOutput, query=LargeQuery)
    def get(self, request: Request, run: str, step: str) -> Response:
        asked = {**self.query, "at": [name for name in self.query.get("at", "").split(".") if name]}
        return self.answer(values.read_large(self.actor, run, step, **asked), LargeOutput)


class RevealView(ApiView):
    @operation("Show personal values of a run", id="runs_reveal", takes=RevealInput, gives=RevealedOutput)
    def post(self, request: Request, run: str) -> Response:
        return self.answer(values.reveal(self.actor, run, **self.read(RevealInput)), RevealedOutput)
