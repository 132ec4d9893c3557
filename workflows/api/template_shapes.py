"""What the API of templates reads and answers."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hub.api.serializers import Input, Output, PageQuery, known
from workflows.api.plan_shapes import PlanOutput
from workflows.models import Installation
from workflows.templates.gallery import Template, templates
from workflows.templates.picturing import picture_of, sketch_of


class ConnectionChoice(Output):
    slug = serializers.CharField()
    name = serializers.CharField()
    connector = serializers.CharField()
    health = serializers.CharField()


class SketchedStep(Output):
    id = serializers.CharField()
    kind = serializers.CharField()
    title = serializers.CharField(allow_blank=True)


class Sketch(Output):
    steps = SketchedStep(many=True)
    ways = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField(), min_length=2, max_length=2),
        help_text="From which step to which.",
    )


class TemplateSummary(Output):
    name = serializers.CharField()
    title = serializers.CharField()
    version = serializers.IntegerField()
    summary = serializers.CharField()
    sketch = serializers.SerializerMethodField(help_text="What a workflow of it looks like, in outline.")

    @extend_schema_field(Sketch)
    def get_sketch(self, template: Template) -> dict[str, Any]:
        return sketch_of(template)


class TemplateOutput(TemplateSummary):
    description = serializers.CharField()
    reads = serializers.ListField(child=serializers.CharField())
    writes = serializers.ListField(child=serializers.CharField())
    limits = serializers.ListField(child=serializers.CharField())
    parameters = serializers.DictField(help_text="The JSON Schema of an installation's parameters.")
    connections = serializers.SerializerMethodField(
        help_text="Of each parameter that names a connection: those of the workspace that fit."
    )

    @extend_schema_field(serializers.DictField(child=ConnectionChoice(many=True)))
    def get_connections(self, template: Template) -> dict[str, Any]:
        offered = self.context["connections"]
        return {name: ConnectionChoice(held, many=True).data for name, held in offered.items()}

    can_be_simulated = serializers.SerializerMethodField(help_text="It makes a plan before anything is written.")
    picture = serializers.SerializerMethodField(help_text="A document to draw: what a workflow of it looks like.")

    def get_can_be_simulated(self, template: Template) -> bool:
        return template.reconcile is not None

    def get_picture(self, template: Template) -> dict[str, Any]:
        return picture_of(template)


class TemplatesOutput(Output):
    items = TemplateSummary(many=True)


class InstallationQuery(PageQuery):
    template = serializers.CharField(required=False, help_text="Only those of this template.")

    def validate_template(self, name: str) -> str:
        return known(name, templates(), "template")


class InstallInput(Input):
    slug = serializers.CharField(
        max_length=63, help_text="Of the workflow. One that is installed is brought up to date."
    )
    parameters = serializers.JSONField(help_text="An object that fits the template's parameters.")
    ask_services = serializers.BooleanField(
        default=True, help_text="Whether the services are asked if what the parameters name is there."
    )


class ConfigureInput(Input):
    parameters = serializers.JSONField(help_text="The parameters that change, by name. The others stay.")
    ask_services = serializers.BooleanField(
        default=True, help_text="Whether the services are asked if what the parameters name is there."
    )


class InstallationOutput(serializers.ModelSerializer[Installation]):
    workflow = serializers.SlugField(source="slug", help_text="The workflow that was made.")
    is_active = serializers.BooleanField(source="workflow.is_active", default=False)

    class Meta:
        model = Installation
        fields = ["id", "slug", "template", "version", "parameters", "workflow", "is_active", "created_at",
                  "updated_at"]  # fmt: skip


class PersonInput(Input):
    person = serializers.CharField(max_length=300, help_text="The id in the directory: amara.diallo@Northwind.")


class ExplainedStep(Output):
    step = serializers.CharField(help_text="found, standing, rule, read, change, guard or outcome.")
    said = serializers.CharField()


class ExplainedOutput(Output):
    plan = PlanOutput()
    steps = ExplainedStep(many=True)


class UpgradeOutput(Output):
    version = serializers.IntegerField(source="installation.version", help_text="Of the template, as installed.")
    to_version = serializers.IntegerField(help_text="Of the template, as it is now.")
    revision = serializers.IntegerField(help_text="Of the draft that was looked at.")
    base = serializers.JSONField(allow_null=True, help_text="What the template made; null when that is not known.")
    mine = serializers.JSONField(help_text="What became of it here.")
    theirs = serializers.JSONField(help_text="What the template makes now of the same parameters.")
    merged = serializers.JSONField(
        source="together.document", help_text="The template's changes with those made here, which win."
    )
    conflicts = serializers.ListField(
        child=serializers.CharField(), source="together.conflicts", help_text="What both changed, each otherwise."
    )


class UpgradeInput(Input):
    document = serializers.JSONField(help_text="What comes of the three.")
    revision = serializers.IntegerField(min_value=1)
    to_version = serializers.IntegerField(min_value=0)
