"""What the API of workflows and runs reads and answers."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from hub.api.serializers import Choice, Input, Moment, Output, PageQuery, PartsField, Query
from workflows.models import Run, Version, Workflow
from workflows.planning.states import RunState
from workflows.services.keys import first_values
from workflows.services.runs import IN_DOUBT, goes_through_items, item_counts, plan_of
from workflows.services.values import large_of
from workflows.services.waiting import explained, in_detail, in_words


class WorkflowInput(Input):
    slug = serializers.SlugField(max_length=63, required=False, help_text="Made from the name when it is not given.")
    name = serializers.CharField(max_length=200, required=False, help_text="Of an empty workflow.")
    document = serializers.JSONField(required=False, help_text="As it was exported or written.")


class WorkflowQuery(PageQuery):
    search = serializers.CharField(required=False, help_text="In the name and the description.")
    active = serializers.BooleanField(required=False, allow_null=True, default=None, help_text="Switched on or off.")
    late = serializers.BooleanField(
        required=False,
        allow_null=True,
        default=None,
        help_text="A schedule was due five minutes ago: nothing started.",
    )
    folder = serializers.CharField(required=False, help_text="In it, or within it.")
    tag = serializers.CharField(required=False)
    trash = serializers.BooleanField(required=False, default=False, help_text="Those in the trash instead.")


class DraftInput(Input):
    document = serializers.JSONField()
    revision = serializers.IntegerField(min_value=1, help_text="The revision that was edited.")


class PublishInput(Input):
    revision = serializers.IntegerField(min_value=1, help_text="The revision that was looked at.")
    message = serializers.CharField(max_length=400, required=False, allow_blank=True, default="")


class SwitchInput(Input):
    on = serializers.BooleanField(help_text="Whether the triggers start runs.")


class VersionOutput(serializers.ModelSerializer[Version]):
    class Meta:
        model = Version
        fields = ["id", "number", "message", "created_at"]


class WorkflowSummary(serializers.ModelSerializer[Workflow]):
    published = VersionOutput(allow_null=True)

    class Meta:
        model = Workflow
        fields = ["id", "slug", "name", "folder", "tags", "revision", "is_active", "published", "trashed_at",
                  "created_at", "updated_at"]  # fmt: skip


class LastRunOutput(serializers.ModelSerializer[Run]):
    class Meta:
        model = Run
        fields = ["id", "state", "created_at"]


class WorkflowLineOutput(Output):
    """A workflow of the list: what starts it, when next, how it last went."""

    id = serializers.UUIDField(source="workflow.id")
    slug = serializers.CharField(source="workflow.slug")
    name = serializers.CharField(source="workflow.name")
    description = serializers.CharField()
    folder = serializers.CharField(source="workflow.folder")
    tags = serializers.ListField(source="workflow.tags", child=serializers.CharField())
    trashed_at = serializers.DateTimeField(source="workflow.trashed_at", allow_null=True)
    revision = serializers.IntegerField(source="workflow.revision")
    is_active = serializers.BooleanField(source="workflow.is_active")
    published = VersionOutput(source="workflow.published", allow_null=True)
    created_at = serializers.DateTimeField(source="workflow.created_at")
    updated_at = serializers.DateTimeField(source="workflow.updated_at")
    connectors = serializers.ListField(child=serializers.CharField())
    starts = serializers.ListField(child=serializers.CharField(), help_text="The kinds of its triggers.")
    next_at = serializers.DateTimeField(allow_null=True, help_text="When a schedule fires next.")
    last_run = LastRunOutput(allow_null=True)


class WorkflowOutput(WorkflowSummary):
    class Meta(WorkflowSummary.Meta):
        fields = [*WorkflowSummary.Meta.fields, "draft"]


class ProblemOfDraft(serializers.Serializer[Any]):
    code = serializers.CharField()
    message = serializers.CharField()
    message_parts = PartsField(source="message")
    step = serializers.CharField()
    field = serializers.CharField()
    hint = serializers.CharField()
    hint_parts = PartsField(source="hint")


class ProblemsOutput(serializers.Serializer[Any]):
    problems = ProblemOfDraft(many=True)


class StartInput(Input):
    payload = serializers.DictField(required=False, default=dict, help_text="What expressions see as trigger.")
    key = serializers.CharField(
        max_length=200,
        required=False,
        allow_null=True,
        default=None,
        help_text="Starts at most one run of a workflow.",
    )


class SettleInput(Input):
    verdict = Choice(
        choices=["happened", "again", "failed"],
        help_text="The write happened; or it did not, and the step is tried again, or has failed.",
    )
    item = serializers.CharField(
        required=False, allow_blank=True, default="", help_text="Of a step in a for-each: its item."
    )
    output = serializers.DictField(required=False, default=dict, help_text="The step's output, when it happened.")


class RunQuery(PageQuery):
    workflow = serializers.CharField(required=False, help_text="Only runs of the workflow with this slug.")
    state = Choice(
        [*(str(state) for state in RunState), IN_DOUBT],
        required=False,
        help_text="Only runs in this state; in_doubt: somebody has to decide.",
    )
    cause = serializers.CharField(required=False, help_text="manual, schedule, webhook, event, workflow or replay.")
    trigger = serializers.CharField(required=False, help_text="The id of the trigger that started them.")
    key = serializers.CharField(required=False, help_text="Only runs with this business key, such as person.")
    value = serializers.CharField(required=False, help_text="And with this value of it.")
    search = serializers.CharField(required=False, help_text="Only runs a business key of which begins like this.")
    since = Moment(required=False, help_text="Made from this time on.")
    until = Moment(required=False, help_text="Made before this time.")


class RunSummary(serializers.ModelSerializer[Run]):
    workflow = serializers.CharField(source="workflow.slug")
    workflow_name = serializers.CharField(source="workflow.name")
    version = serializers.IntegerField(source="version.number")
    explanation = serializers.SerializerMethodField()
    keys = serializers.SerializerMethodField(help_text="Its business keys, each with its first values.")

    class Meta:
        model = Run
        fields = ["id", "workflow", "workflow_name", "version", "state", "explanation", "cause", "error", "replay_of",
                  "keys", "created_at", "started_at", "ended_at", "due_at"]  # fmt: skip

    def get_keys(self, run: Run) -> dict[str, list[str]]:
        return first_values(run)

    def get_explanation(self, run: Run) -> str:
        return in_words(run)


class AttemptOutput(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    state = serializers.CharField()
    error = serializers.JSONField(allow_null=True)
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class RunStepOutput(serializers.Serializer[Any]):
    step = serializers.CharField()
    item = serializers.CharField(help_text="In a for-each: the item. Only failures and doubts are listed.")
    state = serializers.CharField()
    explanation = serializers.SerializerMethodField()
    port = serializers.CharField()
    input = serializers.JSONField(allow_null=True)
    output = serializers.JSONField(allow_null=True)
    error = serializers.JSONField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField(help_text="When it could be carried out.")
    ended_at = serializers.DateTimeField(allow_null=True)
    counts = serializers.SerializerMethodField(help_text="Of a for-each: how many items are in which state.")
    child = serializers.UUIDField(
        source="child.id", allow_null=True, default=None, help_text="The run that it started."
    )
    taken_from = serializers.UUIDField(
        source="taken_from.run_id", allow_null=True, default=None, help_text="The earlier run that did it."
    )
    large = serializers.SerializerMethodField(
        help_text="What of input and output is kept apart, because it is large: the beginning stands in its place."
    )
    is_masked = serializers.SerializerMethodField(help_text="Whether masks stand for something personal or secret.")
    plan = serializers.SerializerMethodField(help_text="The plan that it made or works on; empty for none.")
    attempts = AttemptOutput(many=True)

    def get_explanation(self, step: Any) -> str:
        return explained(step)

    def get_plan(self, step: Any) -> str:
        return plan_of(step)

    def get_large(self, step: Any) -> list[dict[str, Any]]:
        return large_of(step)

    def get_is_masked(self, step: Any) -> bool:
        return step.sealed is not None

    def get_counts(self, step: Any) -> dict[str, int]:
        return dict(item_counts(step.run, step)) if goes_through_items(step) else {}


class ItemQuery(Query):
    within = serializers.RegexField(
        r"^[0-9]+([.][0-9]+)*$", required=False, help_text="The item of the for-each around this one, such as 3."
    )


class RunItemOutput(Output):
    index = serializers.IntegerField(help_text="The first one is 0.")
    total = serializers.IntegerField(help_text="How many there are; of a loop, so far.")
    path = serializers.CharField(help_text="What its steps have as item.")
    item = serializers.JSONField(allow_null=True, help_text="What the steps inside see as item.")
    state = serializers.CharField(help_text="Empty when it has not begun.")
    output = serializers.JSONField(allow_null=True, help_text="What it gave.")
    error = serializers.JSONField(allow_null=True)
    steps = RunStepOutput(many=True)


class RunOutput(RunSummary):
    steps = RunStepOutput(many=True)

    removed = serializers.JSONField(
        allow_null=True, help_text="What retention has removed: by class of data, when, and after how many days."
    )

    is_masked = serializers.SerializerMethodField(help_text="Of the payload, as of a step.")

    class Meta(RunSummary.Meta):
        fields = [*RunSummary.Meta.fields, "payload", "is_masked", "steps", "removed"]

    def get_is_masked(self, run: Run) -> bool:
        return run.sealed is not None

    def get_explanation(self, run: Run) -> str:
        return in_detail(run)
