"""What the designer needs beside workflows and runs: the kinds, previews of expressions, the versions."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from hub.accounts.access import allow
from hub.api.schema import operation
from hub.api.serializers import PageQuery, paged
from hub.api.views import ApiView
from workflows.api import design_shapes as shapes
from workflows.graph.kinds import STEP_KINDS
from workflows.services import previews, versions
from workflows.templates.gallery import reconciles
from workflows.triggers.settings import SCHEMAS


class KindsView(ApiView):
    @operation("List the kinds of steps, triggers and reconciles", id="kinds_list", gives=shapes.KindsOutput)
    def get(self, request: Request) -> Response:
        allow(self.actor, "workflow.view")
        triggers = [
            {
                "name": name,
                "title": schema["title"],
                "description": schema["description"],
                "settings_schema": schema,
            }
            for name, schema in SCHEMAS.items()
        ]
        found = {"steps": STEP_KINDS, "triggers": triggers, "reconciles": list(reconciles().values())}
        return self.answer(found, shapes.KindsOutput)


class PreviewView(ApiView):
    @operation(
        "Evaluate expressions",
        id="expressions_evaluate",
        takes=shapes.PreviewInput,
        gives=shapes.PreviewOutput,
        description="Changes nothing. That an expression has no value is an answer, not a problem.",
    )
    def post(self, request: Request) -> Response:
        return self.answer(previews.preview(self.actor, **self.read(shapes.PreviewInput)), shapes.PreviewOutput)


class VersionsView(ApiView):
    @operation(
        "List a workflow's versions", id="versions_list", gives=paged(shapes.VersionLineOutput), query=PageQuery
    )
    def get(self, request: Request, workflow: str) -> Response:
        return self.page(versions.list_versions(self.actor, workflow), shapes.VersionLineOutput)


class VersionView(ApiView):
    @operation("Show a version", id="versions_get", gives=shapes.VersionDocumentOutput)
    def get(self, request: Request, workflow: str, number: int) -> Response:
        return self.answer(versions.get_version(self.actor, workflow, number), shapes.VersionDocumentOutput)
