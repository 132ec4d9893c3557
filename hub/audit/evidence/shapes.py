"""What the API of evidence takes and gives."""

from __future__ import annotations

from rest_framework import serializers

from hub.api.serializers import Input, Output, PageQuery, Query
from hub.audit.evidence.facts import CLASSES


class ChosenInput(Input):
    """All that is given has to fit."""

    kind = serializers.CharField(required=False, max_length=63)
    source: serializers.Field = serializers.CharField(  # type: ignore[type-arg, assignment]
        required=False, max_length=63, help_text="The connection it was read with."
    )
    person = serializers.CharField(required=False, max_length=400)
    domain = serializers.CharField(required=False, max_length=255)
    subject = serializers.CharField(required=False, max_length=255, help_text="A template, a group or a role.")
    job = serializers.CharField(required=False, max_length=100)
    since = serializers.DateTimeField(required=False, help_text="From this time on.")
    until = serializers.DateTimeField(required=False, help_text="Before this time.")

    def to_internal_value(self, data: object) -> dict[str, str]:
        read = super().to_internal_value(data)
        return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in read.items()}


class RecordQuery(PageQuery, ChosenInput):
    cursor = serializers.IntegerField(required=False, min_value=1, max_value=2**62)


class RecordOutput(Output):
    number = serializers.IntegerField()
    at = serializers.DateTimeField()
    seen_at = serializers.DateTimeField()
    source = serializers.CharField()  # type: ignore[assignment]
    kind = serializers.CharField()
    key = serializers.CharField()
    domain = serializers.CharField()
    subject = serializers.CharField()
    job = serializers.CharField()
    person = serializers.CharField(allow_null=True)
    gone = serializers.BooleanField(help_text="It says that the source no longer has it.")
    parts = serializers.DictField(allow_null=True, help_text="What it says, by class. null: emptied.")
    digest = serializers.CharField()


class FeedOutput(Output):
    name = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    stream = serializers.CharField()
    kind = serializers.CharField()
    scope = serializers.DictField()
    collected_until = serializers.DateTimeField()
    late_at = serializers.DateTimeField(allow_null=True)
    is_late = serializers.BooleanField()


class PackInput(Input):
    title = serializers.CharField(max_length=200)
    chosen = ChosenInput(required=False)
    show = serializers.ListField(
        child=serializers.ChoiceField(choices=list(CLASSES)),
        required=False,
        help_text="Classes of personal data that may be seen. Usually: fact, identity, organisation.",
    )


class PackOutput(Output):
    id = serializers.UUIDField()
    title = serializers.CharField()
    asked = serializers.DictField()
    made_at = serializers.DateTimeField()
    made_by = serializers.CharField(allow_null=True)
    records = serializers.IntegerField(source="manifest.records")
    gaps = serializers.ListField(child=serializers.DictField(), source="manifest.gaps")
    head = serializers.CharField(source="manifest.head")
    digest = serializers.CharField(source="sha256", help_text="Give it to verify.py with --pack.")


class SeeingQuery(Query):
    person = serializers.CharField(max_length=400, help_text="As the directory names them: user@partition.")
    at = serializers.DateTimeField()
    subject = serializers.CharField(required=False, max_length=255, help_text="One template only.")


class ActsQuery(Query):
    job = serializers.CharField(required=False, max_length=100)
    subject = serializers.CharField(required=False, max_length=255)
    person = serializers.CharField(required=False, max_length=400)


class ActsOutput(Output):
    acts = serializers.ListField(child=serializers.DictField())


class HoldInput(Input):
    name = serializers.CharField(max_length=200)
    reason = serializers.CharField(max_length=2000)
    chosen = ChosenInput(required=False, help_text="Without anything: all evidence.")


class HoldOutput(Output):
    id = serializers.UUIDField()
    name = serializers.CharField()
    reason = serializers.CharField()
    chosen = serializers.DictField()
    placed_at = serializers.DateTimeField()
    placed_by = serializers.CharField(allow_null=True)
    released_at = serializers.DateTimeField(allow_null=True)


class RuleInput(Input):
    kind = serializers.CharField(max_length=63, allow_blank=True, help_text="Empty: every kind without a rule.")
    keep_days = serializers.IntegerField(min_value=1, max_value=36_500, allow_null=True, help_text="null: for ever.")


class RuleOutput(Output):
    kind = serializers.CharField()
    keep_days = serializers.IntegerField()


class RulesOutput(Output):
    rules = RuleOutput(many=True)
