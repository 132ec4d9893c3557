"""What the API of business keys reads and answers."""

from __future__ import annotations

from rest_framework import serializers

from hub.api.serializers import Output, PageQuery, Query
from workflows.api.serializers import RunSummary


class KeyOutput(Output):
    name = serializers.CharField()
    workflows = serializers.ListField(child=serializers.CharField(), help_text="Whose published version has it.")


class KeysOutput(Output):
    keys = KeyOutput(many=True)


class ValuesQuery(Query):
    search = serializers.CharField(required=False, help_text="How they begin; without it, those of the newest runs.")


class ValuesOutput(Output):
    values = serializers.ListField(child=serializers.CharField())


class TimelineQuery(PageQuery):
    value = serializers.CharField(help_text="Whose timeline: what the business key is.")


class DoneOutput(Output):
    step = serializers.CharField()
    title = serializers.CharField()
    kind = serializers.CharField()
    action = serializers.CharField(help_text="Of a step that calls a connector.")
    item = serializers.CharField(help_text="In a for-each: the item.")
    state = serializers.CharField()
    at = serializers.DateTimeField(allow_null=True, help_text="When it had ended.")
    message = serializers.CharField(help_text="What went wrong, or nothing.")


class ChapterOutput(Output):
    """A run, and what it did."""

    run = RunSummary()
    done = DoneOutput(many=True)
    done_count = serializers.IntegerField(help_text="How many there are; the first 50 are told.")
